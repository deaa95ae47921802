/** cPanel's UAPI for DNS, as documented: lines of a zone file in base64, one edit of many lines, a serial number as the lock. */
import { startStub, type Answer, type Stub } from './stub-server.ts'
import { Clash, type StubRecord, type StubZone } from './stub-zone.ts'

export const CPANEL_USER = { user: 'shop', token: 'CPANELTOKEN' }
/** Of a user without this zone. */
export const CPANEL_OTHER = { user: 'other', token: 'OTHERTOKEN' }
/** SOA, NS and the line with the default time come first. */
const FIRST_LINE = 10

export function startCpanel(zone: StubZone): Promise<Stub> {
  return startStub(
    zone,
    ({ path }) => path.endsWith('/mass_edit_zone'),
    ({ path, query, headers, text }) => {
      const own = headers.authorization === `cpanel ${CPANEL_USER.user}:${CPANEL_USER.token}`
      if (!own && headers.authorization !== `cpanel ${CPANEL_OTHER.user}:${CPANEL_OTHER.token}`)
        return { status: 401, text: 'Access denied' }
      if (path === '/execute/DomainInfo/list_domains')
        return ok({ main_domain: 'shop.test', addon_domains: [zone.name], parked_domains: [], sub_domains: ['blog.shop.test'] })
      const form = new URLSearchParams(text)
      if ((query.get('zone') ?? form.get('zone')) !== zone.name) return failed('You do not control a DNS zone named x.')
      if (path === '/execute/DNS/parse_zone') return ok(lines(zone))
      if (path !== '/execute/DNS/mass_edit_zone') return { status: 404, text: '' }
      if (!own) return failed(`You do not control a DNS zone named ${zone.name}.`)
      if (form.get('serial') !== String(zone.serial))
        return failed(
          `The given serial number (${form.get('serial')}) does not match the DNS zone’s serial number (${zone.serial}). Refresh your view of the DNS zone, and then resubmit.`,
        )
      return edited(zone, form)
    },
  )
}

function ok(data: unknown): Answer {
  return { status: 200, json: { metadata: {}, messages: null, warnings: null, errors: null, status: 1, data } }
}

function failed(error: string): Answer {
  return { status: 200, json: { metadata: {}, messages: null, warnings: null, errors: [error], status: 0, data: null } }
}

function b64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64')
}

/** Names within the zone come as they were written: relative here, absolute for the zone itself. */
function lines(zone: StubZone): readonly unknown[] {
  const owner = (name: string): string => (name === zone.name ? `${name}.` : name.slice(0, -zone.name.length - 1))
  return [
    { line_index: 0, type: 'control', text_b64: b64('$TTL 14400') },
    {
      line_index: 1,
      type: 'record',
      record_type: 'SOA',
      ttl: 86_400,
      dname_b64: b64(`${zone.name}.`),
      data_b64: ['ns1.host.test.', 'root.host.test.', String(zone.serial), '3600', '1800', '1209600', '86400'].map(b64),
    },
    { line_index: 2, type: 'record', record_type: 'NS', ttl: 86_400, dname_b64: b64(`${zone.name}.`), data_b64: [b64('ns1.host.test.')] },
    ...zone.shown().map(({ name, type, ttl, data }, at) => ({
      line_index: FIRST_LINE + at,
      type: 'record',
      record_type: type,
      ttl,
      dname_b64: b64(owner(name)),
      data_b64: data.map(b64),
    })),
  ]
}

function edited(zone: StubZone, form: URLSearchParams): Answer {
  const next: (StubRecord | null)[] = [...zone.records]
  for (const text of form.getAll('edit')) {
    const given: unknown = JSON.parse(text)
    const at = typeof given === 'object' && given !== null && 'line_index' in given ? Number(given.line_index) - FIRST_LINE : -1
    if (next[at] === undefined || next[at] === null) return failed('The line does not exist.')
    next[at] = recordIn(zone, given)
  }
  for (const index of form.getAll('remove')) {
    if (next[Number(index) - FIRST_LINE] === undefined) return failed('The line does not exist.')
    next[Number(index) - FIRST_LINE] = null
  }
  next.push(...form.getAll('add').map((text) => recordIn(zone, JSON.parse(text))))
  try {
    zone.change(next.filter((one) => one !== null))
    return ok({ new_serial: String(zone.serial) })
  } catch (error) {
    if (error instanceof Clash) return failed(`${error.message}: CNAME and other data`)
    throw error
  }
}

function recordIn(zone: StubZone, given: unknown): StubRecord {
  if (typeof given !== 'object' || given === null || !('dname' in given) || !('record_type' in given) || !('data' in given))
    throw new Error('no record')
  const { dname, record_type: type, data } = given
  const strings = Array.isArray(data) ? data.map(String) : []
  const ttl = 'ttl' in given ? Number(given.ttl) : 14_400
  const words = strings.map((one) => (type === 'TXT' ? Buffer.from(one).toString('latin1') : one))
  if (words.some((word) => word.length > 255)) throw new Error('a string is too long')
  return zone.make({ name: String(dname).replace(/\.$/, '').toLowerCase(), type: String(type), ttl, data: words })
}
