import { z } from 'zod'
import { CLOUDS, type Cloud } from '../../microsoft/clouds.ts'
import { azureTokens } from '../../microsoft/exchange-token.ts'
import { Failure } from '../../model/failure.ts'
import { Secret } from '../../model/secret.ts'
import { called, type HttpLine, type Meaning, type Reply } from '../http.ts'
import { relativeName } from '../presentation.ts'
import type { DnsProvider, SetName, ZoneRef, Zones } from '../provider.ts'
import { canonicalName, sameSet, type RecordSet, type RecordType } from '../record-set.ts'
import { optional, required, serviceBase } from '../settings.ts'
import { changedMeanwhile } from '../unchanged.ts'
import type { Swap } from '../update-message.ts'
import { AZURE_SET, azureProperties, azureRecords, isAlias, type AzureSet } from './azure-sets.ts'

const TITLE = 'Azure DNS'
const VERSION = '2018-05-01'
const TYPES: readonly RecordType[] = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'SRV', 'CAA', 'NS']

const ZONES = z.object({
  value: z.array(
    z.object({ id: z.string(), name: z.string(), properties: z.object({ nameServers: z.array(z.string()).default([]) }).optional() }),
  ),
  nextLink: z.string().nullish(),
})
const ERROR = z.object({ error: z.object({ code: z.string(), message: z.string() }) })
const PLAIN_ERROR = z.object({ code: z.string(), message: z.string() })

/** Azure DNS: set by set, each guarded by its etag; there is nothing across sets. */
export const azure: DnsProvider = {
  name: 'azure',
  title: TITLE,
  nameServers: ['azure-dns.com', 'azure-dns.net', 'azure-dns.org', 'azure-dns.info'],
  settings: [
    { key: 'subscription', label: 'Subscription', secret: false, required: true, hint: 'its id, of the subscription that holds the zone' },
    { key: 'tenant', label: 'Tenant', secret: false, required: true, hint: 'its id, or a domain verified in it' },
    { key: 'clientId', label: 'Application (client) id', secret: false, required: true, hint: 'App registrations, Overview' },
    {
      key: 'clientSecret',
      label: 'Client secret',
      secret: true,
      required: true,
      hint: 'App registrations, Certificates & secrets: its value',
    },
    { key: 'cloud', label: 'Cloud', secret: false, required: false, hint: `${Object.keys(CLOUDS).join(', ')}; global without it` },
  ],
  can: {
    automatic: true,
    atomic: 'set',
    compareAndSet: 'native',
    lowestTtlSeconds: 1,
    highestTtlSeconds: 2_147_483_647,
    types: TYPES,
    longestTxtBytes: 1024,
  },
  about: {
    rights: 'The role DNS Zone Contributor for the application, on the zone or its resource group.',
    notes: [
      'Sets change one after the other: autodiscover first, texts next, MX last. What was cut off is finished by running again.',
      'An alias record set is left alone; metadata of a set stays.',
      'Azure takes neither an empty text nor the MX that means "no mail here" (RFC 7505).',
    ],
    tested: 'stand-in',
  },
  open(settings, ctx) {
    const cloud = cloudNamed(optional(settings, 'cloud') || 'global')
    const own = `https://${cloud.managementHost}/`
    const base = serviceBase(settings, own)
    const subscription = required(settings, 'subscription', TITLE)
    if (!/^[0-9A-Za-z-]{1,64}$/.test(subscription)) throw new Failure('bad-input', 'The subscription must be given by its id.')
    const clientSecret = required(settings, 'clientSecret', TITLE)
    const identity = {
      kind: 'secret',
      tenant: required(settings, 'tenant', TITLE),
      clientId: required(settings, 'clientId', TITLE),
      clientSecret: new Secret(clientSecret),
    } as const
    const tokens = azureTokens(identity, { cloud, authority: base.href === own ? null : base.origin, ctx })
    const line: HttpLine = {
      title: TITLE,
      base,
      ctx,
      sign: async () => ({ authorization: `Bearer ${(await tokens.token()).reveal()}` }),
      renew: () => tokens.renew(),
      meaning,
      secrets: [clientSecret],
    }
    return zonesOf(line, subscription)
  },
}

function cloudNamed(name: string): Cloud {
  const found = Object.values(CLOUDS).find((cloud) => cloud.name === name)
  if (found === undefined) throw new Failure('bad-input', `There is no cloud "${name}". Known: ${Object.keys(CLOUDS).join(', ')}.`)
  return found
}

function zonesOf(line: HttpLine, subscription: string): Zones {
  const one = async (zone: ZoneRef, wanted: SetName): Promise<AzureSet | null> => {
    const call = { method: 'GET', path: pathOf(zone, wanted), query: { 'api-version': VERSION } } as const
    const reply = await called(line, call).catch((error: unknown) => {
      if (error instanceof Failure && error.code === 'object-unknown') return null
      throw error
    })
    if (reply === null) return null
    const read = AZURE_SET.safeParse(reply.json)
    if (!read.success) throw new Failure('answer-unreadable', `${TITLE} answered something that cannot be read.`, { notDone: true })
    return read.data
  }
  return {
    async list() {
      const found: ZoneRef[] = []
      for (
        let path: string | null | undefined = `subscriptions/${subscription}/providers/Microsoft.Network/dnsZones?api-version=${VERSION}`;
        path;
      ) {
        const read: z.ZodSafeParseResult<z.infer<typeof ZONES>> = ZONES.safeParse((await called(line, { method: 'GET', path })).json)
        if (!read.success) throw new Failure('answer-unreadable', `${TITLE} answered something that cannot be read.`, { notDone: true })
        for (const { id, name, properties } of read.data.value)
          found.push({ id, name: canonicalName(name), nameServers: (properties?.nameServers ?? []).map(canonicalName) })
        path = read.data.nextLink
      }
      return found
    },
    async read(zone, wanted) {
      const known = wanted.filter(({ type }) => TYPES.includes(type))
      const found = await Promise.all(known.map(async (each) => ({ each, set: await one(zone, each) })))
      return {
        sets: found.flatMap(({ each, set }) => (set === null || isAlias(set) ? [] : (azureRecords(each.name, each.type, set) ?? []))),
        opaque: found.flatMap(({ each, set }) =>
          set !== null && isAlias(set) ? [{ ...each, says: `it is an alias for a resource of Azure` }] : [],
        ),
      }
    },
    async write(zone, swaps) {
      const ordered = swaps.toSorted((a, b) => rank(a) - rank(b))
      for (const { after } of swaps) if (after !== null) mustBeTaken(after)
      const found = await Promise.all(ordered.map(async (swap) => ({ swap, set: await one(zone, swap) })))
      for (const { swap, set } of found)
        if (!sameSet(set === null ? null : azureRecords(swap.name, swap.type, set), swap.before))
          throw changedMeanwhile(swap.name, swap.type)
      for (const [at, { swap, set }] of found.entries()) await put(line, zone, swap, set, at === 0)
    },
    backup: () => Promise.resolve(null),
  }
}

async function put(line: HttpLine, zone: ZoneRef, swap: Swap, set: AzureSet | null, first: boolean): Promise<void> {
  const { after } = swap
  const call = { path: pathOf(zone, swap), query: { 'api-version': VERSION } }
  const guard: Record<string, string> = set === null ? { 'if-none-match': '*' } : { 'if-match': set.etag }
  try {
    if (after === null) {
      if (set !== null) await called(line, { ...call, method: 'DELETE', headers: guard })
    } else await called(line, { ...call, method: 'PUT', headers: guard, body: { properties: azureProperties(after, set) } })
  } catch (error) {
    // Sets before this one are done.
    if (!first && error instanceof Failure && error.notDone) throw new Failure(error.code, error.message, { cause: error })
    throw error
  }
}

/** A CNAME can only come when what stood there is gone, and is made at once after it; MX last, when everything else is ready for it. */
function rank({ type, after }: Swap): number {
  if (type === 'MX') return 4
  if (type === 'TXT') return 3
  return type === 'CNAME' && after !== null ? 1 : after === null ? 0 : 2
}

function mustBeTaken(set: RecordSet): void {
  const none = set.type === 'MX' && set.data.some((one) => one.endsWith(' .'))
  if (none || (set.type === 'TXT' && set.data.includes('')))
    throw new Failure(
      'record-refused',
      `${TITLE} does not take ${none ? 'the MX that means "no mail here"' : 'an empty text'} at ${set.name}.`,
      {
        notDone: true,
      },
    )
}

function pathOf(zone: ZoneRef, { name, type }: SetName): string {
  return `${zone.id.replace(/^\//, '')}/${type}/${encodeURIComponent(relativeName(name, zone.name))}`
}

function meaning({ status, json }: Reply): Meaning | null {
  const nested = ERROR.safeParse(json)
  const plain = PLAIN_ERROR.safeParse(json)
  const error = nested.success ? nested.data.error : plain.success ? plain.data : null
  if (error === null || status >= 500 || status === 429) return null
  const words = `${error.message} (${error.code})`
  if (status === 412 || status === 409) return { code: 'record-changed', says: `Somebody else changed a set at this moment: ${words}` }
  if (status === 404 && error.code === 'NotFound') return { code: 'object-unknown', says: `There is no such set: ${words}` }
  if (status === 401 || status === 403 || status === 404)
    return { code: 'zone-refused', says: `${TITLE} does not let this application do that: ${words}` }
  return { code: 'record-refused', says: `${TITLE} refused the change: ${words}` }
}
