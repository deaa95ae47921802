import type { Context } from '../../lib/context.ts'
import { silentLog } from '../../lib/log.ts'
import type { Answer, QuestionType } from '../ask.ts'
import { ask } from '../ask.ts'
import { canonicalSet, type RecordSet, type RecordType } from '../record-set.ts'
import { assess, type AssessOptions } from './assess.ts'
import type { Assessment } from './assessment.ts'
import type { Outside } from './outside.ts'

/** For tests: nothing leaves this machine, and real time is never read. */
export function contextOf(signal: AbortSignal = new AbortController().signal): Context {
  return { clock: { now: () => Date.UTC(2026, 10, 22), sleep: () => Promise.resolve() }, log: silentLog, signal }
}

/** An outside that asks real servers on this machine and knows no web and no Microsoft. */
export function outsideOn(more: Partial<Outside>): Outside {
  return {
    ask: (server, name, type, options) => ask(server, name, type, { timeoutMs: 3000, tries: 2, ...options }),
    resolvers: [],
    given: [],
    at: (_, address) => ({ address, port: 53 }),
    page: null,
    tenantOf: null,
    ...more,
  }
}

/** Lines "name TTL TYPE data" of all zones together; `zones` says which names are apexes, each with its name servers. */
export type Told = {
  readonly zones: Readonly<Record<string, readonly string[]>>
  readonly records: readonly string[]
  readonly serial?: number
}

/**
 * For tests: a made-up world in which the name server 192.0.2.1 has all zones, and 192.0.2.53 is a resolver; what they answer can be
 * replaced by `special`.
 */
export function madeUp(told: Told, special: (name: string, type: QuestionType) => Partial<Answer> | null = () => null): Outside {
  const sets = new Map<string, RecordSet>()
  for (const line of told.records) {
    const [name = '', ttl = '', type = '', ...data] = line.split(' ')
    const key = `${name} ${type}`
    const text = data.join(' ')
    sets.set(key, canonicalSet({ name, type: type as RecordType, ttlSeconds: Number(ttl), data: [...(sets.get(key)?.data ?? []), text] }))
  }
  for (const [apex, names] of Object.entries(told.zones)) sets.set(`${apex} NS`, { name: apex, type: 'NS', ttlSeconds: 3600, data: names })
  const names = [...new Set([...sets.values()].map(({ name }) => name))]
  return outsideOn({
    resolvers: [{ address: '192.0.2.53', port: 53 }],
    given: [{ address: '192.0.2.1', port: 53 }],
    ask: (server, name, type) => {
      const apex = Object.keys(told.zones)
        .filter((one) => name === one || name.endsWith(`.${one}`))
        .toSorted((a, b) => b.length - a.length)[0]
      const chain: RecordSet[] = []
      let at = name
      const next = (): RecordSet | undefined => (type === 'CNAME' ? undefined : sets.get(`${at} CNAME`))
      for (let alias = next(); alias !== undefined; alias = next()) {
        chain.push(alias)
        at = alias.data[0] ?? at
      }
      const found = sets.get(`${at} ${type}`)
      const all = [...chain, ...(found === undefined ? [] : [found])]
      const isThere = names.some((one) => one === at || one.endsWith(`.${at}`))
      const plain: Answer = {
        status: all.length > 0 || (type === 'SOA' && name === apex) ? 'answer' : isThere ? 'no-data' : 'no-name',
        authoritative: server.address === '192.0.2.1' && apex !== undefined,
        authenticated: false,
        sets: all,
        referral: [],
        soa: apex === undefined ? null : { zone: apex, primary: 'ns1.example.test', serial: told.serial ?? 1, negativeSeconds: 60 },
        others: [],
      }
      return Promise.resolve({ ...plain, ...special(name, type) })
    },
  })
}

export const NO_OPTIONS: AssessOptions = { selectors: [], names: [], tenantId: null }

export function assessed(domain: string, outside: Outside, options: Partial<AssessOptions> = {}): Promise<Assessment> {
  return assess(domain, outside, { ...NO_OPTIONS, ...options }, contextOf())
}

/** "rank code" of all findings, sorted. */
export function ranks({ findings }: Pick<Assessment, 'findings'>): readonly string[] {
  return [...new Set(findings.map(({ rank, code }) => `${rank} ${code}`))].sort()
}
