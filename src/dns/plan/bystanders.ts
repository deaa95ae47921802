import { createHash } from 'node:crypto'
import type { SetName } from '../provider.ts'
import { canonicalSet, type RecordSet } from '../record-set.ts'

/** Sets that were there at the very first and that no step of a plan changes. */
export function bystandersOf(kept: readonly RecordSet[], inPlan: readonly SetName[]): readonly SetName[] {
  return kept
    .filter((set) => !inPlan.some(({ name, type }) => name === set.name && type === set.type))
    .map(({ name, type }) => ({ name, type }))
}

/** How they are now, a line for each: its name and type, and a digest of all that it says. Two texts differ where a set does. */
export function bystandersText(names: readonly SetName[], now: readonly RecordSet[]): string {
  return names
    .map(({ name, type }) => {
      const set = now.find((one) => one.name === name && one.type === type)
      if (set === undefined) return `${name} ${type} -`
      const { data, ttlSeconds, proxied } = canonicalSet(set)
      const digest = createHash('sha256').update(JSON.stringify([data, ttlSeconds, proxied ?? false]))
      return `${name} ${type} ${digest.digest('hex').slice(0, 16)}`
    })
    .toSorted()
    .join('\n')
}

/** The names and types of those that differ between two such texts. */
export function changedBystanders(before: string, now: string): readonly string[] {
  const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '')
  const [first, second] = [lines(before), lines(now)]
  const differ = [...first.filter((line) => !second.includes(line)), ...second.filter((line) => !first.includes(line))]
  return [...new Set(differ.map((line) => line.slice(0, Math.max(0, line.lastIndexOf(' ')))))]
}
