import type { Finding } from '../model/change.ts'

/** How mail flows while not everybody has moved: facts of both sides, for one domain. */
export type Coexistence = {
  readonly domain: string
  readonly domainType: 'authoritative' | 'internal-relay' | 'unknown'
  /** Every address that the old side takes mail for, aliases too. */
  readonly oldAddresses: readonly string[]
  /** Every address that the tenant has a recipient for. */
  readonly recipients: readonly string[]
  /** Addresses of mailboxes that stay at the old side for now. */
  readonly staying: readonly string[]
  /** Addresses of mailboxes of the tenant; a recipient may also be a group, or a contact that leads to the old side. */
  readonly mailboxes?: readonly string[]
  /** What the old side sends on to the tenant: address → where to. '*@domain' is a catch-all. */
  readonly forwards: ReadonlyMap<string, string>
  readonly connector: OutboundConnector | null
  /** The hosts that MX names, or will name after the switch. */
  readonly mx: readonly string[]
  /** Where the old host hands mail to the tenant by itself, whether a connector lets it in. null: it does not. */
  readonly inboundConnector: 'partner' | 'on-premises' | 'none' | null
}

export type OutboundConnector = {
  readonly name: string
  readonly enabled: boolean
  readonly type: 'on-premises' | 'partner'
  readonly recipientDomains: readonly string[]
  readonly smartHosts: readonly string[]
  readonly useMx: boolean
}

/**
 * Whether mail would bounce or run in a circle, before anything is changed. Invariants: forwards(old) ⊆ recipients(new), and what is passed
 * on to the old side is never forwarded back; never authoritative while a known address is missing. Pure.
 */
export function coexistenceFindings(scene: Coexistence): readonly Finding[] {
  return [...missingRecipients(scene), ...relay(scene), ...tooEarly(scene), ...loops(scene), ...wayIn(scene)]
}

function finding(code: string, severity: Finding['severity'], about: string, says: string, remedy: string): Finding {
  return { code, severity, about, says, remedy, where: null }
}

const lower = (addresses: readonly string[]): ReadonlySet<string> => new Set(addresses.map((one) => one.toLowerCase()))

/** Rejection: addresses that the old side takes and the tenant does not know. */
function missingRecipients({ domain, domainType, oldAddresses, recipients, connector }: Coexistence): readonly Finding[] {
  const known = lower(recipients)
  const missing = oldAddresses.filter((one) => !known.has(one.toLowerCase()))
  if (missing.length === 0) return []
  const named = some(missing)
  if (domainType === 'internal-relay' && connector !== null)
    return [
      finding(
        'recipients-relayed',
        'note',
        domain,
        `${named} not in the tenant: mail for them is passed on to the old host by the connector "${connector.name}".`,
        'Make them in the tenant before the domain becomes authoritative.',
      ),
    ]
  return [
    finding(
      'recipients-missing',
      'blocker',
      domain,
      `${named} not in the tenant: mail for them would be refused (550 5.4.1).`,
      'Make a mailbox, an alias, a group or a contact for each, or let the domain be an internal relay with a connector to the old host.',
    ),
  ]
}

/** The domain's type and its connector belong together. */
function relay({ domain, domainType, staying, connector, mx }: Coexistence): readonly Finding[] {
  const found: Finding[] = []
  if (staying.length > 0 && domainType === 'authoritative')
    found.push(
      finding(
        'relay-needed',
        'blocker',
        domain,
        `${some(staying)} at the old side, and the domain is authoritative: mail from moved persons to them would bounce.`,
        `Set ${domain} to internal relay, with a connector to the old host, until everybody has moved.`,
      ),
    )
  if (domainType !== 'internal-relay') return found
  const says = connectorFault(domain, connector, mx)
  if (says !== null)
    found.push(
      finding(
        'relay-loop',
        'blocker',
        domain,
        says,
        'Make an outbound connector (OnPremises, UseMXRecord off) for the domain, with the old host by a name or address that is not its MX.',
      ),
    )
  if (staying.length === 0)
    found.push(
      finding(
        'relay-no-longer',
        'note',
        domain,
        `${domain} is an internal relay, though nobody is left at the old side.`,
        'Make it authoritative once every address is in the tenant: unknown recipients are then refused at the door.',
      ),
    )
  return found
}

/** Who stays and has a mailbox in the tenant already gets new mail there, and looks for it at the old side. */
function tooEarly({ staying, mailboxes = [] }: Coexistence): readonly Finding[] {
  const there = lower(mailboxes)
  const early = staying.filter((one) => there.has(one.toLowerCase()))
  if (early.length === 0) return []
  return [
    finding(
      'staying-has-mailbox',
      'blocker',
      early[0] ?? '',
      `${some(early)} to stay at the old side for now and ${early.length === 1 ? 'has' : 'have'} a mailbox in the tenant: mail would arrive there, and not at the old side.`,
      'Let them move with the others, or take the mailbox out of the tenant until they do.',
    ),
  ]
}

function connectorFault(domain: string, connector: OutboundConnector | null, mx: readonly string[]): string | null {
  if (connector === null || !connector.enabled)
    return `${domain} is an internal relay without a connector: mail for unknown recipients would look up its own MX and run in a circle (5.4.14).`
  const { name } = connector
  if (!connector.recipientDomains.some((one) => one === '*' || one.toLowerCase() === domain.toLowerCase()))
    return `The connector "${name}" is not for ${domain}.`
  if (connector.useMx) return `The connector "${name}" goes by MX, which will be the tenant itself: mail would run in a circle (5.4.14).`
  const hosts = lower(mx.map((host) => host.replace(/\.$/, '')))
  const circle = connector.smartHosts.find((host) => hosts.has(host.toLowerCase().replace(/\.$/, '')))
  return circle === undefined ? null : `The connector "${name}" sends to ${circle}, which is the MX: mail would run in a circle.`
}

function loops({ domain, domainType, forwards, recipients, staying }: Coexistence): readonly Finding[] {
  const known = lower(recipients)
  const relayed = lower(staying)
  const found: Finding[] = []
  const catchAll = [...forwards.keys()].find((one) => one.startsWith('*'))
  if (catchAll !== undefined)
    found.push(
      finding(
        'forward-catch-all',
        'blocker',
        domain,
        `The old host sends on whatever it does not know (${catchAll}): never in a move.`,
        'Forward single addresses only.',
      ),
    )
  const lost = [...forwards].filter(([from, to]) => !from.startsWith('*') && !known.has(to.toLowerCase()) && !known.has(from.toLowerCase()))
  if (lost.length > 0)
    found.push(
      finding(
        'forward-nowhere',
        'blocker',
        domain,
        `The old host forwards ${some(lost.map(([from]) => from))} in the tenant: mail for them would ${domainType === 'internal-relay' ? 'come back and run in a circle' : 'bounce'}.`,
        'Make the mailbox in the tenant first, or take the forward away.',
      ),
    )
  const both = [...forwards.keys()].filter((from) => relayed.has(from.toLowerCase()))
  if (both.length > 0)
    found.push(
      finding(
        'forward-and-relay',
        'blocker',
        domain,
        `${some(both)} forwarded by the old host and passed back by the tenant: each message would run in a circle.`,
        'Either the mailbox has moved, and the tenant keeps it, or the old host does not forward it.',
      ),
    )
  return found
}

function wayIn({ domain, inboundConnector, forwards }: Coexistence): readonly Finding[] {
  if (forwards.size === 0 || inboundConnector === null || inboundConnector !== 'none') return []
  return [
    finding(
      'inbound-connector-missing',
      'warning',
      domain,
      'The old host forwards to the tenant without an inbound connector: it may be slowed down (451 4.7.500), or refused (550 5.7.68), and forwarded mail fails SPF.',
      'Make an inbound connector of the type Partner, limited to the address of the old host.',
    ),
  ]
}

function some(addresses: readonly string[]): string {
  const [first, second, third] = addresses
  const rest = addresses.length - 3
  const shown = [first, second, third].filter((one) => one !== undefined).join(', ')
  return `${shown}${rest > 0 ? ` and ${rest} more` : ''} ${addresses.length === 1 ? 'is' : 'are'}`
}
