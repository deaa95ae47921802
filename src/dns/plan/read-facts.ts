import type { Context } from '../../lib/context.ts'
import type { WantedDns } from '../../model/wanted-dns.ts'
import { asking, serverText, type Asking, type Outside } from '../assess/outside.ts'
import { findZone } from '../assess/zone.ts'
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
  const names = namesToRead(wishes, tenant)
  const [view, served] = await Promise.all([site.zones.read(site.zone, names), servedNow(wishes.domain, names, outside, asks)])
  const policy = await policyOf(wishes.domain, view.sets, outside, asks, ctx)
  const pristine = kept ?? { atMs: ctx.clock.now(), sets: view.sets, oldMx: await mxAddresses(wishes.domain, view.sets, asks), policy }
  const lookup = spfLookup(wishes.domain, view.sets, asks)
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

async function servedNow(domain: string, names: readonly SetName[], outside: Outside, asks: Asking): Promise<readonly ServedSet[]> {
  const zone = await findZone(domain, outside, asks)
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

/** What the zone itself has is known; everything else is asked for. */
function spfLookup(domain: string, now: readonly RecordSet[], asks: Asking): SpfLookup {
  return async (name, type) => {
    const own = now.find((set) => set.name === name && set.type === type)
    if (own !== undefined && name === domain) return { status: 'found', data: own.data }
    const { status, sets } = await asks.resolve(name, type)
    const data = sets.filter((set) => set.type === type).flatMap((set) => set.data)
    if (data.length > 0) return { status: 'found', data }
    return { status: status === 'answer' || status === 'no-data' || status === 'no-name' ? 'nothing' : 'failed', data }
  }
}

/** What the hosts that take mail now are called in numbers. */
async function mxAddresses(domain: string, now: readonly RecordSet[], asks: Asking): Promise<readonly string[]> {
  const hosts = now.find(({ name, type }) => name === domain && type === 'MX')?.data.map((one) => one.split(' ')[1] ?? '') ?? []
  const each = await Promise.all(
    hosts.flatMap((host) =>
      (['A', 'AAAA'] as const).map(async (type) => {
        const { sets } = await asks.resolve(host, type)
        return sets.filter((set) => set.type === type).flatMap(({ data }) => data)
      }),
    ),
  )
  return [...new Set(each.flat())]
}

async function policyOf(
  domain: string,
  now: readonly RecordSet[],
  outside: Outside,
  asks: Asking,
  { signal }: Context,
): Promise<string | null> {
  if (outside.page === null || !now.some(({ name }) => name === `_mta-sts.${domain}`)) return null
  const host = `mta-sts.${domain}`
  const answers = await Promise.all((['A', 'AAAA'] as const).map((type) => asks.resolve(host, type)))
  const addresses = answers.flatMap(({ sets }) => sets.filter(({ type }) => type === 'A' || type === 'AAAA').flatMap(({ data }) => data))
  if (addresses.length === 0) return null
  const page = await outside.page(`https://${host}/.well-known/mta-sts.txt`, addresses, signal)
  return page.status === 200 ? page.body : null
}
