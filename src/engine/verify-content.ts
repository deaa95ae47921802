import { createHash, type Hash } from 'node:crypto'
import type { DestinationFolder, DestinationLimits } from '../destination/port.ts'
import type { OctetSink } from '../lib/octet-sink.ts'
import { cameByItself, type Entry } from '../ledger/entry.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import { compareContent, contentDigest, type ContentDigest, type Tolerance } from '../message/digest.ts'
import { heldMessage } from '../message/message-bytes.ts'
import { REPAIRS, type RepairName } from '../message/plan.ts'
import { repair } from '../message/repair.ts'
import { Spool } from '../message/spool.ts'
import { Failure } from '../model/failure.ts'
import type { MessageRow } from '../model/message.ts'
import type { SourceFolder } from '../source/port.ts'
import { toleranceOfTwins } from './already-there.ts'
import { patiently } from './finish-folder.ts'
import type { Lane } from './lane.ts'
import type { PassEnv } from './pass-env.ts'

/** A source message and its copy, to be compared. */
export type Pair = {
  readonly row: MessageRow
  readonly entry: Entry | null
  /** The destination folder of the copy. */
  readonly in: string
  readonly destinationUid: number
}

/** What two readings of the source may have different. */
type SourceHabits = Tolerance & { readonly rendersAnew: boolean }

type Read = {
  readonly sha256: string
  readonly digest: ContentDigest
  /** It travelled whole as an attachment: the copy must hold these very bytes. */
  readonly wrapped?: true
}

/** Pairs asked for in one go: of those that are only hashed nothing is held, of the others what makes up their content. */
const AT_ONCE = { hashed: 512, digested: 64 }
const HOLD_BYTES = 256 * 1024

/**
 * Compares the content of messages with that of their copies, both read now. Where the destination keeps bytes, their SHA-256 is
 * compared first; where they differ or are rebuilt, decoded headers, texts and attachments in order. A repaired message is repaired
 * again in the recorded way, and that is what the copy must equal. Returns one sentence for each pair that differs.
 */
export async function comparePairs(
  env: PassEnv,
  lane: Lane,
  folder: FolderEntry,
  destinationName: string,
  limits: DestinationLimits,
  pairs: readonly Pair[],
): Promise<readonly { readonly uid: number; readonly says: string }[]> {
  const findings: { uid: number; says: string }[] = []
  const atOnce = limits.keepsBytes ? AT_ONCE.hashed : AT_ONCE.digested
  for (let at = 0; at < pairs.length; at += atOnce) {
    env.ctx.signal.throwIfAborted()
    const window = pairs.slice(at, at + atOnce)
    findings.push(...(await compareSome(env, lane, folder, destinationName, limits, window)))
    lane.sourceRetry.progress()
    env.watch.done(window.length, 0)
  }
  return findings
}

/** Where a server refuses to hand out one of several messages, halving tells which. */
async function compareSome(
  env: PassEnv,
  lane: Lane,
  folder: FolderEntry,
  destinationName: string,
  limits: DestinationLimits,
  some: readonly Pair[],
): Promise<readonly { readonly uid: number; readonly says: string }[]> {
  try {
    return await patiently(lane, () => compareWindow(env, lane, folder, destinationName, limits, some))
  } catch (error) {
    if (!(error instanceof Failure) || error.spoils !== 'message') throw error
    const [first, ...rest] = some
    if (first === undefined) return []
    if (rest.length === 0) return [{ uid: first.row.uid, says: error.message }]
    const middle = Math.ceil(some.length / 2)
    const half = (pairs: readonly Pair[]): ReturnType<typeof compareSome> => compareSome(env, lane, folder, destinationName, limits, pairs)
    return [...(await half(some.slice(0, middle))), ...(await half(some.slice(middle)))]
  }
}

async function compareWindow(
  env: PassEnv,
  lane: Lane,
  folder: FolderEntry,
  destinationName: string,
  limits: DestinationLimits,
  window: readonly Pair[],
): Promise<readonly { readonly uid: number; readonly says: string }[]> {
  const findings: { uid: number; says: string }[] = []
  const [source, destination] = await Promise.all([lane.sourceFolder(folder.sourceName), lane.destinationFolder(destinationName)])
  const { changesMessageIds, rendersAnew } = await lane.source()
  const tolerance = { messageIdDomain: changesMessageIds, rendersAnew }
  const some = limits.keepsBytes ? await differingByHash(source, destination, window) : window
  for (let at = 0; at < some.length; at += AT_ONCE.digested)
    findings.push(...(await compareDigests(env, source, destination, limits, tolerance, some.slice(at, at + AT_ONCE.digested))))
  return findings
}

/** The closer look, from the messages' decoded content. */
async function compareDigests(
  env: PassEnv,
  source: SourceFolder,
  destination: DestinationFolder,
  limits: DestinationLimits,
  tolerance: SourceHabits,
  some: readonly Pair[],
): Promise<readonly { readonly uid: number; readonly says: string }[]> {
  const findings: { uid: number; says: string }[] = []
  const byUid = new Map(some.map((pair) => [pair.row.uid, pair]))
  const wanted = new Map<number, Read>()
  const found = new Map<number, Read>()
  await Promise.all([
    readBodies(source, [...byUid.keys()], async (uid, stream) => {
      const pair = byUid.get(uid)
      if (pair !== undefined) wanted.set(uid, await expected(env, pair, stream))
    }),
    destination.bodies(
      some.map((pair) => pair.destinationUid),
      async (uid, stream) => void found.set(uid, await read(stream)),
    ),
  ])
  for (const { row, entry, destinationUid } of some) {
    const wasSent = tolerance.rendersAnew ? (entry?.sha256?.toString('hex') ?? null) : null
    const terms = cameByItself(entry) ? { ...tolerance, ...toleranceOfTwins(limits, tolerance) } : tolerance
    const says = difference(wanted.get(row.uid), found.get(destinationUid), limits, terms, wasSent)
    if (says !== null) findings.push({ uid: row.uid, says })
  }
  return findings
}

/** The cheap look first: equal bytes need no parsing. Repaired messages differ on purpose and go on to the closer look. */
async function differingByHash(source: SourceFolder, destination: DestinationFolder, pairs: readonly Pair[]): Promise<readonly Pair[]> {
  const wanted = new Map<number, readonly string[]>()
  const found = new Map<number, string>()
  await Promise.all([
    source.octets(
      pairs.map((pair) => pair.row.uid),
      (uid) => faithfulHashes((hashes) => wanted.set(uid, hashes)),
    ),
    destination.octets(
      pairs.map((pair) => pair.destinationUid),
      (uid) => faithfulHashes(([hash]) => found.set(uid, hash ?? '')),
    ),
  ])
  return pairs.filter(({ row, destinationUid }) => wanted.get(row.uid)?.includes(found.get(destinationUid) ?? '') !== true)
}

/** Source bodies as streams, whatever their size. */
async function readBodies(
  source: SourceFolder,
  uids: readonly number[],
  onBody: (uid: number, stream: AsyncIterable<Buffer>) => Promise<void>,
): Promise<void> {
  const held: Promise<void>[] = []
  await source.bodies(uids, {
    holdBytes: HOLD_BYTES,
    small: (uid, chunks) => void held.push(onBody(uid, heldMessage(chunks).chunks())),
    large: onBody,
  })
  await Promise.all(held)
}

/**
 * SHA-256 of the bytes, and of what Dovecot makes of them where there is a NUL: it stores NUL and hands it out as 0x80
 * (imap-sources §4.3), as IMAP has no NUL.
 */
function faithfulHashes(tell: (hashes: readonly string[]) => void): OctetSink {
  const exact = createHash('sha256')
  let shown: Hash | null = null
  return {
    chunk(octets) {
      const withNul = octets.includes(0)
      if (withNul) shown ??= exact.copy()
      exact.update(octets)
      shown?.update(withNul ? Buffer.from(octets.map((byte) => (byte === 0 ? 0x80 : byte))) : octets)
    },
    end: () => tell([exact, ...(shown === null ? [] : [shown])].map((hash) => hash.digest('hex'))),
  }
}

function difference(
  source: Read | undefined,
  copy: Read | undefined,
  limits: DestinationLimits,
  tolerance: SourceHabits,
  wasSent: string | null,
): string | null {
  if (source === undefined) return 'the source does not hand it out any more'
  if (copy === undefined) return 'the destination does not hand it out'
  if (source.wrapped === true) {
    // Where two readings differ, the attachment is what was read when it was sent.
    const same = copy.digest.parts.some(({ sha256 }) => sha256 === source.sha256 || sha256 === wasSent)
    return same ? null : 'the attachment is not the original message'
  }
  if (limits.keepsBytes && source.sha256 === copy.sha256) return null
  const differences = compareContent(source.digest, copy.digest, tolerance)
  return differences.length === 0 ? null : differences.join('; ')
}

/** What the copy must be: the source's bytes, after the repairs that the ledger recorded. */
async function expected(env: PassEnv, { row, entry }: Pair, stream: AsyncIterable<Buffer>): Promise<Read> {
  const names = (entry?.repairs ?? []).filter((name): name is RepairName => Object.hasOwn(REPAIRS, name))
  if (names.length === 0) return await read(stream)
  if (names.includes('wrapped')) return { ...(await read(stream)), wrapped: true }
  await using spool = await Spool.write(stream, { directory: env.spoolDir, longLineBytes: null })
  await using repaired = await repair(spool, names, { uid: row.uid, internalDate: row.internalDate, directory: env.spoolDir })
  return await read(repaired.chunks())
}

async function read(stream: AsyncIterable<Buffer>): Promise<Read> {
  const hash = createHash('sha256')
  const digest = await contentDigest(hashed(stream, (chunk) => hash.update(chunk)))
  return { sha256: hash.digest('hex'), digest }
}

async function* hashed(stream: AsyncIterable<Buffer>, update: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of stream) {
    update(chunk)
    yield chunk
  }
}
