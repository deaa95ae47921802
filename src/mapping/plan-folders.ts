import type { ListedFolder } from '../model/folder.ts'
import { SPECIAL_USES } from '../model/special-use.ts'
import type { SpecialUse } from '../model/special-use.ts'
import { Claims } from './claims.ts'
import { indexDestination } from './destination-index.ts'
import { leavingReason } from './leaving.ts'
import type { Namespaces } from './namespace.ts'
import { nonMailNames } from './non-mail-names.ts'
import { placeChildren } from './placement.ts'
import type { Place } from './placement.ts'
import { explain } from './reasons.ts'
import { readDecisions } from './remembered.ts'
import { rolePaths } from './role-paths.ts'
import { assignRoles } from './roles.ts'
import type { NameRules } from './rules.ts'
import { selectionOf } from './selection.ts'
import { sourceTree, walk } from './source-tree.ts'
import type { SourceNode } from './source-tree.ts'
import { onceEach } from './twice-listed.ts'

export type PlanOptions = {
  /** Patterns (selection.ts); views and shared folders are copied only when one names them without a wildcard. */
  readonly include?: readonly string[] | undefined
  readonly exclude?: readonly string[] | undefined
  /** Views and folders of items that are copied beside what is copied anyway: patterns without a wildcard. */
  readonly also?: readonly string[] | undefined
  /** Source name → destination path decided by an earlier pass: always kept, so that no message is looked for in the wrong place. */
  readonly remembered?: ReadonlyMap<string, readonly string[]> | undefined
  /** Names that the destination takes for one become one folder, instead of getting " (2)". */
  readonly merge?: boolean | undefined
  /** Where the source told (NAMESPACE); recognised from its listing where it did not. */
  readonly sourceNamespaces?: Namespaces | undefined
  /** The source lists its calendar and other folders of items among those of mail (Exchange). */
  readonly sourceHoldsItems?: boolean | undefined
}

export type PlannedFolder = {
  readonly source: ListedFolder
  /** Destination path, decoded; of a folder that exists there, as the destination lists it. */
  readonly path: readonly string[]
  /** The folder if it exists there already and can hold messages. */
  readonly destination: ListedFolder | null
  /** Every rename, merge and flattening in a short sentence; [] = unchanged. */
  readonly reasons: readonly string[]
  readonly role: SpecialUse | null
}

/** Every listed source folder is in exactly one of the two lists. */
export type FolderPlan = {
  /** INBOX first, then parents before children, by name. */
  readonly folders: readonly PlannedFolder[]
  readonly leftOut: readonly { readonly folder: ListedFolder; readonly reason: string }[]
}

const FOREIGN = {
  others: 'It belongs to another user or to everybody. A line of the list with "source_root" copies such a tree once.',
  public: 'It belongs to everybody. A line of the list with "source_root" copies such a tree once, into a shared mailbox.',
  virtual: 'It shows messages of other folders.',
} as const

/**
 * Decides which source folder becomes which destination folder. Pure; the same answer in whatever order the servers list. Two source
 * folders never share a destination, except folders of one role (and twins with `merge`), and then their reasons say so.
 */
export function planFolders(
  source: readonly ListedFolder[],
  destination: readonly ListedFolder[],
  rules: NameRules,
  options: PlanOptions = {},
): FolderPlan {
  const selection = selectionOf(options.include, options.exclude)
  const also = selectionOf(options.also, [])
  const { once, again } = onceEach(source)
  const tree = sourceTree(
    once,
    options.sourceNamespaces,
    (folder) => options.remembered?.has(folder.name) === true || selection.named([folder.path.join('/'), folder.name]),
  )
  const candidates = assignRoles(tree)
  const index = indexDestination(destination, rules)
  const decisions = readDecisions(options.remembered, candidates, index)
  const decided = (node: SourceNode): readonly string[] | null => (node.folder === null ? null : decisions.of(node.folder))

  const claims = new Claims(rules)
  for (const decision of decisions.all) claims.force(decision, true)
  const special = SPECIAL_USES.map((role) => index.role(role)).filter((folder) => folder !== null)
  for (const path of [['INBOX'], ...special.map((folder) => index.pathOf(folder))]) claims.force(path, false)
  const roles = rolePaths(candidates, index, decided, rules, claims)
  for (const path of roles.values()) claims.force(path, false)

  const nodes = [tree.inbox, ...walk(tree.top), ...[...walk(tree.inbox)].slice(1)]
  const items = options.sourceHoldsItems === true ? nonMailNames([...tree.top.children.keys()]) : undefined
  const leaving = new Map(nodes.map((node) => [node, leavingReason(node, tree, selection, also, items)]))
  const needed = new Set<SourceNode>()
  // Children come after their parents in `nodes`, so going backwards a node's children are known when it is asked.
  for (const node of nodes.toReversed()) {
    const kept = node.folder !== null && leaving.get(node) === null && (node.folder.selectable || decided(node) !== null)
    const below = [...node.children.values()].some((child) => needed.has(child) && child.role === null)
    if (kept || below) needed.add(node)
  }

  const places = new Map<SourceNode, Place>()
  const fixed = (node: SourceNode): readonly string[] | null =>
    decided(node) ?? (node.role === null ? null : (roles.get(node.role) ?? null))
  const placing = {
    rules,
    destination: index,
    claims,
    merge: options.merge ?? false,
    needed: (n: SourceNode) => needed.has(n),
    fixed,
    places,
  }
  const inboxPath = fixed(tree.inbox) ?? ['INBOX']
  places.set(tree.inbox, { path: inboxPath, reasons: [] })
  placeChildren(tree.top, [], placing)
  placeChildren(tree.inbox, inboxPath, placing)

  const folders: PlannedFolder[] = []
  const leftOut = again.map((folder) => ({ folder, reason: 'The server lists it twice: it is copied once.' }))
  for (const { folder, whose } of tree.foreign) leftOut.push({ folder, reason: FOREIGN[whose] })
  for (const node of nodes) {
    if (node.folder === null) continue
    const place = needed.has(node) ? places.get(node) : undefined
    const reason = leaving.get(node) ?? (place === undefined ? 'It holds no messages and no folders that are copied.' : null)
    if (reason !== null || place === undefined) {
      leftOut.push({ folder: node.folder, reason: reason ?? '' })
      continue
    }
    const found = index.at(place.path)
    const earlier = decisions.of(node.folder)
    const path = earlier ?? found?.path ?? place.path
    folders.push({
      source: node.folder,
      path,
      destination: found !== null && (found.selectable || !node.folder.selectable) ? found : null,
      reasons: explain(node, place, path, { candidates, roles, found, decided: earlier !== null, left: (n) => leaving.get(n) !== null }),
      role: node.role,
    })
  }
  return { folders, leftOut }
}
