import type { Ledger } from '../ledger/ledger.ts'
import type { PassEntry } from '../ledger/mailbox-rows.ts'
import type { ProjectState } from '../project/state.ts'
import type { ErrorItem, ErrorsData } from '../report/errors.ts'
import type { MailboxStatistics, StatisticsData } from '../report/statistics.ts'
import { parseInternalDate } from '../engine/dates.ts'
import type { Issue } from '../project/issues.ts'
import { idOf } from '../project/blockers.ts'

/** A mailbox of the plan with its row in the ledger. */
export type Known = {
  readonly name: string
  readonly id: number
  /** As the ledger calls it, and issues after it. */
  readonly ledgerName: string
}

/** Mailboxes of the plan that the ledger knows, in the order of the plan. */
export function knownMailboxes(state: ProjectState, ledger: Ledger): readonly Known[] {
  const rows = ledger.mailboxes()
  return state.mailboxes.flatMap(({ name, target }) => {
    const row = rows.find(({ destination }) => destination.split(' ').at(-1)?.toLowerCase() === target.toLowerCase())
    return row === undefined ? [] : [{ name, id: row.id, ledgerName: row.name }]
  })
}

/** All that the ledger has counted. Opens no socket. */
export function statisticsData(ledger: Ledger, known: readonly Known[]): StatisticsData {
  return { mailboxes: known.map((one) => mailboxStatistics(ledger, one)) }
}

function mailboxStatistics(ledger: Ledger, { id, name }: Known): MailboxStatistics {
  const passes = ledger.passes(id).filter(({ kind }) => kind !== 'verify')
  const extras = extraByFolder(ledger, id)
  const ended = passes.filter(({ endedAt }) => endedAt !== null)
  const carried = sum(passes, 'carried')
  const copyingMs = sum(passes, 'copyingMs')
  const throttled = passes.some(({ figures }) => figure(figures, 'throttledMs') !== null)
  return {
    name,
    ...ledger.statement({ mailboxId: id }),
    extra: extras.size === 0 ? null : [...extras.values()].reduce((all, one) => all + one, 0),
    verified: ledger.verifiedCount({ mailboxId: id }),
    reasons: ledger.reasons({ mailboxId: id }),
    passes: passes.length,
    firstPassAt: passes[0]?.beganAt ?? null,
    lastPassAt: passes.at(-1)?.beganAt ?? null,
    busyMs: ended.length === 0 ? null : ended.reduce((all, { beganAt, endedAt }) => all + Math.max(0, (endedAt ?? beganAt) - beganAt), 0),
    messagesPerSecond: carried > 0 && copyingMs > 0 ? (carried / copyingMs) * 1000 : null,
    retries: retriesOf(ledger, id),
    throttledMs: throttled ? sum(passes, 'throttledMs') : null,
    folders: ledger
      .folders(id)
      .filter(({ goneAt }) => goneAt === null)
      .map((folder) => ({
        name: folder.sourcePath.join('/'),
        ...ledger.statement({ folderId: folder.id }),
        extra: extras.get(folder.id) ?? null,
      })),
  }
}

/** Of the last verification of each folder. */
function extraByFolder(ledger: Ledger, mailboxId: number): ReadonlyMap<number, number> {
  const newest = new Map<number, { readonly at: number; readonly extra: number }>()
  for (const { folderId, at, result } of ledger.verifications(mailboxId)) {
    const found: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, 'found') : null
    if ((newest.get(folderId)?.at ?? -1) < at) newest.set(folderId, { at, extra: figure(found, 'extra') ?? 0 })
  }
  return new Map([...newest].map(([folder, { extra }]) => [folder, extra]))
}

/** Attempts beyond the first, of what was left out in the end: the ledger keeps no others. */
function retriesOf(ledger: Ledger, mailboxId: number): number {
  let retries = 0
  for (const { attempts } of ledger.errors({ mailboxId })) retries += Math.max(0, attempts - 1)
  return retries
}

/** Every message that was left out, with what people said about its kind. */
export function errorsData(ledger: Ledger, known: readonly Known[], issues: readonly Issue[]): ErrorsData {
  const items = known.flatMap(({ id, name, ledgerName }) =>
    [...ledger.errors({ mailboxId: id })].map((row): ErrorItem => {
      const issue = issues.find((one) => one.id === `messages.${idOf(ledgerName)}.${row.code}`)
      return {
        mailbox: name,
        folder: row.folderPath.join('/'),
        subject: row.subject,
        at: parseInternalDate(row.internalDate),
        sizeBytes: row.sizeBytes,
        state: row.state,
        code: row.code,
        serverText: row.serverText,
        attempts: row.attempts,
        owner: issue?.owner ?? null,
        status: issue?.state ?? 'open',
        acceptedBy: issue?.state === 'accepted' ? issue.by : null,
      }
    }),
  )
  return { items }
}

function sum(passes: readonly PassEntry[], key: string): number {
  return passes.reduce((all, { figures }) => all + (figure(figures, key) ?? 0), 0)
}

function figure(of: unknown, key: string): number | null {
  const value: unknown = typeof of === 'object' && of !== null ? Reflect.get(of, key) : null
  return typeof value === 'number' ? value : null
}
