import { Failure } from '../model/failure.ts'
import type { UidSet } from '../model/uid-set.ts'
import { commandSets } from './command-sets.ts'
import type { Session } from './session.ts'

const SECTION = 'BODY[HEADER]'

/** The header bytes of some messages, by PEEK; those that are gone are left out. The buffers are copies: they pin nothing larger. */
export async function fetchHeaders(session: Session, uids: UidSet, onHeader: (uid: number, header: Buffer) => void): Promise<void> {
  for (const set of commandSets(session, uids)) {
    try {
      await session.run({
        verb: 'UID FETCH',
        parts: [`UID FETCH ${set.toString()} (UID BODY.PEEK[HEADER])`],
        onUntagged: (response) => {
          if (response.kind !== 'fetch' || response.section !== SECTION || response.body === null || !set.has(response.uid)) return
          onHeader(response.uid, Buffer.concat(response.body.chunks))
        },
        onLiteral: (head) => {
          const key = head.open.at(-1)
          return typeof key === 'string' && key.toUpperCase() === SECTION ? 'hold' : null
        },
      })
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'message-vanished') throw error
    }
  }
}
