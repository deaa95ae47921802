import { append, multiAppend } from '../imap/append.ts'
import { createFolder, subscribeFolder } from '../imap/create-folder.ts'
import { fetchBodies, fetchOctets } from '../imap/fetch-bodies.ts'
import { fetchHeaders } from '../imap/fetch-headers.ts'
import { fetchFlagsOf } from '../imap/fetch-flags-of.ts'
import { fetchRows } from '../imap/fetch-rows.ts'
import { folderStatus } from '../imap/folder-status.ts'
import { FolderTurns } from '../imap/folder-turns.ts'
import { listFolders } from '../imap/list-folders.ts'
import { folderNameFor } from '../imap/modified-utf7.ts'
import { moveMessages, movesAtOnce } from '../imap/move-messages.ts'
import { openFolder } from '../imap/open-folder.ts'
import { searchUids } from '../imap/search-uids.ts'
import type { Session } from '../imap/session.ts'
import { storeFlags } from '../imap/store-flags.ts'
import { Failure } from '../model/failure.ts'
import type { ListedFolder } from '../model/folder.ts'
import type { DestinationFolder, DestinationLimits, DestinationSession } from './port.ts'

/**
 * A destination session over one IMAP connection; `limits` is all in which the adapters differ. `listed`: the inventory, where connecting
 * has asked for it already; it answers the first call of `folders`.
 */
export function imapDestinationSession(
  session: Session,
  limits: DestinationLimits,
  appendAtOnce: number,
  namespacePrefix: string,
  listed: readonly ListedFolder[] | null = null,
): DestinationSession {
  const turns = new FolderTurns(session, 'select')
  let fresh = listed
  return {
    get alive() {
      return session.alive
    },
    limits,
    appendAtOnce,
    async folders() {
      const folders = fresh ?? (await atDestination(() => listFolders(session)))
      fresh = null
      return withoutPrefix(folders, namespacePrefix)
    },
    create(paths) {
      fresh = null
      return atDestination(() => createAll(session, paths, limits, namespacePrefix))
    },
    status: (name) => atDestination(() => folderStatus(session, name)),
    append: (name, message) => atDestination(() => append(session, name, message)),
    appendAll: (name, messages) => atDestination(() => multiAppend(session, name, messages)),
    async open(name) {
      await turns.free()
      const { mustBeOpen, ...status } = await atDestination(() => openFolder(session, name, 'select'))
      const here: Here = (work) =>
        atDestination(() => {
          mustBeOpen()
          return work()
        })
      return destinationFolder(session, name, status, here, here)
    },
    known(name, status) {
      if (!turns.possible) return null
      const turn = turns.turn(name, status.uidValidity)
      const one: Here = (work) => atDestination(() => turns.in(turn, work))
      const several: Here = (work) => atDestination(() => turns.allIn(turn, work))
      return destinationFolder(session, name, status, one, several)
    },
    [Symbol.asyncDispose]: () => session.logout(),
  }
}

/** Each waits in memory for its answer. */
const CREATED_AT_ONCE = 512

/** Creates level by level, as not every server creates parents, and takes the names that the server then lists (it may trim or re-case them). */
async function createAll(
  session: Session,
  paths: readonly (readonly string[])[],
  limits: DestinationLimits,
  prefix: string,
): Promise<readonly ListedFolder[]> {
  const refusals = new Map<string, unknown>()
  const asked = new Set<string>()
  for (const path of paths) {
    for (let depth = 1; depth <= path.length; depth++) {
      const name = wireName(session, path.slice(0, depth), limits, prefix)
      if (name.toUpperCase() !== 'INBOX') asked.add(name)
    }
  }
  const create = (name: string): Promise<void> => createFolder(session, name).catch((error: unknown) => void refusals.set(name, error))
  // In one flight, or in a few: a server works through them in this order.
  const names = [...asked]
  const rest = names.splice(-CREATED_AT_ONCE)
  for (let at = 0; at < names.length; at += CREATED_AT_ONCE) {
    const some = names.slice(at, at + CREATED_AT_ONCE)
    await Promise.all([...some.map(create), subscribeAll(session, new Set(some))])
  }
  const created = rest.map(create)
  const [all] = await Promise.all([listFolders(session), subscribeAll(session, new Set(rest)), ...created])
  const folders = withoutPrefix(all, prefix)
  // The real INBOX goes last, so that it wins over a child of the same name below a prefix.
  const inboxLast = [...folders].sort((a, b) => Number(isInbox(a)) - Number(isInbox(b)))
  const listed = new Map(inboxLast.map((folder) => [fold(folder.path, limits), folder]))
  const found = paths.map((path) => {
    const folder = listed.get(fold(path, limits))
    if (folder !== undefined) return folder
    const refused = refusals.get(wireName(session, path, limits, prefix))
    if (refused instanceof Failure) throw refused
    throw new Failure('folder-name-refused', `The destination does not list the folder "${path.join('/')}" after creating it.`)
  })
  // Where the server listed another name than it was asked for.
  await subscribeAll(session, new Set(found.map((folder) => folder.name)).difference(asked))
  return found
}

/** Clients that show only subscribed folders would hide the mail (exchange-imap-quirks L4); a refusal harms nothing. */
export async function subscribeAll(session: Session, names: ReadonlySet<string>): Promise<void> {
  await Promise.all(
    [...names].map((name) =>
      subscribeFolder(session, name).catch((error: unknown) => {
        if (!(error instanceof Failure) || !session.alive) throw error
      }),
    ),
  )
}

function isInbox(folder: ListedFolder): boolean {
  return folder.name.toUpperCase() === 'INBOX'
}

function wireName(session: Session, path: readonly string[], limits: DestinationLimits, prefix: string): string {
  const isInbox = path[0]?.toUpperCase() === 'INBOX' && (prefix === '' || path.length === 1)
  return (isInbox ? '' : prefix) + folderNameFor(session, path.join(limits.separator))
}

/** The folders, with a personal prefix such as "INBOX." taken off their paths. */
function withoutPrefix(folders: readonly ListedFolder[], prefix: string): readonly ListedFolder[] {
  if (prefix === '') return folders
  return folders.map((folder) =>
    folder.name.startsWith(prefix) && folder.path.length > 1 ? { ...folder, path: folder.path.slice(1) } : folder,
  )
}

function fold(path: readonly string[], limits: DestinationLimits): string {
  const joined = path.map((part) => (limits.trimsNames ? part.trim() : part)).join('\u0000')
  const inbox = joined.replace(/^inbox(?=\u0000|$)/i, 'INBOX')
  return limits.caseInsensitiveNames ? inbox.normalize('NFC').toLowerCase() : inbox
}

/** Does work with the folder open. */
type Here = <T>(work: () => Promise<T>) => Promise<T>

/** `here` is for work that sends all its commands at once, `several` for work in steps. */
function destinationFolder(
  session: Session,
  name: string,
  status: DestinationFolder['status'],
  here: Here,
  several: Here,
): DestinationFolder {
  return {
    name,
    status,
    rows: (from, to, onRow) => here(() => fetchRows(session, from, to, onRow)),
    uids: () => several(() => searchUids(session)),
    headers: (uids, onHeader) => several(() => fetchHeaders(session, uids, onHeader)),
    bodies: (uids, onBody) => here(() => bodies(session, uids, onBody)),
    octets: (uids, onMessage) => here(() => fetchOctets(session, uids, onMessage)),
    flagsOf: (uids, onRow) => here(() => fetchFlagsOf(session, uids, onRow)),
    store: (uids, add, remove) => here(() => storeFlags(session, uids, add, remove)),
    move: (uids, to) => (movesAtOnce(session, uids) ? here : several)(() => moveMessages(session, uids, to)),
  }
}

const HELD_BODY_BYTES = 256 * 1024

async function bodies(
  session: Session,
  uids: readonly number[],
  onBody: Parameters<DestinationFolder['bodies']>[1],
): Promise<readonly number[]> {
  const held: Promise<void>[] = []
  const left = await fetchBodies(session, uids, {
    holdBytes: HELD_BODY_BYTES,
    small: (uid, chunks, bytes) => void held.push(onBody(uid, each(chunks), bytes)),
    large: onBody,
  })
  await Promise.all(held)
  return left
}

async function* each(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks
}

async function atDestination<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Failure ? error.at('destination') : error
  }
}
