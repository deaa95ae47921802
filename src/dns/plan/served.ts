import { sameSet, type RecordSet } from '../record-set.ts'
import { complete } from './planning.ts'
import type { DomainFacts, ServedSet } from './facts.ts'
import { keyOf } from './draft.ts'
import type { PlanFinding } from './item.ts'

/** What the host of DNS has, against what the world is told. Times to live do not count here. */
export function servedFindings({ served, now, host, wishes }: DomainFacts): readonly PlanFinding[] {
  const findings: PlanFinding[] = []
  // Where nothing stands by itself a wildcard answers.
  const wilds = now.filter(({ name }) => name === `*.${wishes.domain}`)
  const isWild = (set: RecordSet | null): boolean => set !== null && wilds.some((wild) => sameSet({ ...wild, name: set.name }, set))
  const silent = new Set(served.filter(({ set }) => set === 'silent').map(({ server }) => server))
  const talking = served.filter(({ server }) => !silent.has(server))
  for (const server of silent)
    findings.push(
      complete(
        {
          code: 'server-silent',
          says: `${server}, which the domain is delegated to, gives no answer of its own.`,
          remedy: 'Take it out of the delegation, or repair it: some senders ask it, too.',
        },
        wishes,
      ),
    )
  if (served.length > 0 && talking.length === 0)
    findings.push(
      complete(
        {
          code: 'servers-silent',
          severity: 'blocker',
          says: `None of the servers that ${wishes.domain} is delegated to answers.`,
          remedy: 'Look at the delegation, and at the way out of this network.',
          holds: ['switch'],
        },
        wishes,
      ),
    )
  for (const group of Map.groupBy(talking, ({ name, type }) => keyOf(name, type)).values()) {
    const [first] = group
    if (first === undefined) continue
    const own = now.find((set) => set.name === first.name && set.type === first.type) ?? null
    const other = group.filter(({ set }) => set !== 'silent' && !sameSet(set, own) && !(own === null && isWild(set)))
    if (other.length === 0) continue
    const isAll = other.length === group.length
    findings.push(
      complete(
        {
          code: isAll ? 'host-not-served' : 'server-differs',
          severity: isAll ? 'blocker' : 'warning',
          says: `${first.name} ${first.type}: ${host.title} has ${shown(own)}, ${isAll ? 'and the world is told' : `and ${other.map(({ server }) => server).join(', ')} still tells`} ${shown(other[0]?.set ?? null)}.`,
          remedy: isAll
            ? 'Does the delegation point to this host, and not to another one with a zone of the same name? If it was changed a moment ago, plan again in some minutes.'
            : 'It may only be late. Plan again in some minutes.',
          holds: isAll ? ['switch'] : [],
        },
        wishes,
      ),
    )
  }
  return findings
}

function shown(set: ServedSet['set']): string {
  return set === null || set === 'silent' ? 'nothing' : set.data.map((one) => `"${one}"`).join(' ')
}
