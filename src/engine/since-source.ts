import { isInbox } from '../mapping/name-key.ts'
import { Failure } from '../model/failure.ts'
import type { ListedFolder } from '../model/folder.ts'
import type { MessageRow } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import type { Source, SourceFolder, SourceNotes, SourceSession } from '../source/port.ts'
import { parseInternalDate } from './dates.ts'

export type SinceTerms = {
  /** Messages with an earlier INTERNALDATE are not shown; milliseconds. */
  readonly since: number
  /** UIDs of a folder that are not shown either. */
  readonly hidden: (folder: string, uidValidity: string) => UidSet
}

/**
 * A source as if it held only what came since, and only the folders in which something is. Their statuses are the true ones, so that a
 * folder in which nothing happened is still known by its listing; how far down a folder has to be read is noted, so that it is read
 * whole only once.
 */
export function sinceSource(source: Source, terms: SinceTerms): Source {
  let notes: SourceNotes | null = null
  return {
    ...source,
    remember(given) {
      notes = given
      source.remember?.(given)
    },
    connect: async (ctx) => sinceSession(await source.connect(ctx), terms, () => notes),
  }
}

function sinceSession(session: SourceSession, terms: SinceTerms, notes: () => SourceNotes | null): SourceSession {
  return {
    ...session,
    get alive() {
      return session.alive
    },
    get warnings() {
      return session.warnings ?? []
    },
    get receivedBytes() {
      return session.receivedBytes ?? 0
    },
    // A folder that holds nothing to carry is not listed: it would be made at the other side.
    async folders() {
      const kept: ListedFolder[] = []
      for (const folder of await session.folders())
        if (!folder.selectable || isInbox(folder.name) || (await holdsSome(session, folder, terms, notes()))) kept.push(folder)
      return kept
    },
    open: async (name) => sinceFolder(await session.open(name), terms, notes()),
    known(name, status) {
      const folder = session.known(name, status)
      return folder === null ? null : sinceFolder(folder, terms, notes())
    },
    [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
  }
}

async function holdsSome(
  session: SourceSession,
  { name, status }: ListedFolder,
  terms: SinceTerms,
  notes: SourceNotes | null,
): Promise<boolean> {
  if (status !== null) {
    if (status.messages === 0) return false
    if (status.uidNext > 0 && notedFloor(notes, name, status.uidValidity, terms.since) >= status.uidNext) return false
  }
  try {
    return (await sinceFolder(await session.open(name), terms, notes).uids()).size > 0
  } catch (error) {
    // The pass meets the same trouble, and tells it.
    if (error instanceof Failure && error.spoils === 'folder') return true
    throw error
  }
}

function sinceFolder(folder: SourceFolder, { since, hidden }: SinceTerms, notes: SourceNotes | null): SourceFolder {
  const { name, status } = folder
  let floor: number | null = null
  let concealed: UidSet | null = null
  const isShown = ({ uid, internalDate }: MessageRow): boolean => {
    concealed ??= hidden(name, status.uidValidity)
    // One whose date nobody can read may well be new.
    return (parseInternalDate(internalDate) ?? since) >= since && !concealed.has(uid)
  }
  const lowest = (): number => (floor ??= notedFloor(notes, name, status.uidValidity, since))
  return {
    ...folder,
    async rows(from, to, onRow) {
      if (to < lowest()) return
      await folder.rows(Math.max(from, lowest()), to, (row) => {
        if (isShown(row)) onRow(row)
      })
    },
    async uids() {
      if (status.messages === 0) return UidSet.empty
      const last = status.uidNext > 0 ? status.uidNext - 1 : 2 ** 32 - 1
      const from = lowest()
      const shown: number[] = []
      let top = from - 1
      if (from <= last)
        await folder.rows(from, last, (row) => {
          // A server answers `n:*` with its last message, however low that is.
          if (row.uid < from) return
          top = Math.max(top, row.uid)
          if (isShown(row)) shown.push(row.uid)
        })
      const found = UidSet.of(shown)
      const next = found.ranges[0]?.[0] ?? (status.uidNext > 0 ? status.uidNext : top + 1)
      if (next > from) noteFloor(notes, name, { uidValidity: status.uidValidity, since, floor: next })
      return found
    },
  }
}

type Floor = { readonly uidValidity: string; readonly since: number; readonly floor: number }

/** From which UID on there may be messages that came since; 1 where nothing is known. */
function notedFloor(notes: SourceNotes | null, name: string, uidValidity: string, since: number): number {
  const bytes = notes?.read(`since ${name}`) ?? null
  const noted: unknown = bytes === null ? null : JSON.parse(Buffer.from(bytes).toString())
  if (!isFloor(noted) || noted.uidValidity !== uidValidity || noted.since > since) return 1
  return noted.floor
}

function isFloor(value: unknown): value is Floor {
  return typeof value === 'object' && value !== null && 'floor' in value && typeof value.floor === 'number'
}

function noteFloor(notes: SourceNotes | null, name: string, floor: Floor): void {
  notes?.write(`since ${name}`, Buffer.from(JSON.stringify(floor)))
}
