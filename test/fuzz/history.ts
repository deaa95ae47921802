/** What happens to a mailbox and its copy over some days, as plain data: printed, shrunk and kept when it shows a fault. */
import * as fc from 'fast-check'
import type { Fault } from '../../src/simulator/faults.ts'

/** Numbers choose among what is there at that moment, modulo their count; an edit that finds nothing to do is passed over. */
export type Edit =
  | { readonly do: 'add'; readonly folder: number; readonly kind: LetterKind; readonly flags: number }
  | { readonly do: 'flags'; readonly message: number; readonly flags: number }
  | { readonly do: 'mark'; readonly message: number }
  | { readonly do: 'move' | 'copy'; readonly message: number; readonly folder: number }
  | { readonly do: 'remove'; readonly message: number }
  | { readonly do: 'create'; readonly folder: number; readonly name: number }
  | { readonly do: 'rename'; readonly folder: number; readonly name: number }
  | { readonly do: 'drop' | 'revalidate'; readonly folder: number }

/** What the mailbox's owner does at the destination. */
export type Touch =
  | { readonly touch: 'add'; readonly folder: number }
  | { readonly touch: 'flags' | 'remove'; readonly message: number }
  | { readonly touch: 'move'; readonly message: number; readonly folder: number }
  | { readonly touch: 'create' | 'rename'; readonly folder: number; readonly name: number }

/** `twin`: the bytes of a message that is there already. `odd`: with a Subject that Exchange refuses. */
export type LetterKind = 'plain' | 'twin' | 'nameless' | 'long' | 'large' | 'odd'

export type Day = {
  /** The ledger was lost over night: before anything else happens a pass makes a new one from what both sides hold. */
  readonly forget: boolean
  readonly edits: readonly Edit[]
  readonly touches: readonly Touch[]
  /** What the owner does while the pass runs: from its `step`-th step on. */
  readonly meanwhile: { readonly step: number; readonly edits: readonly Edit[] } | null
  readonly trouble: { readonly side: 'source' | 'destination'; readonly fault: Fault } | null
}

export type History = {
  readonly days: readonly Day[]
  /** The step, over all passes, at which the process dies once. */
  readonly diesAt: number | null
  /** With the process both connections break; else what it had sent is still carried out. */
  readonly both: boolean
}

export const FOLDER_NAMES = ['Projekte', 'Größe & Co', 'alt', 'Alt', 'Gesendet', ' blank ', 'Files', 'a.b', '42', 'Kalender'] as const
export const FLAG_SETS = [
  [],
  ['\\Seen'],
  ['\\Flagged'],
  ['\\Seen', '\\Answered'],
  ['\\Seen', '\\Flagged'],
  ['$Forwarded', '\\Seen'],
] as const

const which = fc.nat(99)
const flags = fc.nat(FLAG_SETS.length - 1)
const name = fc.nat(FOLDER_NAMES.length - 1)
const kind = fc.oneof(
  { weight: 6, arbitrary: fc.constant('plain' as const) },
  { weight: 2, arbitrary: fc.constant('twin' as const) },
  fc.constantFrom<LetterKind[]>('nameless', 'long', 'large', 'odd'),
)
const one = <T extends string>(word: T): fc.Arbitrary<T> => fc.constant(word)

export const edit: fc.Arbitrary<Edit> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: one('add'), folder: which, kind, flags }) },
  { weight: 3, arbitrary: fc.record({ do: one('flags'), message: which, flags }) },
  { weight: 4, arbitrary: fc.record({ do: one('move'), message: which, folder: which }) },
  { weight: 1, arbitrary: fc.record({ do: one('copy'), message: which, folder: which }) },
  { weight: 3, arbitrary: fc.record({ do: one('remove'), message: which }) },
  { weight: 1, arbitrary: fc.record({ do: one('mark'), message: which }) },
  { weight: 1, arbitrary: fc.record({ do: one('create'), folder: which, name }) },
  { weight: 1, arbitrary: fc.record({ do: one('rename'), folder: which, name }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('drop', 'revalidate'), folder: which }) },
)

export const touch: fc.Arbitrary<Touch> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ touch: one('add'), folder: which }) },
  { weight: 3, arbitrary: fc.record({ touch: fc.constantFrom('flags', 'remove'), message: which }) },
  { weight: 3, arbitrary: fc.record({ touch: one('move'), message: which, folder: which }) },
  { weight: 1, arbitrary: fc.record({ touch: fc.constantFrom('create', 'rename'), folder: which, name }) },
)

const every = fc.integer({ min: 2, max: 9 })
const bytes = fc.integer({ min: 200, max: 20_000 })
const trouble: fc.Arbitrary<Day['trouble']> = fc.oneof(
  fc.record({
    side: one('source'),
    fault: fc.oneof<fc.Arbitrary<Fault>[]>(
      fc.record({ dropsAfterMessages: every }),
      fc.record({ cutAfterBytesOut: bytes, once: fc.constant(true) }),
    ),
  }),
  fc.record({
    side: one('destination'),
    fault: fc.oneof<fc.Arbitrary<Fault>[]>(
      every.map((n) => ({ throttle: { every: n, ms: 2 } })),
      fc.record({ dropsAfterCommitEvery: every }),
      fc.record({ dropsMidLiteralEvery: every }),
      fc.record({ cutAfterBytesIn: bytes, once: fc.constant(true) }),
      fc.record({ cutAfterBytesOut: bytes, once: fc.constant(true) }),
      fc.record({ noAppendUid: fc.constant(true) }),
    ),
  }),
)

export type Scope = { readonly touches: boolean; readonly troubles: boolean; readonly deaths: boolean; readonly forgets: boolean }

/** Some days of a mailbox's life; what may happen is narrowed by `scope`. */
export function histories(scope: Scope): fc.Arbitrary<History> {
  // Messages that have no name, or another one after their repair, are not known again without a ledger.
  const knownAgain = edit.filter((one) => one.do !== 'add' || (one.kind !== 'nameless' && one.kind !== 'odd'))
  // Folders are left alone then: a pass may well say that one vanished under its hands.
  const inPassing = edit.filter((one) => ['add', 'flags', 'move', 'remove', 'copy'].includes(one.do))
  const day = fc.record({
    forget: scope.forgets ? fc.boolean() : fc.constant(false),
    edits: fc.array(scope.forgets ? knownAgain : edit, { maxLength: 12 }),
    touches: scope.touches ? fc.array(touch, { maxLength: 4 }) : fc.constant([]),
    meanwhile: scope.troubles
      ? fc.option(fc.record({ step: fc.integer({ min: 1, max: 25 }), edits: fc.array(inPassing, { minLength: 1, maxLength: 4 }) }), {
          nil: null,
        })
      : fc.constant(null),
    trouble: scope.troubles ? fc.option(trouble, { nil: null, freq: 2 }) : fc.constant(null),
  })
  return fc.record({
    days: fc.array(day, { minLength: 1, maxLength: 4 }),
    diesAt: scope.deaths ? fc.option(fc.integer({ min: 1, max: 60 }), { nil: null, freq: 3 }) : fc.constant(null),
    both: fc.boolean(),
  })
}
