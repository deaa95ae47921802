import { AwsV4Signer } from 'aws4fetch'
import { Failure } from '../../model/failure.ts'
import { BUDGET_MS, called, type HttpLine, type Meaning, type Reply } from '../http.ts'
import { fromPresentation, toPresentation } from '../presentation.ts'
import { ANY_TYPE, type DnsProvider, type Opaque, type ZoneRef, type Zones, type ZoneView } from '../provider.ts'
import { canonicalName, canonicalSet, RECORD_TYPES, type RecordSet } from '../record-set.ts'
import { optional, required, serviceBase } from '../settings.ts'
import { mustBeUnchanged } from '../unchanged.ts'
import { at, escapedXml, textAt, xmlIn, type Element } from '../xml.ts'

const OWN = 'https://route53.amazonaws.com/2013-04-01/'
const NAMESPACE = 'https://route53.amazonaws.com/doc/2013-04-01/'
const TITLE = 'Route 53'
const POLL_MS = 3000

/** Amazon Route 53: all sets in one change, in which each old set must be exactly what it was. */
export const route53: DnsProvider = {
  name: 'route53',
  title: 'Amazon Route 53',
  // ns-123.awsdns-45.com, .net, .org, .co.uk
  nameServers: ['awsdns-*.com', 'awsdns-*.net', 'awsdns-*.org', 'awsdns-*.co.uk'],
  settings: [
    { key: 'accessKeyId', label: 'Access key id', secret: false, required: true, hint: 'IAM, Users, Security credentials: AKIA…' },
    { key: 'secretAccessKey', label: 'Secret access key', secret: true, required: true, hint: 'shown once, when the key is made' },
    { key: 'sessionToken', label: 'Session token', secret: true, required: false, hint: 'only for temporary credentials' },
  ],
  can: {
    automatic: true,
    atomic: 'zone',
    compareAndSet: 'native',
    lowestTtlSeconds: 0,
    highestTtlSeconds: 2_147_483_647,
    types: RECORD_TYPES.filter((type) => type !== 'TLSA'),
    longestTxtBytes: 4000,
  },
  about: {
    rights:
      'route53:ListHostedZones, ListResourceRecordSets, ChangeResourceRecordSets and GetChange, for the one hosted zone where possible.',
    notes: [
      'Aliases and weighted, geographic or failover sets are left alone; where one stands in the place of a wanted record, it is changed by hand.',
      'Of several hosted zones with one name the one is taken whose name servers the domain is delegated to; private ones never.',
      'A change counts when all servers of Route 53 have it (INSYNC), mostly within a minute.',
    ],
    tested: 'stand-in',
  },
  open(settings, ctx) {
    const [accessKeyId, secretAccessKey] = [required(settings, 'accessKeyId', TITLE), required(settings, 'secretAccessKey', TITLE)]
    const sessionToken = optional(settings, 'sessionToken')
    const base = serviceBase(settings, OWN)
    return zonesOf({
      title: 'Route 53',
      base,
      ctx,
      async sign({ method, url, body }) {
        const datetime = new Date(ctx.clock.now()).toISOString().replaceAll(/[:-]|\.\d{3}/g, '')
        const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === '' ? {} : { sessionToken }) }
        const signer = new AwsV4Signer({ method, url: url.href, body, ...credentials, service: 'route53', region: 'us-east-1', datetime })
        const { headers } = await signer.sign()
        return Object.fromEntries([...headers].filter(([name]) => name !== 'host'))
      },
      meaning,
      secrets: [secretAccessKey, sessionToken],
    })
  },
}

type WireSet = {
  readonly name: string
  readonly type: string
  readonly ttl: string
  readonly values: readonly string[]
  readonly opaque: string
}

function zonesOf(line: HttpLine): Zones {
  return {
    async list() {
      const found: { id: string; name: string }[] = []
      for (let marker = ''; ;) {
        const page = xmlIn((await called(line, { method: 'GET', path: 'hostedzone', query: marker === '' ? {} : { marker } })).text, TITLE)
        for (const zone of at(page, 'HostedZones', 'HostedZone'))
          if (textAt(zone, 'Config', 'PrivateZone') !== 'true')
            found.push({ id: textAt(zone, 'Id').replace(/^.*\//, ''), name: canonicalName(unescaped(textAt(zone, 'Name'))) })
        marker = textAt(page, 'NextMarker')
        if (textAt(page, 'IsTruncated') !== 'true' || marker === '') break
      }
      return Promise.all(
        found.map(async (zone): Promise<ZoneRef> => {
          if (found.filter(({ name }) => name === zone.name).length === 1) return zone
          const own = (await setsAt(line, zone, zone.name)).find(({ type }) => type === 'NS')
          return { ...zone, nameServers: (own?.values ?? []).map(canonicalName) }
        }),
      )
    },
    async read(zone, wanted) {
      const view = viewOf(
        await setsOf(
          line,
          zone,
          wanted.map(({ name }) => name),
        ),
      )
      return { ...view, sets: view.sets.filter((set) => wanted.some(({ name, type }) => name === set.name && type === set.type)) }
    },
    async write(zone, swaps) {
      const now = await setsOf(
        line,
        zone,
        swaps.map(({ name }) => name),
      )
      mustBeUnchanged(viewOf(now).sets, swaps)
      const deletions = swaps.flatMap(({ name, type, before }) =>
        before === null ? [] : now.filter((set) => set.name === name && set.type === type).map((set) => changeOf('DELETE', set)),
      )
      const additions = swaps.flatMap(({ after }) => (after === null ? [] : [changeOf('CREATE', wireOf(after))]))
      const body = `<?xml version="1.0" encoding="UTF-8"?><ChangeResourceRecordSetsRequest xmlns="${NAMESPACE}"><ChangeBatch><Changes>${[
        ...deletions,
        ...additions,
      ].join('')}</Changes></ChangeBatch></ChangeResourceRecordSetsRequest>`
      const reply = await called(line, { method: 'POST', path: `hostedzone/${zone.id}/rrset/`, body, contentType: 'application/xml' })
      await inSync(line, xmlIn(reply.text, TITLE))
    },
    backup: () => Promise.resolve(null),
  }
}

async function inSync(line: HttpLine, answer: Element): Promise<void> {
  const id = textAt(answer, 'ChangeInfo', 'Id').replace(/^.*\//, '')
  const giveUpAtMs = line.ctx.clock.now() + BUDGET_MS
  for (let status = textAt(answer, 'ChangeInfo', 'Status'); status !== 'INSYNC';) {
    if (line.ctx.clock.now() > giveUpAtMs)
      throw new Failure('not-visible-yet', 'Route 53 took the change, and not all of its servers have it yet.')
    await line.ctx.clock.sleep(POLL_MS, line.ctx.signal)
    status = textAt(xmlIn((await called(line, { method: 'GET', path: `change/${id}` })).text, TITLE), 'ChangeInfo', 'Status')
  }
}

async function setsOf(line: HttpLine, zone: ZoneRef, names: readonly string[]): Promise<readonly WireSet[]> {
  const found: WireSet[] = []
  for (const name of new Set(names)) found.push(...(await setsAt(line, zone, name)))
  return found
}

/** The listing begins at a name and goes on through the zone: it is left where another name comes. */
async function setsAt(line: HttpLine, zone: Pick<ZoneRef, 'id'>, name: string): Promise<readonly WireSet[]> {
  const found: WireSet[] = []
  for (let query: Record<string, string> = { name: `${name}.` }; ;) {
    const page = xmlIn((await called(line, { method: 'GET', path: `hostedzone/${zone.id}/rrset`, query })).text, TITLE)
    const sets = at(page, 'ResourceRecordSets', 'ResourceRecordSet').map(wireSet)
    found.push(...sets.filter((set) => set.name === name))
    const next = textAt(page, 'NextRecordName')
    if (textAt(page, 'IsTruncated') !== 'true' || next === '' || canonicalName(unescaped(next)) !== name) return found
    const identifier = textAt(page, 'NextRecordIdentifier')
    query = { name: next, type: textAt(page, 'NextRecordType'), ...(identifier === '' ? {} : { identifier }) }
  }
}

function wireSet(element: Element): WireSet {
  const alias = at(element, 'AliasTarget')[0]
  const opaque =
    alias !== undefined
      ? `it is an alias for ${textAt(alias, 'DNSName')}`
      : textAt(element, 'SetIdentifier') !== ''
        ? `it is one of several (${textAt(element, 'SetIdentifier')}) that Route 53 chooses from`
        : textAt(element, 'TrafficPolicyInstanceId') !== ''
          ? 'a traffic policy makes it'
          : ''
  return {
    name: canonicalName(unescaped(textAt(element, 'Name'))),
    type: textAt(element, 'Type'),
    ttl: textAt(element, 'TTL'),
    values: at(element, 'ResourceRecords', 'ResourceRecord', 'Value').map(({ text }) => text),
    opaque,
  }
}

function viewOf(wire: readonly WireSet[]): ZoneView {
  const sets: RecordSet[] = []
  const opaque: Opaque[] = []
  for (const { name, type: kind, ttl, values, opaque: says } of wire) {
    const type = RECORD_TYPES.find((one) => one === kind)
    if (says !== '') opaque.push({ name, type: type ?? ANY_TYPE, says })
    else if (type === undefined) opaque.push({ name, type: kind, says: 'records of this type are not known to us' })
    else sets.push(canonicalSet({ name, type, ttlSeconds: Number(ttl), data: values.map((one) => fromPresentation(type, one, 'octal')) }))
  }
  return { sets, opaque }
}

function wireOf({ name, type, ttlSeconds, data }: RecordSet): WireSet {
  return { name, type, ttl: String(ttlSeconds), values: data.map((one) => toPresentation(type, one, 'octal')), opaque: '' }
}

/** A deletion takes the set as Route 53 itself writes it: its time to live and its strings must match. */
function changeOf(action: 'DELETE' | 'CREATE', { name, type, ttl, values }: WireSet): string {
  const records = values.map((value) => `<ResourceRecord><Value>${escapedXml(value)}</Value></ResourceRecord>`).join('')
  return `<Change><Action>${action}</Action><ResourceRecordSet><Name>${name}.</Name><Type>${type}</Type><TTL>${ttl}</TTL><ResourceRecords>${records}</ResourceRecords></ResourceRecordSet></Change>`
}

/** Names come with octal escapes, such as \052 for a star. */
function unescaped(name: string): string {
  return name.replaceAll(/\\([0-7]{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)))
}

function meaning({ status, text }: Reply): Meaning | null {
  if (status >= 500 || !text.trimStart().startsWith('<')) return null
  const answer = xmlIn(text, TITLE)
  const messages = at(answer, 'Messages', 'Message').map((one) => one.text)
  if (answer.name === 'InvalidChangeBatch' || messages.length > 0) {
    const words = messages.join(' ')
    if (/do not match the current values|but it was not found|but it already exists/i.test(words))
      return { code: 'record-changed', says: `Somebody else changed a set at this moment, so Route 53 did nothing: ${words}.` }
    return { code: 'record-refused', says: `Route 53 refused the change, and nothing of it was done: ${words}.` }
  }
  const [code, words] = [textAt(answer, 'Error', 'Code'), textAt(answer, 'Error', 'Message')]
  if (code === 'Throttling' || code === 'ThrottlingException' || code === 'PriorRequestNotComplete') return 'busy'
  if (
    /^(?:AccessDenied|InvalidClientTokenId|SignatureDoesNotMatch|UnrecognizedClientException|ExpiredToken|RequestExpired|NoSuchHostedZone)/.test(
      code,
    )
  )
    return { code: 'zone-refused', says: `Route 53 does not let this key do that (${code}): ${words}` }
  return code === '' ? null : { code: 'record-refused', says: `Route 53 refused what was asked for (${code}): ${words}` }
}
