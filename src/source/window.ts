import type { Session } from '../imap/session.ts'
import type { ListedFolder } from '../model/folder.ts'

/** How many messages of a folder Yahoo and AOL show to a client that does not enable UIDONLY. */
const WINDOW = 10_000
/** What only their servers, or such as cut their answers, tell. */
const SIGNS = /^(?:XYMHIGHESTMODSEQ|X-MSG-EXT|X-UIDONLY|UIDONLY|MESSAGELIMIT=.*)$/

/** Folders of which there may be more than the server shows: the older mail would be lost without a word. One sentence each. */
export function windowWarnings(session: Session, folders: readonly ListedFolder[]): readonly string[] {
  if (session.state.enabled.has('UIDONLY') || ![...session.capabilities].some((word) => SIGNS.test(word))) return []
  return folders
    .filter(({ status }) => status?.messages === WINDOW)
    .map(
      ({ path }) =>
        `"${path.join('/')}" shows exactly 10,000 messages: this server may hide older ones. ` +
        'Compare with the web mail, or use the host export.imap.mail.yahoo.com.',
    )
}
