import { Failure } from '../../src/model/failure.ts'
import { sameSet, type RecordSet } from '../../src/dns/record-set.ts'
import type { Swap } from '../../src/dns/update-message.ts'
import type { MovePlan, Served } from '../../src/switch/looks.ts'
import type { Random } from './random.ts'

export const DOMAIN = 'example.org'
export const OLD_MX = '10 mx.old.example'
export const NEW_MX = '0 example-org.mail.example'
export const LOW_TTL = 300
const OLD_SPF = 'v=spf1 mx -all'
const WIDE_SPF = 'v=spf1 mx include:spf.mail.example -all'
const NEW_SPF = 'v=spf1 include:spf.mail.example -all'

/** Belongs to nobody's plan. */
export const BYSTANDER: RecordSet = { name: `www.${DOMAIN}`, type: 'A', ttlSeconds: 3600, data: ['192.0.2.80'] }

type Version = { readonly at: number; readonly sets: ReadonlyMap<string, RecordSet> }

/** The zone at its host, and name servers that follow it each with a delay of its own. */
export class ZoneModel {
  readonly versions: Version[]
  readonly lagsMs: readonly number[]
  readonly before: ReadonlyMap<string, RecordSet>

  constructor(random: Random, oldTtlSeconds: number, longestLagMs: number) {
    this.before = byKey([set('MX', oldTtlSeconds, OLD_MX), set('TXT', oldTtlSeconds, OLD_SPF), BYSTANDER])
    this.versions = [{ at: -Infinity, sets: this.before }]
    this.lagsMs = Array.from({ length: random.whole(2, 4) }, () => random.between(0, longestLagMs))
  }

  get now(): ReadonlyMap<string, RecordSet> {
    return this.versions.at(-1)?.sets ?? this.before
  }

  /** What this server gives out at that moment. */
  served(server: number, at: number): ReadonlyMap<string, RecordSet> {
    const lag = this.lagsMs[server] ?? 0
    return this.versions.findLast((version) => version.at + lag <= at)?.sets ?? this.before
  }

  mx(server: number, at: number): { readonly host: 'old' | 'new'; readonly ttlMs: number } {
    const mx = this.served(server, at).get(`${DOMAIN} MX`)
    return { host: mx?.data.includes(NEW_MX) === true ? 'new' : 'old', ttlMs: (mx?.ttlSeconds ?? 0) * 1000 }
  }

  reading(server: number, at: number): readonly Served[] {
    return [...this.served(server, at).values()].map(({ name, type, data, ttlSeconds }) => ({
      name,
      type,
      status: 'served',
      data,
      ttlSeconds,
    }))
  }

  /** Compare and set, all or nothing. */
  write(swaps: readonly Swap[], at: number): 'done' | 'already' {
    const open = swaps.filter((swap) => !sameSet(this.now.get(keyOf(swap)) ?? null, swap.after, 'counts'))
    for (const swap of open)
      if (!sameSet(this.now.get(keyOf(swap)) ?? null, swap.before))
        throw new Failure('record-changed', `${keyOf(swap)} was changed.`, { notDone: true })
    if (open.length === 0) return 'already'
    const sets = new Map(this.now)
    for (const swap of open)
      if (swap.after === null) sets.delete(keyOf(swap))
      else sets.set(keyOf(swap), swap.after)
    this.versions.push({ at, sets })
    return 'done'
  }

  /** Somebody else changes a set; null takes it away. */
  edit(key: string, change: (set: RecordSet) => RecordSet, at: number): void {
    const sets = new Map(this.now)
    const known = sets.get(key)
    if (known !== undefined) sets.set(key, change(known))
    this.versions.push({ at, sets })
  }
}

export function planFor(before: ReadonlyMap<string, RecordSet>): MovePlan {
  const mx = before.get(`${DOMAIN} MX`) ?? null
  const spf = before.get(`${DOMAIN} TXT`) ?? null
  if (mx === null || spf === null) throw new Error('the zone of the model has MX and SPF')
  const wide = { ...spf, data: [WIDE_SPF] }
  const low = { ...mx, ttlSeconds: LOW_TTL }
  const switched = set('MX', LOW_TTL, NEW_MX)
  const name = DOMAIN
  return {
    domain: DOMAIN,
    prepare: [{ name, type: 'TXT', before: spf, after: wide }],
    lower: [{ name, type: 'MX', before: mx, after: low }],
    switch: [{ name, type: 'MX', before: low, after: switched }],
    finish: [
      { name, type: 'MX', before: switched, after: { ...switched, ttlSeconds: 3600 } },
      { name, type: 'TXT', before: wide, after: { ...wide, ttlSeconds: 3600, data: [NEW_SPF] } },
    ],
    routes: [{ name, type: 'MX' }],
    settleMs: 0,
  }
}

function set(type: 'MX' | 'TXT', ttlSeconds: number, data: string): RecordSet {
  return { name: DOMAIN, type, ttlSeconds, data: [data] }
}

function byKey(sets: readonly RecordSet[]): ReadonlyMap<string, RecordSet> {
  return new Map(sets.map((one) => [keyOf(one), one]))
}

export function keyOf({ name, type }: { readonly name: string; readonly type: string }): string {
  return `${name} ${type}`
}
