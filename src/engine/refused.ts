import { repairsAfterRefusal } from '../message/plan.ts'
import { Spool } from '../message/spool.ts'
import { Failure } from '../model/failure.ts'
import type { Refused } from './folder-books.ts'
import { SUSPECT_AFTER, type FolderCopy } from './folder-copy.ts'
import type { Lane } from './lane.ts'
import type { Outgoing } from './outgoing.ts'
import { withRepairs } from './prepare.ts'

/** Refusals that no repair can answer. */
const FINAL = new Set(['message-too-large', 'message-infected', 'message-placeholder', 'message-unreadable'])

/**
 * Climbs the repair ladder for messages that the destination refused (engine.md §6): the smallest repair first, at last wrapped
 * whole in a covering note; what is refused even then is listed with its reason. One at a time, with nothing else in flight.
 */
export async function climbLadder(copy: FolderCopy, lane: Lane): Promise<void> {
  for (let next = copy.books.refused.shift(); next !== undefined; next = copy.books.refused.shift()) {
    copy.env.ctx.signal.throwIfAborted()
    await retryOne(copy, lane, next)
  }
}

async function retryOne(copy: FolderCopy, lane: Lane, { row, failure }: Refused): Promise<void> {
  const { env, target } = copy
  const spool: { made: Spool | null } = { made: null }
  const options = { directory: env.spoolDir, longLineBytes: target.limits.lineBreaksSessionBytes }
  try {
    const source = await copy.openSource(lane)
    const left = await source.bodies([row.uid], {
      holdBytes: -1,
      small: () => {},
      large: async (_uid, stream) => {
        spool.made = await Spool.write(stream, options)
      },
    })
    if (spool.made === null || left.length > 0) {
      copy.books.skip(row, 'message-vanished', 'Deleted at the source while we worked.')
      return
    }
    const { inspection } = spool.made
    let last = failure
    const rungs = FINAL.has(failure.code) ? [] : repairsAfterRefusal(inspection, [])
    for (let rung = copy.books.rungs.get(row.uid) ?? 0; rung < rungs.length; rung++) {
      const names = rungs[rung] ?? []
      const one = await withRepairs(env, target, row, inspection, spool.made, names, last.serverText ?? last.message)
      copy.books.rungs.set(row.uid, rung + 1)
      if (one.entry.repairs.length === 0) continue
      const outcome = await attempt(copy, lane, one)
      // Throttled, or not taken for another reason that says nothing about the message: the same repair once more.
      if (copy.feed.takeBack(row.uid)) {
        rung--
        continue
      }
      if (outcome === null) {
        env.watch.note(`repaired: ${one.entry.repairs.join(', ')}`)
        return
      }
      // Not to be told here: settling tells, and if it did not arrive it comes back to this rung, or to the next one.
      if (outcome.spoils !== 'message') {
        if (copy.books.brokeWith(row.uid) <= SUSPECT_AFTER) copy.books.rungs.set(row.uid, rung)
        return
      }
      last = outcome
    }
    copy.books.fail(row, last, inspection.header)
  } catch (error) {
    if (!(error instanceof Failure) || error.side !== 'source') throw error
    if (error.spoils === 'message') return copy.books.fail(row, error, null)
    // The source broke off: the message is read again when it is back.
    lane.sourceBroke(error)
    copy.books.refused.push({ row, failure })
    await lane.recover(() => Promise.resolve())
  } finally {
    await spool.made?.[Symbol.asyncDispose]()
  }
}

/** Sends one message alone; null when it arrived, else why not. What is uncertain stays `sending` for settling. */
async function attempt(copy: FolderCopy, lane: Lane, one: Outgoing): Promise<Failure | null> {
  copy.books.flush([one])
  copy.env.step('repair-written')
  await copy.send(lane, [one])
  const again = copy.books.refused.findIndex((refused) => refused.row.uid === one.row.uid)
  const refused = again < 0 ? undefined : copy.books.refused.splice(again, 1)[0]
  if (lane.trouble) await lane.recover(() => Promise.resolve())
  if (refused !== undefined) return refused.failure
  return copy.books.lost.has(one.row.uid) ? new Failure('connection-lost', 'The connection broke with this message under way.') : null
}
