import type { Context } from '../lib/context.ts'
import { untilVisible } from '../microsoft/until-visible.ts'
import { Failure } from '../model/failure.ts'
import type { ListedFolder } from '../model/folder.ts'
import { pathKey, type GraphFolders } from './graph-folders.ts'
import type { DestinationSession } from './port.ts'

/** What Graph does for one mailbox, and what stands in its way, over all of its connections. */
export type GraphSide = {
  readonly folders: GraphFolders
  /** A sentence: why Graph is not to be had, once that is known. */
  missing: string | null
  /** A sentence: why folders are made over IMAP although Graph can be read. */
  readOnly: string | null
}

/** How long a folder may take from Graph to IMAP. */
const VISIBLE_MS = 120_000

export const NOT_ALLOWED =
  'The application may not use Microsoft Graph for this mailbox (permission Mail.ReadWrite). So folders are made over IMAP, which Outlook may not show, and labels do not become categories: see docs/guide/exchange-folders.md.'
const READ_ONLY =
  'The application may read folders through Microsoft Graph, and make none (permission Mail.ReadWrite). So they are made over IMAP, and Outlook may not show them: see docs/guide/exchange-folders.md.'

/** A session over IMAP whose folders are found and made through Graph, as far as it is allowed to us; messages go over IMAP. */
export function exchangeSession(
  imap: DestinationSession,
  side: GraphSide,
  subscribe: (names: ReadonlySet<string>) => Promise<void>,
  ctx: Context,
): DestinationSession {
  return {
    ...imap,
    get alive() {
      return imap.alive
    },
    warnings(used) {
      const hidden = side.missing === null ? used.filter(({ path }) => side.folders.idOf(path) === null) : []
      return [side.missing, side.readOnly, notShown(hidden)].filter((note) => note !== null)
    },
    async folders() {
      const [listed, known] = await Promise.all([imap.folders(), atDestination(() => readable(side))])
      return known ? listed.map((folder) => withRole(folder, side.folders)) : listed
    },
    create: (paths) => atDestination(() => createFolders(imap, side, paths, subscribe, ctx)),
  }
}

const NAMED = 5

function notShown(folders: readonly ListedFolder[]): string | null {
  const paths = [...new Set(folders.map(({ path }) => path.join('/')))]
  if (paths.length === 0) return null
  const more = paths.length > NAMED ? ` and ${paths.length - NAMED} more` : ''
  const names = paths.slice(0, NAMED).map((path) => `"${path}"`)
  return `Outlook may not show ${names.join(', ')}${more} as mail: the class is another one, IPF.Imap where an IMAP program made it. What to do: docs/guide/exchange-folders.md.`
}

/** A session over IMAP alone that says why. */
export function withNote(imap: DestinationSession, note: string | null): DestinationSession {
  if (note === null) return imap
  return {
    ...imap,
    get alive() {
      return imap.alive
    },
    warnings: () => [note],
  }
}

export async function atDestination<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Failure ? error.at('destination') : error
  }
}

async function createFolders(
  imap: DestinationSession,
  side: GraphSide,
  paths: readonly (readonly string[])[],
  subscribe: (names: ReadonlySet<string>) => Promise<void>,
  ctx: Context,
): Promise<readonly ListedFolder[]> {
  if (!(await creatable(side))) return await imap.create(paths)
  const made = await createThere(side, paths)
  const there = [...paths.filter((path) => side.folders.isShown(path)), ...made]
  const seen = new Map<string, ListedFolder>()
  const list = async (): Promise<boolean> => {
    for (const folder of await imap.folders()) seen.set(pathKey(folder.path), folder)
    return there.every((path) => seen.has(pathKey(path)))
  }
  const [first = []] = there
  const what = `The folder "${first.join('/')}"${there.length > 1 ? ' (or one made with it)' : ''} over IMAP`
  await untilVisible(list, { what, limitMs: VISIBLE_MS, seen: (all) => all }, ctx)
  await subscribe(new Set([...there, ...paths].flatMap((path) => seen.get(pathKey(path))?.name ?? [])))
  const rest = paths.filter((path) => !seen.has(pathKey(path)))
  for (const folder of rest.length === 0 ? [] : await imap.create(rest)) seen.set(pathKey(folder.path), folder)
  return paths.map((path) => {
    const folder = seen.get(pathKey(path))
    if (folder === undefined) throw new Failure('folder-name-refused', `The folder "${path.join('/')}" is not listed after it was made.`)
    return withRole(folder, side.folders)
  })
}

/** Reads the folders, or notes why that cannot be. Throws what passes by itself. */
async function readable(side: GraphSide): Promise<boolean> {
  if (side.missing !== null) return false
  try {
    await side.folders.read()
    return true
  } catch (error) {
    if (!isClosed(error)) throw error
    side.missing = NOT_ALLOWED
    return false
  }
}

async function creatable(side: GraphSide): Promise<boolean> {
  return side.missing === null && side.readOnly === null && (side.folders.wasRead || (await readable(side)))
}

async function createThere(side: GraphSide, paths: readonly (readonly string[])[]): Promise<readonly (readonly string[])[]> {
  try {
    return await side.folders.create(paths)
  } catch (error) {
    if (!isClosed(error)) throw error
    side.readOnly = READ_ONLY
    return []
  }
}

/** It stays so until a person changes it: no permission, no token for Graph, or a mailbox that Graph does not know by this address. */
function isClosed(error: unknown): boolean {
  return error instanceof Failure && ['permission-missing', 'token-rejected', 'object-unknown', 'auth-rejected'].includes(error.code)
}

/** What Graph says of a role counts before what IMAP says, which leaves attributes away in some mailboxes. */
function withRole(folder: ListedFolder, known: GraphFolders): ListedFolder {
  if (folder.specialUse === 'inbox') return folder
  const role = known.roleOf(folder.path)
  const said = folder.specialUse
  const specialUse = role ?? (said !== null && known.knows(said) ? null : said)
  return specialUse === said ? folder : { ...folder, specialUse }
}
