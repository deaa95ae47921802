import type { Context } from '../lib/context.ts'
import { coexistenceFindings, type Coexistence, type OutboundConnector } from '../mailflow/coexistence.ts'
import { textIn, type JsonObject } from '../microsoft/wire-json.ts'
import type { Finding } from '../model/change.ts'
import type { Recipients } from '../tenant/recipients.ts'
import { readRecipients } from '../tenant/recipients-read.ts'
import type { DomainPeople } from './switch-people.ts'
import type { TenantDoor } from './world.ts'

export type CoexistenceNow = {
  readonly findings: readonly Finding[]
  readonly domainType: Coexistence['domainType']
  readonly isAccepted: boolean
  /** What mail for the domain leaves the tenant by. */
  readonly connector: OutboundConnector | null
  readonly recipients: ReadonlySet<string>
}

export type CoexistenceAsked = Pick<DomainPeople, 'known' | 'staying' | 'forwards'> & {
  readonly domain: string
  /** The hosts that MX names, or will name after the switch. */
  readonly mx: readonly string[]
  /** Addresses of the old mail host; [] where they are not known. */
  readonly oldAddresses: readonly string[]
}

/** Whether mail of a domain of which not everybody has moved would bounce or run in a circle, by what the tenant says now. */
export async function coexistenceNow({ admin }: Pick<TenantDoor, 'admin'>, asked: CoexistenceAsked, ctx: Context): Promise<CoexistenceNow> {
  const [everything, outbound, inbound] = await Promise.all([
    readRecipients(admin, ctx),
    admin.invoke('Get-OutboundConnector'),
    admin.invoke('Get-InboundConnector'),
  ])
  const { domain, known, staying } = asked
  const accepted = everything.acceptedDomains.find((one) => one.domain === domain)
  const domainType = typeOf(accepted?.type ?? '')
  const recipients = recipientsIn(everything)
  const connector = connectorFor(domain, outbound.rows)
  // What goes to an address elsewhere is no matter of the two sides.
  const domains = new Set(everything.acceptedDomains.map((one) => one.domain))
  const forwards = new Map(
    [...asked.forwards].filter(([from, to]) => from.endsWith(`@${domain}`) && domains.has(to.slice(to.lastIndexOf('@') + 1))),
  )
  const findings = coexistenceFindings({
    domain,
    domainType,
    oldAddresses: known,
    recipients: [...recipients],
    staying,
    mailboxes: everything.mailboxes.flatMap(({ addresses }) => addresses.map((one) => one.replace(/^smtp:/i, '').toLowerCase())),
    forwards,
    connector,
    mx: asked.mx,
    inboundConnector: wayIn(inbound.rows, asked.oldAddresses),
  })
  return { findings, domainType, isAccepted: accepted !== undefined, connector, recipients }
}

/** Every address that the tenant has a recipient for. */
export function recipientsIn({ all }: Recipients): ReadonlySet<string> {
  return new Set(all.flatMap(({ addresses }) => addresses.map((one) => one.toLowerCase())))
}

function typeOf(text: string): Coexistence['domainType'] {
  const kind = text.toLowerCase()
  return kind === 'authoritative' ? 'authoritative' : kind === 'internalrelay' ? 'internal-relay' : 'unknown'
}

/** The one that mail for the domain leaves by. */
function connectorFor(domain: string, rows: readonly JsonObject[]): OutboundConnector | null {
  const all = rows.map((row): OutboundConnector => ({
    name: textIn(row['Name']),
    enabled: row['Enabled'] !== false,
    type: textIn(row['ConnectorType']).toLowerCase() === 'partner' ? 'partner' : 'on-premises',
    recipientDomains: listIn(row['RecipientDomains']),
    smartHosts: listIn(row['SmartHosts']),
    useMx: row['UseMXRecord'] === true,
  }))
  const named = all.filter(({ recipientDomains }) => recipientDomains.some((one) => one === '*' || one.toLowerCase() === domain))
  return named.find(({ enabled }) => enabled) ?? named[0] ?? null
}

/** How the old host is let in. Where its addresses are not known any connector counts that is limited to some. */
function wayIn(rows: readonly JsonObject[], oldAddresses: readonly string[]): Coexistence['inboundConnector'] {
  const fitting = rows.filter((row) => {
    if (row['Enabled'] === false) return false
    const from = listIn(row['SenderIPAddresses'])
    const isByCertificate = textIn(row['TlsSenderCertificateName']) !== ''
    return isByCertificate || (oldAddresses.length === 0 ? from.length > 0 : oldAddresses.some((one) => from.includes(one)))
  })
  const [first] = fitting
  if (first === undefined) return 'none'
  return textIn(first['ConnectorType']).toLowerCase() === 'partner' ? 'partner' : 'on-premises'
}

function listIn(value: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]
  return all.map((one) => String(one)).filter((one) => one !== '')
}
