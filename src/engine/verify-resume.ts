import type { FolderEntry } from '../ledger/folder-rows.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { displayText, readHeader } from '../message/header.ts'
import type { FolderStatus } from '../model/folder.ts'
import { UidSet } from '../model/uid-set.ts'
import type { Lane } from './lane.ts'
import type { Finding, FolderVerification, VerifyLevel } from './verify-figures.ts'

/** How long after a verification was broken off its results are still taken over. */
const KEPT_MS = 24 * 3_600_000

/** How both ends looked before a folder was verified; null where a server tells too little to notice a change. */
export type Marks = { readonly source: string | null; readonly destination: string | null }

/** A result as it is kept in the ledger. */
export type Kept = {
  readonly format: 1
  readonly scope: string
  readonly destinationName: string | null
  readonly marks: Marks
  /** Without subjects: no message content in the ledger. */
  readonly found: FolderVerification
}

/** Everything that a change of the folder moves. Where there are no mod-sequences a change of flags alone is not among it. */
export function markOf(status: FolderStatus | null | undefined): string | null {
  if (status === null || status === undefined || status.uidNext === 0) return null
  return [status.uidValidity, status.uidNext, status.messages, status.highestModseq ?? '-'].join(' ')
}

/** Writes down what was found in a folder, so that the next run need not look again if this one is broken off. */
export function keepResult(
  ledger: Ledger,
  run: { readonly passId: number; readonly level: VerifyLevel; readonly scope: string },
  folder: FolderEntry,
  marks: Marks,
  found: FolderVerification,
): void {
  const findings = found.findings.map((finding) => ({ ...finding, subject: '' }))
  const result: Kept = {
    format: 1,
    scope: run.scope,
    destinationName: folder.destinationName,
    marks,
    found: { ...found, findings, missingUids: [] },
  }
  ledger.putVerification({ folderId: folder.id, level: run.level, passId: run.passId, checkedTo: found.found, complete: true, result })
}

/** Results of folders, by id, of the last verification at this level, if it was broken off and that is not long ago. */
export function resultsOfBrokenRun(ledger: Ledger, mailboxId: number, level: VerifyLevel, now: number): ReadonlyMap<number, Kept> {
  const rows = ledger.verifications(mailboxId).filter((row) => row.level === level && row.complete)
  const last = Math.max(...rows.map((row) => row.passId))
  const pass = ledger.passes(mailboxId).find((one) => one.id === last)
  const ended = pass === undefined || (pass.endedAt !== null && pass.failureCode === null)
  const ofLast = rows.filter((row) => row.passId === last)
  if (ended || now - Math.max(...ofLast.map((row) => row.at)) > KEPT_MS) return new Map()
  return new Map(ofLast.filter(({ result }) => isKept(result)).map((row) => [row.folderId, row.result as Kept]))
}

/** The result still holds: nothing moved at either end, and the same was asked. */
export function stillHolds(kept: Kept, folder: FolderEntry, scope: string, marks: Marks): boolean {
  if (marks.source === null || (marks.destination === null && folder.destinationName !== null)) return false
  const same = kept.marks.source === marks.source && kept.marks.destination === marks.destination
  return same && kept.scope === scope && kept.destinationName === folder.destinationName
}

/** The result as it was, with the subjects of what it found, read anew. */
export async function restored(lane: Lane, kept: Kept, folder: FolderEntry): Promise<FolderVerification> {
  const { found } = kept
  const named = found.findings.filter((finding) => finding.kind !== 'extra').map((finding) => finding.uid)
  const missingUids = found.findings.filter((finding) => finding.kind === 'missing').map((finding) => finding.uid)
  if (named.length === 0) return found
  const subjects = new Map<number, string>()
  const source = await lane.sourceFolder(folder.sourceName)
  await source.headers(UidSet.of(named), (uid, header) => subjects.set(uid, displayText(readHeader(header).subject, 120)))
  const withSubject = (finding: Finding): Finding =>
    finding.kind === 'extra' ? finding : { ...finding, subject: subjects.get(finding.uid) ?? '' }
  return { ...found, missingUids, findings: found.findings.map(withSubject) }
}

function isKept(result: unknown): boolean {
  return typeof result === 'object' && result !== null && 'format' in result && result.format === 1
}
