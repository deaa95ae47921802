import type { TenantChange } from '../call.ts'
import { movesInto } from './rule-order.ts'
import { lookAt, textAt, type Row } from '../settings.ts'

/** Rules of one kind, of which some are wanted: Exchange applies them by their priority, 0 first, without gaps. */
export type RuleOrder = {
  readonly noun: string
  readonly kind: string
  /** In a sentence: `the transport rule`. */
  readonly title: string
  readonly rows: readonly Row[]
  /** In the wanted order; `key`: of the change that makes or changes the rule. */
  readonly wanted: readonly { readonly name: string; readonly about: string; readonly key: string }[]
  /** Of the change that makes the last new rule. */
  readonly lastMade: string | null
}

const small = (name: string): string => name.trim().toLowerCase()

/** Moves, each after the one before, as every move shifts the rules between. New rules come last before that. */
export function placeChanges({ noun, kind, title, rows, wanted, lastMade }: RuleOrder): readonly TenantChange[] {
  const there = rows.toSorted((a, b) => Number(a['Priority'] ?? 0) - Number(b['Priority'] ?? 0)).map((row) => small(textAt(row, 'Name')))
  const ours = wanted.map(({ name }) => small(name))
  const moves = movesInto([...there, ...ours.filter((name) => !there.includes(name))], ours)
  const keyOf = (name: string): string => `${small(noun)}-place ${name}`
  return moves.flatMap((move, at): readonly TenantChange[] => {
    const rule = wanted.find(({ name }) => small(name) === move.name)
    if (rule === undefined) return []
    const before = moves[at - 1]
    const was = there.includes(move.name) ? String(there.indexOf(move.name) + 1) : 'last'
    const set = (Priority: number | { readonly $: string }) =>
      ({ cmdlet: `Set-${noun}`, parameters: { Identity: rule.name, Priority } }) as const
    return [
      {
        key: keyOf(move.name),
        kind,
        about: rule.about,
        says: `Move ${title} "${rule.name}" to place ${move.to + 1} of the rules (was ${was})`,
        after: [rule.key, ...(lastMade === null ? [] : [lastMade]), ...(before === undefined ? [] : [keyOf(before.name)])],
        look: lookAt(noun, rule.name),
        expect: { is: 'set', values: { Priority: { to: move.to, as: 'text' } } },
        calls: [set(move.to)],
        undo: [set({ $: 'before.Priority' })],
        takes: 'minutes',
      },
    ]
  })
}

/** Switches a rule on or off; `key` ends in what the rule is called. */
export function switchChange(rule: {
  readonly noun: string
  readonly kind: string
  readonly title: string
  readonly about: string
  readonly name: string
  readonly on: boolean
  readonly key: string
  readonly after: readonly string[]
}): TenantChange {
  const { noun, kind, title, about, name, on, key, after } = rule
  const to = (enabled: boolean) =>
    ({
      cmdlet: `${enabled ? 'Enable' : 'Disable'}-${noun}`,
      parameters: enabled ? { Identity: name } : { Identity: name, Confirm: false },
    }) as const
  return {
    key,
    kind,
    about,
    says: `Switch ${title} "${name}" ${on ? 'on (was off)' : 'off (was on)'}`,
    after,
    look: lookAt(noun, name),
    expect: { is: 'set', values: { State: { to: on ? 'Enabled' : 'Disabled', as: 'text' } } },
    calls: [to(on)],
    undo: [to(!on)],
    takes: 'minutes',
  }
}

export function isSwitchedOn(row: Row): boolean {
  return textAt(row, 'State').toLowerCase() !== 'disabled'
}
