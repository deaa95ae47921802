import type { FolderEntry } from '../ledger/folder-rows.ts'
import { Failure } from '../model/failure.ts'
import { UidSet } from '../model/uid-set.ts'
import type { FolderCopy } from './folder-copy.ts'
import type { Lane } from './lane.ts'
import type { PassEnv } from './pass-env.ts'
import { climbLadder } from './refused.ts'
import { SUSPECT_AFTER } from './folder-copy.ts'
import { settle } from './settle.ts'

/** Rounds of settling and sending again before a person is asked. */
const ROUNDS = 12

/**
 * Brings a folder to its end when no lane works on it any more: what was lost on the way is settled and sent again, refused
 * messages climb the repair ladder, flags that APPEND forgets are stored. `sharing` are all source folders of the same destination.
 */
export async function finishFolder(env: PassEnv, lane: Lane, copy: FolderCopy, sharing: readonly FolderEntry[]): Promise<void> {
  for (let round = 0; ; round++) {
    if (!copy.feed.empty) await copy.runLane(lane)
    if (copy.books.lost.size > 0) {
      await settleLost(env, lane, copy, sharing)
      if (round >= ROUNDS && copy.books.lost.size > 0) {
        throw new Failure(
          'message-in-doubt',
          `${copy.books.lost.size} messages of ${copy.target.sourceName} did not arrive in ${ROUNDS} tries.`,
        )
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

async function settleLost(env: PassEnv, lane: Lane, copy: FolderCopy, sharing: readonly FolderEntry[]): Promise<void> {
  copy.books.flush()
  const missing = await patiently(lane, () => settle(env, lane, copy.target.destinationName, sharing))
  const notThere = new Set(missing.filter((entry) => entry.folderId === copy.target.folderId).map((entry) => entry.uid))
  for (const [uid, row] of copy.books.lost) {
    if (notThere.has(uid)) copy.feed.giveBack(row, copy.books.brokeWith(uid) >= SUSPECT_AFTER)
  }
  copy.books.lost.clear()
  env.watch.phase('copy', copy.target.sourceName)
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
      if (error instanceof Failure && error.side === 'source') lane.sourceBroke(error)
      else lane.destinationBroke(error)
      await lane.recover(() => Promise.resolve())
    }
  }
}
