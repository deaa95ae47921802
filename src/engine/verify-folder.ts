import type { ArrivedRow, DestinationLimits } from '../destination/port.ts'
import { cameByItself, type Entry } from '../ledger/entry.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import type { Fingerprint } from '../message/fingerprint.ts'
import { displayText, readHeader, type HeaderSummary } from '../message/header.ts'
import { sameFlags } from '../model/flags.ts'
import type { MessageRow } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import { arrivalsIn, Arrivals } from './arrivals.ts'
import { deliveryDate, parseInternalDate } from './dates.ts'
import { wasUndeleted } from './flag-changes.ts'
import { patiently } from './finish-folder.ts'
import type { Lane } from './lane.ts'
import { flagsFor, readFlags } from './carried-flags.ts'
import type { PassEnv } from './pass-env.ts'
import { identitiesOf } from './reidentify.ts'
import { claimsOf, readCopies } from './verify-copies.ts'
import type { Finding, FolderVerification, VerifyLevel } from './verify-figures.ts'
import { comparePairs, type Pair } from './verify-content.ts'

/** Messages looked at in one go: what is held of them is their headers. */
const WINDOW = 1000

/** A source message with all that is needed to recognise its copy. */
type Known = { readonly row: MessageRow; readonly found: Fingerprint; readonly header: HeaderSummary; readonly entry: Entry | null }

/**
 * Verifies the source folders that share one destination folder. Both sides are read anew: the ledger only says where a copy should
 * stand and why a message was left out. Messages without a ledger entry are matched by fingerprint, as a multiset.
 */
export async function verifyGroup(
  env: PassEnv,
  lane: Lane,
  group: readonly FolderEntry[],
  destinationName: string | null,
  level: VerifyLevel,
  sampled: () => boolean,
): Promise<readonly FolderVerification[]> {
  if (level === 'counts') return await countGroup(env, lane, group, destinationName)
  const { limits } = await lane.destination()
  const at = destinationName === null ? null : await lane.destinationFolder(destinationName)
  let free = at === null || at.status.messages === 0 ? UidSet.empty : await at.uids()
  const validity = at?.status.uidValidity ?? ''
  const claimed = group.map((folder) => claimsOf(env, folder, validity))
  for (const uids of claimed) free = free.minus(uids)
  if (destinationName !== null) free = free.minus(env.ledger.strays(env.mailboxId, destinationName, validity))
  const arrivals = at === null ? new Arrivals() : await arrivalsIn(at, free)
  const results: FolderVerification[] = []
  for (const folder of group) {
    env.watch.phase('verify', folder.sourcePath.join('/'))
    results.push(await verifyOne(env, lane, folder, destinationName, limits, arrivals, level, sampled))
  }
  const [first, ...rest] = results
  const extra = arrivals.left()
  if (first === undefined) return results
  const findings: Finding[] = extra
    .slice(0, 100)
    .map((uid) => ({ kind: 'extra', uid, subject: '', says: `UID ${uid} at the destination is no message of the source` }))
  return [{ ...first, extra: extra.length, findings: [...first.findings, ...findings] }, ...rest]
}

async function verifyOne(
  env: PassEnv,
  lane: Lane,
  folder: FolderEntry,
  destinationName: string | null,
  limits: DestinationLimits,
  arrivals: Arrivals,
  level: VerifyLevel,
  sampled: () => boolean,
): Promise<FolderVerification> {
  const source = await lane.sourceFolder(folder.sourceName)
  const uids = source.status.messages === 0 ? UidSet.empty : await source.uids()
  const tally = { found: uids.size, copied: 0, skipped: 0, failed: 0, missing: 0, different: 0, compared: 0 }
  const findings: Finding[] = []
  const missingUids: number[] = []
  const verified: number[] = []
  for (const window of uids.windows(WINDOW)) {
    env.ctx.signal.throwIfAborted()
    const entries = entriesOf(env, folder, window, source.status.uidValidity)
    const [known, copies] = await patiently(lane, () =>
      Promise.all([readWindow(lane, folder, window, entries), readCopies(lane, folder, destinationName, entries)]),
    )
    lane.sourceRetry.progress()
    const pairs: Pair[] = []
    for (const one of known) {
      const { entry, row } = one
      if (entry?.state === 'skipped' && !wasUndeleted(env, entry, row.flags)) tally.skipped++
      else if (entry?.state === 'failed') tally.failed++
      else if (entry === null && isDeleted(row)) tally.skipped++
      else {
        const named = copies.get(row.uid)
        const copy = named !== undefined && isSame(one, named.found) ? named : null
        const uid = copy === null ? match(arrivals, one) : copy.uid
        if (uid === null) {
          tally.missing++
          missingUids.push(row.uid)
          findings.push({ kind: 'missing', uid: row.uid, subject: displayText(one.header.subject, 120), says: 'not at the destination' })
          continue
        }
        tally.copied++
        const wrong = copy === null || cameByItself(entry) ? null : misplaced(env, one, copy, limits)
        if (wrong !== null) {
          tally.different++
          findings.push({ kind: 'different', uid: row.uid, subject: displayText(one.header.subject, 120), says: wrong })
        } else verified.push(row.uid)
        if (level === 'content' && sampled()) pairs.push({ row, entry, in: copy?.folder ?? destinationName ?? '', destinationUid: uid })
      }
    }
    tally.compared += pairs.length
    const differences: { readonly uid: number; readonly says: string }[] = []
    for (const [name, some] of Map.groupBy(pairs, (pair) => pair.in))
      differences.push(...(await comparePairs(env, lane, folder, name, limits, some)))
    for (const { uid, says } of differences) {
      tally.different++
      const subject = known.find((one) => one.row.uid === uid)?.header.subject ?? ''
      findings.push({ kind: 'different', uid, subject: displayText(subject, 120), says })
    }
    const bad = new Set(differences.map((one) => one.uid))
    const good = verified.splice(0).filter((uid) => !bad.has(uid) && hasCopy(entries.get(uid)))
    env.ledger.record({ verified: [{ folderId: folder.id, uids: UidSet.of(good) }] })
    env.watch.done(window.size - pairs.length, 0)
  }
  const { found, copied, skipped, failed, missing } = tally
  return {
    ...tally,
    extra: 0,
    unexplained: found - copied - skipped - failed - missing,
    source: folder.sourcePath.join('/'),
    target: (folder.destinationPath ?? []).join('/'),
    folderId: folder.id,
    findings,
    missingUids,
  }
}

function hasCopy(entry: Entry | undefined): boolean {
  return entry?.state === 'copied' || entry?.state === 'verified'
}

/** What the ledger knows of a window of messages, by UID. */
function entriesOf(env: PassEnv, folder: FolderEntry, window: UidSet, uidValidity: string): ReadonlyMap<number, Entry> {
  const entries = new Map<number, Entry>()
  if (folder.uidValidity !== uidValidity) return entries
  for (const entry of env.ledger.entries(folder.id, window.ranges[0]?.[0] ?? 1, window.max))
    if (entry.state !== 'gone') entries.set(entry.uid, entry)
  return entries
}

async function readWindow(lane: Lane, folder: FolderEntry, window: UidSet, entries: ReadonlyMap<number, Entry>): Promise<readonly Known[]> {
  const source = await lane.sourceFolder(folder.sourceName)
  const rows = new Map<number, MessageRow>()
  await source.rows(window.ranges[0]?.[0] ?? 1, window.max, (row) => {
    if (window.has(row.uid)) rows.set(row.uid, row)
  })
  const known: Known[] = []
  // Dovecot hangs up on whoever asks for a message that it cannot read, be it only for the header.
  const unreadable = [...entries.values()].filter((entry) => entry.state === 'failed' && entry.code === 'message-unreadable')
  const readable = window.minus(UidSet.of(unreadable.map((entry) => entry.uid)))
  await identitiesOf(source, readable, (uid, found, header) => {
    const row = rows.get(uid)
    if (row !== undefined) known.push({ row, found, header: readHeader(header), entry: entries.get(uid) ?? null })
  })
  // A message whose header the source does not hand out is still a message that was found.
  const told = new Set(known.map((one) => one.row.uid))
  for (const [uid, row] of rows) {
    const entry = entries.get(uid) ?? null
    if (!told.has(uid) && entry !== null && (entry.state === 'failed' || entry.state === 'skipped')) {
      known.push({ row, found: NOBODY, header: readHeader(Buffer.alloc(0)), entry })
    }
  }
  return known
}

const NOBODY: Fingerprint = { strict: Buffer.alloc(16), loose: Buffer.alloc(16), variants: [], thin: true }

/** The copy that the ledger names is the message: by fingerprint of what was sent, or without Message-ID where the server may have added one. */
function isSame({ found, entry, header }: Known, copy: Fingerprint): boolean {
  const sent = entry?.sentStrict ?? null
  if (copy.strict.equals(found.strict) || (sent !== null && copy.strict.equals(sent))) return true
  // The ledger names this very copy, so a thin message needs no more than that its content is compared later.
  return found.thin || (isIncomplete(header) && copy.variants.some((variant) => variant.equals(found.loose)))
}

function match(arrivals: Arrivals, { found, entry, header }: Known): number | null {
  return arrivals.takeStrict(entry?.sentStrict ?? found.strict) ?? (isIncomplete(header) ? arrivals.takeLoose(found.loose) : null)
}

/** Without Message-ID or Date: servers add what is missing. */
function isIncomplete(header: HeaderSummary): boolean {
  return header.messageId === null || header.date === null
}

/** What is wrong with a copy beside its content: date and flags. null: nothing. */
function misplaced(env: PassEnv, { row, header, entry }: Known, copy: ArrivedRow, limits: DestinationLimits): string | null {
  const wanted = parseInternalDate(deliveryDate(row.internalDate, header, env.ctx.clock.now()).date)
  const is = parseInternalDate(copy.internalDate)
  if (wanted !== null && is !== null && Math.abs(wanted - is) > 1000) return `date ${copy.internalDate} instead of ${row.internalDate}`
  const flags = flagsFor(row.flags, limits, env.options.includeDeleted).append
  const has = copy.flags.filter((flag) => limits.keywords || flag.startsWith('\\'))
  if (sameFlags(has, flags)) return null
  const last = entry === null ? null : readFlags(entry.flags)
  const carried = last === null ? flags : flagsFor([...last.carried, ...last.owed], limits, env.options.includeDeleted).append
  const since = sameFlags(carried, flags) ? '' : ' (changed at the source since the last pass)'
  return `flags "${copy.flags.join(' ')}" instead of "${flags.join(' ')}"${since}`
}

function isDeleted(row: MessageRow): boolean {
  return row.flags.some((flag) => flag.toLowerCase() === '\\deleted')
}

/** Level `counts`: how many there are, and how many there should be by the books. */
async function countGroup(
  env: PassEnv,
  lane: Lane,
  group: readonly FolderEntry[],
  destinationName: string | null,
): Promise<readonly FolderVerification[]> {
  const session = await lane.destination()
  const at = destinationName === null ? null : await session.status(destinationName)
  let there = at?.messages ?? 0
  const results: FolderVerification[] = []
  for (const folder of group) {
    const { status } = await lane.sourceFolder(folder.sourceName)
    const books = env.ledger.statement({ folderId: folder.id })
    const expected = Math.max(0, status.messages - books.skipped - books.failed)
    const elsewhere = Math.min(expected, destinationName === null ? 0 : env.ledger.copiesElsewhere(folder.id, destinationName))
    const here = Math.min(expected - elsewhere, there)
    const copied = here + elsewhere
    there -= here
    env.watch.done(status.messages, 0)
    results.push({
      found: status.messages,
      copied,
      skipped: books.skipped,
      failed: books.failed,
      missing: expected - copied,
      extra: 0,
      different: 0,
      unexplained: status.messages - books.skipped - books.failed - expected,
      source: folder.sourcePath.join('/'),
      target: (folder.destinationPath ?? []).join('/'),
      folderId: folder.id,
      compared: 0,
      findings: [],
      missingUids: [],
    })
  }
  const [first, ...rest] = results
  // Copies of other folders: as they may have been moved on, they are taken off what is too much, and from nothing else.
  const strays = destinationName === null ? 0 : env.ledger.strays(env.mailboxId, destinationName, at?.uidValidity ?? '').size
  return first === undefined ? [] : [{ ...first, extra: Math.max(0, there - strays) }, ...rest]
}
