export type Move = { readonly name: string; readonly to: number }

/**
 * The moves, one after the other, that bring the wanted rules into their order in the places they have among themselves; all others
 * end where they were. Each rule is moved once at most: taken out and put at a place, 0 first, as Exchange does when a priority is
 * set, so that the place may still shift with later moves.
 */
export function movesInto(current: readonly string[], wanted: readonly string[]): readonly Move[] {
  const ours = new Set(wanted)
  const inOrder = wanted.filter((name) => current.includes(name))
  let next = 0
  const target = current.map((name) => (ours.has(name) ? (inOrder[next++] ?? name) : name))
  const settled = staying(current, target, ours)
  const list = [...current]
  const moves: Move[] = []
  for (const [at, name] of target.entries()) {
    if (settled.has(name)) continue
    settled.add(name)
    list.splice(list.indexOf(name), 1)
    // All that comes before it is settled already.
    const before = target[at - 1]
    const to = before === undefined ? 0 : list.indexOf(before) + 1
    list.splice(to, 0, name)
    moves.push({ name, to })
  }
  return moves
}

/** All others, and as many of ours as can stay with them: those who are in the order of the target already. */
function staying(current: readonly string[], target: readonly string[], ours: ReadonlySet<string>): Set<string> {
  const othersBefore = (list: readonly string[], name: string): number =>
    list.slice(0, list.indexOf(name)).filter((one) => !ours.has(one)).length
  const free = current.filter((name) => ours.has(name) && othersBefore(current, name) === othersBefore(target, name))
  const best: (readonly string[])[] = []
  for (const name of free) {
    const place = target.indexOf(name)
    const longest = best
      .filter((chain) => target.indexOf(chain.at(-1) ?? '') < place)
      .reduce<readonly string[]>((longer, chain) => (chain.length > longer.length ? chain : longer), [])
    best.push([...longest, name])
  }
  const kept = best.reduce<readonly string[]>((longer, chain) => (chain.length > longer.length ? chain : longer), [])
  return new Set([...kept, ...current.filter((name) => !ours.has(name))])
}
