import type { ListedFolder } from '../model/folder.ts'
import { standings } from './namespace.ts'
import type { Namespaces, Standing } from './namespace.ts'
import type { StoredRole } from './special-names.ts'

/** One level of a name in the source's own tree. */
export type SourceNode = {
  /** The path in the user's own tree, prefix taken off. */
  readonly path: readonly string[]
  /** null where only folders below it were listed. */
  folder: ListedFolder | null
  readonly children: Map<string, SourceNode>
  /** A role that stores mail; views have none. */
  role: StoredRole | null
  /** Shows messages that live in other folders. */
  view: boolean
  /** The personal prefix that was taken off; '' where there was none. */
  prefix: string
}

export type SourceTree = {
  /** What stands below INBOX on a server without a prefix. */
  readonly inbox: SourceNode
  readonly top: SourceNode
  readonly foreign: readonly { readonly folder: ListedFolder; readonly whose: Whose }[]
}

type Whose = Extract<Standing, { readonly root: 'foreign' }>['whose']

/** The listing as a tree; the same whatever order the server listed in. Two folders whose names decode alike become two siblings. */
export function sourceTree(
  folders: readonly ListedFolder[],
  namespaces?: Namespaces,
  chosenForeign: (folder: ListedFolder) => boolean = () => false,
): SourceTree {
  const tree = { inbox: newNode(['INBOX']), top: newNode([]), foreign: new Array<SourceTree['foreign'][number]>() }
  tree.inbox.role = 'inbox'
  const standing = standings(folders, namespaces)
  for (const folder of [...folders].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const place = standing.get(folder) ?? { root: 'foreign', whose: 'others' }
    if (place.root === 'foreign' && !chosenForeign(folder)) {
      tree.foreign.push({ folder, whose: place.whose })
      continue
    }
    let node = place.root === 'inbox' ? tree.inbox : tree.top
    const path = place.root === 'foreign' ? folder.path : place.path
    for (const [depth, name] of path.entries()) {
      const last = depth === path.length - 1
      node = childOf(node, name, last ? folder : null)
    }
    node.folder = folder
    if (place.root !== 'foreign') node.prefix = place.prefix
  }
  return tree
}

function childOf(parent: SourceNode, name: string, folder: ListedFolder | null): SourceNode {
  const found = parent.children.get(name)
  if (found !== undefined && (folder === null || found.folder === null)) return found
  const node = newNode([...parent.path, name])
  // No decoded name and raw name together can be another folder's decoded name: NUL does not occur in one.
  parent.children.set(found === undefined ? name : `${name}\0${folder?.name ?? ''}`, node)
  return node
}

function newNode(path: readonly string[]): SourceNode {
  return { path, folder: null, children: new Map(), role: null, view: false, prefix: '' }
}

/** The children of a node in an order that does not depend on the listing. */
export function sortedChildren(node: SourceNode): readonly SourceNode[] {
  return [...node.children].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, child]) => child)
}

/** The node and everything below it, parents first. */
export function* walk(node: SourceNode): Generator<SourceNode> {
  const stack = [node]
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    yield next
    for (const child of sortedChildren(next).toReversed()) stack.push(child)
  }
}
