import { openLedger, type Ledger } from '../ledger/ledger.ts'
import { FAILURES } from '../model/failure-codes.ts'
import { Failure } from '../model/failure.ts'
import { addStatements } from '../model/message.ts'
import { microsoftLanes } from './microsoft-lane.ts'
import type { StatusInput } from './operations.ts'
import type { StatusResult } from './results.ts'

/** What the ledger knows, also while a copy is running. Opens no socket. */
export function status(input: StatusInput): StatusResult {
  using ledger = openLedger(input.stateDir, { readOnly: true })
  const microsoftOf = microsoftLanes(ledger)
  const mailboxes = mailboxesIn(ledger, input.only).map((mailbox) => {
    const passes = ledger.passes(mailbox.id)
    const code = mailbox.lastFailureCode
    const living = ledger.folders(mailbox.id).filter((folder) => folder.goneAt === null)
    return {
      name: mailbox.name,
      source: mailbox.source.split(' ').at(-1) ?? mailbox.source,
      target: mailbox.destination.split(' ').at(-1) ?? mailbox.destination,
      ...ledger.statement({ mailboxId: mailbox.id }),
      lastPass: mailbox.lastPassKind,
      lastPassAt: mailbox.lastPassBeganAt === null ? null : new Date(mailbox.lastPassBeganAt).toISOString(),
      state: stateOf(passes.length, mailbox.lastPassEndedAt, code !== null),
      verified: ledger.verifiedCount({ mailboxId: mailbox.id }),
      folders: living.length,
      ...microsoftOf(mailbox),
      failure:
        code === null
          ? null
          : { code, message: mailbox.lastFailureDetail ?? FAILURES[code].help, help: FAILURES[code].help, side: null, serverText: null },
    }
  })
  return { stateDir: input.stateDir, ...addStatements(mailboxes), mailboxes }
}

function stateOf(passes: number, endedAt: number | null, failed: boolean): 'new' | 'running' | 'stopped' | 'done' {
  if (passes === 0) return 'new'
  if (endedAt === null) return 'running'
  return failed ? 'stopped' : 'done'
}

/** Mailboxes of the ledger by name, login or target; all when nothing is asked for. */
export function mailboxesIn(ledger: Ledger, only: readonly string[]): ReturnType<Ledger['mailboxes']> {
  const all = ledger.mailboxes()
  if (only.length === 0) return all
  const matches = (one: (typeof all)[number], word: string): boolean =>
    [one.name, one.source.split(' ').at(-1), one.destination.split(' ').at(-1)].some((value) => value?.toLowerCase() === word.toLowerCase())
  const strangers = only.filter((word) => !all.some((one) => matches(one, word)))
  if (strangers.length > 0) throw new Failure('bad-input', `The ledger knows no mailbox called ${strangers.join(', ')}.`)
  return all.filter((one) => only.some((word) => matches(one, word)))
}
