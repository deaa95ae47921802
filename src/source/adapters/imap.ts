import { connectImap } from '../../imap/connect.ts'
import type { ImapEndpoint, ImapLogin } from '../../imap/endpoint.ts'
import { lookAtInbox } from '../../imap/look.ts'
import { atSource, plainSession } from '../plain-session.ts'
import type { Source } from '../port.ts'

/** Any IMAP server as a source. Reads by EXAMINE and PEEK; SELECT only under the quirk `examine-unstable`. */
export function imapSource(endpoint: ImapEndpoint, login: ImapLogin): Source {
  return {
    name: `imap ${endpoint.host}`,
    async connect(ctx) {
      return await atSource(async () => plainSession(await connectImap(endpoint, login, ctx)))
    },
    look: (ctx) => atSource(async () => lookAtInbox(await connectImap(endpoint, login, ctx))),
  }
}

