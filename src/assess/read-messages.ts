import type { ByteBudget } from '../lib/byte-budget.ts'
import type { Context } from '../lib/context.ts'
import { heldMessage } from '../message/message-bytes.ts'
import { Failure } from '../model/failure.ts'
import type { MessageRow } from '../model/message.ts'
import type { SourceFolder } from '../source/port.ts'
import { examine, type Acceptance } from './examine.ts'
import { addRead, addTrouble, type FolderFigures } from './folder-figures.ts'

type Scene = { readonly accepts: Acceptance; readonly budget: ByteBudget; readonly ctx: Context }

/** Larger messages flow by and are never held. */
const HOLD_BYTES = 512 * 1024
const BATCH = { messages: 100, bytes: 2_000_000 }
/** FETCHes under way at a time: the server is never waited for. */
const IN_FLIGHT = 3

/** Reads these messages and judges each; what was found is added to `figures`. Returns their SHA-256. */
export async function readMessages(
  scene: Scene,
  folder: SourceFolder,
  rows: readonly MessageRow[],
  figures: FolderFigures,
): Promise<ReadonlyMap<number, Buffer>> {
  const digests = new Map<number, Buffer>()
  const batches = batchesOf(rows)
  const worker = async (): Promise<void> => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      scene.ctx.signal.throwIfAborted()
      const held = Math.min(
        scene.budget.totalBytes,
        batch.reduce((sum, { sizeBytes }) => sum + Math.min(sizeBytes, HOLD_BYTES), 0),
      )
      await scene.budget.take(held, scene.ctx.signal)
      try {
        await readBatch(scene, folder, batch, figures, digests)
      } finally {
        scene.budget.give(held)
      }
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: IN_FLIGHT }, worker))
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  return digests
}

function batchesOf(rows: readonly MessageRow[]): MessageRow[][] {
  const batches: MessageRow[][] = []
  let batch: MessageRow[] = []
  let bytes = 0
  for (const row of rows) {
    if (batch.length > 0 && (batch.length >= BATCH.messages || bytes + row.sizeBytes > BATCH.bytes)) {
      batches.push(batch)
      batch = []
      bytes = 0
    }
    batch.push(row)
    bytes += row.sizeBytes
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}

/** Where a server refuses to hand out one of several messages, halving tells which. */
async function readBatch(
  scene: Scene,
  folder: SourceFolder,
  batch: readonly MessageRow[],
  figures: FolderFigures,
  digests: Map<number, Buffer>,
): Promise<void> {
  const [only, ...rest] = batch
  if (only === undefined) return
  const small = new Map<number, readonly Buffer[]>()
  const done = new Set<number>()
  const byUid = new Map(batch.map((row) => [row.uid, row]))
  const judge = async (uid: number, bytes: AsyncIterable<Buffer>): Promise<void> => {
    const row = byUid.get(uid)
    const { bytes: length, sha256, verdicts } = await examine(bytes, row !== undefined && isSeen(row), scene.accepts)
    if (row === undefined || done.has(uid)) return
    done.add(uid)
    digests.set(uid, sha256)
    addRead(figures, uid, length, verdicts)
  }
  const judgeSmall = async (): Promise<void> => {
    for (const [uid, chunks] of small) await judge(uid, heldMessage(chunks).chunks())
    small.clear()
  }
  try {
    await folder.bodies(
      batch.map(({ uid }) => uid),
      { holdBytes: HOLD_BYTES, small: (uid, chunks) => void small.set(uid, chunks), large: (uid, stream) => judge(uid, stream) },
    )
    await judgeSmall()
  } catch (error) {
    if (!(error instanceof Failure) || error.spoils !== 'message') throw error
    await judgeSmall()
    const left = batch.filter(({ uid }) => !done.has(uid))
    if (rest.length === 0) {
      addRead(figures, only.uid, 0, [])
      addTrouble(figures, only.uid, only.sizeBytes, 'message-unreadable', 'refused')
      return
    }
    const middle = Math.ceil(left.length / 2)
    for (const half of [left.slice(0, middle), left.slice(middle)]) await readBatch(scene, folder, half, figures, digests)
  }
}

function isSeen({ flags }: MessageRow): boolean {
  return flags.some((flag) => flag.toLowerCase() === '\\seen')
}
