import type { Forecast } from '../assess/assessment.ts'
import type { ForecastMailbox } from '../assess/forecast.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { REPAIRS } from '../message/plan.ts'
import { FAILURES, type FailureCode } from '../model/failure-codes.ts'
import type { CopyResult, MailboxOutcome } from './results.ts'
import type { SimulatedExchange } from './world.ts'

/** What a rehearsal with real mail showed. Nothing of it was written anywhere. */
export type ProjectRehearsal = CopyResult & {
  /** "full", "5%", "400". */
  readonly sample: string
  /** A sentence: what was read, and what the simulated Exchange kept of it. */
  readonly how: string
  readonly stopped: boolean
  /** The books are closed, every mailbox was carried to its end, and what was counted as copied had arrived. */
  readonly ok: boolean
  readonly maxMessageBytes: number
  readonly refused: readonly RehearsedMessages[]
  readonly repaired: readonly RehearsedMessages[]
  readonly skipped: number
  readonly renamed: readonly { readonly mailbox: string; readonly source: string; readonly target: string }[]
  /** How often a mailbox of Exchange asked to be slowed down, by name of mailbox. */
  readonly throttled: readonly { readonly mailbox: string; readonly times: number }[]
  /** Against the real Exchange; null where too little was read to tell. */
  readonly forecast: Forecast | null
}

export type RehearsedMessages = {
  /** A failure's code, or the name of a repair. */
  readonly code: string
  readonly says: string
  readonly messages: number
  readonly examples: readonly { readonly mailbox: string; readonly folder: string; readonly uid: number; readonly bytes: number }[]
}

export type Told = Pick<ProjectRehearsal, 'sample' | 'maxMessageBytes' | 'stopped'> & {
  readonly isWhole: boolean
  readonly bytesPerDay: number | null
  /** Of the messages of this mailbox that were copied, 0–1. */
  readonly shareOf: (mailbox: string) => number
  readonly forecast: (mailboxes: readonly ForecastMailbox[]) => Forecast | null
}

const EXAMPLES_TOLD = 5

/** Reads from the scratch ledger what became of every message. */
export function toldBy(ledger: Ledger, result: CopyResult, exchange: SimulatedExchange, told: Told): ProjectRehearsal {
  const { bytesPerDay, shareOf, isWhole, forecast, ...rest } = told
  const refused = new Groups()
  for (const row of ledger.errors('all'))
    if (row.state === 'failed')
      refused.add(row.code, { mailbox: row.mailboxName, folder: row.folderPath.join('/'), uid: row.uid, bytes: row.sizeBytes })
  const repaired = new Groups()
  for (const row of ledger.repaired('all'))
    for (const name of row.repairs)
      repaired.add(name, { mailbox: row.mailboxName, folder: row.folderPath.join('/'), uid: row.uid, bytes: row.sizeBytes })
  const { mailboxes } = result
  const arrived = mailboxes.reduce((sum, { target }) => sum + exchange.arrived(target).messages, 0)
  const throttled = mailboxes
    .map(({ name, target }) => ({ mailbox: name, times: exchange.throttled(target) }))
    .filter(({ times }) => times > 0)
  return {
    ...result,
    ...rest,
    how: howSays(isWhole, told.sample, result.found),
    ok: !told.stopped && result.unexplained === 0 && arrived === result.copied && mailboxes.every(({ failure }) => failure === null),
    refused: refused.told((code) => (code in FAILURES ? FAILURES[code as FailureCode].help : code)),
    repaired: repaired.told((name) => (name in REPAIRS ? REPAIRS[name as keyof typeof REPAIRS] : (OTHER[name] ?? name))),
    renamed: mailboxes.flatMap(({ name, folders }) =>
      folders.filter(({ source, target }) => source !== target).map(({ source, target }) => ({ mailbox: name, source, target })),
    ),
    throttled,
    forecast: forecast(mailboxes.map((mailbox) => paceOf(mailbox, bytesPerDay, shareOf(mailbox.name)))),
  }
}

const OTHER: Readonly<Record<string, string>> = {
  'internal-date': 'the time of receipt was impossible: that of the header takes its place',
}

/** What was copied of it stands for all of it. */
function paceOf({ name, copied, bytes, folders, seconds }: MailboxOutcome, bytesPerDay: number | null, share: number): ForecastMailbox {
  const pace = copied === 0 ? null : { milliseconds: Math.round(seconds * 1000), messages: copied, bytes, roundTripMs: null }
  return { name, messages: Math.round(copied / share), bytes: Math.round(bytes / share), folders: folders.length, pace, bytesPerDay }
}

function howSays(isWhole: boolean, sample: string, found: number): string {
  const read = isWhole
    ? `All ${found} messages were read and copied`
    : `A sample (${sample.endsWith('%') ? `${sample} of the messages` : `${sample} messages of each mailbox`}, ${found} in all) was read and copied`
  return `${read} into a simulated Exchange on this machine, which judged them and kept their size and digest only. Nothing was written anywhere else.`
}

class Groups {
  readonly #groups = new Map<string, { messages: number; readonly examples: RehearsedMessages['examples'][number][] }>()

  add(code: string, example: RehearsedMessages['examples'][number]): void {
    const group = this.#groups.get(code) ?? { messages: 0, examples: [] }
    group.messages++
    if (group.examples.length < EXAMPLES_TOLD) group.examples.push(example)
    this.#groups.set(code, group)
  }

  /** The most frequent first. */
  told(says: (code: string) => string): readonly RehearsedMessages[] {
    return [...this.#groups]
      .map(([code, { messages, examples }]) => ({ code, says: says(code), messages, examples }))
      .toSorted((a, b) => b.messages - a.messages)
  }
}
