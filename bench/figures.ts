import { type CorpusName, LIMITS, type SubjectName, type Task } from './options.ts'

/** One run of one subject; `seconds` null when it was stopped for taking too long. */
export type Sample = {
  readonly corpus: CorpusName
  readonly roundTripMs: number
  readonly task: Task
  readonly subject: SubjectName
  readonly round: number
  readonly seconds: number | null
  /** Process start taken off, where the subject has one worth telling. */
  readonly workSeconds: number | null
  readonly cpuSeconds: number | null
  readonly peakBytes: number | null
}

export type Figure = Pick<Sample, 'corpus' | 'roundTripMs' | 'task' | 'subject'> & {
  /** Medians; null when it took longer than `moreThanSeconds`. */
  readonly seconds: number | null
  readonly workSeconds: number | null
  readonly cpuSeconds: number | null
  readonly peakBytes: number | null
  readonly moreThanSeconds: number | null
  /** (slowest − fastest) ÷ median: above a quarter the rounds do not agree. */
  readonly spread: number | null
  readonly rounds: number
  /** How many times as long as we; below 1 it is faster than we are. */
  readonly timesOurs: number | null
}

/** Medians over the rounds, and each subject's time as a multiple of ours at the same work. */
export function figuresOf(samples: readonly Sample[], patienceSeconds: number): readonly Figure[] {
  const groups = Map.groupBy(samples, ({ corpus, roundTripMs, task, subject }) => `${corpus} ${roundTripMs} ${task} ${subject}`)
  const figures: Figure[] = []
  for (const group of groups.values()) {
    const [first] = group
    if (first === undefined) continue
    const { corpus, roundTripMs, task, subject } = first
    const late = group.some((sample) => sample.seconds === null)
    const of = (pick: (sample: Sample) => number | null): number | null =>
      late ? null : median(group.map(pick).filter((value) => value !== null))
    const times = group.map((sample) => sample.seconds ?? 0)
    const middle = of((sample) => sample.seconds)
    figures.push({
      corpus,
      roundTripMs,
      task,
      subject,
      seconds: middle,
      workSeconds: of((sample) => sample.workSeconds),
      cpuSeconds: of((sample) => sample.cpuSeconds),
      peakBytes: late ? null : Math.max(...group.map((sample) => sample.peakBytes ?? 0)),
      moreThanSeconds: late ? patienceSeconds : null,
      spread: middle === null || group.length < 2 ? null : (Math.max(...times) - Math.min(...times)) / middle,
      rounds: group.length,
      timesOurs: null,
    })
  }
  return figures.map((figure) => {
    const ours = figures.find((one) => one.subject === 'us' && sameWork(one, figure))
    return { ...figure, timesOurs: timesOurs(figure, ours) }
  })
}

function timesOurs(figure: Figure, ours: Figure | undefined): number | null {
  if (ours === undefined || ours.seconds === null || figure.subject === 'us') return null
  const theirs = figure.seconds ?? figure.moreThanSeconds
  // The limit starts no program worth the name: it is held against our work alone.
  return theirs === null ? null : theirs / (LIMITS.has(figure.subject) ? (ours.workSeconds ?? ours.seconds) : ours.seconds)
}

function sameWork(a: Figure, b: Figure): boolean {
  return a.corpus === b.corpus && a.roundTripMs === b.roundTripMs && a.task === b.task
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  const upper = sorted[sorted.length >> 1]
  const lower = sorted[(sorted.length - 1) >> 1]
  return upper === undefined || lower === undefined ? null : (upper + lower) / 2
}
