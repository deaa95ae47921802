/** A part of a batch, and which part of the same chunk (by its place) it waits for. */
export type Placed<T> = { readonly part: T; readonly after: number | null }

type Dependent = { readonly id: string; readonly dependsOn?: readonly string[] }

const LARGEST_CHUNK = 20

/**
 * What the next request of a batch holds: all that is ready, up to twenty. Where only one part is ready, those that wait for it
 * go along. Only three patterns of dependence are safe in one request: none, each on the one before, all on the first
 * (microsoft-graph-client: BatchRequestContent; the service has refused others).
 */
export function batchChunk<T extends Dependent>(parts: readonly T[], isDone: (id: string) => boolean): readonly Placed<T>[] {
  const needs = new Map(parts.map((part) => [part.id, (part.dependsOn ?? []).filter((id) => !isDone(id))]))
  const ready = parts.filter(({ id }) => needs.get(id)?.length === 0)
  const [head] = ready
  if (head === undefined || ready.length > 1) return ready.slice(0, LARGEST_CHUNK).map((part) => ({ part, after: null }))
  const waitingFor = (id: string): readonly T[] => parts.filter((part) => needs.get(part.id)?.join('\n') === id)
  const chain: Placed<T>[] = [{ part: head, after: null }]
  for (let next = waitingFor(head.id); next.length > 0 && chain.length < LARGEST_CHUNK;) {
    const [first] = next
    if (first === undefined) break
    if (next.length > 1) {
      if (chain.length === 1) for (const part of next.slice(0, LARGEST_CHUNK - 1)) chain.push({ part, after: 0 })
      break
    }
    chain.push({ part: first, after: chain.length - 1 })
    next = waitingFor(first.id)
  }
  return chain
}
