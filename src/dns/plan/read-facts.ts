import type { Context } from '../../lib/context.ts'
import type { WantedDns } from '../../model/wanted-dns.ts'
import { addressesAt } from '../assess/mail-in.ts'
import { namesOf, type Names } from '../assess/names.ts'
import { asking, serverText, type Asking, type Outside } from '../assess/outside.ts'
import { findZone, type NoZone, type Zone } from '../assess/zone.ts'
import type { SetName } from '../provider.ts'
import type { RecordSet } from '../record-set.ts'
import { isSpf } from '../spf/record.ts'
import { walkSpf, type SpfLookup, type SpfTree } from '../spf/tree.ts'
import type { DomainFacts, Pristine, ServedSet } from './facts.ts'
import type { DnsSite } from './hands.ts'
import { namesToRead } from './names.ts'
import { includeIn } from './spf-step.ts'
import type { TenantRecords } from './tenant-records.ts'

/** Reads all that a plan for a domain is made of. `kept`: how it was before anything was changed; null: nothing was changed yet. */
export async function readFacts(
  site: DnsSite,
  wishes: WantedDns,
  tenant: TenantRecords,
  kept: Pristine | null,
  outside: Outside,
  ctx: Context,
): Promise<DomainFacts> {
  const asks = asking(outside, ctx.clock, ctx.signal)
  const wanted = namesToRead(wishes, tenant)
  const [view, zone] = await Promise.all([site.zones.read(site.zone, wanted), findZone(wishes.domain, outside, asks)])
  const served = await servedNow(wishes.domain, zone, wanted, asks)
  // Names of the domain are asked for at its own servers: a resolver may remember, or lie.
  const names = namesOf('apex' in zone ? [zone] : [], outside, asks)
  const policy = await policyOf(wishes.domain, view.sets, outside, names, ctx)
  const pristine = kept ?? { atMs: ctx.clock.now(), sets: view.sets, oldMx: await mxAddresses(wishes.domain, view.sets, names), policy }
  const lookup = spfLookup(wishes.domain, view.sets, names)
  const include = includeIn(tenant)
  return {
    wishes,
    tenant,
    host: site.provider,
    now: view.sets,
    opaque: view.opaque,
    pristine,
    policy,
    trees: await treesOf(wishes.domain, view.sets, lookup),
    includeLookups: include === null ? 0 : 1 + (await lookupsOf(include, lookup)),
    served,
  }
}

async function servedNow(domain: string, zone: Zone | NoZone, names: readonly SetName[], asks: Asking): Promise<readonly ServedSet[]> {
  if ('missing' in zone) return zone.servers.map((server) => ({ server, name: domain, type: 'MX' as const, set: 'silent' as const }))
  const compared = names.filter(({ name }) => !name.startsWith('*.'))
  const each = zone.servers
    .filter(({ state }) => state !== 'no-path')
    .map(async ({ name: called, server }): Promise<readonly ServedSet[]> =>
      Promise.all(
        compared.map(async ({ name, type }) => {
          const { authoritative, sets, status } = await asks.ask(server, name, type)
          const where = called === serverText(server) ? called : `${called} (${serverText(server)})`
          const isTold = authoritative && ['answer', 'no-data', 'no-name'].includes(status)
          return {
            server: where,
            name,
            type,
            set: isTold ? (sets.find((set) => set.name === name && set.type === type) ?? null) : 'silent',
          }
        }),
      ),
    )
  return (await Promise.all(each)).flat()
}

async function treesOf(domain: string, now: readonly RecordSet[], lookup: SpfLookup): Promise<readonly SpfTree[]> {
  const texts = now.find(({ name, type }) => name === domain && type === 'TXT')?.data.filter(isSpf) ?? []
  return Promise.all(texts.map((text) => walkSpf(domain, text, lookup)))
}

async function lookupsOf(include: string, lookup: SpfLookup): Promise<number> {
  const { data } = await lookup(include, 'TXT')
  const text = data.find(isSpf)
  return text === undefined ? 0 : (await walkSpf(include, text, lookup)).lookups
}

/** What the host has is known, also before the servers of the zone tell it; everything else is asked for. */
function spfLookup(domain: string, now: readonly RecordSet[], names: Names): SpfLookup {
  return async (name, type) => {
    const own = now.find((set) => set.name === name && set.type === type)
    return own !== undefined && name === domain ? { status: 'found', data: own.data } : names.spf(name, type)
  }
}

/** What the hosts that take mail now are called in numbers. */
async function mxAddresses(domain: string, now: readonly RecordSet[], names: Names): Promise<readonly string[]> {
  const hosts = now.find(({ name, type }) => name === domain && type === 'MX')?.data.map((one) => one.split(' ')[1] ?? '') ?? []
  const each = await Promise.all(hosts.filter((host) => host !== '.').map((host) => addressesAt(host, names)))
  return [...new Set(each.flatMap(({ all }) => all))]
}

async function policyOf(
  domain: string,
  now: readonly RecordSet[],
  outside: Outside,
  names: Names,
  { signal }: Context,
): Promise<string | null> {
  if (outside.page === null || !now.some(({ name }) => name === `_mta-sts.${domain}`)) return null
  const host = `mta-sts.${domain}`
  const { all } = await addressesAt(host, names)
  if (all.length === 0) return null
  const page = await outside.page(`https://${host}/.well-known/mta-sts.txt`, all, signal)
  return page.status === 200 ? page.body : null
}
