import type { Context } from '../lib/context.ts'
import type { LateMessage, NewArrival } from '../ledger/late-book.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { roleOf } from '../mapping/roles.ts'
import { arrivalKind, type ArrivalSides } from '../message/arrival.ts'
import { Failure } from '../model/failure.ts'
import { UidSet } from '../model/uid-set.ts'
import type { ListedFolder } from '../model/folder.ts'
import type { Source, SourceSession } from '../source/port.ts'
import { parseInternalDate } from './dates.ts'

/** Messages that are looked at together. */
const PAGE = 500
/** How far the clock of an old server may be off before a new message looks like an old one. */
export const CLOCK_SKEW_MS = 3_600_000
/** What is older than this was copied late, not sent late: its header is not asked for. */
const LONG_BEFORE_MS = 24 * CLOCK_SKEW_MS

export type LateJob = {
  readonly ledger: Ledger
  readonly mailboxId: number
  readonly source: Source
  /** When the domain was switched, in milliseconds: only what entered the ledger since is looked at. */
  readonly switchedAt: number
  readonly sides: ArrivalSides
  /** Why this mailbox can no longer be watched although it was read just now (it is full), as a sentence. */
  readonly trouble: string | null
  readonly ctx: Context
}

/**
 * Tells of each message that a pass found since the switch how it came there, from its header alone, and writes it into the ledger.
 * To be called after the pass. Does not connect where nothing is new. What has vanished before anybody could look at it counts as
 * mail that came, and so does what the server does not hand out.
 */
export async function noteLateMail(job: LateJob): Promise<void> {
  const { ledger, mailboxId, switchedAt } = job
  const look = { session: null as SourceSession | null, listed: [] as readonly ListedFolder[] }
  let lookedTo = ledger.late.begin(mailboxId, switchedAt)
  try {
    for (;;) {
      const page = ledger.late.after(mailboxId, lookedTo, PAGE)
      const last = page.at(-1)
      if (last === undefined) break
      const recent = page.filter(({ internalDate }) => (parseInternalDate(internalDate) ?? switchedAt) >= switchedAt - LONG_BEFORE_MS)
      if (recent.length > 0 && look.session === null) {
        look.session = await job.source.connect(job.ctx)
        look.listed = await look.session.folders()
      }
      const late = look.session === null ? [] : await kindsOf(job, look.session, look.listed, recent)
      lookedTo = last.entryId
      ledger.late.put(mailboxId, lookedTo, late, job.trouble)
    }
    ledger.late.put(mailboxId, lookedTo, [], job.trouble)
  } finally {
    await look.session?.[Symbol.asyncDispose]()
  }
}

async function kindsOf(
  { ledger, mailboxId, sides }: LateJob,
  session: SourceSession,
  listed: readonly ListedFolder[],
  arrivals: readonly NewArrival[],
): Promise<readonly LateMessage[]> {
  const folders = new Map(ledger.folders(mailboxId).map((folder) => [folder.id, folder]))
  const late: LateMessage[] = []
  for (const [folderId, group] of Map.groupBy(arrivals, (arrival) => arrival.folderId)) {
    const entry = folders.get(folderId)
    if (entry === undefined) continue
    const use = listed.find(({ name }) => name === entry.sourceName)?.specialUse ?? null
    const roles = [roleOf(use, entry.sourcePath), roleOf(null, entry.destinationPath ?? [])]
    const ownFolder = roles.includes('sent') || roles.includes('drafts')
    const headers = await headersOf(session, entry.sourceName, group)
    for (const { entryId, internalDate, uid } of group) {
      const cameAt = parseInternalDate(internalDate)
      const header = uid === null ? undefined : headers.get(uid)
      const unseen = ownFolder ? 'own' : 'inbound'
      const kind = header === undefined ? unseen : arrivalKind(header, cameAt, ownFolder, sides)
      if (kind !== null) late.push({ entryId, cameAt, kind })
    }
  }
  return late
}

/** By UID; without those that are not there under it any more. */
async function headersOf(session: SourceSession, name: string, arrivals: readonly NewArrival[]): Promise<ReadonlyMap<number, Buffer>> {
  const headers = new Map<number, Buffer>()
  const wanted = arrivals.filter(({ uid }) => uid !== null)
  if (wanted.length === 0) return headers
  try {
    const folder = await session.open(name)
    const uids = wanted.filter(({ uidValidity }) => uidValidity === folder.status.uidValidity).map(({ uid }) => uid ?? 0)
    if (uids.length > 0) await folder.headers(UidSet.of(uids), (uid, header) => void headers.set(uid, Buffer.from(header)))
  } catch (error) {
    if (!(error instanceof Failure) || error.spoils !== 'folder') throw error
  }
  return headers
}

/** The old mailbox could not be read: what comes there is not seen. */
export function noteLostSight(ledger: Ledger, mailboxId: number, switchedAt: number, why: Failure): void {
  const lookedTo = ledger.late.begin(mailboxId, switchedAt)
  ledger.late.put(mailboxId, lookedTo, [], why.message)
}
