import { createHash } from 'node:crypto'
import type { DestinationLimits } from '../destination/port.ts'
import type { Entry } from '../ledger/entry.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import { compareContent, contentDigest, type ContentDigest } from '../message/digest.ts'
import { REPAIRS, type RepairName } from '../message/plan.ts'
import { repair } from '../message/repair.ts'
import { Spool } from '../message/spool.ts'
import type { MessageRow } from '../model/message.ts'
import type { Lane } from './lane.ts'
import type { PassEnv } from './pass-env.ts'

/** A source message and its copy, to be compared. */
export type Pair = { readonly row: MessageRow; readonly entry: Entry | null; readonly destinationUid: number }

type Read = {
  readonly sha256: string
  readonly digest: ContentDigest
  /** It travelled whole as an attachment: the copy must hold these very bytes. */
  readonly wrapped?: true
}

const AT_ONCE = 32

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
  for (let at = 0; at < pairs.length; at += AT_ONCE) {
    env.ctx.signal.throwIfAborted()
    const some = pairs.slice(at, at + AT_ONCE)
    const byUid = new Map(some.map((pair) => [pair.row.uid, pair]))
    const wanted = new Map<number, Read>()
    const found = new Map<number, Read>()
    const [source, destination] = await Promise.all([lane.sourceFolder(folder.sourceName), lane.destinationFolder(destinationName)])
    const readSource = source.bodies([...byUid.keys()], {
      holdBytes: -1,
      small: () => {},
      large: async (uid, stream) => {
        const pair = byUid.get(uid)
        if (pair !== undefined) wanted.set(uid, await expected(env, pair, stream))
      },
    })
    const readCopies = destination.bodies(
      some.map((pair) => pair.destinationUid),
      async (uid, stream) => void found.set(uid, await read(stream)),
    )
    await Promise.all([readSource, readCopies])
    for (const { row, destinationUid } of some) {
      const says = difference(wanted.get(row.uid), found.get(destinationUid), limits)
      if (says !== null) findings.push({ uid: row.uid, says })
    }
  }
  return findings
}

function difference(source: Read | undefined, copy: Read | undefined, limits: DestinationLimits): string | null {
  if (source === undefined) return 'the source does not hand it out any more'
  if (copy === undefined) return 'the destination does not hand it out'
  if (source.wrapped === true) {
    return copy.digest.parts.some((part) => part.sha256 === source.sha256) ? null : 'the attachment is not the original message'
  }
  if (limits.keepsBytes && source.sha256 === copy.sha256) return null
  const differences = compareContent(source.digest, copy.digest)
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
