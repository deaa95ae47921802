import type { Change } from '../model/change.ts'

export type Node = { readonly id: number; readonly after: readonly number[] }

/**
 * Runs `work` for each node as soon as it is through for all that it comes after, side by side with the others. `work` is told which
 * of those did not come to a good end, and says whether its own did. It must not throw; that of a circle never begins, and throws here.
 */
export async function inOrder(nodes: readonly Node[], work: (id: number, missing: readonly number[]) => Promise<boolean>): Promise<void> {
  refuseCircles(nodes)
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const ends = new Map<number, Promise<boolean>>()
  for (const node of sorted(nodes, byId)) {
    const before = node.after.filter((id) => byId.has(id))
    const endings = before.flatMap((id) => ends.get(id) ?? [])
    const end = Promise.all(endings).then((ended) =>
      work(
        node.id,
        before.filter((_, at) => ended[at] !== true),
      ),
    )
    ends.set(node.id, end)
  }
  await Promise.all(ends.values())
}

/** Changes so that each stands after all that it comes after, and else as they stood. Throws where they go in a circle. */
export function inPlanOrder<C extends Pick<Change<unknown>, 'key' | 'after'>>(changes: readonly C[]): readonly C[] {
  const idOf = new Map(changes.map(({ key }, id) => [key, id]))
  const nodes = changes.map(({ after }, id) => ({ id, after: after.flatMap((key) => idOf.get(key) ?? []) }))
  refuseCircles(nodes)
  return sorted(nodes, new Map(nodes.map((node) => [node.id, node]))).flatMap(({ id }) => changes[id] ?? [])
}

/** Each after all that it comes after, and else as they stood. */
function sorted(nodes: readonly Node[], byId: ReadonlyMap<number, Node>): readonly Node[] {
  const out = new Set<Node>()
  // A stack of its own: a chain may be longer than the stack of calls.
  const stack = nodes.toReversed()
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const missing: readonly Node[] = out.has(node) ? [] : node.after.flatMap((id) => byId.get(id) ?? []).filter((one) => !out.has(one))
    if (missing.length > 0) stack.push(...missing)
    else {
      out.add(node)
      stack.pop()
    }
  }
  return [...out]
}

/** Takes away what comes after nothing, until nothing is left. */
function refuseCircles(nodes: readonly Node[]): void {
  const ids = new Set(nodes.map(({ id }) => id))
  const waitsFor = new Map(nodes.map(({ id, after }) => [id, new Set(after.filter((one) => ids.has(one)))]))
  const followers = new Map<number, number[]>()
  for (const [id, after] of waitsFor) for (const one of after) followers.set(one, [...(followers.get(one) ?? []), id])
  const free = [...waitsFor].filter(([, after]) => after.size === 0).map(([id]) => id)
  let taken = 0
  for (let id = free.pop(); id !== undefined; id = free.pop()) {
    taken++
    for (const follower of followers.get(id) ?? []) {
      const after = waitsFor.get(follower)
      after?.delete(id)
      if (after?.size === 0) free.push(follower)
    }
  }
  if (taken < nodes.length) throw new Error('some changes come after each other in a circle')
}
