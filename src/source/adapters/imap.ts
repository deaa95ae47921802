import { connectImap } from '../../imap/connect.ts'
import type { ImapEndpoint, ImapLogin } from '../../imap/endpoint.ts'
import { lookAtInbox } from '../../imap/look.ts'
import { atSource, plainSession } from '../plain-session.ts'
import type { Source } from '../port.ts'
import { GmailMailbox } from './gmail-mailbox.ts'
import { gmailSession } from './gmail.ts'

/** Any IMAP server as a source. Reads by EXAMINE and PEEK; SELECT only under the quirk `examine-unstable`. */
export function imapSource(endpoint: ImapEndpoint, login: ImapLogin): Source {
  const gmail = new GmailMailbox()
  return {
    name: `imap ${endpoint.host}`,
    remember(notes) {
      gmail.notes = notes
    },
    connect: (ctx) =>
      atSource(async () => {
        const session = await connectImap(endpoint, login, ctx)
        return session.has('X-GM-EXT-1') ? gmailSession(session, gmail) : plainSession(session)
      }),
    look: (ctx) => atSource(async () => lookAtInbox(await connectImap(endpoint, login, ctx))),
  }
}
