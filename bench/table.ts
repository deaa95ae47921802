import type { Figure } from './figures.ts'
import { SUBJECTS, TASKS, type SubjectName, type Task } from './options.ts'

export const TITLES: Readonly<Record<SubjectName, string>> = {
  us: 'cutover',
  fill: 'limit: fill',
  fill64: 'limit: fill by 64',
  drain: 'limit: drain',
  mbsync: 'mbsync',
  imapsync: 'imapsync',
  imapflow: 'imapflow',
}
export const TASK_TITLES: Readonly<Record<Task, string>> = {
  initial: 'initial pass',
  idle: 'nothing new',
  mixed: '100 new, 100 flags, 50 deleted',
  counts: 'verify: counts',
  fingerprints: 'verify: fingerprints',
  content: 'verify: content',
}

const AGREE = 0.25

/** The figures of one corpus as lines of at most 80 columns. */
export function tableOf(figures: readonly Figure[], startSeconds: number | null): readonly string[] {
  const lines: string[] = []
  const roundTrips = [...new Set(figures.map((figure) => figure.roundTripMs))].sort((a, b) => a - b)
  for (const roundTripMs of roundTrips) {
    lines.push('', `Round trip ${roundTripMs} ms`, row('', 'seconds', 'spread', 'CPU s', 'peak MB', '× cutover'))
    for (const task of TASKS) {
      const here = figures.filter((figure) => figure.task === task && figure.roundTripMs === roundTripMs)
      if (here.length === 0) continue
      lines.push(`  ${TASK_TITLES[task]}`)
      for (const subject of SUBJECTS) for (const one of here) if (one.subject === subject) lines.push(figureRow(one))
    }
  }
  if (startSeconds !== null)
    lines.push(
      '',
      `Of cutover's time the start of the process takes ${startSeconds.toFixed(2)} s, whatever it does;`,
      'the limit is held against the rest.',
    )
  if (figures.some((figure) => (figure.spread ?? 0) > AGREE))
    lines.push('~ rounds differ by more than a quarter: the machine was busy; take such ratios as rough.')
  return lines
}

function figureRow(figure: Figure): string {
  const { seconds, moreThanSeconds, spread, cpuSeconds, peakBytes, timesOurs } = figure
  const rough = (spread ?? 0) > AGREE ? '~' : ''
  const time = seconds === null ? `> ${moreThanSeconds ?? 0}` : seconds.toFixed(2)
  return row(
    `    ${TITLES[figure.subject]}`,
    time,
    spread === null ? '' : `${rough}${Math.round(spread * 100)} %`,
    cpuSeconds === null ? '' : cpuSeconds.toFixed(2),
    peakBytes === null ? '' : String(Math.round(peakBytes / 1e6)),
    timesOurs === null ? '' : `${seconds === null ? '> ' : rough}${timesOurs >= 10 ? timesOurs.toFixed(0) : timesOurs.toFixed(2)}`,
  )
}

function row(name: string, ...cells: readonly string[]): string {
  return `${name.padEnd(22)}${cells.map((cell) => cell.padStart(11)).join('')}`.trimEnd()
}
