import type { UidSet } from '../model/uid-set.ts'
import { commandSets } from './command-sets.ts'
import { imapString } from './encoder.ts'
import { orderedUids } from './parse-uids.ts'
import type { StatusResponse, Untagged } from './response.ts'
import type { Session } from './session.ts'
import { storeFlags } from './store-flags.ts'

/**
 * Moves messages of the open folder to another one (RFC 6851) and maps old to new UIDs, as far as the server tells. Where there is
 * no MOVE they are copied and the old ones flagged \Deleted; nothing is ever expunged.
 */
export async function moveMessages(session: Session, uids: UidSet, to: string): Promise<ReadonlyMap<number, number>> {
  const moved = new Map<number, number>()
  const verb = session.has('MOVE') ? 'UID MOVE' : 'UID COPY'
  for (const set of commandSets(session, uids)) {
    const onUntagged = (response: Untagged): void => {
      if (response.kind === 'status') addCopyUid(moved, response, set.size)
    }
    const parts = [`${verb} ${set.toString()} `, imapString(to, session.state.utf8Names)]
    addCopyUid(moved, await session.run({ verb, parts, onUntagged }), set.size)
    if (verb === 'UID COPY') await storeFlags(session, set, ['\\Deleted'], [])
  }
  return moved
}

/** One command is all it takes. */
export function movesAtOnce(session: Session, uids: UidSet): boolean {
  const pieces = commandSets(session, uids)
  return session.has('MOVE') && pieces.next().done !== true && pieces.next().done === true
}

/** Exchange sends empty sets when the message is gone; sets of unequal length prove nothing. */
function addCopyUid(moved: Map<number, number>, { code, codeText }: StatusResponse, most: number): void {
  if (code !== 'COPYUID') return
  const [, from = '', to = ''] = codeText.split(' ')
  const sources = orderedUids(from, most)
  const targets = orderedUids(to, sources.length)
  if (sources.length !== targets.length) return
  for (const [at, uid] of sources.entries()) moved.set(uid, targets[at] ?? 0)
}
