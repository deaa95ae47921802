import { Failure } from '../model/failure.ts'
import { listedFolder } from './list-response.ts'
import type { Session } from './session.ts'

/** The folders that the person subscribed to, by name with their paths, also some that are not there any more; null where the server refuses. */
export async function subscriptions(session: Session): Promise<ReadonlyMap<string, readonly string[]> | null> {
  const extended = session.has('LIST-EXTENDED') && !session.quirk('plain-list')
  const found = new Map<string, readonly string[]>()
  try {
    await session.run({
      verb: extended ? 'LIST' : 'LSUB',
      parts: [extended ? 'LIST (SUBSCRIBED) "" "*"' : 'LSUB "" "*"'],
      onUntagged: (response) => {
        if (response.kind !== 'data' || (response.name !== 'LSUB' && response.name !== 'LIST')) return
        const folder = listedFolder(response, session.state.utf8Names)
        // A level that LSUB tells only because of what is below it (RFC 3501 §6.3.9).
        if (folder !== null && (extended || folder.selectable)) found.set(folder.name, folder.path)
      },
    })
  } catch (error) {
    if (!(error instanceof Failure) || !session.alive || error.next === 'wait' || !/^(NO|BAD)\b/.test(error.serverText ?? '')) throw error
    return null
  }
  return found
}
