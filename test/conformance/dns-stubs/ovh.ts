/** OVH's API, as documented: edits are staged, and its name servers say what was published last. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { startNames } from './stub-names.ts'
import { jsonIn, startStub, type Answer, type Seen, type Stub } from './stub-server.ts'
import { wireText, wordsIn, type StubRecord, type StubZone } from './stub-zone.ts'

export const OVH_KEY = { applicationKey: 'ovh-app', applicationSecret: 'ovh-app-secret', consumerKey: 'ovh-consumer-writer' }
/** Its consumer key may only GET. */
export const OVH_READER = { ...OVH_KEY, consumerKey: 'ovh-consumer-reader' }
/** Far from any clock of ours. */
const NOW_SECONDS = Date.UTC(2031, 4, 5) / 1000
const NATIVE = ['SPF', 'DKIM', 'DMARC']
const BODY = z.object({ fieldType: z.string().optional(), subDomain: z.string(), target: z.string(), ttl: z.number() })
type Edit = (records: readonly StubRecord[]) => readonly StubRecord[]

export async function startOvh(zone: StubZone): Promise<Stub> {
  const names = await startNames(zone.name, () => zone.shown())
  let edits: readonly Edit[] = []
  const edited = (): readonly StubRecord[] => edits.reduce((records, edit) => edit(records), zone.records)
  const answer = (seen: Seen): Answer => {
    if (seen.path === '/1.0/auth/time') return { status: 200, json: NOW_SECONDS }
    const refusal = refused(seen)
    if (refusal !== null) return refusal
    if (seen.path === '/1.0/domain/zone') return { status: 200, json: ['alpha.test', zone.name] }
    const [, name, rest = ''] = /^\/1\.0\/domain\/zone\/([^/]+)(?:\/(.*))?$/.exec(seen.path) ?? []
    if (name !== zone.name) return refuse(404, 'This service does not exist')
    if (rest === '') return { status: 200, json: { nameServers: ['dns101.ovh.net'], dnssecSupported: true } }
    if (rest === 'export')
      return {
        status: 200,
        json: edited()
          .map((one) => `${one.name}. ${one.type} ${wireText(one)}`)
          .join('\n'),
      }
    if (rest === 'refresh' && seen.method === 'POST') {
      zone.change(edited())
      edits = []
      return { status: 200, json: null }
    }
    return recordCall(seen, rest, zone, edited(), (edit) => (edits = [...edits, edit]))
  }
  const stub = await startStub(zone, ({ method }) => method !== 'GET', answer)
  return {
    ...stub,
    names: names.address,
    async [Symbol.asyncDispose]() {
      await names[Symbol.asyncDispose]()
      await stub[Symbol.asyncDispose]()
    },
  }
}

function recordCall(seen: Seen, rest: string, zone: StubZone, records: readonly StubRecord[], stage: (edit: Edit) => void): Answer {
  const { method, query, text } = seen
  const [, digits] = /^record(?:\/(\d+))?$/.exec(rest) ?? []
  const relative = ({ name }: StubRecord): string => (name === zone.name ? '' : name.slice(0, -zone.name.length - 1))
  if (digits === undefined && method === 'GET') {
    const wanted = query.get('subDomain')
    return { status: 200, json: records.filter((one) => wanted === null || relative(one) === wanted).map(idOf) }
  }
  const record = digits === undefined ? null : records.find((one) => idOf(one) === Number(digits))
  if (record === undefined) return refuse(404, `The requested object (id = ${digits}) does not exist`)
  if (method === 'GET' && record !== null) return { status: 200, json: told(record, relative(record), zone.name) }
  if (method === 'DELETE' && record !== null) {
    stage((all) => all.filter((one) => one.id !== record.id))
    return { status: 200, json: null }
  }
  const body = BODY.safeParse(jsonIn(text))
  if (!body.success) return refuse(400, 'Missing or invalid parameter')
  const { fieldType = '', subDomain, target, ttl } = body.data
  const native = record === null ? fieldType : nativeOf(record)
  if (record !== null && fieldType !== '' && fieldType !== native) return refuse(400, 'Try to alter read-only properties: fieldType')
  if (ttl !== 0 && ttl < 60) return refuse(400, 'Invalid ttl: 60 at least')
  if ((native === 'DKIM' || native === 'DMARC') && target.includes('"')) return refuse(400, `Invalid ${native} target: no quotes`)
  if (native === 'SPF' && !target.startsWith('"v=spf1 ')) return refuse(400, 'Invalid SPF target')
  const name = subDomain === '' ? zone.name : `${subDomain}.${zone.name}`
  const type = NATIVE.includes(native) ? 'TXT' : native
  if (type === 'MX' && !/^\d+ \S+\.$/.test(target)) return refuse(400, 'Invalid MX target')
  const data = type === 'TXT' && !target.startsWith('"') ? [target] : wordsIn(type, target)
  const others = records.filter((one) => one.name === name && one !== record)
  if (others.some((one) => (one.type === 'CNAME') !== (type === 'CNAME') || type === 'CNAME'))
    return refuse(400, 'Cannot have a CNAME beside another record')
  const made = zone.make({ name, type, ttl: ttl || 3600, data, more: { ttl, ...(native === type ? {} : { native }) } })
  stage((all) => (record === null ? [...all, made] : all.map((one) => (one.id === record.id ? { ...made, id: record.id } : one))))
  return { status: 200, json: record === null ? told(made, subDomain, zone.name) : null }
}

function idOf({ id }: StubRecord): number {
  return Number(id.slice(1))
}

function nativeOf({ type, more }: StubRecord): string {
  return typeof more['native'] === 'string' ? more['native'] : type
}

function told(record: StubRecord, subDomain: string, zone: string): unknown {
  const fieldType = nativeOf(record)
  const target = fieldType === 'DKIM' || fieldType === 'DMARC' ? record.data.join('') : wireText(record)
  return { id: idOf(record), zone, fieldType, subDomain, target, ttl: record.more['ttl'] ?? record.ttl }
}

function refuse(status: number, message: string, errorCode?: string): Answer {
  return { status, json: { class: 'Client::Error', message, ...(errorCode === undefined ? {} : { errorCode }) } }
}

/** The signature, computed anew from what arrived. */
function refused({ method, path, query, headers, text }: Seen): Answer | null {
  const consumer = String(headers['x-ovh-consumer'] ?? '')
  const time = Number(headers['x-ovh-timestamp'])
  if (headers['x-ovh-application'] !== OVH_KEY.applicationKey) return refuse(403, 'This application key is invalid', 'INVALID_KEY')
  if (![OVH_KEY.consumerKey, OVH_READER.consumerKey].includes(consumer))
    return refuse(403, 'This credential is not valid', 'INVALID_CREDENTIAL')
  // Time passes by sleeping only.
  if (!(time >= NOW_SECONDS && time < NOW_SECONDS + 86_400)) return refuse(400, 'Query out of time', 'QUERY_TIME_OUT')
  const search = query.size === 0 ? '' : `?${query.toString()}`
  const parts = [OVH_KEY.applicationSecret, consumer, method, `http://${headers.host}${path}${search}`, text, String(time)]
  const wanted = `$1$${createHash('sha1').update(parts.join('+')).digest('hex')}`
  if (headers['x-ovh-signature'] !== wanted) return refuse(403, 'Invalid signature', 'INVALID_SIGNATURE')
  if (consumer === OVH_READER.consumerKey && method !== 'GET') return refuse(403, 'This call has not been granted', 'NOT_GRANTED_CALL')
  return null
}
