import type { ListedFolder } from '../model/folder.ts'
import type { SpecialUse } from '../model/special-use.ts'
import { walk } from './source-tree.ts'
import type { SourceNode, SourceTree } from './source-tree.ts'
import { isStored, roleByName } from './special-names.ts'
import type { StoredRole } from './special-names.ts'

const GMAIL = new Set(['[gmail]', '[google mail]'])

/** A folder that was found to have a role, and whether the server said so or only its name does. */
export type Candidate = { readonly folder: ListedFolder; readonly byAttribute: boolean }

/**
 * The role of a folder at this path of the user's own tree: what the server says, else what its name says at the top level or directly
 * below `[Gmail]`. "All Mail" by name counts below `[Gmail]` only: "Todos" is a Spanish to-do list anywhere else.
 */
export function roleOf(specialUse: SpecialUse | null, path: readonly string[]): SpecialUse | null {
  if (specialUse !== null && specialUse !== 'inbox') return specialUse
  const belowGmail = path.length === 2 && GMAIL.has((path[0] ?? '').toLowerCase())
  if (path.length !== 1 && !belowGmail) return null
  const role = roleByName(path.at(-1) ?? '', belowGmail)
  return role === 'inbox' || (role === 'all' && !belowGmail) ? null : role
}

/** Writes the roles into the tree and returns the folders of each role, the best first: attribute, then most messages, then name. */
export function assignRoles(tree: SourceTree): ReadonlyMap<StoredRole, readonly SourceNode[]> {
  const found = new Map<StoredRole, SourceNode[]>()
  for (const root of [tree.top, tree.inbox]) {
    for (const node of walk(root)) {
      if (node === root) continue
      const named = root === tree.top ? node.path : []
      const role = roleOf(node.folder?.specialUse ?? null, named)
      if (role === null) continue
      if (!isStored(role)) {
        node.view = true
        continue
      }
      node.role = role
      const others = found.get(role)
      if (others === undefined) found.set(role, [node])
      else others.push(node)
    }
  }
  for (const node of bridgeViews(tree)) {
    node.view = true
    node.role = null
  }
  for (const nodes of found.values()) nodes.sort((a, b) => compareNodes(a, b))
  return found
}

/**
 * Proton Mail Bridge keeps each message in one folder, the person's own below `Folders`, and shows it again below `Labels`, in `Starred`
 * and in `All Mail`. It is known by all of these together, the first two holding no mail.
 */
function bridgeViews(tree: SourceTree): readonly SourceNode[] {
  const at = (name: string): SourceNode | undefined => tree.top.children.get(name)
  const container = (node: SourceNode | undefined): boolean => node !== undefined && node.folder?.selectable !== true
  const [labels, all] = [at('Labels'), at('All Mail')]
  if (labels === undefined || all === undefined || !container(labels) || !container(at('Folders'))) return []
  return [all, ...[at('Starred')].filter((node) => node !== undefined), ...[...walk(labels)].slice(1)]
}

function compareNodes(a: SourceNode, b: SourceNode): number {
  // A level that is not listed itself holds nothing: it comes last.
  if (a.folder === null || b.folder === null) return (a.folder === null ? 1 : 0) - (b.folder === null ? 1 : 0)
  return compareCandidates(
    { folder: a.folder, byAttribute: a.folder.specialUse === a.role },
    { folder: b.folder, byAttribute: b.folder.specialUse === b.role },
  )
}

/** Which of two folders of one role is the better one. */
export function compareCandidates(a: Candidate, b: Candidate): number {
  if (a.byAttribute !== b.byAttribute) return a.byAttribute ? -1 : 1
  const messages = (b.folder.status?.messages ?? 0) - (a.folder.status?.messages ?? 0)
  if (messages !== 0) return messages
  return a.folder.name < b.folder.name ? -1 : 1
}
