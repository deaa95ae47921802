import type { ListedFolder } from '../model/folder.ts'
import type { Claims } from './claims.ts'
import type { DestinationIndex } from './destination-index.ts'
import { pathKey } from './name-key.ts'
import type { NameRules } from './rules.ts'
import type { SourceNode } from './source-tree.ts'
import { EXCHANGE_NAMES, roleByName } from './special-names.ts'
import type { StoredRole } from './special-names.ts'
import { wishFor } from './wish.ts'

/**
 * The destination path of each role that the source has: the destination's own folder; else what an earlier pass chose; else a new one,
 * with the name an English Exchange mailbox gives it, or on a plain mail server (no reserved names) with the source's name.
 */
export function rolePaths(
  candidates: ReadonlyMap<StoredRole, readonly SourceNode[]>,
  destination: DestinationIndex,
  decided: (node: SourceNode) => readonly string[] | null,
  rules: NameRules,
  claims: Claims,
): ReadonlyMap<StoredRole, readonly string[]> {
  const paths = new Map<StoredRole, readonly string[]>()
  const inbox = destination.role('inbox')
  paths.set('inbox', inbox === null ? ['INBOX'] : destination.pathOf(inbox))
  for (const [role, nodes] of [...candidates].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const listed = destination.role(role)
    const earlier = nodes.map(decided).find((path) => path !== null)
    if (listed !== null) paths.set(role, destination.pathOf(listed))
    else if (earlier !== undefined && earlier !== null) paths.set(role, earlier)
    else paths.set(role, newPath(role, nodes[0]?.path.at(-1) ?? '', destination, rules, claims))
  }
  return paths
}

function newPath(role: StoredRole, sourceName: string, destination: DestinationIndex, rules: NameRules, claims: Claims): readonly string[] {
  const plain = rules.reservedNames.size === 0
  const name = plain ? sourceName : EXCHANGE_NAMES[role]
  const wish = wishFor(name, [], rules, destination)
  const path = [...wish.parent, wish.name]
  return claims.take(path) ? path : claims.takeSuffixed(wish.parent, wish.name, [])
}

/**
 * A mailbox that was opened in another language for the first time renames its special folders ("Sent Items" → "Gesendete Elemente").
 * What was remembered below the old name follows, as long as nothing stands there any more. Old name key → new path.
 */
export function relocations(
  candidates: ReadonlyMap<StoredRole, readonly SourceNode[]>,
  remembered: (folder: ListedFolder) => readonly string[] | null,
  destination: DestinationIndex,
): ReadonlyMap<string, readonly string[]> {
  const moved = new Map<string, readonly string[]>()
  for (const [role, nodes] of candidates) {
    const now = destination.role(role)
    if (now === null) continue
    for (const { folder } of nodes) {
      const [top, ...below] = (folder === null ? null : remembered(folder)) ?? []
      if (top === undefined || below.length > 0 || roleByName(top) !== role || destination.at([top]) !== null) continue
      moved.set(pathKey([top], true), destination.pathOf(now))
    }
  }
  return moved
}
