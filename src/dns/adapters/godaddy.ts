import { z } from 'zod'
import { Failure } from '../../model/failure.ts'
import { called, type HttpLine, type Meaning, type Reply } from '../http.ts'
import { absoluteName, relativeName, utf8Bytes, utf8Text } from '../presentation.ts'
import type { DnsProvider, Opaque, ZoneRef, Zones, ZoneView } from '../provider.ts'
import { canonicalData, canonicalName, canonicalSet, RECORD_TYPES, type RecordSet, type RecordType } from '../record-set.ts'
import { required, serviceBase } from '../settings.ts'
import { mustBeUnchanged } from '../unchanged.ts'
import type { Swap } from '../update-message.ts'

const TITLE = 'GoDaddy'
const OWN = 'https://api.godaddy.com/v1/'
const PAGE = 500
/** SRV is split over fields whose names nobody documents alike: by hand. */
const TYPES: readonly RecordType[] = ['A', 'AAAA', 'CNAME', 'MX', 'TXT']
/** How often what must come after a deletion is tried, where GoDaddy does not know of the deletion yet. */
const AFTER_DELETION = 5

const DOMAINS = z.array(z.object({ domain: z.string(), status: z.string().optional(), nameServers: z.array(z.string()).nullish() }))
const RECORDS = z.array(
  z.object({ type: z.string(), name: z.string(), data: z.string(), ttl: z.number().default(3600), priority: z.number().optional() }),
)
const ERROR = z.object({ code: z.string().default(''), message: z.string().default('') })
type Wire = z.infer<typeof RECORDS>[number]

/** GoDaddy: set by set. Its calls that replace a whole type or a whole zone are never used. */
export const godaddy: DnsProvider = {
  name: 'godaddy',
  title: TITLE,
  nameServers: ['domaincontrol.com'],
  settings: [
    { key: 'key', label: 'API key', secret: false, required: true, hint: 'developer.godaddy.com/keys, of the kind Production' },
    { key: 'secret', label: 'API secret', secret: true, required: true, hint: 'shown once, when the key is made' },
  ],
  can: {
    automatic: true,
    atomic: 'set',
    compareAndSet: 'verified',
    lowestTtlSeconds: 600,
    highestTtlSeconds: 604_800,
    types: TYPES,
    longestTxtBytes: 1024,
  },
  about: {
    rights: 'A key of the kind Production, of the account that holds the domain. GoDaddy knows no lesser rights.',
    notes: [
      'GoDaddy gives its API only to accounts with ten domains or more, or with its Discount Domain Club: others are refused with ACCESS_DENIED, and use `manual`.',
      'No time to live is below 600 seconds: ten minutes is the shortest way back.',
      'Sets change one after the other, MX last. What was cut off is finished by running again.',
      'SRV records are changed by hand.',
    ],
    tested: 'stand-in',
  },
  open(settings, ctx) {
    const [key, secret] = [required(settings, 'key', TITLE), required(settings, 'secret', TITLE)]
    const line: HttpLine = {
      title: TITLE,
      base: serviceBase(settings, OWN),
      ctx,
      sign: () => Promise.resolve({ authorization: `sso-key ${key}:${secret}` }),
      meaning,
      secrets: [key, secret],
    }
    return zonesOf(line)
  },
}

function zonesOf(line: HttpLine): Zones {
  return {
    async list() {
      const found: ZoneRef[] = []
      for (let marker = ''; ;) {
        const query = { statuses: 'ACTIVE', includes: 'nameServers', limit: String(PAGE), ...(marker === '' ? {} : { marker }) }
        const page = DOMAINS.safeParse((await called(line, { method: 'GET', path: 'domains', query })).json)
        if (!page.success) throw unreadable()
        for (const { domain, nameServers } of page.data)
          found.push({ id: domain, name: canonicalName(domain), ...(nameServers ? { nameServers: nameServers.map(canonicalName) } : {}) })
        const last = page.data.at(-1)?.domain ?? ''
        if (page.data.length === 0 || last === marker) return found
        marker = last
      }
    },
    async read(zone, wanted) {
      const view = viewOf(zone, await recordsOf(line, zone))
      return {
        sets: view.sets.filter((set) => wanted.some(({ name, type }) => name === set.name && type === set.type)),
        opaque: view.opaque.filter((one) => wanted.some(({ name }) => name === one.name)),
      }
    },
    async write(zone, swaps) {
      mustBeUnchanged(viewOf(zone, await recordsOf(line, zone)).sets, swaps)
      const deleted = new Set(swaps.flatMap(({ name, after }) => (after === null ? [name] : [])))
      for (const [at, swap] of swaps.toSorted((a, b) => rank(a) - rank(b)).entries()) {
        try {
          await put(line, zone, swap, deleted.has(swap.name) ? AFTER_DELETION : 1)
        } catch (error) {
          // Sets before this one are done.
          if (at > 0 && error instanceof Failure && error.notDone) throw new Failure(error.code, error.message, { cause: error })
          throw error
        }
      }
    },
    backup: async (zone) => JSON.stringify(await recordsOf(line, zone), null, 2),
  }
}

/** `attempts`: what comes after a deletion of the same name is tried again, as a gap there costs less than giving up. */
async function put(line: HttpLine, zone: ZoneRef, { name, type, before, after }: Swap, attempts: number): Promise<void> {
  const path = setPath(zone, type, name)
  if (after === null) {
    if (before !== null) await called(line, { method: 'DELETE', path })
    return
  }
  for (let attempt = 1; ; attempt++) {
    try {
      await called(line, { method: 'PUT', path, body: after.data.map((data) => wireOf(after, data)) })
      return
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'record-refused' || attempt >= attempts) throw error
      await line.ctx.clock.sleep(1000 * 2 ** attempt, line.ctx.signal)
    }
  }
}

/** The one way to an address that changes something: always of one set. Without a name it would be every name of the type, without a type the zone. */
function setPath(zone: ZoneRef, type: RecordType, name: string): string {
  const relative = relativeName(name, zone.name)
  if (relative === '' || relative.includes('/') || !TYPES.includes(type))
    throw new Failure('bad-input', `${name} ${type} is no set that can be changed at ${TITLE}.`, { notDone: true })
  return `domains/${encodeURIComponent(zone.id)}/records/${type}/${encodeURIComponent(relative)}`
}

async function recordsOf(line: HttpLine, zone: ZoneRef): Promise<readonly Wire[]> {
  const found: Wire[] = []
  for (;;) {
    const query = { limit: String(PAGE), offset: String(found.length) }
    const page = RECORDS.safeParse(
      (await called(line, { method: 'GET', path: `domains/${encodeURIComponent(zone.id)}/records`, query })).json,
    )
    if (!page.success) throw unreadable()
    found.push(...page.data)
    if (page.data.length === 0) return found
  }
}

function unreadable(): Failure {
  return new Failure('answer-unreadable', `${TITLE} answered something that cannot be read.`, { notDone: true })
}

/** A CNAME can only come when what stood there is gone, and is made at once after it; MX last, when everything else is ready for it. */
function rank({ type, after }: Swap): number {
  if (type === 'MX') return 4
  if (type === 'TXT') return 3
  return type === 'CNAME' && after !== null ? 1 : after === null ? 0 : 2
}

function viewOf(zone: ZoneRef, records: readonly Wire[]): ZoneView {
  const sets = new Map<string, RecordSet>()
  const opaque: Opaque[] = []
  for (const { type: kind, name: owner, data, ttl, priority } of records) {
    const name = absoluteName(owner, zone.name)
    const type = RECORD_TYPES.find((one) => one === kind)
    if (type === 'A' && !/^[\d.]+$/.test(data)) {
      opaque.push({ name, type, says: `${TITLE} answers it with a page of its own (${data})` })
      continue
    }
    if (type === undefined || !TYPES.includes(type)) {
      opaque.push({ name, type: kind, says: `records of this type are changed by hand at ${TITLE}` })
      continue
    }
    const key = `${name} ${type}`
    const same = sets.get(key)
    const ttlSeconds = Math.min(ttl, same?.ttlSeconds ?? Infinity)
    sets.set(key, canonicalSet({ name, type, ttlSeconds, data: [...(same?.data ?? []), dataOf(type, data, priority ?? 0, name, zone)] }))
  }
  return { sets: [...sets.values()], opaque }
}

function dataOf(type: RecordType, data: string, priority: number, name: string, zone: ZoneRef): string {
  if (type === 'TXT') return utf8Bytes(data)
  // What points to the zone itself.
  const target = data === '@' ? zone.name : data
  try {
    return canonicalData(type, type === 'MX' ? `${priority} ${target}` : target)
  } catch (cause) {
    throw new Failure('answer-unreadable', `${TITLE} has a record at ${name} (${type}) that cannot be read.`, { cause, notDone: true })
  }
}

function wireOf({ type, ttlSeconds }: RecordSet, data: string): Readonly<Record<string, unknown>> {
  if (type === 'TXT') return { data: utf8Text(data), ttl: ttlSeconds }
  if (type !== 'MX') return { data, ttl: ttlSeconds }
  const [priority, exchange] = data.split(' ')
  return { data: exchange, priority: Number(priority), ttl: ttlSeconds }
}

function meaning({ status, json }: Reply): Meaning | null {
  const read = ERROR.safeParse(json)
  if (!read.success || status >= 500 || status === 429) return null
  const { code, message } = read.data
  if (status === 403 && code === 'ACCESS_DENIED')
    return {
      code: 'zone-refused',
      says: `${TITLE} does not give its API to this account (ACCESS_DENIED): the key may be right and the account too small. Use the provider "manual" instead: it shows what to change in the panel and waits until it is seen.`,
    }
  if (status === 401 || status === 403 || status === 404)
    return { code: 'zone-refused', says: `${TITLE} does not let this key do that: ${message} (${code}).` }
  return { code: 'record-refused', says: `${TITLE} refused the change: ${message} (${code}).` }
}
