import type { ListedFolder } from '../model/folder.ts'
import type { DestinationIndex } from './destination-index.ts'
import { pathKey } from './name-key.ts'
import { relocations } from './role-paths.ts'
import type { SourceNode } from './source-tree.ts'
import type { StoredRole } from './special-names.ts'

/** Reads the decisions of an earlier pass. They are kept, unless the destination renamed a special folder since: then they follow it. */
export function readDecisions(
  remembered: ReadonlyMap<string, readonly string[]> | undefined,
  candidates: ReadonlyMap<StoredRole, readonly SourceNode[]>,
  destination: DestinationIndex,
): { readonly all: readonly (readonly string[])[]; of(folder: ListedFolder): readonly string[] | null } {
  const given = remembered ?? new Map<string, readonly string[]>()
  const moved = relocations(candidates, (folder) => given.get(folder.name) ?? null, destination)
  const decisions = new Map<string, readonly string[]>()
  for (const [name, path] of given) {
    const [top, ...below] = path
    const now = top === undefined || destination.at(path) !== null ? undefined : moved.get(pathKey([top], true))
    decisions.set(name, now === undefined ? path : [...now, ...below])
  }
  return { all: [...decisions.values()], of: (folder) => decisions.get(folder.name) ?? null }
}
