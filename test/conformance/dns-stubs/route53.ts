/** Route 53's API, as documented: XML, requests signed by Signature Version 4, pages, changes that become INSYNC. */
import { createHash, createHmac } from 'node:crypto'
import { SaxesParser } from 'saxes'
import { startStub, type Answer, type Seen, type Stub } from './stub-server.ts'
import { Clash, StubZone, wireText, wordsIn, type StubRecord } from './stub-zone.ts'

export const ROUTE53_KEY = { id: 'AKIATESTWRITER', secret: 'secret-of-the-writer' }
export const ROUTE53_READER = { id: 'AKIATESTREADER', secret: 'secret-of-the-reader' }
const ZONE_ID = 'Z123'
/** Has the same name, and is asked by nobody. */
const ORPHAN_ID = 'Z999'

export function startRoute53(zone: StubZone): Promise<Stub> {
  const changes = new Map<string, number>()
  return startStub(
    zone,
    ({ method }) => method === 'POST',
    (seen) => {
      const key = [ROUTE53_KEY, ROUTE53_READER].find((one) => signedBy(seen, one))
      if (key === undefined) return refuse(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match.')
      const { method, path, query } = seen
      if (path === '/2013-04-01/hostedzone') return listed(zone, query.get('marker'))
      const [, change] = /^\/2013-04-01\/change\/(\w+)$/.exec(path) ?? []
      if (change !== undefined) {
        const left = (changes.get(change) ?? 0) - 1
        changes.set(change, left)
        return xml(
          200,
          `<GetChangeResponse><ChangeInfo><Id>/change/${change}</Id><Status>${left > 0 ? 'PENDING' : 'INSYNC'}</Status></ChangeInfo></GetChangeResponse>`,
        )
      }
      const [, id] = /^\/2013-04-01\/hostedzone\/(\w+)\/rrset\/?$/.exec(path) ?? []
      if (id === ORPHAN_ID) return sets(new StubZone('empty.test'), query)
      if (id !== ZONE_ID) return refuse(404, 'NoSuchHostedZone', `No hosted zone found with ID: ${id}`)
      if (method === 'GET') return sets(zone, query)
      if (key !== ROUTE53_KEY) return refuse(403, 'AccessDenied', 'User is not authorized to perform: route53:ChangeResourceRecordSets')
      const problem = changed(zone, seen.text)
      if (problem !== null)
        return xml(
          400,
          `<InvalidChangeBatch xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Messages><Message>${problem}</Message></Messages></InvalidChangeBatch>`,
        )
      const made = `C${changes.size + 1}`
      changes.set(made, 3)
      return xml(
        200,
        `<ChangeResourceRecordSetsResponse><ChangeInfo><Id>/change/${made}</Id><Status>PENDING</Status></ChangeInfo></ChangeResourceRecordSetsResponse>`,
      )
    },
  )
}

function xml(status: number, body: string): Answer {
  return { status, text: `<?xml version="1.0"?>\n${body}`, headers: { 'content-type': 'text/xml' } }
}

function refuse(status: number, code: string, message: string): Answer {
  return xml(status, `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`)
}

/** One zone a page; a private one has the same name. */
function listed({ name }: StubZone, marker: string | null): Answer {
  const zones = [
    ['Z001', 'other-one.test', 'false'],
    ['Z002', name, 'true'],
    [ZONE_ID, name, 'false'],
    [ORPHAN_ID, name, 'false'],
  ] as const
  const at = marker === null ? 0 : zones.findIndex(([id]) => id === marker)
  const [id, zone, isPrivate] = zones[at] ?? zones[0]
  const next = zones[at + 1]
  return xml(
    200,
    `<ListHostedZonesResponse><HostedZones><HostedZone><Id>/hostedzone/${id}</Id><Name>${zone}.</Name><Config><PrivateZone>${isPrivate}</PrivateZone></Config></HostedZone></HostedZones>` +
      `<IsTruncated>${next !== undefined}</IsTruncated>${next === undefined ? '' : `<NextMarker>${next[0]}</NextMarker>`}<MaxItems>1</MaxItems></ListHostedZonesResponse>`,
  )
}

/** By reversed labels, two a page. */
function sets(zone: StubZone, query: URLSearchParams): Answer {
  const order = (name: string): string => name.replace(/\.$/, '').split('.').toReversed().join('!')
  const keyOf = ({ name, type }: { name: string; type: string }): string => `${order(name)} ${type}`
  const groups = new Map<string, StubRecord[]>()
  for (const record of zone.shown()) groups.set(keyOf(record), [...(groups.get(keyOf(record)) ?? []), record])
  const from = `${order(query.get('name') ?? '')} ${query.get('type') ?? ''}`
  const rest = [...groups].filter(([key]) => key >= from).sort(([a], [b]) => (a < b ? -1 : 1))
  const next = rest[2]?.[1][0]
  return xml(
    200,
    `<ListResourceRecordSetsResponse><ResourceRecordSets>${rest
      .slice(0, 2)
      .map(([, records]) => setXml(records))
      .join('')}</ResourceRecordSets><IsTruncated>${next !== undefined}</IsTruncated>` +
      `${next === undefined ? '' : `<NextRecordName>${next.name}.</NextRecordName><NextRecordType>${next.type}</NextRecordType>`}<MaxItems>2</MaxItems></ListResourceRecordSetsResponse>`,
  )
}

function setXml(records: readonly StubRecord[]): string {
  const [first] = records
  if (first === undefined) return ''
  const { name, type, ttl, more } = first
  const head = `<ResourceRecordSet><Name>${name.replaceAll('*', '\\052')}.</Name><Type>${type}</Type>`
  if (typeof more['alias'] === 'string')
    return `${head}<AliasTarget><HostedZoneId>Z2</HostedZoneId><DNSName>${more['alias']}</DNSName></AliasTarget></ResourceRecordSet>`
  const weighted = typeof more['weighted'] === 'string' ? `<SetIdentifier>${more['weighted']}</SetIdentifier><Weight>1</Weight>` : ''
  const values = records.map((one) => `<ResourceRecord><Value>${escaped(wireText(one, 8))}</Value></ResourceRecord>`).join('')
  return `${head}${weighted}<TTL>${ttl}</TTL><ResourceRecords>${values}</ResourceRecords></ResourceRecordSet>`
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

type Change = { action: string; name: string; type: string; ttl: number; values: string[] }

/** All or nothing; a deletion must match to the letter. */
function changed(zone: StubZone, text: string): string | null {
  let next = zone.records
  for (const { action, name, type, ttl, values } of changesIn(text)) {
    const there = next.filter((one) => one.name === name && one.type === type)
    const id = `[name='${name}.', type='${type}']`
    if (action === 'DELETE') {
      if (there.length === 0) return `Tried to delete resource record set ${id} but it was not found`
      const same =
        there
          .map((one) => wireText(one, 8))
          .sort()
          .join('\n') === [...values].sort().join('\n') && there.every((one) => one.ttl === ttl)
      if (!same) return `Tried to delete resource record set ${id} but the values provided do not match the current values`
      next = next.filter((one) => !there.includes(one))
    } else if (action === 'CREATE') {
      if (there.length > 0) return `Tried to create resource record set ${id} but it already exists`
      next = [...next, ...values.map((value) => zone.make({ name, type, ttl, data: wordsIn(type, value, 8) }))]
    } else return `Unexpected action ${action}`
  }
  try {
    zone.change(next)
    return null
  } catch (error) {
    if (error instanceof Clash)
      return `RRSet of type CNAME with DNS name ${error.message}. is not permitted as it conflicts with other records`
    throw error
  }
}

function changesIn(text: string): readonly Change[] {
  const changes: Change[] = []
  const parser = new SaxesParser()
  let words = ''
  parser.on('opentag', ({ name }) => {
    words = ''
    if (name === 'Change') changes.push({ action: '', name: '', type: '', ttl: 0, values: [] })
  })
  parser.on('text', (part) => (words += part))
  parser.on('closetag', ({ name }) => {
    const last = changes.at(-1)
    if (last === undefined) return
    if (name === 'Action') last.action = words
    if (name === 'Name') last.name = words.replace(/\.$/, '').toLowerCase()
    if (name === 'Type') last.type = words
    if (name === 'TTL') last.ttl = Number(words)
    if (name === 'Value') last.values.push(words)
  })
  parser.write(text).close()
  return changes
}

/** Signature Version 4, computed anew from what arrived. */
function signedBy({ method, path, query, headers, text }: Seen, { id, secret }: { readonly id: string; readonly secret: string }): boolean {
  const [, credential = '', signed = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]+)$/.exec(headers.authorization ?? '') ?? []
  const [keyId = '', day = '', region = '', service = ''] = credential.split('/')
  if (keyId !== id || region !== 'us-east-1' || service !== 'route53') return false
  const hash = (part: string): string => createHash('sha256').update(part).digest('hex')
  const hmac = (key: string | Buffer, part: string): Buffer => createHmac('sha256', key).update(part).digest()
  const part = (value: string): string =>
    encodeURIComponent(value).replaceAll(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  const parameters = [...query]
    .map(([key, value]) => `${part(key)}=${part(value)}`)
    .sort()
    .join('&')
  const lines = signed.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`)
  const canonical = [method, path, parameters, lines.join(''), signed, hash(text)].join('\n')
  const scope = [day, region, service, 'aws4_request'].join('/')
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(canonical)].join('\n')
  const key = [region, service, 'aws4_request'].reduce<Buffer>((last, step) => hmac(last, step), hmac(`AWS4${secret}`, day))
  return hmac(key, toSign).toString('hex') === signature
}
