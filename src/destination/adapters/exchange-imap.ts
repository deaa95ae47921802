import { connectImap } from '../../imap/connect.ts'
import type { ImapEndpoint } from '../../imap/endpoint.ts'
import { lookAtInbox } from '../../imap/look.ts'
import { decodeFolderName } from '../../imap/modified-utf7.ts'
import type { TokenSource } from '../../microsoft/exchange-token.ts'
import type { Graph } from '../../microsoft/graph.ts'
import { EXCHANGE_DOUBTS } from '../../microsoft/imap-doubts.ts'
import { atDestination, exchangeSession, withNote, type GraphSide } from '../exchange-session.ts'
import { fitCategories, writeCategories } from '../graph-categories.ts'
import { GraphFolders } from '../graph-folders.ts'
import { imapDestinationSession, subscribeAll } from '../imap-session.ts'
import { exchangeLimits } from '../limits.ts'
import type { Destination, LabelShelf } from '../port.ts'

/** Through what the folders of a mailbox are made; or why there is no Graph, as a sentence, or null where nobody needs to know. */
export type GraphAccess = { readonly graph: Graph } | { readonly missing: string | null }

/**
 * One Exchange Online mailbox with an app-only or delegated token: messages over IMAP, folders and categories through Graph where we may.
 * A rejected token is renewed once before the failure is believed; tokens are renewed before they run out.
 */
export function exchangeImapDestination(
  endpoint: ImapEndpoint,
  address: string,
  tokens: TokenSource,
  maxMessageBytes: number,
  access: GraphAccess = { missing: null },
): Destination {
  const careful: ImapEndpoint = { ...endpoint, without: new Set([...endpoint.without, ...EXCHANGE_DOUBTS]) }
  const limits = exchangeLimits(maxMessageBytes)
  const login = { kind: 'token', user: address, token: () => tokens.token(), renew: () => tokens.renew() } as const
  const graph = 'graph' in access ? access.graph : null
  const side: GraphSide | null =
    'graph' in access ? { folders: new GraphFolders(access.graph, address), missing: null, readOnly: null } : null
  const shelf = graph === null || side === null ? null : categories(graph, side.folders)
  return {
    name: 'exchange-imap',
    async connect(ctx) {
      return await atDestination(async () => {
        const imap = await connectImap(careful, login, ctx)
        const session = imapDestinationSession(imap, limits, 1, '')
        if (side === null) return withNote(session, 'missing' in access ? access.missing : null)
        return exchangeSession(session, side, (names) => subscribeAll(imap, names), ctx)
      })
    },
    look: (ctx) => atDestination(async () => lookAtInbox(await connectImap(careful, login, ctx))),
    get labels() {
      return side?.missing === null ? shelf : null
    },
  }
}

function categories(graph: Graph, folders: GraphFolders): LabelShelf {
  return {
    fit: fitCategories,
    write: (folder, copies) =>
      atDestination(() => writeCategories(graph, folders.user, folders.idOf(decodeFolderName(folder).split('/')), copies)),
  }
}
