import type { UidSet } from '../model/uid-set.ts'
import { commandSets } from './command-sets.ts'
import type { Session } from './session.ts'

/** The flags of just these messages; those that are gone are left out. One command per 8,000 characters of set, all in flight at once. */
export async function fetchFlagsOf(session: Session, uids: UidSet, onRow: (uid: number, flags: readonly string[]) => void): Promise<void> {
  await Promise.all(
    [...commandSets(session, uids)].map((piece) =>
      session.run({
        verb: 'UID FETCH',
        parts: [`UID FETCH ${piece.toString()} (UID FLAGS)`],
        onUntagged: (response) => {
          if (response.kind === 'fetch' && response.flags !== null && piece.has(response.uid)) onRow(response.uid, response.flags)
        },
      }),
    ),
  )
}
