import type { UidSet } from '../model/uid-set.ts'
import type { Session } from './session.ts'

/** Below the 8,000 octets that every server takes (RFC 2683 §3.2.1.5). */
const MAX_SET_CHARS = 7900
/** For servers that take no more than the 1,000 octets of old (quirk `short-commands`). */
const SHORT_SET_CHARS = 900

/** A set cut for commands: short lines, and no more messages than the server works on in one command (MESSAGELIMIT, RFC 9738). */
export function* commandSets(session: Session, uids: UidSet): Generator<UidSet> {
  const limit = messagesPerCommand(session)
  const chars = session.quirk('short-commands') ? SHORT_SET_CHARS : MAX_SET_CHARS
  for (const window of limit === null ? [uids] : uids.windows(limit)) yield* window.pieces(chars)
}

/** How many messages a command may be about here; null: any number. */
function messagesPerCommand(session: Session): number | null {
  for (const word of session.capabilities) {
    const match = /^MESSAGELIMIT=([1-9]\d*)$/.exec(word)
    if (match !== null) return Number(match[1])
  }
  return null
}
