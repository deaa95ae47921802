import type { Change, Json } from '../model/change.ts'
import { presentOf } from './compare.ts'
import { propertiesNamed } from './fill.ts'
import type { Seen } from './hands.ts'
import type { Before } from './journal-row.ts'

/** What is kept of what stood there: no more than the change compares or puts back. */
export function beforeOf<Call>({ expect, calls, undo }: Change<Call>, seen: Seen | null): Before {
  const wanted = expect.is === 'set' ? Object.keys(expect.values) : []
  const present = expect.is === 'holds' || expect.is === 'lacks' ? new Set(presentOf(expect, seen)) : null
  return {
    seen: seen === null ? null : picked(seen, [...wanted, ...namedIn(calls, undo).before]),
    added: expect.is === 'holds' ? expect.entries.filter((entry) => present?.has(entry) !== true) : [],
    removed: present !== null && expect.is === 'lacks' ? [...present] : [],
  }
}

/** What is kept of what was made: how it is told from another one, and what the change names. */
export function madeOf<Call>({ expect, calls, undo }: Change<Call>, ...shown: readonly (Seen | null)[]): Seen {
  const names = [...(expect.is === 'there' ? [expect.id] : []), ...namedIn(calls, undo).made]
  return Object.assign({}, ...shown.map((one) => (one === null ? {} : picked(one, names)))) as Seen
}

/** Whether a change puts back what stood there, so that it must have been seen. */
export function needsBefore<Call>({ calls, undo }: Change<Call>): boolean {
  return namedIn(calls, undo).before.size > 0
}

function namedIn<Call>(calls: readonly Call[], undo: Change<Call>['undo']): ReturnType<typeof propertiesNamed> {
  // A call is plain data.
  return propertiesNamed([calls, undo] as unknown as Json)
}

function picked(seen: Seen, names: Iterable<string>): Seen {
  return Object.fromEntries([...new Set(names)].filter((name) => Object.hasOwn(seen, name)).map((name) => [name, seen[name] ?? null]))
}
