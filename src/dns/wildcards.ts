import type { RecordSet } from './record-set.ts'
import { sameSet } from './record-set.ts'

/**
 * Whether a set that a name server told is what a wildcard above it says, with the same time to live: then it may stand nowhere by
 * itself (RFC 4592 §2.1). `at` gives the set of a name and type, as the server tells it.
 */
export async function looksWild(
  set: RecordSet,
  zone: string,
  at: (name: string, type: RecordSet['type']) => Promise<RecordSet | null>,
): Promise<boolean> {
  if (set.name === zone || set.name.startsWith('*.')) return false
  const labels = set.name.split('.')
  for (let depth = 1; depth <= labels.length - zone.split('.').length; depth++) {
    const wild = await at(`*.${labels.slice(depth).join('.')}`, set.type)
    if (wild !== null && sameSet({ ...wild, name: set.name }, set, 'counts')) return true
  }
  return false
}
