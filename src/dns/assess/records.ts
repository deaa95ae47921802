import type { RecordSet } from '../record-set.ts'
import type { Disagreement } from './assessment.ts'
import { distinct } from './clients.ts'
import type { Names } from './names.ts'
import { serverText, type Evidence } from './outside.ts'
import { isWithin, type Zone } from './zone.ts'

/** Records of the domain among all answers, each once: the newest state of the zone as its servers gave it. */
export function recordsIn(
  domain: string,
  evidence: readonly Evidence[],
  wild: readonly RecordSet[],
  zones: readonly Zone[],
  random: readonly string[],
): readonly RecordSet[] {
  const newest = Math.max(0, ...zones.flatMap(({ servers }) => servers.map(({ serial }) => serial ?? 0)))
  const lagging = new Set(
    zones
      .flatMap(({ servers }) => servers.filter(({ serial }) => serial !== null && serial < newest))
      .map(({ server }) => serverText(server)),
  )
  const own = evidence.filter(({ authoritative, server }) => authoritative && !lagging.has(server))
  const isWild = (set: RecordSet): boolean =>
    random.some((label) => set.name.includes(label)) ||
    wild.some(({ type, data }) => type === set.type && JSON.stringify(data) === JSON.stringify(set.data) && set.name !== domain)
  const sets = own.flatMap((one) => one.sets).filter((set) => isWithin(set.name, domain) && !isWild(set))
  const order = (set: RecordSet): string => `${set.name === domain ? 0 : 1} ${set.name.split('.').toReversed().join('.')} ${set.type}`
  return [...distinct(sets), ...wild].toSorted((a, b) => (order(a) < order(b) ? -1 : 1))
}

/** Where the servers of the zone differ about what is about to be changed. */
export async function disagreementsAt(domain: string, names: Names): Promise<readonly Disagreement[]> {
  const wanted = [
    [domain, 'MX'],
    [domain, 'TXT'],
    [`autodiscover.${domain}`, 'A'],
    [`_dmarc.${domain}`, 'TXT'],
  ] as const
  const each = await Promise.all(
    wanted.map(async ([name, type]): Promise<Disagreement | null> => {
      const answers = (await names.everywhere(name, type)).filter(({ answer }) => answer.authoritative)
      const kinds = Map.groupBy(answers, ({ answer }) => JSON.stringify(answer.sets.map((set) => [set.name, set.type, set.data])))
      if (kinds.size < 2) return null
      const sameSerial = [...Map.groupBy(answers, ({ serial }) => serial).values()].some(
        (some) => new Set(some.map(({ answer }) => JSON.stringify(answer.sets.map((set) => set.data)))).size > 1,
      )
      const says = [...kinds.values()]
        .map(
          (some) =>
            `${some.map(({ server }) => server.address).join(', ')}: ${some[0]?.answer.sets.flatMap(({ data }) => data).join(', ') || 'nothing'}`,
        )
        .join('; ')
      return { name, type, sameSerial, says }
    }),
  )
  return each.filter((one) => one !== null)
}
