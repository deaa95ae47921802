import type { Json } from '../model/change.ts'
import { isAs, presentOf } from './compare.ts'
import type { Seen } from './hands.ts'
import type { JournalRow } from './journal-row.ts'

/** What an undo finds: nothing of it stands any more; ours still stands, so much of it; or somebody else's, and why. */
export type Standing =
  | { readonly is: 'gone' }
  | { readonly is: 'ours'; readonly added: readonly string[]; readonly removed: readonly string[] }
  | { readonly is: 'theirs'; readonly why: string }

/** Compares what stands there now with what a change found and what it left. Pure. */
export function standing<Call>({ change: { expect, about }, before, made }: JournalRow<Call>, seen: Seen | null): Standing {
  const [added, removed] = [before?.added ?? [], before?.removed ?? []]
  const ours = { is: 'ours', added, removed } as const
  if (expect.is === 'gone') return seen === null ? ours : GONE
  // With the object our part of it is gone, too.
  if (seen === null) return GONE
  if (expect.is === 'there') {
    const [left, found] = [valueOf(made, expect.id), valueOf(seen, expect.id)]
    if (left === null || isAs({ to: left, as: 'text' }, found)) return ours
    return { is: 'theirs', why: `Another one of this name stands there now (${about}).` }
  }
  if (expect.is === 'holds') {
    const still = presentOf({ property: expect.property, entries: added }, seen)
    return still.length === 0 ? GONE : { ...ours, added: still }
  }
  if (expect.is === 'lacks') {
    const back = new Set(presentOf({ property: expect.property, entries: removed }, seen))
    const missing = removed.filter((entry) => !back.has(entry))
    return missing.length === 0 ? GONE : { ...ours, removed: missing }
  }
  const old = before?.seen ?? null
  const values = Object.entries(expect.values).map(([name, wanted]) => ({
    name,
    isNew: isAs(wanted, valueOf(seen, name)),
    isOld: old !== null && isAs({ ...wanted, to: valueOf(old, name) }, valueOf(seen, name)),
  }))
  const foreign = values.find(({ isNew, isOld }) => !isNew && !isOld)
  if (foreign !== undefined) return { is: 'theirs', why: `Somebody else has changed ${foreign.name} since (${about}).` }
  return values.every(({ isOld }) => isOld) ? GONE : ours
}

const GONE = { is: 'gone' } as const

function valueOf(object: Seen | null, name: string): Json {
  return object !== null && Object.hasOwn(object, name) ? (object[name] ?? null) : null
}
