import type { ListedFolder } from '../model/folder.ts'
import { SPECIAL_USES } from '../model/special-use.ts'
import type { SpecialUse } from '../model/special-use.ts'
import { pathKey } from './name-key.ts'
import { inboxOf, standings } from './namespace.ts'
import { localReservedNames } from './non-mail-names.ts'
import { compareCandidates, roleOf } from './roles.ts'
import type { NameRules } from './rules.ts'

/** What stands at the destination already. Its port takes a personal prefix off the paths it lists, and puts it on what it creates. */
export type DestinationIndex = {
  at(path: readonly string[]): ListedFolder | null
  role(role: SpecialUse): ListedFolder | null
  /** The path of a folder that `role` returned or `at` found, separators at its ends taken off. */
  pathOf(folder: ListedFolder): readonly string[]
  /** The reserved names in the mailbox's own language, as name keys. */
  readonly localReserved: ReadonlySet<string>
}

export function indexDestination(folders: readonly ListedFolder[], rules: NameRules): DestinationIndex {
  const inbox = inboxOf(folders)
  const paths = new Map<ListedFolder, readonly string[]>()
  const byKey = new Map<string, ListedFolder>()
  const standing = standings(folders, { personal: [''], foreign: [] })
  for (const folder of [...folders].sort((a, b) => (a === inbox ? -1 : b === inbox ? 1 : a.name < b.name ? -1 : 1))) {
    const place = standing.get(folder)
    if (place === undefined || place.root === 'foreign') continue
    const path = place.root === 'inbox' ? [inbox?.path.at(-1) ?? 'INBOX', ...place.path] : place.path
    const key = pathKey(path, rules.caseInsensitiveNames)
    paths.set(folder, path)
    if (!byKey.has(key)) byKey.set(key, folder)
  }
  const roles = new Map<SpecialUse, ListedFolder>()
  for (const role of SPECIAL_USES) {
    const best = role === 'inbox' ? inbox : bestOf(role, paths)
    if (best !== null) roles.set(role, best)
  }
  const topLevel = [...paths.values()].filter((path) => path.length === 1).map((path) => path[0] ?? '')
  return {
    at: (path) => byKey.get(pathKey(path, rules.caseInsensitiveNames)) ?? null,
    role: (role) => roles.get(role) ?? null,
    pathOf: (folder) => paths.get(folder) ?? folder.path,
    localReserved: rules.reservedNames.size === 0 ? new Set() : localReservedNames(topLevel),
  }
}

function bestOf(role: SpecialUse, paths: ReadonlyMap<ListedFolder, readonly string[]>): ListedFolder | null {
  const candidates = [...paths]
    .filter(([folder, path]) => roleOf(folder.specialUse, path) === role)
    .map(([folder]) => ({ folder, byAttribute: folder.specialUse === role }))
    .sort(compareCandidates)
  return candidates[0]?.folder ?? null
}
