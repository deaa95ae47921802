import { connectImap } from '../../imap/connect.ts'
import type { ImapEndpoint, ImapLogin } from '../../imap/endpoint.ts'
import { lookAtInbox } from '../../imap/look.ts'
import { KeptUnread, keepingUnread } from '../kept-unread.ts'
import { atSource, newTrouble, plainSession } from '../plain-session.ts'
import type { Source } from '../port.ts'
import { ChosenTrees, OWN_TREE, withTrees, type TreeChoice } from '../trees.ts'
import { GmailMailbox } from './gmail-mailbox.ts'
import { gmailSession } from './gmail.ts'

/** Any IMAP server as a source. Reads by EXAMINE and PEEK; SELECT only under the quirk `examine-unstable`. */
export function imapSource(endpoint: ImapEndpoint, login: ImapLogin, choice: TreeChoice = OWN_TREE): Source {
  const gmail = new GmailMailbox()
  const trees = new ChosenTrees(choice)
  const unread = new KeptUnread()
  const trouble = newTrouble()
  return {
    name: `imap ${endpoint.host}`,
    remember(notes) {
      gmail.notes = notes
      trees.notes = notes
      unread.notes = notes
    },
    connect: (ctx) =>
      atSource(async () => {
        const session = await connectImap(endpoint, login, ctx)
        if (session.has('X-GM-EXT-1')) return gmailSession(session, gmail)
        const plain = plainSession(session, undefined, trouble)
        return withTrees(session, session.quirk('peek-marks-seen') ? keepingUnread(plain, unread) : plain, trees)
      }),
    look: (ctx) => atSource(async () => lookAtInbox(await connectImap(endpoint, login, ctx))),
  }
}
