import type { Change, Json } from '../../model/change.ts'
import type { Can, SetName } from '../provider.ts'
import { canonicalSet, type RecordSet, type RecordType } from '../record-set.ts'
import { keyOf } from './draft.ts'
import { itemsOf, type DnsItem, type DnsPhase, type DomainPlan } from './item.ts'

/** A set to be swapped, as data: on the way back `after` is what was found when the change was carried out. */
export type SwapData = {
  readonly name: string
  readonly type: RecordType
  readonly before: RecordSet | null
  readonly after: RecordSet | null | { readonly $: string }
}
/** What is done at the host of a domain, which whoever carries it out knows by the domain's name. */
export type DnsCall =
  | { readonly domain: string; readonly read: readonly SetName[] }
  | { readonly domain: string; readonly write: readonly SwapData[] }
export type DnsChange = Change<DnsCall>

/** The changes of one phase. The switch is one change, so that it is one write; anything else can be done and taken back by itself. */
export function changesOf(plan: DomainPlan, phase: DnsPhase, can: Pick<Can, 'automatic'>): readonly DnsChange[] {
  const items = itemsOf(plan, phase)
  if (items.length === 0) return []
  // A person does all of it at one sitting.
  if (phase === 'switch' || !can.automatic) return [changeOf(plan.domain, phase, items, can)]
  // What takes the place of another type at the same name goes with it.
  return [...Map.groupBy(items, ({ name }) => name).values()].flatMap((some) =>
    some.some(({ type }) => type === 'CNAME')
      ? [changeOf(plan.domain, phase, some, can)]
      : some.map((item) => changeOf(plan.domain, phase, [item], can)),
  )
}

function changeOf(domain: string, phase: DnsPhase, items: readonly DnsItem[], { automatic }: Pick<Can, 'automatic'>): DnsChange {
  const names = items.map(({ name, type }) => ({ name, type }))
  const [first] = names
  return {
    key:
      phase === 'switch' || !automatic || first === undefined ? `dns ${phase} ${domain}` : `dns ${phase} ${keyOf(first.name, first.type)}`,
    kind: phase,
    about: domain,
    says: items.map(sentence).join('. '),
    after: [],
    look: { call: { domain, read: names } },
    expect: {
      is: 'set',
      values: Object.fromEntries(items.map(({ name, type, after }) => [keyOf(name, type), { to: seenSet(after), as: 'json' as const }])),
    },
    calls: [{ domain, write: items.map(({ name, type, before, after }) => ({ name, type, before, after })) }],
    undo: [
      {
        domain,
        write: items.map(({ name, type, after }) => ({ name, type, before: after, after: { $: `before.${wholeOf(name, type)}` } })),
      },
    ],
    takes: automatic ? 'seconds' : 'hours',
  }
}

/** What counts of a set when it is looked at: not what only its host knows of it. */
export function seenSet(set: RecordSet | null): Json {
  if (set === null) return null
  const { ttlSeconds, data, proxied } = canonicalSet(set)
  return { ttlSeconds, data, ...(proxied === undefined ? {} : { proxied }) }
}

/** The name under which a look keeps a set with all that its host knows of it, to be put back. */
export function wholeOf(name: string, type: RecordType): string {
  return `${keyOf(name, type)} whole`
}

export function sentence({ op, name, type, before, after, reason }: DnsItem): string {
  const head = `${name} ${type}`
  if (op === 'ttl') return `${head}: time to live ${after?.ttlSeconds ?? 0} instead of ${before?.ttlSeconds ?? 0} seconds`
  if (after === null) return `Remove ${head} ${shown(before)}: ${reason}`
  if (before === null) return `Add ${head} ${shown(after)}: ${reason}`
  const [gone, come] = [without(before, after), without(after, before)]
  const change = [...(come.length === 0 ? [] : [`put ${come.join(', ')}`]), ...(gone.length === 0 ? [] : [`take away ${gone.join(', ')}`])]
  return `Change ${head}: ${change.join(', ')}: ${reason}`
}

function shown(set: RecordSet | null): string {
  return (set?.data ?? []).map((one) => `"${one}"`).join(', ')
}

function without({ data }: RecordSet, other: RecordSet): readonly string[] {
  return data.filter((one) => !other.data.includes(one)).map((one) => `"${one}"`)
}
