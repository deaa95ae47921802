import type { RecordSet } from '../record-set.ts'
import type { Swap } from '../update-message.ts'
import { keyOf } from './draft.ts'
import { itemsOf, switchSwaps, swapsOf, type DomainPlan } from './item.ts'

/** The plan as the switch carries it out: four lists, each upon what the ones before leave, in which no set stands twice. */
export type Move = {
  readonly domain: string
  readonly prepare: readonly Swap[]
  readonly lower: readonly Swap[]
  readonly switch: readonly Swap[]
  /** Tightened, with the usual times to live. */
  readonly finish: readonly Swap[]
  /** What decides where mail goes. */
  readonly routes: readonly Pick<RecordSet, 'name' | 'type'>[]
  /** Between `prepare` and what follows it. */
  readonly settleMs: number
}

export function moveOf(plan: DomainPlan): Move {
  const settles = plan.waits.filter(({ after }) => after === 'prepare').map(({ seconds }) => seconds * 1000)
  return {
    domain: plan.domain,
    prepare: swapsOf(itemsOf(plan, 'prepare')),
    lower: swapsOf(itemsOf(plan, 'lower-ttl')),
    switch: switchSwaps(plan),
    finish: asOne([...swapsOf(itemsOf(plan, 'tighten')), ...swapsOf(itemsOf(plan, 'raise-ttl'))]),
    routes: [{ name: plan.domain, type: 'MX' }],
    settleMs: Math.max(0, ...settles),
  }
}

/** What stands in the way of the switch, and what else there is to know: sentences. */
export function judged({ findings }: DomainPlan): { readonly blockers: readonly string[]; readonly warnings: readonly string[] } {
  const blocks = findings.filter(({ holds }) => holds.includes('switch'))
  return {
    blockers: blocks.map(({ says }) => says),
    warnings: findings.filter((one) => one.severity !== 'note' && !blocks.includes(one)).map(({ says }) => says),
  }
}

/** A set that changes twice changes once, from what was there first to what is there last. */
function asOne(swaps: readonly Swap[]): readonly Swap[] {
  return [...Map.groupBy(swaps, ({ name, type }) => keyOf(name, type)).values()].flatMap((some) => {
    const [first, last] = [some[0], some.at(-1)]
    return first === undefined || last === undefined ? [] : [{ ...first, after: last.after }]
  })
}
