import type { ListedFolder } from '../model/folder.ts'
import { isInbox } from './name-key.ts'
import { roleByName } from './special-names.ts'

/** What the server's NAMESPACE says (RFC 2342), prefixes as it wrote them ("INBOX.", ""): the user's own, and everybody else's. */
export type Namespaces = {
  readonly personal: readonly string[]
  /** Those that stay behind. */
  readonly foreign: readonly string[]
  /** Those of everybody, whether they stay behind or not. */
  readonly public?: readonly string[]
  /** Somebody else's that are copied too, under the names they have. */
  readonly chosen?: readonly string[]
  /** Whose folders only show what is stored elsewhere. */
  readonly virtual?: readonly string[]
}

/** Where a listed folder stands in the user's own tree. `foreign`: in somebody else's. */
export type Standing =
  | { readonly root: 'inbox' | 'top'; readonly path: readonly string[]; readonly prefix: string }
  | { readonly root: 'foreign'; readonly whose: 'others' | 'public' | 'virtual' }

/** What servers without NAMESPACE call the trees of other users and of everybody. */
const FOREIGN_NAMES = new Set(['shared', '#shared', 'shared folders', 'public', '#public', 'public folders', 'user', 'other users'])

/**
 * Tells for each folder of one listing where it stands: below INBOX, or below the top once the personal prefix is taken off. Without
 * `namespaces` the prefix is recognised by the listing itself: everything stands below INBOX, and looks like a whole mailbox.
 */
export function standings(folders: readonly ListedFolder[], namespaces?: Namespaces): ReadonlyMap<ListedFolder, Standing> {
  const inbox = inboxOf(folders)
  const spellings = new Set(folders.filter((one) => one !== inbox && one.path.length === 1).map((one) => one.path[0]))
  const known = effective(folders, namespaces)
  const own = [...known.personal].sort((a, b) => b.length - a.length)
  return new Map(
    folders.map((folder): [ListedFolder, Standing] => {
      if (folder === inbox) return [folder, { root: 'inbox', path: [], prefix: '' }]
      const below = (prefixes: readonly string[] = []): boolean => prefixes.some((prefix) => levelsBelow(folder, prefix) !== null)
      if (below(known.chosen)) return [folder, { root: 'top', path: tidy(folder.path), prefix: '' }]
      if (below(known.virtual)) return [folder, { root: 'foreign', whose: 'virtual' }]
      if (below(known.foreign)) return [folder, { root: 'foreign', whose: below(known.public) ? 'public' : 'others' }]
      for (const prefix of own) {
        const levels = levelsBelow(folder, prefix)
        if (levels === null) continue
        const path = tidy(folder.path)
        if (levels > 0) return [folder, { root: 'top', path: path.length > levels ? path.slice(levels) : path, prefix }]
        const first = path[0] ?? ''
        if (path.length > 1 && isInbox(first) && !spellings.has(first)) return [folder, { root: 'inbox', path: path.slice(1), prefix: '' }]
        return [folder, { root: 'top', path, prefix: '' }]
      }
      return [folder, { root: 'foreign', whose: 'others' }]
    }),
  )
}

/** The one INBOX of a listing; an extra folder spelled "Inbox" beside it is a folder like any other. */
export function inboxOf(folders: readonly ListedFolder[]): ListedFolder | null {
  const rank = (folder: ListedFolder): number => (folder.specialUse === 'inbox' ? 0 : 2) + (folder.name === 'INBOX' ? 0 : 1)
  let best: ListedFolder | null = null
  for (const folder of folders) {
    const path = tidy(folder.path)
    if (path.length !== 1 || !isInbox(path[0] ?? '')) continue
    const better = best === null || rank(folder) < rank(best) || (rank(folder) === rank(best) && folder.name < best.name)
    if (better) best = folder
  }
  return best
}

/** How many levels of the folder's path the prefix takes; null when the folder is not below it. */
function levelsBelow(folder: ListedFolder, prefix: string): number | null {
  if (prefix === '') return 0
  const separator = folder.separator ?? '/'
  const bare = prefix.endsWith(separator) ? prefix.slice(0, -separator.length) : prefix
  const name = isInbox(bare.slice(0, 5)) ? folder.name.slice(0, 5).toUpperCase() + folder.name.slice(5) : folder.name
  const wanted = isInbox(bare.slice(0, 5)) ? bare.slice(0, 5).toUpperCase() + bare.slice(5) : bare
  if (name !== wanted && !name.startsWith(wanted + separator)) return null
  return bare.split(separator).length
}

/** An empty prefix for everybody else's folders, or none for the user's own, would leave nothing to copy: then the listing decides. */
function effective(folders: readonly ListedFolder[], namespaces: Namespaces | undefined): Namespaces {
  if (namespaces === undefined) return guessed(folders)
  const personal = namespaces.personal.length > 0 ? namespaces.personal : guessed(folders).personal
  return { ...namespaces, personal, foreign: namespaces.foreign.filter((prefix) => prefix !== '') }
}

function guessed(folders: readonly ListedFolder[]): Namespaces {
  const inbox = inboxOf(folders)
  const others = folders.filter((folder) => folder !== inbox && !FOREIGN_NAMES.has((folder.path[0] ?? '').toLowerCase()))
  const allBelow = others.length > 0 && others.every((folder) => folder.path.length > 1 && isInbox(folder.path[0] ?? ''))
  const separator = others[0]?.separator ?? '/'
  const complete = others.some((folder) => folder.specialUse !== null || roleByName(folder.path[1] ?? '') !== null)
  if (inbox === null || !allBelow || !(separator === '.' || complete)) return { personal: [''], foreign: [] }
  return { personal: [`INBOX${separator}`], foreign: [] }
}

/** Some servers list a leading or trailing separator ("/INBOX", "Folder/"): no levels of their own. */
function tidy(path: readonly string[]): readonly string[] {
  let from = 0
  let to = path.length
  while (from < to - 1 && path[from] === '') from++
  while (to > from + 1 && path[to - 1] === '') to--
  return path.slice(from, to)
}
