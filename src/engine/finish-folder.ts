import type { FolderEntry } from '../ledger/folder-rows.ts'
import { Failure } from '../model/failure.ts'
import { canonicalFlags } from '../model/flags.ts'
import type { MessageRow } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import type { FolderCopy } from './folder-copy.ts'
import type { Lane } from './lane.ts'
import { flagsFor } from './carried-flags.ts'
import type { PassEnv } from './pass-env.ts'
import { climbLadder } from './refused.ts'
import { SUSPECT_AFTER } from './folder-copy.ts'
import { settle } from './settle.ts'

/** Rounds of settling and sending again in which nothing at all arrived, before a person is asked. */
const ROUNDS = 16

/**
 * Brings a folder to its end when no lane works on it any more: what was lost on the way is settled and sent again, refused
 * messages climb the repair ladder, flags that APPEND forgets are stored. `sharing` are all source folders of the same destination.
 */
export async function finishFolder(env: PassEnv, lane: Lane, copy: FolderCopy, sharing: readonly FolderEntry[]): Promise<void> {
  let inVain = 0
  for (;;) {
    const before = env.tally.appends
    if (!copy.feed.empty) await copy.runLane(lane)
    if (copy.books.lost.size > 0) {
      const missing = await settleLost(env, lane, copy, sharing)
      inVain = missing.arrived > 0 || env.tally.appends > before ? 0 : inVain + 1
      if (inVain >= ROUNDS) {
        const where = copy.target.sourceName
        throw new Failure('message-in-doubt', `${missing.missing} messages of ${where} did not arrive in ${ROUNDS} tries.`)
      }
      continue
    }
    if (copy.books.refused.length > 0) {
      await climbLadder(copy, lane)
      continue
    }
    if (copy.feed.empty) break
  }
  copy.books.flush()
  await storeForgottenFlags(env, lane, copy)
}

/** Every message has its place in the books: `finishFolder` has nothing to do. */
export function isFinished({ feed, books }: FolderCopy): boolean {
  return feed.empty && books.lost.size + books.refused.length + books.storeFlags.size === 0
}

/** Asks the destination what became of messages that were under way; what did not arrive is sent again, a suspect alone, at last repaired. */
async function settleLost(
  env: PassEnv,
  lane: Lane,
  copy: FolderCopy,
  sharing: readonly FolderEntry[],
): Promise<{ readonly arrived: number; readonly missing: number }> {
  copy.books.flush()
  const { books, target } = copy
  const entries = await patiently(lane, () => settle(env, lane, target.destinationName, sharing))
  const notThere = new Set(entries.filter((entry) => entry.folderId === target.folderId).map((entry) => entry.uid))
  let arrived = 0
  for (const [uid, row] of books.lost) {
    if (!notThere.has(uid)) {
      arrived++
      storeLater(env, copy, row)
      continue
    }
    const times = books.brokeWith(uid)
    if (books.rungs.has(uid) || times > 2 * SUSPECT_AFTER) {
      const failure = new Failure('message-refused', 'The connection breaks whenever this message is sent.', { side: 'destination' })
      books.refused.push({ row, failure })
    } else copy.feed.giveBack(row, times >= SUSPECT_AFTER)
  }
  books.lost.clear()
  env.watch.phase('copy', target.sourceName)
  return { arrived, missing: notThere.size }
}

/** A message that was found at the destination, not told by a receipt, has flags that only a STORE makes last, too. */
function storeLater(env: PassEnv, { books, target }: FolderCopy, row: MessageRow): void {
  const flags = flagsFor(row.flags, target.limits, env.options.includeDeleted).store
  const uid = flags.length === 0 ? null : (env.ledger.lookup(target.folderId, row.uid)?.destinationUid ?? null)
  if (uid === null) return
  const carried = canonicalFlags(row.flags).filter((flag) => flag !== '\\Deleted')
  books.storeFlags.set(uid, { uid, row, flags, carried })
}

/** `\Flagged` on Exchange is shown everywhere only when it was set by STORE (exchange-imap-quirks Q19). */
async function storeForgottenFlags(env: PassEnv, lane: Lane, copy: FolderCopy): Promise<void> {
  if (copy.books.storeFlags.size === 0) return
  const byFlags = Map.groupBy(copy.books.storeFlags.values(), (one) => one.flags.join(' '))
  await patiently(lane, async () => {
    const folder = await lane.destinationFolder(copy.target.destinationName)
    for (const group of byFlags.values()) {
      await folder.store(UidSet.of(group.map((one) => one.uid)), group[0]?.flags ?? [], [])
    }
  })
  env.step('flags-stored')
  const flags = [...copy.books.storeFlags.values()].map(({ row, carried }) => ({
    folderId: copy.target.folderId,
    uid: row.uid,
    flags: carried.join(' '),
  }))
  env.ledger.record({ flags })
  copy.books.storeFlags.clear()
}

/** Does a piece of work at the destination again after trouble with the connection, as long as patience lasts. */
export async function patiently<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      const result = await work()
      lane.destinationRetry.progress()
      return result
    } catch (error) {
      // A message that cannot be read stays so, however often the rest is done again.
      if (error instanceof Failure && error.spoils === 'message') throw error
      if (error instanceof Failure && error.side === 'source') lane.sourceBroke(error)
      else lane.destinationBroke(error)
      await lane.recover(() => Promise.resolve())
    }
  }
}

/** A piece of work in some folder of the destination; false when it is to be done again, alone. */
export type Work = (alone: boolean) => Promise<boolean>

/** Does in one flight what the server lets us do so; returns what is still to be done, one after the other. */
export async function allAtOnce(env: PassEnv, lane: Lane, works: readonly Work[]): Promise<readonly Work[]> {
  const [known] = env.destinationStatus
  if (works.length < 2 || known === undefined) return works
  const session = await lane.destination()
  if (session.known(...known) === null) return works
  env.ctx.signal.throwIfAborted()
  const ends = await Promise.allSettled(works.map((work) => work(false)))
  const bug = ends.find((end) => end.status === 'rejected' && !(end.reason instanceof Failure))
  if (bug?.status === 'rejected') throw bug.reason
  return works.filter((_, at) => !(ends[at]?.status === 'fulfilled' && ends[at].value))
}
