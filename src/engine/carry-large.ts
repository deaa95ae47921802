import { readHeader } from '../message/header.ts'
import { Inspector, type Inspection } from '../message/inspect.ts'
import { neededRepairs } from '../message/plan.ts'
import { Spool } from '../message/spool.ts'
import { Failure } from '../model/failure.ts'
import type { MessageRow } from '../model/message.ts'
import type { FolderCopy } from './folder-copy.ts'
import type { Lane } from './lane.ts'
import { identify, outgoing, type Outgoing } from './outgoing.ts'
import { prepareInspected, repairRules, tooLarge } from './prepare.ts'

/** Enough to hold any sane header before a message that only flows by is written down. */
const PEEK_BYTES = 64 * 1024

/**
 * Carries a message too large to hold. Where the destination takes any bytes it flows straight from literal to literal;
 * where something must be known beforehand (long lines, a move) it passes through a file that is gone when the process is.
 */
export async function carryLarge(
  copy: FolderCopy,
  lane: Lane,
  row: MessageRow,
  stream: AsyncIterable<Buffer>,
  bytes: number,
): Promise<void> {
  const refusal = tooLarge(copy.env, copy.target, bytes)
  if (refusal !== null) {
    const { header } = await peek(stream)
    copy.books.fail(row, refusal, header.header)
    return
  }
  if (copy.target.limits.lineBreaksSessionBytes !== null || copy.target.moves !== null) return await throughFile(copy, lane, row, stream)
  const begun = await peek(stream)
  // The header says whether a repair is wanted: only then must the whole be in hand.
  if (begun.header.headerComplete && neededRepairs(begun.header, repairRules(copy.env, copy.target, row)).length === 0)
    await straight(copy, lane, row, begun, bytes)
  else await throughFile(copy, lane, row, joined(begun.first, begun.rest))
}

async function throughFile(copy: FolderCopy, lane: Lane, row: MessageRow, stream: AsyncIterable<Buffer>): Promise<void> {
  const { env, target } = copy
  const options = { directory: env.spoolDir, longLineBytes: target.limits.lineBreaksSessionBytes }
  await using spool = await Spool.write(stream, options)
  const prepared = await prepareInspected(env, target, row, spool.inspection, spool)
  if ('failed' in prepared || 'skipped' in prepared) {
    env.ledger.record('failed' in prepared ? { failed: [prepared.failed] } : { skipped: [prepared.skipped] })
    env.watch.done(1, row.sizeBytes)
  } else if ('moved' in prepared) env.watch.done(1, row.sizeBytes)
  else await sendOne(copy, lane, prepared)
}

async function straight(copy: FolderCopy, lane: Lane, row: MessageRow, { header, first, rest }: Begun, bytes: number): Promise<void> {
  const { env, target } = copy
  const inspector = new Inspector({ longLineBytes: null })
  const source = { inspection: { ...header, bytes }, fingerprint: identify(header), header: readHeader(header.header), complete: false }
  const body = watched(joined(first, rest), inspector)
  const sent = { bytes, body, repairs: [], sha256: null, fingerprint: null }
  const id = { id: target.folderId, uidValidity: target.uidValidity }
  const one = outgoing(id, row, source, sent, target.limits, env.options.includeDeleted, env.ctx.clock.now())
  await sendOne(copy, lane, one, () => inspector.finish())
}

async function sendOne(copy: FolderCopy, lane: Lane, one: Outgoing, inspected: (() => Inspection) | null = null): Promise<void> {
  try {
    await lane.destination()
  } catch (error) {
    lane.destinationBroke(error)
    copy.feed.giveBack(one.row, true)
    return
  }
  await copy.books.flushed([one])
  copy.env.step('sending-written')
  await copy.env.governor.rate.take(one.message.bytes, copy.env.ctx.signal)
  await copy.send(lane, [one], inspected)
}

/** The first chunks of a stream, with what they tell, and the rest of it. */
type Begun = { readonly header: Inspection; readonly first: readonly Buffer[]; readonly rest: AsyncIterator<Buffer> }

async function peek(stream: AsyncIterable<Buffer>): Promise<Begun> {
  const inspector = new Inspector({ longLineBytes: null })
  const rest = stream[Symbol.asyncIterator]()
  const first: Buffer[] = []
  let held = 0
  while (held < PEEK_BYTES) {
    const next = await rest.next()
    if (next.done === true) break
    first.push(next.value)
    held += next.value.length
    inspector.update(next.value)
  }
  return { header: inspector.finish(), first, rest }
}

async function* joined(first: readonly Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield* first
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value
}

/** Passes chunks on and shows them to the inspector; a source that breaks is told apart from a destination that does. */
async function* watched(stream: AsyncIterable<Buffer>, inspector: Inspector): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream) {
      inspector.update(chunk)
      yield chunk
    }
  } catch (error) {
    throw error instanceof Failure ? error.at('source') : error
  }
}
