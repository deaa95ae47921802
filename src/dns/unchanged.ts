import { Failure } from '../model/failure.ts'
import { sameSet, type RecordSet } from './record-set.ts'
import type { Swap } from './update-message.ts'

/** The set of this name and type; null where there is none. */
export function setFor(sets: readonly RecordSet[], { name, type }: Pick<Swap, 'name' | 'type'>): RecordSet | null {
  return sets.find((set) => set.name === name && set.type === type) ?? null
}

/** Throws `record-changed` where a set is not what a swap expects, before anything was written. */
export function mustBeUnchanged(sets: readonly RecordSet[], swaps: readonly Swap[]): void {
  for (const swap of swaps) {
    const now = setFor(sets, swap)
    if (sameSet(now, swap.before)) continue
    throw changedMeanwhile(swap.name, swap.type)
  }
}

export function changedMeanwhile(name: string, type: string, notDone = true): Failure {
  return new Failure('record-changed', `${name} ${type} was changed by somebody else at this moment.`, { notDone })
}
