import { UidSet } from '../model/uid-set.ts'
import { parseUidSet } from './parse-uids.ts'
import type { Session } from './session.ts'

/**
 * The flags that changed after mod-sequence `since`, and the UIDs expunged since then: null where the server cannot tell
 * (CONDSTORE without QRESYNC, RFC 7162 §3.2.6). The expunged may include UIDs that never were.
 */
export async function fetchChanges(
  session: Session,
  since: bigint,
  onRow: (uid: number, flags: readonly string[]) => void,
): Promise<UidSet | null> {
  const tellsVanished = session.state.enabled.has('QRESYNC')
  let vanished = UidSet.empty
  await session.run({
    verb: 'UID FETCH',
    parts: [`UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE ${since}${tellsVanished ? ' VANISHED' : ''})`],
    onUntagged: (response) => {
      if (response.kind === 'fetch' && response.uid > 0 && response.flags !== null) onRow(response.uid, response.flags)
      else if (response.kind === 'data' && response.name === 'VANISHED')
        vanished = vanished.union(parseUidSet(response.text.replace(/^\(EARLIER\)\s*/i, '')))
    },
  })
  return tellsVanished ? vanished : null
}
