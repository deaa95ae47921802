import { parseArgs } from 'node:util'

export const SUBJECTS = ['us', 'fill', 'fill64', 'drain', 'mbsync', 'imapsync', 'imapflow'] as const
export type SubjectName = (typeof SUBJECTS)[number]
export const LIMITS: ReadonlySet<SubjectName> = new Set(['fill', 'fill64', 'drain'])
export const TASKS = ['initial', 'idle', 'mixed', 'counts', 'fingerprints', 'content'] as const
export type Task = (typeof TASKS)[number]
export const CORPORA = ['mail', 'small'] as const
export type CorpusName = (typeof CORPORA)[number]

export type BenchOptions = {
  readonly only: readonly SubjectName[]
  readonly tasks: readonly Task[]
  readonly roundTripsMs: readonly number[]
  readonly corpora: readonly CorpusName[]
  readonly messages: number
  readonly rounds: number
  /** A subject that needs longer for one task is stopped, and not tried again at that distance. */
  readonly patienceSeconds: number
  readonly exchange: boolean
  /** Connection pairs for us; null: what the product does by itself. */
  readonly connections: number | null
  readonly jsonFile: string | null
  readonly chartFile: string | null
  /** Draw the chart from this earlier JSON and measure nothing. */
  readonly fromFile: string | null
}

export const USAGE = `npm run bench -- [options]

  --messages <n>     messages in the corpus (2000; the whole one has 20000)
  --corpus <list>    mail: sizes like real mail; small: 1 to 4 KB (mail)
  --only <list>      us, limit (= fill, fill64, drain), mbsync, imapsync, imapflow
  --what <list>      initial, idle, mixed, verify (= counts, fingerprints,
                     content), exchange
  --rtt <list>       round trips in milliseconds (0,50,150)
  --rounds <n>       rounds; figures are medians (3)
  --patience <s>     stop a subject that needs longer for one task (60)
  --connections <n>  connection pairs for cutover (it decides by itself)
  --json <file>      write all figures
  --chart <file>     draw them as SVG
  --from <file>      draw an earlier --json file; measure nothing
`

export class UsageError extends Error {}

/** Reads the command line; throws `UsageError` with a sentence that names what is wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const text = { type: 'string' } as const
  let values: Readonly<Record<string, string | undefined>>
  try {
    const names = ['messages', 'corpus', 'only', 'what', 'rtt', 'rounds', 'patience', 'connections', 'json', 'chart', 'from'] as const
    values = parseArgs({ args: [...args], options: Object.fromEntries(names.map((name) => [name, text])), strict: true }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
  const what = list(values['what'], [...TASKS, 'verify', 'exchange'], [...TASKS, 'exchange'])
  const only = list(values['only'], [...SUBJECTS, 'limit'], [...SUBJECTS])
  return {
    only: SUBJECTS.filter((name) => only.includes(name) || (LIMITS.has(name) && only.includes('limit'))),
    tasks: TASKS.filter((task) => what.includes(task) || (isVerify(task) && what.includes('verify'))),
    roundTripsMs: (values['rtt'] ?? '0,50,150').split(',').map((one) => number(one, '--rtt', 0, 10_000)),
    corpora: CORPORA.filter((name) => list(values['corpus'], CORPORA, ['mail']).includes(name)),
    messages: number(values['messages'] ?? '2000', '--messages', 400, 1_000_000),
    rounds: number(values['rounds'] ?? '3', '--rounds', 1, 100),
    patienceSeconds: number(values['patience'] ?? '60', '--patience', 1, 100_000),
    exchange: what.includes('exchange') && only.includes('us'),
    connections: values['connections'] === undefined ? null : number(values['connections'], '--connections', 1, 64),
    jsonFile: values['json'] ?? null,
    chartFile: values['chart'] ?? null,
    fromFile: values['from'] ?? null,
  }
}

export function isVerify(task: Task): boolean {
  return task === 'counts' || task === 'fingerprints' || task === 'content'
}

function list(text: string | undefined, known: readonly string[], otherwise: readonly string[]): readonly string[] {
  if (text === undefined) return otherwise
  const words = text.split(',').map((word) => word.trim())
  const strange = words.find((word) => !known.includes(word))
  if (strange !== undefined) throw new UsageError(`"${strange}" is not known: there are ${known.join(', ')}.`)
  return words
}

function number(text: string, option: string, least: number, most: number): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN
  if (!(value >= least && value <= most)) throw new UsageError(`${option} takes whole numbers from ${least} to ${most}, not "${text}".`)
  return value
}
