import type { ListedFolder } from '../model/folder.ts'
import type { DestinationIndex } from './destination-index.ts'
import { pathKey } from './name-key.ts'
import { relocations } from './role-paths.ts'
import type { SourceNode } from './source-tree.ts'
import type { StoredRole } from './special-names.ts'

/** What an earlier pass decided: the path as it was written then, and the path in our own terms. */
export type Decision = { readonly written: readonly string[]; readonly path: readonly string[] }

/** Reads the decisions of an earlier pass. They are kept, unless the destination renamed a special folder since: then they follow it. */
export function readDecisions(
  remembered: ReadonlyMap<string, readonly string[]> | undefined,
  candidates: ReadonlyMap<StoredRole, readonly SourceNode[]>,
  destination: DestinationIndex,
): { readonly all: readonly Decision[]; of(folder: ListedFolder): Decision | null } {
  const given = new Map([...(remembered ?? [])].map(([name, written]) => [name, { written, path: destination.read(written) }]))
  const moved = relocations(candidates, (folder) => given.get(folder.name)?.path ?? null, destination)
  const decisions = new Map<string, Decision>()
  for (const [name, { written, path }] of given) {
    const [top, ...below] = path
    const now = top === undefined || destination.at(path) !== null ? undefined : moved.get(pathKey([top], true))
    const followed = now === undefined ? path : [...now, ...below]
    decisions.set(name, { path: followed, written: now === undefined ? written : destination.written(followed) })
  }
  return { all: [...decisions.values()], of: (folder) => decisions.get(folder.name) ?? null }
}
