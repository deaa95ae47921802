import { nameKey } from './name-key.ts'
import type { Selection } from './selection.ts'
import type { SourceNode, SourceTree } from './source-tree.ts'

/** Why a folder is not copied; null when it is, or when it is only a level that was not listed. */
export function leavingReason(
  node: SourceNode,
  tree: SourceTree,
  selection: Selection,
  also: Selection,
  nonMailNames: ReadonlySet<string> | undefined,
): string | null {
  if (node.folder === null) return null
  const own = node.path.join('/')
  const spellings = [own, node.folder.path.join('/'), node.folder.name]
  if (!selection.named(spellings) && !also.named(spellings)) {
    if (node.view) return 'It shows messages of other folders. To copy it none the less: --include-folder.'
    const top = tree.top.children.get(node.path[0] ?? '')
    if (top !== undefined && nonMailNames?.has(nameKey(node.path[0] ?? '', true)) === true)
      return 'It holds calendar entries, contacts or other items, not mail. To copy it none the less: --include-folder.'
  }
  return selection.reasonToLeave(spellings)
}
