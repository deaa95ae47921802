import { fetchBodies, fetchOctets } from '../imap/fetch-bodies.ts'
import { fetchHeaders } from '../imap/fetch-headers.ts'
import { fetchChanges } from '../imap/fetch-changes.ts'
import { fetchFlags, fetchRows } from '../imap/fetch-rows.ts'
import { FolderTurns } from '../imap/folder-turns.ts'
import { listFolders } from '../imap/list-folders.ts'
import { mustSeeInbox } from '../imap/look.ts'
import { openFolder } from '../imap/open-folder.ts'
import { searchUids } from '../imap/search-uids.ts'
import type { Session } from '../imap/session.ts'
import { Failure } from '../model/failure.ts'
import type { ListedFolder } from '../model/folder.ts'
import { aboutMailbox } from './about.ts'
import { HangUps } from './hang-ups.ts'
import type { FolderNamespaces, SourceFolder, SourceSession } from './port.ts'
import { windowWarnings } from './window.ts'

/** A connection to any IMAP server. `shared`: of one who uses folders of this connection as well. */
export function plainSession(session: Session, shared?: FolderTurns, trouble: Trouble = newTrouble()): SourceSession {
  const mode = session.quirk('examine-unstable') ? 'select' : 'examine'
  let warnings: readonly string[] = []
  const turns = shared ?? new FolderTurns(session, mode)
  return {
    get alive() {
      return session.alive
    },
    get receivedBytes() {
      return session.state.receivedBytes
    },
    namespaces: namespacesOf(session),
    holdsItems: session.quirk('lists-items'),
    changesMessageIds: session.quirk('message-id-changes'),
    rendersAnew: session.quirk('renders-anew'),
    get warnings() {
      return warnings
    },
    async folders() {
      const listed = await atSource(() => inventory(session, trouble))
      warnings = windowWarnings(session, listed)
      return listed
    },
    about: (folders) => atSource(() => aboutMailbox(session, folders)),
    async open(name) {
      await turns.free()
      const { mustBeOpen, ...status } = await atSource(() => openFolder(session, name, mode)).catch((error: unknown) =>
        refused(session, error),
      )
      const here: Here = (work) =>
        atSource(() => {
          mustBeOpen()
          return work()
        })
      return sourceFolder(session, name, status, here, here, trouble)
    },
    known(name, status) {
      if (!turns.possible || mode !== 'examine') return null
      const turn = turns.turn(name, status.uidValidity)
      const one: Here = (work) => atSource(() => turns.in(turn, work))
      const several: Here = (work) => atSource(() => turns.allIn(turn, work))
      return sourceFolder(session, name, status, one, several, trouble)
    },
    [Symbol.asyncDispose]: () => session.logout(),
  }
}

/** Of the refusals that a server closes after, so many are left over for what may be in flight. */
const REFUSALS = 5

/** A server that closes after ten errors is left before: the next connection counts from nothing. Throws what was refused. */
async function refused(session: Session, error: unknown): Promise<never> {
  if (session.quirk('plain-list') && session.state.refusals >= REFUSALS) await session.logout()
  throw error
}

/** What connections to one mailbox went through, known to the next one. */
export type Trouble = {
  /** How often the server hung up while it was asked for the figures of all folders. */
  inventories: number
  /** At which messages it hung up. */
  readonly hangUps: HangUps
}

export function newTrouble(): Trouble {
  return { inventories: 0, hangUps: new HangUps() }
}

/** After so many the folders are listed without figures: one of them may be what ends the connection (a locked share of Zimbra). */
const BROKEN_INVENTORIES = 2

async function inventory(session: Session, trouble: Trouble): Promise<readonly ListedFolder[]> {
  const listed = await listFolders(session, { status: trouble.inventories < BROKEN_INVENTORIES }).catch((error: unknown) => {
    if (!session.alive && error instanceof Failure && error.code === 'connection-lost') trouble.inventories++
    throw error
  })
  await mustSeeInbox(
    session,
    listed.some(({ status }) => status !== null),
  )
  return listed
}

export function namespacesOf(session: Session): FolderNamespaces | null {
  const told = session.state.namespaces
  if (told === null) return null
  return { personal: told.personal.map((one) => one.prefix), foreign: told.others.map((one) => one.prefix) }
}

/** Does work with the folder open. */
type Here = <T>(work: () => Promise<T>) => Promise<T>

/** `here` is for work that sends all its commands at once, `several` for work in steps. */
function sourceFolder(
  session: Session,
  name: string,
  status: SourceFolder['status'],
  here: Here,
  several: Here,
  { hangUps }: Trouble,
): SourceFolder {
  const key = `${status.uidValidity} ${name}`
  const broken = (): boolean => !session.alive
  return {
    name,
    status,
    rows: (from, to, onRow) => here(() => fetchRows(session, from, to, onRow)),
    flags: (from, to, onRow) => here(() => fetchFlags(session, from, to, onRow)),
    changes: (since, onRow) => here(() => fetchChanges(session, since, onRow)),
    uids: () => several(() => searchUids(session)),
    headers: (uids, onHeader) =>
      several(() => hangUps.headers(key, uids, (part, each) => fetchHeaders(session, part, each), broken, onHeader)),
    bodies: (uids, sink) => here(() => fetchBodies(session, uids, sink)),
    octets: (uids, onMessage) => here(() => fetchOctets(session, uids, onMessage)),
  }
}

/** Says of a failure that it happened at the source. */
export async function atSource<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Failure ? error.at('source') : error
  }
}
