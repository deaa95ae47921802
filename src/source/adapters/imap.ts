import { connectImap } from '../../imap/connect.ts'
import type { ImapEndpoint, ImapLogin } from '../../imap/endpoint.ts'
import { fetchBodies } from '../../imap/fetch-bodies.ts'
import { fetchHeaders } from '../../imap/fetch-headers.ts'
import { fetchChanges } from '../../imap/fetch-changes.ts'
import { fetchFlags, fetchRows } from '../../imap/fetch-rows.ts'
import { listFolders } from '../../imap/list-folders.ts'
import { openFolder, type OpenedFolder } from '../../imap/open-folder.ts'
import { searchUids } from '../../imap/search-uids.ts'
import type { Session } from '../../imap/session.ts'
import { Failure } from '../../model/failure.ts'
import type { FolderNamespaces, Source, SourceFolder, SourceSession } from '../port.ts'

/** Any IMAP server as a source. Reads by EXAMINE and PEEK; SELECT only under the quirk `examine-unstable`. */
export function imapSource(endpoint: ImapEndpoint, login: ImapLogin): Source {
  return {
    name: `imap ${endpoint.host}`,
    async connect(ctx) {
      return await atSource(async () => sourceSession(await connectImap(endpoint, login, ctx)))
    },
  }
}

function sourceSession(session: Session): SourceSession {
  const mode = session.quirk('examine-unstable') ? 'select' : 'examine'
  return {
    get alive() {
      return session.alive
    },
    namespaces: namespacesOf(session),
    folders: () => atSource(() => listFolders(session, { status: true })),
    async open(name) {
      const status = await atSource(() => openFolder(session, name, mode))
      return sourceFolder(session, name, status)
    },
    [Symbol.asyncDispose]: () => session.logout(),
  }
}

function namespacesOf(session: Session): FolderNamespaces | null {
  const told = session.state.namespaces
  if (told === null) return null
  return { personal: told.personal.map((one) => one.prefix), foreign: told.others.map((one) => one.prefix) }
}

function sourceFolder(session: Session, name: string, { mustBeOpen, ...status }: OpenedFolder): SourceFolder {
  const here = <T>(work: () => Promise<T>): Promise<T> =>
    atSource(() => {
      mustBeOpen()
      return work()
    })
  return {
    name,
    status,
    rows: (from, to, onRow) => here(() => fetchRows(session, from, to, onRow)),
    flags: (from, to, onRow) => here(() => fetchFlags(session, from, to, onRow)),
    changes: (since, onRow) => here(() => fetchChanges(session, since, onRow)),
    uids: () => here(() => searchUids(session)),
    headers: (uids, onHeader) => here(() => fetchHeaders(session, uids, onHeader)),
    bodies: (uids, sink) => here(() => fetchBodies(session, uids, sink)),
  }
}

async function atSource<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Failure ? error.at('source') : error
  }
}
