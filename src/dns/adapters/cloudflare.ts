import { z } from 'zod'
import { Failure } from '../../model/failure.ts'
import { called, type HttpLine, type Meaning, type Reply } from '../http.ts'
import { joinedStrings, utf8Bytes } from '../presentation.ts'
import type { DnsProvider, Opaque, ZoneRef, Zones, ZoneView } from '../provider.ts'
import { canonicalData, canonicalName, canonicalSet, RECORD_TYPES, type RecordSet, type RecordType } from '../record-set.ts'
import { required, serviceBase } from '../settings.ts'
import { mustBeUnchanged } from '../unchanged.ts'
import { AUTOMATIC_SECONDS, batchOf, heldOf, type CloudflareRecord, type Kept } from './cloudflare-batch.ts'

const OWN = 'https://api.cloudflare.com/client/v4/'

const ENVELOPE = z.object({ result: z.array(z.unknown()), result_info: z.object({ total_pages: z.number() }).nullish() })
const ERRORS = z.object({ errors: z.array(z.object({ code: z.number(), message: z.string() })) })
const ZONE = z.object({ id: z.string(), name: z.string(), name_servers: z.array(z.string()).nullish() })
const RECORD = z.object({
  id: z.string(),
  name: z.string(),
  type: z.string(),
  content: z.string().default(''),
  data: z.record(z.string(), z.union([z.string(), z.number()])).nullish(),
  priority: z.number().nullish(),
  ttl: z.number(),
  proxied: z.boolean().nullish(),
  comment: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
  settings: z.record(z.string(), z.unknown()).nullish(),
  meta: z.record(z.string(), z.unknown()).nullish(),
})
type Wire = z.infer<typeof RECORD>

/** Cloudflare. Record by record, several in one batch that its database takes as a whole. */
export const cloudflare: DnsProvider = {
  name: 'cloudflare',
  title: 'Cloudflare',
  nameServers: ['ns.cloudflare.com'],
  settings: [
    { key: 'token', label: 'API token', secret: true, required: true, hint: 'My Profile, API Tokens, Create Token, "Edit zone DNS"' },
  ],
  can: {
    automatic: true,
    atomic: 'zone',
    compareAndSet: 'verified',
    lowestTtlSeconds: 60,
    highestTtlSeconds: 86_400,
    types: RECORD_TYPES,
    longestTxtBytes: 2048,
  },
  about: {
    rights: 'Zone:Read and DNS:Edit, for this one zone.',
    notes: [
      'Records behind the proxy are set to "DNS only" where mail needs that, and put back behind it when the change is taken back; comments and tags stay.',
      'MX and DKIM of Email Routing are managed by Cloudflare: switch Email Routing off in the panel first.',
      'Name servers of Cloudflare take over single records of a batch one by one, within seconds; there is an MX at every moment.',
    ],
    tested: 'stand-in',
  },
  open(settings, ctx) {
    const token = required(settings, 'token', 'Cloudflare')
    return zonesOf({
      title: 'Cloudflare',
      base: serviceBase(settings, OWN),
      ctx,
      sign: () => Promise.resolve({ authorization: `Bearer ${token}` }),
      meaning,
      secrets: [token],
    })
  },
}

function zonesOf(line: HttpLine): Zones {
  const records = async (zone: ZoneRef, names: readonly string[]): Promise<readonly Wire[]> => {
    const found: Wire[] = []
    for (const name of new Set(names)) found.push(...(await pages(line, `zones/${zone.id}/dns_records`, { name }, RECORD)))
    return found
  }
  return {
    async list() {
      const found = await pages(line, 'zones', {}, ZONE)
      return found.map(({ id, name, name_servers: nameServers }) => ({
        id,
        name: canonicalName(name),
        ...(nameServers ? { nameServers: nameServers.map(canonicalName) } : {}),
      }))
    },
    async read(zone, wanted) {
      const view = viewOf(
        await records(
          zone,
          wanted.map(({ name }) => name),
        ),
      )
      return { ...view, sets: view.sets.filter((set) => wanted.some(({ name, type }) => name === set.name && type === set.type)) }
    },
    async write(zone, swaps) {
      const found = await records(
        zone,
        swaps.map(({ name }) => name),
      )
      mustBeUnchanged(viewOf(found).sets, swaps)
      const body = batchOf(
        swaps,
        found.flatMap((one) => recordOf(one) ?? []),
      )
      await called(line, { method: 'POST', path: `zones/${zone.id}/dns_records/batch`, body })
    },
    async backup(zone) {
      return (await called(line, { method: 'GET', path: `zones/${zone.id}/dns_records/export` })).text
    },
  }
}

async function pages<T>(line: HttpLine, path: string, query: Readonly<Record<string, string>>, shape: z.ZodType<T>): Promise<readonly T[]> {
  const all: T[] = []
  for (let page = 1; ; page++) {
    const reply = await called(line, { method: 'GET', path, query: { ...query, per_page: '100', page: String(page) } })
    const read = ENVELOPE.safeParse(reply.json)
    const rows = z.array(shape).safeParse(read.data?.result)
    if (!read.success || !rows.success)
      throw new Failure('answer-unreadable', 'Cloudflare answered something that cannot be read.', { notDone: true })
    all.push(...rows.data)
    if (page >= (read.data.result_info?.total_pages ?? 1)) return all
  }
}

function viewOf(records: readonly Wire[]): ZoneView {
  const sets = new Map<string, RecordSet>()
  const opaque: Opaque[] = []
  for (const wire of records) {
    const name = canonicalName(wire.name)
    if (wire.meta?.['email_routing'] === true || wire.meta?.['read_only'] === true) {
      const says = 'Cloudflare manages it itself (Email Routing): switch that off in the panel first'
      opaque.push({ name, type: wire.type, says })
    }
    const record = recordOf(wire)
    if (record === null) {
      opaque.push({ name, type: wire.type, says: 'records of this type are not known to us' })
      continue
    }
    const key = `${name} ${record.type}`
    const same = sets.get(key)
    const ttlSeconds = Math.min(record.ttl === 1 ? AUTOMATIC_SECONDS : record.ttl, same?.ttlSeconds ?? Infinity)
    const proxied = record.proxied || same?.proxied === true
    const held: readonly Kept[] = [...heldOf(same), record.kept]
    sets.set(key, {
      ...canonicalSet({ name, type: record.type, ttlSeconds, data: [...(same?.data ?? []), record.data] }),
      ...(proxied ? { proxied: true as const } : {}),
      held: JSON.stringify(held),
    })
  }
  return { sets: [...sets.values()], opaque }
}

function recordOf(wire: Wire): (CloudflareRecord & { readonly kept: Kept }) | null {
  const type = RECORD_TYPES.find((one) => one === wire.type)
  if (type === undefined) return null
  const { id, ttl, comment, tags, settings } = wire
  const proxied = wire.proxied === true
  const data = dataOf(type, wire)
  const kept = {
    data,
    ttl,
    proxied,
    ...(comment ? { comment } : {}),
    ...(tags && tags.length > 0 ? { tags } : {}),
    ...(settings && Object.keys(settings).length > 0 ? { settings } : {}),
  }
  return { id, name: canonicalName(wire.name), type, data, ttl, proxied, kept }
}

function dataOf(type: RecordType, { content, data, priority }: Wire): string {
  // Old records come without quotes, and are meant as they stand.
  if (type === 'TXT') return /^".*"$/s.test(content) ? joinedStrings(content) : utf8Bytes(content)
  if (type === 'MX') return canonicalData('MX', `${priority ?? 0} ${content || '.'}`)
  if (type === 'SRV' && data) return canonicalData('SRV', [data['priority'], data['weight'], data['port'], data['target'] || '.'].join(' '))
  if (type === 'CAA' && data) return canonicalData('CAA', `${data['flags']} ${data['tag']} "${data['value']}"`)
  if (type === 'TLSA' && data)
    return canonicalData('TLSA', [data['usage'], data['selector'], data['matching_type'], data['certificate']].join(' '))
  return canonicalData(type, content)
}

function meaning(reply: Reply): Meaning | null {
  const read = ERRORS.safeParse(reply.json)
  const [first] = read.success ? read.data.errors : []
  if (first === undefined || reply.status >= 500 || reply.status === 429) return null
  const words = `${first.message} (${first.code})`
  if (reply.status === 401 || reply.status === 403 || first.code === 10_000 || first.code === 9109 || first.code === 6003)
    return { code: 'zone-refused', says: `Cloudflare does not let this token do that: ${words}.` }
  if (reply.status === 404) return { code: 'zone-refused', says: `Cloudflare knows no such zone, or hides it from this token: ${words}.` }
  return { code: 'record-refused', says: `Cloudflare refused the change: ${words}.` }
}
