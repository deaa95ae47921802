import { z } from 'zod'
import { Failure } from '../../model/failure.ts'
import { called, type HttpLine, type Meaning, type Reply } from '../http.ts'
import { fromPresentation, toPresentation } from '../presentation.ts'
import { ANY_TYPE, type DnsProvider, type Opaque, type Zones, type ZoneView } from '../provider.ts'
import { canonicalName, canonicalSet, RECORD_TYPES, type RecordSet } from '../record-set.ts'
import { optional, ownServer, required } from '../settings.ts'
import { mustBeUnchanged } from '../unchanged.ts'

const ZONES = z.array(z.object({ id: z.string(), name: z.string(), kind: z.string() }))
const ZONE = z.object({
  kind: z.string(),
  rrsets: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      ttl: z.number(),
      records: z.array(z.object({ content: z.string(), disabled: z.boolean().optional() })),
      comments: z.array(z.unknown()).optional(),
    }),
  ),
})
const ERROR = z.object({ error: z.string() })
type Wire = z.infer<typeof ZONE>

/** PowerDNS by its HTTP API: one PATCH for all sets, taken as a whole. */
export const powerdns: DnsProvider = {
  name: 'powerdns',
  title: 'PowerDNS',
  nameServers: [],
  settings: [
    { key: 'url', label: 'Address of the API', secret: false, required: true, hint: 'https://ns1.example.org:8081' },
    { key: 'key', label: 'API key', secret: true, required: true, hint: 'api-key in pdns.conf' },
    { key: 'server', label: 'Server', secret: false, required: false, hint: 'localhost, if nothing else was set up' },
  ],
  can: {
    automatic: true,
    atomic: 'zone',
    compareAndSet: 'verified',
    lowestTtlSeconds: 0,
    highestTtlSeconds: 2_147_483_647,
    types: RECORD_TYPES,
    longestTxtBytes: null,
  },
  about: {
    rights: 'The API key of the server (it knows no lesser ones), and this machine in webserver-allow-from.',
    notes: [
      'A plain http address is taken only on this machine: put TLS or a tunnel in front of a server elsewhere.',
      'A zone that is copied from another server (Secondary) is changed there, not here.',
      'Secondaries of the server are told of a change at once; they take it where the zone counts its serial number up (soa_edit_api).',
    ],
    tested: 'real server',
  },
  open(settings, ctx) {
    const key = required(settings, 'key', 'PowerDNS')
    const url = ownServer(required(settings, 'url', 'PowerDNS'), 'PowerDNS', 'https://ns1.example.org:8081')
    const server = optional(settings, 'server') || 'localhost'
    return zonesOf({
      title: 'PowerDNS',
      base: new URL(`/api/v1/servers/${encodeURIComponent(server)}/`, url),
      ctx,
      sign: () => Promise.resolve({ 'x-api-key': key }),
      meaning,
      secrets: [key],
    })
  },
}

function zonesOf(line: HttpLine): Zones {
  const zoneOf = async (id: string): Promise<Wire> => {
    const read = ZONE.safeParse((await called(line, { method: 'GET', path: `zones/${encodeURIComponent(id)}` })).json)
    if (read.success) return read.data
    throw new Failure('answer-unreadable', 'PowerDNS answered something that cannot be read.', { notDone: true })
  }
  return {
    async list() {
      const read = ZONES.safeParse((await called(line, { method: 'GET', path: 'zones' })).json)
      if (!read.success) throw new Failure('answer-unreadable', 'PowerDNS answered something that cannot be read.', { notDone: true })
      return read.data.map(({ id, name }) => ({ id, name: canonicalName(name) }))
    },
    async read(zone, wanted) {
      const view = viewOf(await zoneOf(zone.id))
      return {
        sets: view.sets.filter((set) => wanted.some(({ name, type }) => name === set.name && type === set.type)),
        opaque: view.opaque.filter((one) => wanted.some(({ name }) => name === one.name)),
      }
    },
    async write(zone, swaps) {
      const now = await zoneOf(zone.id)
      if (/^(?:slave|secondary|consumer)$/i.test(now.kind))
        throw new Failure('zone-refused', `${zone.name} is only copied to this PowerDNS from another server: change it there.`, {
          notDone: true,
        })
      mustBeUnchanged(viewOf(now).sets, swaps)
      // Deletions first: a CNAME is looked at beside what is there at that moment.
      const rrsets = [...swaps]
        .toSorted((a, b) => Number(a.after !== null) - Number(b.after !== null))
        .map(({ name, type, after }) =>
          after === null
            ? { name: `${name}.`, type, changetype: 'DELETE' }
            : {
                name: `${name}.`,
                type,
                ttl: after.ttlSeconds,
                changetype: 'REPLACE',
                records: after.data.map((data) => ({ content: toPresentation(type, data), disabled: false })),
              },
        )
      await called(line, { method: 'PATCH', path: `zones/${encodeURIComponent(zone.id)}`, body: { rrsets } })
      if (/^(?:master|primary|producer)$/i.test(now.kind))
        await called(line, { method: 'PUT', path: `zones/${encodeURIComponent(zone.id)}/notify` }).catch((error: unknown) =>
          line.ctx.log.warn('secondaries were not told', { host: line.title, error: String(error) }),
        )
    },
    async backup(zone) {
      return (await called(line, { method: 'GET', path: `zones/${encodeURIComponent(zone.id)}/export`, headers: { accept: 'text/plain' } }))
        .text
    },
  }
}

function viewOf({ rrsets }: Wire): ZoneView {
  const sets: RecordSet[] = []
  const opaque: Opaque[] = []
  for (const { name: owner, type: kind, ttl, records } of rrsets) {
    const name = canonicalName(owner)
    const type = RECORD_TYPES.find((one) => one === kind)
    if (type === undefined) {
      if (kind === 'LUA') opaque.push({ name, type: ANY_TYPE, says: 'a program (LUA) makes the answers' })
      else if (kind === 'ALIAS') opaque.push(...['A', 'AAAA'].map((one) => ({ name, type: one, says: 'an ALIAS makes the answers' })))
      else opaque.push({ name, type: kind, says: 'records of this type are not known to us' })
      continue
    }
    if (records.some(({ disabled }) => disabled === true)) opaque.push({ name, type, says: 'some of its records are switched off' })
    const data = records.filter(({ disabled }) => disabled !== true).map(({ content }) => fromPresentation(type, content))
    if (data.length > 0) sets.push(canonicalSet({ name, type, ttlSeconds: ttl, data }))
  }
  return { sets, opaque }
}

function meaning({ status, json }: Reply): Meaning | null {
  const read = ERROR.safeParse(json)
  if (!read.success || status >= 500 || status === 401 || status === 403) return null
  if (status === 404) return { code: 'zone-refused', says: `PowerDNS knows no such zone: ${read.data.error}.` }
  return { code: 'record-refused', says: `PowerDNS refused the change, and nothing of it was done: ${read.data.error}.` }
}
