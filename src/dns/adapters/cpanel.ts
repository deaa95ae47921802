import { z } from 'zod'
import { Failure } from '../../model/failure.ts'
import { called, hidden, type HttpLine } from '../http.ts'
import { absoluteName, utf8Strings } from '../presentation.ts'
import type { DnsProvider, Opaque, ZoneRef, Zones, ZoneView } from '../provider.ts'
import { canonicalData, canonicalName, canonicalSet, RECORD_TYPES, sameSet, type RecordSet, type RecordType } from '../record-set.ts'
import { ownServer, required } from '../settings.ts'
import { mustBeUnchanged, setFor } from '../unchanged.ts'
import type { Swap } from '../update-message.ts'

const TITLE = 'cPanel'
/** Of one write: the zone may change elsewhere in between, which changes its serial number too. */
const ATTEMPTS = 5

const ANSWER = z.object({ status: z.number(), errors: z.array(z.string()).nullish(), data: z.unknown() })
const LINES = z.array(
  z.object({
    line_index: z.number(),
    type: z.string(),
    record_type: z.string().default(''),
    ttl: z.number().nullish(),
    dname_b64: z.string().default(''),
    data_b64: z.array(z.string()).default([]),
    text_b64: z.string().default(''),
  }),
)
const DOMAINS = z.object({
  main_domain: z.string(),
  addon_domains: z.array(z.string()).default([]),
  parked_domains: z.array(z.string()).default([]),
})

type Line = { readonly index: number; readonly name: string; readonly type: RecordType; readonly ttlSeconds: number; readonly data: string }
type ZoneFile = { readonly serial: string; readonly lines: readonly Line[]; readonly others: readonly Opaque[] }

/** cPanel's UAPI: lines of a zone file, edited all at once where nobody else did. */
export const cpanel: DnsProvider = {
  name: 'cpanel',
  title: TITLE,
  nameServers: [],
  settings: [
    { key: 'url', label: 'Address of cPanel', secret: false, required: true, hint: 'https://cpanel.example.org:2083' },
    { key: 'user', label: 'User', secret: false, required: true, hint: 'the one that signs in to cPanel' },
    { key: 'token', label: 'API token', secret: true, required: true, hint: 'Security, Manage API Tokens' },
  ],
  can: {
    automatic: true,
    atomic: 'zone',
    compareAndSet: 'native',
    lowestTtlSeconds: 1,
    highestTtlSeconds: 2_147_483_647,
    types: ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'SRV', 'CAA'],
    longestTxtBytes: null,
  },
  about: {
    rights: 'An API token of the user that holds the domain, with the feature Zone Editor.',
    notes: [
      'Look first whether the domain is delegated to this server: many only have their website on it, and a zone that nobody asks.',
      'Mail that the server itself sends to the domain stays there until Email Routing is set to "Remote Mail Exchanger".',
      'A change is refused by the serial number of the zone where somebody else was quicker; then it is looked at again.',
    ],
    tested: 'stand-in',
  },
  open(settings, ctx) {
    const [user, token] = [required(settings, 'user', TITLE), required(settings, 'token', TITLE)]
    const given = ownServer(required(settings, 'url', TITLE), TITLE, 'https://cpanel.example.org:2083')
    if (given.protocol === 'https:' && given.port === '') given.port = '2083'
    const line: HttpLine = {
      title: TITLE,
      base: new URL('/execute/', given),
      ctx,
      sign: () => Promise.resolve({ authorization: `cpanel ${user}:${token}` }),
      secrets: [token],
    }
    return zonesOf(line)
  },
}

function zonesOf(line: HttpLine): Zones {
  return {
    async list() {
      const read = DOMAINS.safeParse(await uapi(line, 'DomainInfo/list_domains', {}))
      if (!read.success) throw unreadable()
      const { main_domain: main, addon_domains: addon, parked_domains: parked } = read.data
      return [main, ...addon, ...parked].map((name) => ({ id: name, name: canonicalName(name) }))
    },
    async read(zone, wanted) {
      const view = viewOf(await fileOf(line, zone))
      return {
        sets: view.sets.filter((set) => wanted.some(({ name, type }) => name === set.name && type === set.type)),
        opaque: view.opaque.filter((one) => wanted.some(({ name }) => name === one.name)),
      }
    },
    async write(zone, swaps) {
      for (let attempt = 1; ; attempt++) {
        const file = await fileOf(line, zone)
        const { sets } = viewOf(file)
        // The answer to an earlier attempt may have been lost.
        if (attempt > 1 && swaps.every((swap) => sameSet(setFor(sets, swap), swap.after, 'counts'))) return
        mustBeUnchanged(sets, swaps)
        const edits = swaps.flatMap((swap) => editsOf(swap, file.lines))
        try {
          await uapi(line, 'DNS/mass_edit_zone', {}, [['zone', zone.id], ['serial', file.serial], ...edits])
          return
        } catch (error) {
          if (!(error instanceof Failure) || error.code !== 'record-changed' || !error.notDone || attempt >= ATTEMPTS) throw error
        }
      }
    },
    backup: async (zone) => JSON.stringify(await uapi(line, 'DNS/parse_zone', { zone: zone.id }), null, 2),
  }
}

type Pairs = readonly (readonly [key: string, value: string])[]

/** cPanel says in the answer, not by its status, whether it was done. */
async function uapi(line: HttpLine, path: string, query: Readonly<Record<string, string>>, form: Pairs = []): Promise<unknown> {
  const body = new URLSearchParams(form.map(([key, value]): [string, string] => [key, value])).toString()
  // As a form, since an address has an end where a zone has none.
  const posted = { method: 'POST', path, body, contentType: 'application/x-www-form-urlencoded' } as const
  const reply = await called(line, form.length > 0 ? posted : { method: 'GET', path, query })
  const read = ANSWER.safeParse(reply.json)
  if (!read.success) throw unreadable()
  if (read.data.status === 1) return read.data.data
  const words = hidden((read.data.errors ?? []).join(' '), line)
  if (/serial number/i.test(words))
    throw new Failure('record-changed', `The zone was changed by somebody else at this moment: ${words}`, { notDone: true })
  if (/do(?:es)? not (?:control|have|own)|permission|not allowed|feature/i.test(words))
    throw new Failure('zone-refused', `${TITLE} does not let this token do that: ${words}`, { notDone: true })
  throw new Failure('record-refused', `${TITLE} refused what was asked for: ${words}`, { notDone: true })
}

function unreadable(): Failure {
  return new Failure(
    'answer-unreadable',
    `${TITLE} answered something that cannot be read. Is it the address of cPanel, mostly with port 2083?`,
  )
}

async function fileOf(line: HttpLine, zone: ZoneRef): Promise<ZoneFile> {
  const read = LINES.safeParse(await uapi(line, 'DNS/parse_zone', { zone: zone.id }))
  if (!read.success) throw unreadable()
  const lines: Line[] = []
  const others: Opaque[] = []
  let serial = ''
  let defaultTtl = 14_400
  for (const {
    line_index: index,
    type: kind,
    record_type: recordType,
    ttl,
    dname_b64: owner,
    data_b64: data,
    text_b64: text,
  } of read.data) {
    const [, seconds] = /^\$TTL\s+(\d+)/i.exec(bytesOf(text)) ?? []
    if (kind === 'control' && seconds !== undefined) defaultTtl = Number(seconds)
    if (kind !== 'record') continue
    const name = absoluteName(bytesOf(owner), zone.name)
    const words = data.map(bytesOf)
    if (recordType === 'SOA') serial = words[2] ?? ''
    const type = RECORD_TYPES.find((one) => one === recordType)
    if (type === undefined) others.push({ name, type: recordType, says: 'records of this type are not known to us' })
    else lines.push({ index, name, type, ttlSeconds: ttl ?? defaultTtl, data: dataOf(type, words, zone) })
  }
  if (!/^\d+$/.test(serial))
    throw new Failure('answer-unreadable', `${TITLE} tells no serial number of the zone ${zone.name}.`, { notDone: true })
  return { serial, lines, others }
}

function bytesOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('latin1')
}

/** Names in a zone file without a dot at their end are within the zone. */
function dataOf(type: RecordType, words: readonly string[], zone: ZoneRef): string {
  if (type === 'TXT') return words.join('')
  const last = words.at(-1) ?? ''
  const isName = type === 'MX' || type === 'SRV' || type === 'CNAME' || type === 'NS'
  const target = isName && last !== '.' ? `${absoluteName(last, zone.name)}.` : last
  return canonicalData(type, [...words.slice(0, -1), target].join(' '))
}

function viewOf({ lines, others }: ZoneFile): ZoneView {
  const sets = [...Map.groupBy(lines, ({ name, type }) => `${name} ${type}`).values()].flatMap((group): RecordSet[] => {
    const [first] = group
    if (first === undefined) return []
    const { name, type } = first
    const ttlSeconds = Math.min(...group.map((one) => one.ttlSeconds))
    return [canonicalSet({ name, type, ttlSeconds, data: group.map(({ data }) => data) })]
  })
  return { sets, opaque: others }
}

/** A line that is no longer wanted is edited into one that is; what is left over is added or removed. All in one call. */
function editsOf({ name, type, after }: Swap, lines: readonly Line[]): Pairs {
  const free = lines.filter((line) => line.name === name && line.type === type)
  if (after === null) return free.map(({ index }) => ['remove', String(index)])
  const record = (data: string): Readonly<Record<string, unknown>> => {
    return { dname: `${name}.`, ttl: after.ttlSeconds, record_type: type, data: wireWords(type, data) }
  }
  const edits: (readonly [string, string])[] = []
  const edit = ({ index }: Line, data: string): void => void edits.push(['edit', JSON.stringify({ line_index: index, ...record(data) })])
  const missing: string[] = []
  for (const data of after.data) {
    const at = free.findIndex((line) => line.data === data)
    const [same] = at < 0 ? [] : free.splice(at, 1)
    if (same === undefined) missing.push(data)
    else if (same.ttlSeconds !== after.ttlSeconds) edit(same, data)
  }
  for (const data of missing) {
    const [old] = free.splice(0, 1)
    if (old === undefined) edits.push(['add', JSON.stringify(record(data))])
    else edit(old, data)
  }
  return [...edits, ...free.map(({ index }) => ['remove', String(index)] as const)]
}

function wireWords(type: RecordType, data: string): readonly string[] {
  if (type === 'TXT') return utf8Strings(data)
  const words = data.split(' ')
  if (type === 'CAA') return [words[0] ?? '', words[1] ?? '', words.slice(2).join(' ').replaceAll('"', '')]
  const last = words.at(-1) ?? ''
  const isName = type === 'MX' || type === 'SRV' || type === 'CNAME' || type === 'NS'
  return [...words.slice(0, -1), isName && last !== '.' ? `${last}.` : last]
}
