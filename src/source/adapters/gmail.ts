import { fetchBodies, fetchOctets } from '../../imap/fetch-bodies.ts'
import { fetchChanges } from '../../imap/fetch-changes.ts'
import { fetchFlagsOf } from '../../imap/fetch-flags-of.ts'
import { fetchHeaders } from '../../imap/fetch-headers.ts'
import { fetchRowsOf } from '../../imap/fetch-rows.ts'
import { FolderTurns } from '../../imap/folder-turns.ts'
import { folderStatus } from '../../imap/folder-status.ts'
import type { Session } from '../../imap/session.ts'
import { Failure } from '../../model/failure.ts'
import type { FolderStatus } from '../../model/folder.ts'
import { UidSet } from '../../model/uid-set.ts'
import { atSource, plainSession } from '../plain-session.ts'
import { gmail } from '../profiles/gmail.ts'
import type { SourceFolder, SourceSession } from '../port.ts'
import type { GmailMailbox } from './gmail-mailbox.ts'
import { wholeUidValidity, type Shelf } from './gmail-shelf.ts'

/**
 * A connection to Gmail (X-GM-EXT-1). Labels look like folders there, and a message stands in all of them; here every message stands in
 * one folder. Read are All Mail, Spam and Trash alone; the folders are parts of All Mail, with its UIDs.
 */
export function gmailSession(session: Session, mailbox: GmailMailbox): SourceSession {
  const turns = new FolderTurns(session, 'examine')
  const plain = plainSession(session, turns)
  return {
    ...plain,
    get alive() {
      return session.alive
    },
    get receivedBytes() {
      return session.state.receivedBytes
    },
    bytesPerDay: gmail.limits.bytesPerDay?.value ?? null,
    mostConnections: gmail.limits.connectionsPerMailbox?.value ?? null,
    get warnings() {
      return mailbox.warnings
    },
    async folders() {
      await turns.free()
      return await atSource(() => mailbox.look(session))
    },
    async open(name) {
      await turns.free()
      const place = await atSource(() => mailbox.place(session, name))
      if (place === null)
        throw new Failure('folder-vanished', `${session.endpoint.host} has no label or folder ${name}.`, { side: 'source' })
      if ('shelf' in place) return part(session, turns, name, place.shelf, figuresOf(place.shelf, place.key))
      const status = await atSource(() => folderStatus(session, place.real))
      return { ...(plain.known(place.real, status) ?? (await plain.open(place.real))), name }
    },
    known(name, status) {
      const place = mailbox.known(name)
      if (place === null) return null
      if ('shelf' in place) return part(session, turns, name, place.shelf, status)
      const folder = plain.known(place.real, status)
      return folder === null ? null : { ...folder, name }
    },
  }
}

function figuresOf(shelf: Shelf, key: string): FolderStatus {
  return shelf.status(key, shelf.index.folders().get(key))
}

/** The part of a folder of Gmail that we show as a folder of its own. */
function part(session: Session, turns: FolderTurns, key: string, shelf: Shelf, status: FolderStatus): SourceFolder {
  const turn = turns.turn(shelf.name, wholeUidValidity(status.uidValidity))
  const here = <T>(work: () => Promise<T>): Promise<T> => atSource(() => turns.in(turn, work))
  const several = <T>(work: () => Promise<T>): Promise<T> => atSource(() => turns.allIn(turn, work))
  const { index } = shelf
  const isHere = (uid: number): boolean => index.of(uid)?.folder === key
  /** With the labels that are no folder here. */
  const allFlags = (uid: number, flags: readonly string[]): readonly string[] => [...flags, ...shelf.keywords(uid)]
  const strangers = async (
    uids: readonly number[],
    work: (own: readonly number[]) => Promise<readonly number[]>,
  ): Promise<readonly number[]> => {
    const own = uids.filter(isHere)
    const left = own.length === 0 ? [] : await here(() => work(own))
    return own.length === uids.length ? left : [...left, ...uids.filter((uid) => !isHere(uid))]
  }
  return {
    name: key,
    status,
    sharesUidsOf: shelf.name,
    async rows(from, to, onRow) {
      const uids = index.uids(key, from, to)
      if (uids.size > 0) await here(() => fetchRowsOf(session, uids, (row) => onRow({ ...row, flags: allFlags(row.uid, row.flags) })))
    },
    async flags(from, to, onRow) {
      const uids = index.uids(key, from, to)
      if (uids.size > 0) await here(() => fetchFlagsOf(session, uids, (uid, flags) => onRow(uid, allFlags(uid, flags))))
    },
    async changes(since, onRow) {
      const tell = (uid: number, flags: readonly string[]): void => {
        if (isHere(uid)) onRow(uid, allFlags(uid, flags))
      }
      const known = shelf.changesSince(key, since)
      if (known === null) await here(() => fetchChanges(session, since, tell))
      else for (const [uid, flags] of known) tell(uid, flags)
      return null
    },
    uids: () => Promise.resolve(index.uids(key)),
    async headers(uids, onHeader) {
      const own = UidSet.of([...uids].filter(isHere))
      if (own.size > 0) await several(() => fetchHeaders(session, own, onHeader))
    },
    bodies: (uids, sink) => strangers(uids, (own) => fetchBodies(session, own, sink)),
    octets: (uids, onMessage) => strangers(uids, (own) => fetchOctets(session, own, onMessage)),
  }
}
