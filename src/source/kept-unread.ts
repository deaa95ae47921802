import { UidSet } from '../model/uid-set.ts'
import type { SourceFolder, SourceNotes, SourceSession } from './port.ts'

/**
 * Remembers which messages were unread before we read them, at a server that marks as read what it hands out, PEEK or not: else the next
 * pass would carry our own reading as if it were the person's. What the person reads there after us is not carried either.
 */
export class KeptUnread {
  notes: SourceNotes | null = null
  readonly #folders = new Map<string, UidSet>()

  of(folder: string, uidValidity: string): UidSet {
    const key = keyOf(folder, uidValidity)
    const known = this.#folders.get(key)
    if (known !== undefined) return known
    const [validity, set = ''] = Buffer.from(this.notes?.read(noteOf(folder)) ?? [])
      .toString()
      .split('\n')
    const kept = validity === uidValidity ? UidSet.ofRanges(set.split(',').flatMap(rangeOf)) : UidSet.empty
    this.#folders.set(key, kept)
    return kept
  }

  add(folder: string, uidValidity: string, uids: UidSet): void {
    const before = this.of(folder, uidValidity)
    if (uids.minus(before).size === 0) return
    const now = before.union(uids)
    this.#folders.set(keyOf(folder, uidValidity), now)
    this.notes?.write(noteOf(folder), Buffer.from(`${uidValidity}\n${now.toString()}`))
  }
}

const keyOf = (folder: string, uidValidity: string): string => `${uidValidity} ${folder}`
const noteOf = (folder: string): string => `unread ${folder}`

function rangeOf(text: string): readonly (readonly [number, number])[] {
  const [from = '', to = from] = text.split(':')
  return from === '' ? [] : [[Number(from), Number(to)]]
}

/** A session whose folders tell of each message whether the person had read it. */
export function keepingUnread(own: SourceSession, kept: KeptUnread): SourceSession {
  return {
    ...own,
    get alive() {
      return own.alive
    },
    get warnings() {
      return own.warnings ?? []
    },
    get receivedBytes() {
      return own.receivedBytes ?? 0
    },
    open: async (name) => folderKeeping(await own.open(name), kept),
    known(name, status) {
      const folder = own.known(name, status)
      return folder === null ? null : folderKeeping(folder, kept)
    },
  }
}

function folderKeeping(own: SourceFolder, kept: KeptUnread): SourceFolder {
  const { name } = own
  const { uidValidity } = own.status
  const asBefore = (uid: number, flags: readonly string[]): readonly string[] =>
    kept.of(name, uidValidity).has(uid) ? flags.filter((flag) => flag.toLowerCase() !== '\\seen') : flags
  /** Asked right before the server is asked to hand out anything, in one flight with it: the folder may not be open any more afterwards. */
  const about = async (uids: UidSet): Promise<void> => {
    const unread: number[] = []
    if (uids.size === 0) return
    await own.flags(uids.ranges[0]?.[0] ?? 1, uids.max, (uid, flags) => {
      if (uids.has(uid) && !flags.some((flag) => flag.toLowerCase() === '\\seen')) unread.push(uid)
    })
    kept.add(name, uidValidity, UidSet.of(unread))
  }
  return {
    ...own,
    rows: (from, to, onRow) => own.rows(from, to, (row) => onRow({ ...row, flags: asBefore(row.uid, row.flags) })),
    flags: (from, to, onRow) => own.flags(from, to, (uid, flags) => onRow(uid, asBefore(uid, flags))),
    changes: (since, onRow) => own.changes(since, (uid, flags) => onRow(uid, asBefore(uid, flags))),
    async headers(uids, onHeader) {
      await Promise.all([about(uids), own.headers(uids, onHeader)])
    },
    async bodies(uids, sink) {
      const [, left] = await Promise.all([about(UidSet.of(uids)), own.bodies(uids, sink)])
      return left
    },
    async octets(uids, onMessage) {
      const [, left] = await Promise.all([about(UidSet.of(uids)), own.octets(uids, onMessage)])
      return left
    },
  }
}
