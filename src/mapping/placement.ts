import type { Claims } from './claims.ts'
import type { DestinationIndex } from './destination-index.ts'
import type { NameRules, Reasons } from './rules.ts'
import { sortedChildren } from './source-tree.ts'
import type { SourceNode } from './source-tree.ts'
import { wishFor } from './wish.ts'
import type { Wish } from './wish.ts'

/** Where a node of the source goes, and what was done to its name on the way. */
export type Place = { readonly path: readonly string[]; readonly reasons: Reasons }

export type Placing = {
  readonly rules: NameRules
  readonly destination: DestinationIndex
  readonly claims: Claims
  readonly merge: boolean
  /** Nodes that nothing goes to get no place. */
  readonly needed: (node: SourceNode) => boolean
  /** Paths that do not depend on the name: special folders and what an earlier pass decided. */
  readonly fixed: (node: SourceNode) => readonly string[] | null
  readonly places: Map<SourceNode, Place>
}

/**
 * Gives everything below a node its place below `parent`. Siblings whose names need no change come first, so that nobody loses a good name
 * to one that only came to look like it.
 */
export function placeChildren(node: SourceNode, parent: readonly string[], placing: Placing): void {
  const children = sortedChildren(node)
  const wishes: (readonly [SourceNode, Wish])[] = []
  for (const child of children) {
    if (!placing.needed(child)) continue
    const fixed = placing.fixed(child)
    if (fixed !== null) placing.places.set(child, { path: fixed, reasons: [] })
    else wishes.push([child, wishFor(child.path.at(-1) ?? '', parent, placing.rules, placing.destination)])
  }
  const late: (readonly [SourceNode, Wish])[] = []
  const changed = (wish: Wish): number => (wish.reasons.length === 0 ? 0 : 1)
  for (const [child, wish] of wishes.sort(([, a], [, b]) => changed(a) - changed(b))) {
    const path = [...wish.parent, wish.name]
    if (placing.claims.take(path)) placing.places.set(child, { path, reasons: wish.reasons })
    else late.push([child, wish])
  }
  for (const [child, wish] of late) placing.places.set(child, shareOrSuffix(wish, placing))
  for (const child of children) {
    // Below a level that nothing goes to there are at most special folders, which have a place of their own.
    placeChildren(child, placing.places.get(child)?.path ?? parent, placing)
  }
}

function shareOrSuffix(wish: Wish, placing: Placing): Place {
  const holder = placing.merge ? placing.claims.holder([...wish.parent, wish.name]) : null
  if (holder === null) return { path: placing.claims.takeSuffixed(wish.parent, wish.name, wish.reasons), reasons: wish.reasons }
  wish.reasons.push(`Merged with "${holder.join('/')}": the destination takes both names for one.`)
  return { path: holder, reasons: wish.reasons }
}
