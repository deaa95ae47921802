/** Namecheap's API, as documented: XML, the whole zone or nothing, and what is not sent is deleted. */
import { startNames } from './stub-names.ts'
import { startStub, type Answer, type Stub } from './stub-server.ts'
import { Clash, type StubRecord, type StubZone } from './stub-zone.ts'

export const NAMECHEAP_USER = { user: 'nc-user', key: 'nc-key-of-the-account', clientIp: '192.0.2.7' }
/** Of an account that is too small. */
export const NAMECHEAP_SMALL = { ...NAMECHEAP_USER, key: 'nc-key-of-a-small-account' }
/** Where each of these is answered from. */
const REDIRECTS = '192.0.2.200'
const FORWARDER = 'eforward1.registrar-servers.com.'

export type NamecheapAccount = {
  emailType: string
  /** Of records whose `more.hidden` is set nothing is listed, and they do not survive a write. Called at each question of DNS. */
  onQuestion: () => void
  /** What becomes of what was sent. */
  onWrite: (records: readonly StubRecord[]) => readonly StubRecord[]
}

export const ordinaryAccount = (): NamecheapAccount => ({ emailType: 'MX', onQuestion: () => {}, onWrite: (records) => records })

export async function startNamecheap(zone: StubZone, account = ordinaryAccount()): Promise<Stub> {
  const names = await startNames(zone.name, () => {
    account.onQuestion()
    const forwarded = account.emailType === 'FWD' ? [zone.make({ name: zone.name, type: 'MX', ttl: 1800, data: ['10', FORWARDER] })] : []
    const redirects = ['URL', 'URL301', 'FRAME']
    const served = zone.records.map((one): StubRecord => (redirects.includes(one.type) ? { ...one, type: 'A', data: [REDIRECTS] } : one))
    return [...served, ...forwarded]
  })
  const stub = await startStub(
    zone,
    ({ text }) => /Command=namecheap\.domains\.dns\.setHosts/i.test(text),
    ({ path, method, text }) => {
      const form = new URLSearchParams(text)
      if (path !== '/xml.response' || method !== 'POST') return { status: 404, text: 'not here' }
      if (form.get('ClientIp') !== NAMECHEAP_USER.clientIp) return error('1011150', `Invalid request IP: ${form.get('ClientIp')}`)
      const isUser = form.get('ApiUser') === NAMECHEAP_USER.user && form.get('UserName') === NAMECHEAP_USER.user
      if (!isUser || form.get('ApiKey') !== NAMECHEAP_USER.key)
        return error('1011102', 'API Key is invalid or API access has not been enabled')
      const command = (form.get('Command') ?? '').replace('namecheap.', '')
      if (command === 'domains.getList') return ok(command, domains(zone, form))
      if (`${form.get('SLD')}.${form.get('TLD')}` !== zone.name) return error('2019166', 'Domain not found')
      if (command === 'domains.dns.getHosts') return ok(command, hosts(zone, account))
      if (command === 'domains.dns.setHosts') return setHosts(zone, account, form)
      return error('2', 'Unknown command')
    },
  )
  return {
    ...stub,
    names: names.address,
    async [Symbol.asyncDispose]() {
      await names[Symbol.asyncDispose]()
      await stub[Symbol.asyncDispose]()
    },
  }
}

/** Two a page. */
function domains({ name }: StubZone, form: URLSearchParams): string {
  const all = ['alpha.test', 'beta.test', name]
  const from = (Number(form.get('Page') ?? 1) - 1) * 2
  const page = all.slice(from, from + 2)
  const each = page.map((one) => `<Domain ID="1" Name="${one}" User="nc-user" IsExpired="false" IsOurDNS="${one !== 'beta.test'}" />`)
  return `<DomainGetListResult>${each.join('')}</DomainGetListResult><Paging><TotalItems>3</TotalItems><CurrentPage>1</CurrentPage><PageSize>2</PageSize></Paging>`
}

function isListed({ name, type, more }: StubRecord, zone: StubZone): boolean {
  return more['hidden'] !== true && !(type === 'NS' && name === zone.name)
}

function hosts(zone: StubZone, { emailType }: NamecheapAccount): string {
  const each = zone
    .shown()
    .filter((one) => isListed(one, zone))
    .map(({ name, type, ttl, data, more }, index) => {
      const relative = name === zone.name ? '@' : name.slice(0, -zone.name.length - 1)
      const address = type === 'TXT' ? Buffer.from(data.join(''), 'latin1').toString('utf8') : data.slice(type === 'MX' ? 1 : 0).join(' ')
      const mxPref = type === 'MX' ? data[0] : typeof more['mxPref'] === 'string' ? more['mxPref'] : '10'
      const flags = `IsActive="${more['inactive'] !== true}" IsDDNSEnabled="false"`
      return `<host HostId="${index + 1}" Name="${relative}" Type="${type}" Address="${escaped(address)}" MXPref="${mxPref}" TTL="${ttl}" AssociatedAppTitle="" FriendlyName="" ${flags} />`
    })
  return `<DomainDNSGetHostsResult Domain="${zone.name}" EmailType="${emailType}" IsUsingOurDNS="true">${each.join('')}</DomainDNSGetHostsResult>`
}

function setHosts(zone: StubZone, account: NamecheapAccount, form: URLSearchParams): Answer {
  const records: StubRecord[] = zone.records.filter(({ name, type }) => type === 'NS' && name === zone.name)
  for (let number = 1; form.has(`HostName${number}`); number++) {
    const of = (key: string): string => form.get(`${key}${number}`) ?? ''
    const name = of('HostName') === '@' ? zone.name : `${of('HostName')}.${zone.name}`
    const [type, address, ttl] = [of('RecordType'), of('Address'), Number(of('TTL'))]
    if (!(ttl >= 60 && ttl <= 60_000)) return error('2050900', 'Invalid TTL')
    if (type === 'MX' && address === '.') return error('2050900', 'Invalid MX')
    const text = Buffer.from(address).toString('latin1')
    const isThere = zone.records.some((one) => one.name === name && one.type === 'TXT' && one.data.join('') === text)
    // What stands there already, however it came there, is taken.
    if (type === 'TXT' && text.includes('"') && !isThere) return error('2050900', 'Invalid TXT value')
    const data = type === 'TXT' ? (text.match(/[\s\S]{1,255}/g) ?? ['']) : type === 'MX' ? [of('MXPref'), address] : address.split(' ')
    const more = type === 'MX' || of('MXPref') === '10' ? {} : { mxPref: of('MXPref') }
    records.push(zone.make({ name, type, ttl, data, more }))
  }
  try {
    zone.change(account.onWrite(records))
  } catch (clash) {
    if (clash instanceof Clash) return error('2050900', `A CNAME cannot stand beside another record at ${clash.message}`)
    throw clash
  }
  account.emailType = form.get('EmailType') ?? 'NONE'
  return ok(
    'domains.dns.setHosts',
    `<DomainDNSSetHostsResult Domain="${zone.name}" IsSuccess="true"><Warnings /></DomainDNSSetHostsResult>`,
  )
}

function ok(command: string, inside: string): Answer {
  return xml('OK', `<Errors /><CommandResponse Type="namecheap.${command}">${inside}</CommandResponse>`)
}

function error(number: string, text: string): Answer {
  return xml('ERROR', `<Errors><Error Number="${number}">${escaped(text)}</Error></Errors>`)
}

function xml(status: string, inside: string): Answer {
  const text = `<?xml version="1.0" encoding="utf-8"?>\n<ApiResponse Status="${status}" xmlns="http://api.namecheap.com/xml.response">${inside}<Server>STUB</Server></ApiResponse>`
  return { status: 200, text, headers: { 'content-type': 'text/xml; charset=utf-8' } }
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
