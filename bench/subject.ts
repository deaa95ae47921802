import type { Corpus } from './corpus.ts'
import type { Cost } from './measured.ts'
import type { SubjectName, Task } from './options.ts'
import type { MailboxAt } from './raw-imap.ts'

/** What a subject works on: two mailboxes, seen through the line, and a folder of its own for what it remembers between tasks. */
export type Place = {
  readonly source: MailboxAt
  readonly destination: MailboxAt
  readonly stateFolder: string
  readonly corpus: Corpus
  readonly patienceSeconds: number
  readonly connections: number | null
}

/** One tool under measurement, always a process of its own. */
export type Subject = {
  readonly name: SubjectName
  readonly title: string
  readonly tasks: readonly Task[]
  /** Knows a mailbox by its port as well: all tasks must then come by the same line. */
  readonly remembersPorts?: boolean
  /** Why it cannot be measured here; null when it can. */
  missing(): string | null
  /** Does nothing but start and end: what the process itself costs. null where that is nothing worth telling. */
  startOnly(signal: AbortSignal): Promise<Cost | null>
  /** Null when it needed longer than the patience. Throws when it failed. */
  run(task: Task, place: Place, signal: AbortSignal): Promise<Cost | null>
}

export function mustSucceed(name: string, cost: Cost | null): Cost | null {
  if (cost === null || cost.code === 0) return cost
  throw new Error(`${name} ended with ${cost.code}:\n${cost.stdout.slice(-2000)}\n${cost.stderr.slice(-2000)}`)
}
