import { connectImap } from '../../imap/connect.ts'
import type { ImapEndpoint, ImapLogin } from '../../imap/endpoint.ts'
import { listFolders } from '../../imap/list-folders.ts'
import { lookAtInbox } from '../../imap/look.ts'
import { leaveFolder, openFolder } from '../../imap/open-folder.ts'
import type { Session } from '../../imap/session.ts'
import { Failure } from '../../model/failure.ts'
import type { ListedFolder } from '../../model/folder.ts'
import { imapDestinationSession } from '../imap-session.ts'
import { plainLimits } from '../limits.ts'
import type { Destination } from '../port.ts'

/** How many messages one MULTIAPPEND carries: enough to save the per-command cost, few enough that a refusal repeats little. */
const APPEND_AT_ONCE = 64

/** Any IMAP server as a destination. */
export function imapDestination(endpoint: ImapEndpoint, login: ImapLogin): Destination {
  // What a server accepts does not change between connections; asked once.
  let learned: Learned | null = null
  return {
    name: `imap ${endpoint.host}`,
    async connect(ctx) {
      try {
        const session = await connectImap(endpoint, login, ctx)
        const { separator, prefix, keywords, listed } = learned ?? (await learn(session))
        learned ??= { separator, prefix, keywords, listed: null }
        const limits = plainLimits(separator, keywords, session.appendLimitBytes)
        return imapDestinationSession(session, limits, session.has('MULTIAPPEND') ? APPEND_AT_ONCE : 1, prefix, listed)
      } catch (error) {
        throw error instanceof Failure ? error.at('destination') : error
      }
    },
    async look(ctx) {
      try {
        return await lookAtInbox(await connectImap(endpoint, login, ctx))
      } catch (error) {
        throw error instanceof Failure ? error.at('destination') : error
      }
    },
  }
}

type Learned = {
  readonly separator: string
  readonly prefix: string
  readonly keywords: boolean
  readonly listed: readonly ListedFolder[] | null
}

async function learn(session: Session): Promise<Learned> {
  // Not EXAMINE: Courier refuses every APPEND into a folder that is open read-only.
  const [listed, opened] = await Promise.all([listFolders(session), openFolder(session, 'INBOX', 'select')])
  // Nobody waits for it: a connection that is gone tells the next command as well.
  leaveFolder(session).catch(() => {})
  const inbox = listed.find((folder) => folder.name.toUpperCase() === 'INBOX')
  const personal = session.state.namespaces?.personal[0]
  const separator = personal?.separator ?? inbox?.separator ?? '/'
  // An empty list says nothing, so keywords are tried.
  const keywords = opened.permanentFlags.length === 0 || opened.permanentFlags.includes('\\*')
  return { separator, prefix: personal?.prefix ?? '', keywords, listed }
}
