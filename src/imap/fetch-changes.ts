import { UidSet } from '../model/uid-set.ts'
import { messageLimit } from './fetch-rows.ts'
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
  // A server that cuts its answers works downwards and tells the lowest UID that it came to (RFC 9738).
  for (let to: number | null = Infinity; to !== null;) {
    const upTo: number = to
    const reply = await session.run({
      verb: 'UID FETCH',
      parts: [`UID FETCH 1:${upTo === Infinity ? '*' : upTo} (UID FLAGS) (CHANGEDSINCE ${since}${tellsVanished ? ' VANISHED' : ''})`],
      onUntagged: (response) => {
        if (response.kind === 'fetch' && response.uid > 0 && response.flags !== null) onRow(response.uid, response.flags)
        else if (response.kind === 'data' && response.name === 'VANISHED')
          vanished = vanished.union(parseUidSet(response.text.replace(/^\(EARLIER\)\s*/i, '')))
      },
    })
    const next = messageLimit(reply)
    to = next !== null && next < upTo ? next : null
  }
  return tellsVanished ? vanished : null
}
