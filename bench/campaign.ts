import { join } from 'node:path'
import { rm } from 'node:fs/promises'
import type { Corpus } from './corpus.ts'
import { editSource } from './edit-source.ts'
import { median, type Sample } from './figures.ts'
import { type Ground, startLine, type Line } from './ground.ts'
import type { Cost } from './measured.ts'
import { type BenchOptions, isVerify, type Task } from './options.ts'
import type { MailboxAt } from './raw-imap.ts'
import type { Place, Subject } from './subject.ts'

const PREPARATION_SECONDS = 1200

type Say = (line: string) => void
type Work = {
  readonly ground: Ground
  readonly corpus: Corpus
  readonly options: BenchOptions
  readonly signal: AbortSignal
  readonly say: Say
  readonly startSeconds: ReadonlyMap<Subject, number>
  readonly samples: Sample[]
  /** What was too slow once is not tried again. */
  readonly tooSlow: Set<string>
}

/** What starting each program costs, the work left out: the median of five starts. */
export async function startCosts(subjects: readonly Subject[], signal: AbortSignal): Promise<ReadonlyMap<Subject, number>> {
  const costs = new Map<Subject, number>()
  for (const subject of subjects) {
    const seconds: number[] = []
    for (let time = 0; time < 5; time++) {
      const cost = await subject.startOnly(signal)
      if (cost !== null) seconds.push(cost.seconds)
    }
    const middle = median(seconds)
    if (middle !== null) costs.set(subject, middle)
  }
  return costs
}

/** All tasks of all subjects at all distances, round by round, so that what disturbs the machine disturbs all alike. */
export async function measureAll(
  ground: Ground,
  corpus: Corpus,
  subjects: readonly Subject[],
  options: BenchOptions,
  startSeconds: ReadonlyMap<Subject, number>,
  signal: AbortSignal,
  say: Say,
): Promise<readonly Sample[]> {
  const work: Work = { ground, corpus, options, signal, say, startSeconds, samples: [], tooSlow: new Set() }
  for (const roundTripMs of options.roundTripsMs) {
    for (let round = 1; round <= options.rounds; round++) await measureRound(work, subjects, roundTripMs, round)
  }
  return work.samples
}

async function measureRound(work: Work, subjects: readonly Subject[], roundTripMs: number, round: number): Promise<void> {
  const { ground, options } = work
  const destinationAny = await ground.freshDestination()
  await using line = await startLine(ground.source.port, destinationAny.port, roundTripMs)
  const open: Prepared[] = []
  try {
    for (const subject of subjects) {
      const prepared = await firstTasks(work, subject, line, roundTripMs, round)
      if (prepared.complete && options.tasks.includes('mixed')) open.push(prepared)
      else await forget(work, prepared)
    }
    if (open.length > 0) await editSource(ground.source, work.samples.length + round)
    for (const prepared of open) await measure(work, prepared, 'mixed', line, roundTripMs, round)
  } finally {
    for (const prepared of open) await forget(work, prepared)
  }
}

type Prepared = {
  readonly subject: Subject
  readonly destination: MailboxAt
  readonly stateFolder: string
  /** Everything was copied once: what comes now can be a delta. */
  complete: boolean
}

async function firstTasks(work: Work, subject: Subject, line: Line, roundTripMs: number, round: number): Promise<Prepared> {
  const { ground, options, corpus, signal } = work
  const destination = await ground.freshDestination()
  const stateFolder = join(ground.folder, `${subject.name}-${corpus.name}-${roundTripMs}-${round}`)
  const prepared: Prepared = { subject, destination, stateFolder, complete: false }
  const later = subject.tasks.filter((task) => task !== 'initial' && options.tasks.includes(task))
  if (options.tasks.includes('initial')) prepared.complete = await measure(work, prepared, 'initial', line, roundTripMs, round)
  if (later.length === 0) return prepared
  if (!prepared.complete) {
    await forget(work, prepared)
    const fresh: Prepared = { ...prepared, destination: await ground.freshDestination() }
    const place = subject.remembersPorts === true ? placeOf(work, fresh, line) : placeOf(work, fresh, null)
    work.say(`${subject.title}: a first copy, not measured`)
    fresh.complete = (await subject.run('initial', { ...place, patienceSeconds: PREPARATION_SECONDS }, signal)) !== null
    return await idleAndVerify(work, fresh, line, roundTripMs, round)
  }
  return await idleAndVerify(work, prepared, line, roundTripMs, round)
}

async function idleAndVerify(work: Work, prepared: Prepared, line: Line, roundTripMs: number, round: number): Promise<Prepared> {
  for (const task of prepared.subject.tasks) {
    if (work.options.tasks.includes(task) && (task === 'idle' || isVerify(task)))
      await measure(work, prepared, task, line, roundTripMs, round)
  }
  return prepared
}

/** Measures one task; false when it took too long. */
async function measure(work: Work, prepared: Prepared, task: Task, line: Line, roundTripMs: number, round: number): Promise<boolean> {
  const { ground, corpus, options, signal, startSeconds } = work
  const { subject } = prepared
  if (!subject.tasks.includes(task)) return false
  const key = `${subject.name} ${task} ${roundTripMs}`
  if (work.tooSlow.has(key)) return false
  await ground.settle()
  const lineBefore = line.cpuSeconds()
  const cost = await subject.run(task, { ...placeOf(work, prepared, line), patienceSeconds: options.patienceSeconds }, signal)
  if (cost === null) work.tooSlow.add(key)
  const start = startSeconds.get(subject) ?? 0
  work.samples.push({
    corpus: corpus.name,
    roundTripMs,
    task,
    subject: subject.name,
    round,
    seconds: cost?.seconds ?? null,
    workSeconds: cost === null ? null : Math.max(0, cost.seconds - start),
    cpuSeconds: cost?.cpuSeconds ?? null,
    peakBytes: cost?.peakBytes ?? null,
  })
  work.say(`${roundTripMs} ms, round ${round}: ${subject.title} ${task} ${told(cost, line.cpuSeconds() - lineBefore)}`)
  return cost !== null
}

function told(cost: Cost | null, lineCpuSeconds: number): string {
  if (cost === null) return 'took too long'
  const line = lineCpuSeconds < 0.2 ? '' : ` (the delaying: ${lineCpuSeconds.toFixed(2)} s CPU)`
  return `${cost.seconds.toFixed(2)} s, ${cost.cpuSeconds.toFixed(2)} s CPU, ${Math.round(cost.peakBytes / 1e6)} MB${line}`
}

function placeOf({ ground, corpus, options }: Work, { destination, stateFolder }: Prepared, line: Line | null): Place {
  const source = line === null ? ground.source : { ...ground.source, port: line.sourcePort }
  const target = line === null ? destination : { ...destination, port: line.destinationPort }
  return { source, destination: target, stateFolder, corpus, patienceSeconds: options.patienceSeconds, connections: options.connections }
}

async function forget({ ground }: Work, { destination, stateFolder }: Prepared): Promise<void> {
  await Promise.all([ground.remove(destination), rm(stateFolder, { recursive: true, force: true })])
}
