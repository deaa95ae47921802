/** Azure DNS's API, as documented, with the sign-in of Entra: record sets with etags, nothing across sets. */
import { jsonIn, startStub, type Answer, type Stub } from './stub-server.ts'
import { Clash, type StubRecord, type StubZone } from './stub-zone.ts'

export const AZURE_APP = {
  subscription: '00000000-1111-2222-3333-444444444444',
  tenant: 'contoso.test',
  clientSecret: 'azure-client-secret',
}
const GROUP = `/subscriptions/${AZURE_APP.subscription}/resourceGroups/mail/providers/Microsoft.Network/dnszones`
const LISTS: Readonly<Record<string, readonly [list: string, words: readonly string[]]>> = {
  A: ['ARecords', ['ipv4Address']],
  AAAA: ['AAAARecords', ['ipv6Address']],
  MX: ['MXRecords', ['preference', 'exchange']],
  NS: ['NSRecords', ['nsdname']],
  SRV: ['SRVRecords', ['priority', 'weight', 'port', 'target']],
  CAA: ['caaRecords', ['flags', 'tag', 'value']],
}
const NUMBERS = new Set(['preference', 'priority', 'weight', 'port', 'flags'])

export function startAzure(zone: StubZone): Promise<Stub> {
  let url = ''
  const etags = new Map<string, string>()
  let versions = 0
  const etagOf = (key: string, there: readonly StubRecord[]): string => {
    const state = JSON.stringify(there.map(({ ttl, data }) => [ttl, data]))
    const last = etags.get(key)
    if (last?.startsWith(`${state} `) === true) return last.slice(state.length + 1)
    const made = `etag-${++versions}`
    etags.set(key, `${state} ${made}`)
    return made
  }
  const started = startStub(
    zone,
    ({ method }) => method === 'PUT' || method === 'DELETE',
    ({ method, path, query, headers, text }) => {
      if (path === `/${AZURE_APP.tenant}/oauth2/v2.0/token`) return token(new URLSearchParams(text))
      const who = /^Bearer azure-(writer|reader)$/.exec(headers.authorization ?? '')?.[1]
      if (who === undefined) return refuse(401, 'InvalidAuthenticationToken', 'The access token is invalid.')
      if (query.get('api-version') !== '2018-05-01')
        return refuse(400, 'MissingApiVersionParameter', 'The api-version query parameter is required.')
      if (path === `/subscriptions/${AZURE_APP.subscription}/providers/Microsoft.Network/dnsZones`)
        return listed(zone, url, query.get('page'))
      const [, type = '', relative = ''] = new RegExp(`^${GROUP}/${zone.name}/([A-Z]+)/([^/]+)$`).exec(decodeURIComponent(path)) ?? []
      if (type === '') return refuse(404, 'ResourceNotFound', 'The Resource under resource group mail was not found.')
      const name = relative === '@' ? zone.name : `${relative}.${zone.name}`
      const inSet = (one: StubRecord): boolean => one.name === name && one.type === type
      if (method === 'GET') {
        const there = zone.shown().filter(inSet)
        if (there.length === 0)
          return refuse(404, 'NotFound', `The resource record '${relative}' does not exist in resource group 'mail' of subscription.`)
        return { status: 200, json: told(there, `${GROUP}/${zone.name}/${type}/${relative}`, etagOf(`${name} ${type}`, there)) }
      }
      if (who === 'reader') return refuse(403, 'AuthorizationFailed', 'The client does not have authorization to perform action.')
      const there = zone.records.filter(inSet)
      const etag = etagOf(`${name} ${type}`, there)
      const guard = headers['if-match']
      if ((guard !== undefined && (there.length === 0 || guard !== etag)) || (headers['if-none-match'] === '*' && there.length > 0))
        return refuse(412, 'PreconditionFailed', 'The condition is not satisfied.')
      try {
        const made = method === 'DELETE' ? [] : recordsIn(name, type, jsonIn(text))
        if (typeof made === 'string') return refuse(400, 'BadRequest', made)
        zone.change([...zone.without(name, type), ...made.map((one) => zone.make(one))])
        return { status: method === 'DELETE' || there.length > 0 ? 200 : 201, json: {} }
      } catch (error) {
        if (error instanceof Clash)
          return refuse(400, 'BadRequest', 'A record set with name already exists and cannot coexist with a CNAME.')
        throw error
      }
    },
  )
  return started.then((stub) => {
    url = stub.url
    return stub
  })
}

function refuse(status: number, code: string, message: string): Answer {
  return { status, json: code === 'NotFound' || code === 'PreconditionFailed' ? { code, message } : { error: { code, message } } }
}

function token(form: URLSearchParams): Answer {
  const right =
    form.get('client_secret') === AZURE_APP.clientSecret && form.get('scope')?.startsWith('https://management.azure.com/.default') === true
  if (!right)
    return {
      status: 401,
      json: { error: 'invalid_client', error_description: 'AADSTS7000215: Invalid client secret provided.', error_codes: [7000215] },
    }
  return {
    status: 200,
    json: { token_type: 'Bearer', expires_in: 3599, ext_expires_in: 3599, access_token: `azure-${form.get('client_id')}` },
  }
}

/** One zone a page. */
function listed({ name }: StubZone, url: string, page: string | null): Answer {
  const zones = ['other.test', name]
  const at = Number(page ?? 0)
  const path = `/subscriptions/${AZURE_APP.subscription}/providers/Microsoft.Network/dnsZones`
  return {
    status: 200,
    json: {
      value: zones
        .slice(at, at + 1)
        .map((one) => ({ id: `${GROUP}/${one}`, name: one, properties: { nameServers: ['ns1-01.azure-dns.com.'] } })),
      ...(at + 1 < zones.length ? { nextLink: `${url}${path}?api-version=2018-05-01&page=${at + 1}` } : {}),
    },
  }
}

function told(there: readonly StubRecord[], id: string, etag: string): unknown {
  const { type = '', ttl = 0, more = {} } = there[0] ?? {}
  const [list = '', words = []] = LISTS[type] ?? []
  const each = there.map(({ data }) =>
    Object.fromEntries(words.map((word, at) => [word, NUMBERS.has(word) ? Number(data[at]) : (data[at] ?? '').replaceAll('"', '')])),
  )
  const utf8 = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')
  const records =
    type === 'CNAME'
      ? { CNAMERecord: { cname: there[0]?.data[0] } }
      : type === 'TXT'
        ? { TXTRecords: there.map(({ data }) => ({ value: data.map(utf8) })) }
        : { [list]: each }
  return { id, etag, type: `Microsoft.Network/dnszones/${type}`, properties: { TTL: ttl, targetResource: {}, ...more, ...records } }
}

function recordsIn(name: string, type: string, body: unknown): readonly Omit<StubRecord, 'id'>[] | string {
  const properties: Readonly<Record<string, unknown>> = fieldsOf(fieldsOf(body)['properties'])
  const { TTL, metadata } = properties
  const ttl = Number(TTL)
  if (!(ttl >= 1)) return 'The TTL must be at least 1.'
  const [list = '', words = []] = LISTS[type] ?? []
  const many = (key: string): readonly Readonly<Record<string, unknown>>[] => {
    const found = properties[key]
    return Array.isArray(found) ? found.map(fieldsOf) : []
  }
  const dotted = (word: string, value: string): string =>
    ['exchange', 'nsdname', 'target'].includes(word) ? `${value.replace(/\.$/, '')}.` : value
  const rows =
    type === 'CNAME'
      ? [[`${String(fieldsOf(properties['CNAMERecord'])['cname'])}.`]]
      : type === 'TXT'
        ? many('TXTRecords').map(({ value }) =>
            Array.isArray(value) ? value.map((one) => Buffer.from(String(one)).toString('latin1')) : [],
          )
        : many(list).map((one) => words.map((word) => (word === 'value' ? `"${String(one[word])}"` : dotted(word, String(one[word])))))
  if (rows.length === 0) return 'The record set has no records.'
  if (type === 'TXT' && rows.some((row) => row.join('') === '' || row.some((string) => string.length > 255)))
    return 'The TXT value is empty or too long.'
  if (type === 'MX' && rows.some((row) => row[1] === '.')) return 'The MX exchange is not valid.'
  return rows.map((data) => ({ name, type, ttl, data, more: metadata === undefined ? {} : { metadata } }))
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
