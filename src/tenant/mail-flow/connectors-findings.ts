import type { Finding } from '../../model/change.ts'
import type { WantedConnector, WantedTenant } from '../../model/wanted-tenant.ts'
import { inNormalForm } from './connectors-form.ts'
import type { Connectors } from './connectors.ts'
import { entriesOf, shownName, textAt, type Row } from '../settings.ts'

/** What is dangerous about the wanted connectors, and what coexistence lacks. */
export function connectorFindings(wanted: WantedTenant, { outbound }: Connectors): readonly Finding[] {
  return [...wanted.connectors.flatMap((connector) => [...dangers(connector), ...loops(connector)]), ...relays(wanted, outbound)]
}

type Said = Pick<Finding, 'code' | 'severity' | 'says' | 'remedy'>

function dangers(connector: WantedConnector): readonly Finding[] {
  const { name, direction, where } = connector
  const value = reader(inNormalForm(connector))
  const said: Said[] = []
  const title = `The ${direction} connector "${name}"`
  if (value('TreatMessagesAsInternal') === 'true')
    said.push({
      code: 'connector-trusts',
      severity: 'warning',
      says: `${title} takes everything that comes through it for mail from inside: no filter looks at it.`,
      remedy: 'Leave TreatMessagesAsInternal out; Enhanced Filtering (EFSkipLastIP) lets Exchange judge the hop before.',
    })
  if (direction === 'inbound') {
    if (value('RequireTls') === 'false') said.push(withoutTls(title, 'RequireTls: true'))
    if (value('ConnectorType') === 'onpremises')
      said.push({
        code: 'connector-onpremises',
        severity: 'warning',
        says: `${title} is of the type OnPremises. In newer tenants Microsoft makes such connectors disabled until its support has looked at them.`,
        remedy: 'ConnectorType: Partner, limited by address or certificate, does for a migration.',
      })
    const network = entriesOf(inNormalForm(connector)['SenderIPAddresses']).find((one) => !isNarrow(one))
    if (network !== undefined)
      said.push({
        code: 'connector-network',
        severity: 'blocker',
        says: `${title} names ${network}: Exchange takes single IPv4 addresses, and networks from /24 to /32.`,
        remedy: 'Write a larger network as several of /24.',
      })
  } else if (value('TlsSettings') === '' && value('Enabled') !== 'false') said.push(withoutTls(title, 'TlsSettings: EncryptionOnly'))
  return said.map((one) => ({ ...one, about: name, where }))
}

function withoutTls(title: string, parameter: string): Said {
  return {
    code: 'connector-without-tls',
    severity: 'warning',
    says: `${title} also takes connections without TLS: mail on it can be read on the way.`,
    remedy: `${parameter} demands TLS, where the other side can do it.`,
  }
}

/** An IPv4 address, or a network of at most 256. */
function isNarrow(text: string): boolean {
  const { parts, bits = '32' } = /^(?<parts>\d{1,3}(?:\.\d{1,3}){3})(?:\/(?<bits>\d{1,2}))?$/.exec(text.trim())?.groups ?? {}
  return parts !== undefined && parts.split('.').every((part) => Number(part) <= 255) && Number(bits) >= 24 && Number(bits) <= 32
}

/** Hosts of Microsoft: a connector to them would send the mail back to where it comes from. */
const OWN_HOST = /\.mail\.protection\.(?:outlook\.com|office365\.us|partner\.outlook\.cn)\.?$|\.mx\.microsoft\.?$/i

function loops({ direction, name, parameters, where }: WantedConnector): readonly Finding[] {
  const host = entriesOf(parameters['SmartHosts']).find((one) => OWN_HOST.test(one))
  if (direction !== 'outbound' || host === undefined) return []
  return [
    {
      code: 'connector-loop',
      severity: 'warning',
      about: name,
      says: `The outbound connector "${name}" leads to ${host}, which is Exchange Online itself: mail would go round in a ring.`,
      remedy: 'Name the old mail server by a name or an address that is not the MX of the domain.',
      where,
    },
  ]
}

/** Domains that pass on what they do not know, and the connectors that would take it. */
function relays(wanted: WantedTenant, outbound: readonly Row[]): readonly Finding[] {
  const planned = wanted.connectors.filter(({ direction }) => direction === 'outbound')
  const byName = new Map([
    ...outbound.map((row) => [textAt(row, 'Name').toLowerCase(), row] as const),
    ...planned.map((connector): readonly [string, Row] => {
      const known = outbound.find((row) => textAt(row, 'Name').toLowerCase() === connector.name.toLowerCase())
      return [connector.name.toLowerCase(), { Name: connector.name, ...known, ...inNormalForm(connector) }]
    }),
  ])
  const open = [...byName.values()].filter((row) => row['Enabled'] !== false)
  return wanted.domains.flatMap(({ type, name, where }): readonly Finding[] => {
    if (type !== 'internal-relay') return []
    const ways = open.filter((row) => leads(row, name.toLowerCase()))
    const common = { severity: 'warning', about: name.toLowerCase(), where } as const
    if (ways.length === 0)
      return [
        {
          ...common,
          code: 'relay-without-connector',
          says: `${name} is to relay mail for those who are not moved yet, but no outbound connector takes it to the old server: it would come back to Exchange until it bounces (5.4.14).`,
          remedy: `Add an outbound connector with RecipientDomains: [${name}], UseMXRecord: false and the old server as SmartHosts.`,
        },
      ]
    if (ways.some((row) => row['UseMXRecord'] === false)) return []
    return [
      {
        ...common,
        code: 'relay-by-mx',
        says: `Mail of ${name} for those who are not moved yet goes to the MX of the domain. Once that is Exchange Online, it goes round in a ring.`,
        remedy: 'Set UseMXRecord: false and name the old server as SmartHosts.',
      },
    ]
  })
}

/** Whether a connector is asked for mail to this domain. One for transport rules only is not. */
function leads(row: Row, domain: string): boolean {
  if (row['IsTransportRuleScoped'] === true) return false
  return (
    row['AllAcceptedDomains'] === true ||
    entriesOf(row['RecipientDomains'])
      .map((one) => one.toLowerCase())
      .some((one) => one === '*' || one === domain || (one.startsWith('*.') && domain.endsWith(one.slice(1))))
  )
}

/** Values of parameters as text in lower case; '' for what is not given. */
function reader(parameters: Row): (name: string) => string {
  return (name) => entriesOf(parameters[shownName(name, parameters)]).join(',').toLowerCase()
}
