/** Cloudflare's API for DNS, as documented: zones, dns_records, batch in one transaction. */
import { z } from 'zod'
import { jsonIn, startStub, type Answer, type Stub } from './stub-server.ts'
import { Clash, wireText, wordsIn, type StubRecord, type StubZone } from './stub-zone.ts'

export const CLOUDFLARE_TOKEN = 'cf-token-with-rights'
export const CLOUDFLARE_READER = 'cf-token-that-reads'

const RECORD = z.object({
  type: z.string(),
  name: z.string(),
  content: z.string().optional(),
  data: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  priority: z.number().optional(),
  ttl: z.number(),
  proxied: z.boolean().optional(),
  comment: z.string().nullish(),
  tags: z.array(z.string()).optional(),
  settings: z.unknown().optional(),
})
const BATCH = z.object({
  deletes: z.array(z.object({ id: z.string() })).default([]),
  patches: z.array(RECORD.partial().extend({ id: z.string() })).default([]),
  puts: z.array(RECORD.extend({ id: z.string() })).default([]),
  posts: z.array(RECORD).default([]),
})
const DATA_WORDS: Readonly<Record<string, readonly string[]>> = {
  SRV: ['priority', 'weight', 'port', 'target'],
  CAA: ['flags', 'tag', 'value'],
  TLSA: ['usage', 'selector', 'matching_type', 'certificate'],
}

/** The page size is small, so that pages are really turned. */
export function startCloudflare(zone: StubZone): Promise<Stub> {
  const ok = (result: unknown, info?: unknown): Answer => ({
    status: 200,
    json: { success: true, errors: [], messages: [], result, ...(info === undefined ? {} : { result_info: info }) },
  })
  const refuse = (status: number, code: number, message: string): Answer => ({
    status,
    json: { success: false, errors: [{ code, message }], messages: [], result: null },
  })
  const paged = (all: readonly unknown[], query: URLSearchParams): Answer => {
    const [page, size] = [Number(query.get('page') ?? 1), 2]
    return ok(all.slice((page - 1) * size, page * size), {
      page,
      per_page: size,
      total_pages: Math.ceil(all.length / size),
      total_count: all.length,
    })
  }
  return startStub(
    zone,
    ({ method }) => method !== 'GET',
    ({ method, path, query, headers, text }) => {
      const token = headers.authorization
      if (token !== `Bearer ${CLOUDFLARE_TOKEN}` && token !== `Bearer ${CLOUDFLARE_READER}`)
        return refuse(403, 9109, 'Invalid access token')
      if (path === '/client/v4/zones') return paged(zones(zone), query)
      const [, rest] = /^\/client\/v4\/zones\/zone-1\/dns_records(.*)$/.exec(path) ?? []
      if (rest === undefined) return refuse(404, 7003, 'Could not route to that zone')
      if (method === 'GET' && rest === '')
        return paged(
          zone
            .shown()
            .filter(({ name }) => query.get('name') === null || name === query.get('name'))
            .map(told),
          query,
        )
      if (method === 'GET' && rest === '/export')
        return { status: 200, text: zone.records.map((one) => `${one.name}. ${one.ttl} IN ${one.type} ${wireText(one)}`).join('\n') }
      if (method !== 'POST' || rest !== '/batch') return refuse(405, 10405, 'Method not allowed for this authentication scheme')
      if (token === `Bearer ${CLOUDFLARE_READER}`) return refuse(403, 10000, 'Authentication error')
      const batch = BATCH.safeParse(jsonIn(text))
      if (!batch.success) return refuse(400, 9207, 'Request body is invalid.')
      try {
        zone.change(afterBatch(zone, batch.data))
        return ok({})
      } catch (error) {
        if (error instanceof Clash) return refuse(400, 81053, 'An A, AAAA, or CNAME record with that host already exists.')
        if (error instanceof Error) return refuse(400, 81058, error.message)
        throw error
      }
    },
  )
}

function zones({ name }: StubZone): readonly unknown[] {
  return ['other-one.test', 'other-two.test', name, 'other-three.test'].map((one, at) => ({
    id: one === name ? 'zone-1' : `other-${at}`,
    name: one,
    status: 'active',
    name_servers: ['ada.ns.cloudflare.com', 'bob.ns.cloudflare.com'],
  }))
}

/** A patch leaves alone what it does not name. */
function afterBatch(zone: StubZone, { deletes, patches, puts, posts }: z.infer<typeof BATCH>): readonly StubRecord[] {
  let next = [...zone.records]
  const at = (id: string): number => {
    const found = next.findIndex((one) => one.id === id)
    if (found < 0) throw new Error('Record does not exist.')
    return found
  }
  for (const { id } of deletes) next.splice(at(id), 1)
  for (const patch of [...patches, ...puts]) {
    const index = at(patch.id)
    const old = next[index]
    if (old !== undefined) next[index] = { ...made({ ...told(old), ...defined(patch) }), id: old.id }
  }
  for (const post of posts) next = [...next, zone.make(made(post))]
  return next
}

function defined(patch: object): object {
  return Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined))
}

function made(given: unknown): StubRecord {
  const { type, name, content = '', data, priority, ttl, proxied = false, comment = null, tags = [], settings = {} } = RECORD.parse(given)
  if (ttl !== 1 && (ttl < 60 || ttl > 86_400)) throw new Error('DNS Validation Error: ttl')
  if (proxied && !['A', 'AAAA', 'CNAME'].includes(type)) throw new Error('This record type cannot be proxied.')
  const keys = DATA_WORDS[type]
  const words =
    keys !== undefined && data !== undefined
      ? keys.map((key) => (key === 'target' ? `${data[key]}.` : key === 'value' ? `"${data[key]}"` : String(data[key])))
      : type === 'TXT'
        ? wordsIn(type, content)
        : type === 'MX'
          ? [String(priority), `${content}.`]
          : [type === 'CNAME' || type === 'NS' ? `${content}.` : content]
  return { id: '', name: name.toLowerCase(), type, ttl, data: words, more: { proxied, comment, tags, settings } }
}

/** Answers have no last dots, and times of 1 for automatic ones. */
function told({ id, name, type, ttl, data, more }: StubRecord): Readonly<Record<string, unknown>> {
  const bare = data.map((word) => word.replace(/\.$/, ''))
  const keys = DATA_WORDS[type]
  return {
    id,
    name,
    type,
    ttl,
    proxied: false,
    proxiable: ['A', 'AAAA', 'CNAME'].includes(type),
    comment: null,
    tags: [],
    meta: {},
    ...more,
    content: type === 'TXT' ? wireText({ type, data }) : type === 'MX' ? bare[1] : bare.join(' '),
    ...(type === 'MX' ? { priority: Number(data[0]) } : {}),
    ...(keys === undefined
      ? {}
      : {
          data: Object.fromEntries(
            keys.map((key, at) => [
              key,
              key === 'target' || key === 'tag'
                ? bare[at]
                : key === 'value'
                  ? (bare[at] ?? '').replaceAll('"', '')
                  : key === 'certificate'
                    ? bare[at]
                    : Number(bare[at]),
            ]),
          ),
        }),
  }
}
