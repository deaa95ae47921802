/** Works through items in order, at most `atOnce` at a time; stops taking new ones when the signal is aborted. Waits for all that were begun. */
export async function forEachAtOnce<T>(
  items: readonly T[],
  atOnce: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items]
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined && !signal.aborted; item = queue.shift()) await work(item)
  }
  const outcomes = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker))
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

/**
 * The order that ends soonest and is fair: the biggest first, as the longest job decides the end; every third place goes to the
 * smallest, so that small mailboxes do not wait for the giants. Unknown sizes (null) count as big.
 */
export function bigFirstSmallBetween<T>(items: readonly T[], sizeOf: (item: T) => number | null): readonly T[] {
  const sorted = [...items].sort((a, b) => (sizeOf(b) ?? Infinity) - (sizeOf(a) ?? Infinity))
  const ordered: T[] = []
  while (sorted.length > 0) {
    const next = ordered.length % 3 === 2 ? sorted.pop() : sorted.shift()
    if (next !== undefined) ordered.push(next)
  }
  return ordered
}
