import type { UidSet } from '../model/uid-set.ts'
import type { Session } from './session.ts'

/** Below the 8,000 octets that every server takes (RFC 2683 §3.2.1.5). */
const MAX_SET_CHARS = 7900

/** A set cut for commands: short lines, and no more messages than the server works on in one command (MESSAGELIMIT, RFC 9738). */
export function* commandSets(session: Session, uids: UidSet): Generator<UidSet> {
  const limit = messagesPerCommand(session)
  for (const window of limit === null ? [uids] : uids.windows(limit)) yield* window.pieces(MAX_SET_CHARS)
}

/** How many messages a command may be about here; null: any number. */
function messagesPerCommand(session: Session): number | null {
  for (const word of session.capabilities) {
    const match = /^MESSAGELIMIT=([1-9]\d*)$/.exec(word)
    if (match !== null) return Number(match[1])
  }
  return null
}
