import { parseEntity, type Entity } from '../simulator/mime-tree.ts'
import { acceptedDomains, addressesOf, domainOf, RECIPIENTS } from './address-book.ts'
import { existing, visible } from './exchange-objects.ts'
import { listOf, sameText, textOf, type Props } from './props.ts'
import type { TenantWorld } from './world.ts'

/** How a message came in over SMTP. */
export type Arrived = {
  readonly bytes: Buffer
  /** Of the host that handed it in. */
  readonly ip: string
  /** By a connector that makes it mail of our own. */
  readonly trusted: boolean
  /** What was found of SPF, DKIM and DMARC, as the header will say it. */
  readonly authentication: string
}

/** What the edge says to RCPT: `unknown` is 550 5.4.1, `relay` is taken for the host behind a connector, `not-ours` is no relaying. */
export function edgeVerdict(world: TenantWorld, address: string): 'known' | 'unknown' | 'relay' | 'not-ours' {
  const domain = domainOf(address)
  if (!acceptedDomains(world).includes(domain)) return 'not-ours'
  const known =
    visible(world, ...RECIPIENTS).some((object) => addressesOf(object).some((one) => sameText(one.replace(/^smtp:/i, ''), address))) ||
    world.state.groups.some(({ props, deletedAtMs }) => deletedAtMs === null && sameText(textOf(props['mail']), address))
  if (known) return 'known'
  return isInternalRelay(world, domain) ? 'relay' : 'unknown'
}

export function isInternalRelay(world: TenantWorld, domain: string): boolean {
  return existing(world, 'AcceptedDomain').some(
    ({ props }) => sameText(textOf(props['DomainName']), domain) && props['DomainType'] === 'InternalRelay',
  )
}

/** Where mail for a domain leaves the tenant: by the smart hosts of a connector that names it, else where MX says. */
export function connectorFor(world: TenantWorld, domain: string): { readonly smartHosts: readonly string[] | null } {
  const connector = existing(world, 'OutboundConnector').find(
    ({ props }) =>
      props['Enabled'] !== false &&
      props['IsTransportRuleScoped'] !== true &&
      listOf(props['RecipientDomains']).some((one) => sameText(one, domain) || one === '*'),
  )
  if (connector === undefined || connector.props['UseMXRecord'] === true) return { smartHosts: null }
  const hosts = listOf(connector.props['SmartHosts'])
  return { smartHosts: hosts.length === 0 ? null : hosts }
}

/** Whether an inbound connector trusts the host that hands mail in, so that it is the company's own mail. */
export function trustedBy(world: TenantWorld, ip: string): boolean {
  return existing(world, 'InboundConnector').some(
    ({ props }) => props['Enabled'] !== false && props['ConnectorType'] === 'OnPremises' && listOf(props['SenderIPAddresses']).includes(ip),
  )
}

/** New header lines above a message that came as bytes; a rule may have put something before its subject. */
export function onTop(bytes: Buffer, headers: readonly Props[], prefix: string): Buffer {
  const lines = headers.map(({ name, value }) => `${textOf(name)}: ${textOf(value)}\r\n`).join('')
  if (prefix === '') return Buffer.concat([Buffer.from(lines), bytes])
  const text = bytes.toString('latin1').replace(/^(Subject:[ \t]*)/im, `$1${prefix}`)
  return Buffer.concat([Buffer.from(lines), Buffer.from(text, 'latin1')])
}

/** A message in Graph's JSON form, as far as rules and protection look at it. */
export function asJson(bytes: Buffer): Props {
  const root = parseEntity(bytes)
  const value = (name: string): string => root.fields.find((field) => field.name === name)?.value ?? ''
  const parts = leaves(root)
  const text = parts.find((part) => part.type === 'text' && !isAttached(part))
  const address = (of: string): string => /<([^>]+)>/.exec(of)?.[1] ?? of.trim()
  return {
    subject: value('subject'),
    from: { emailAddress: { address: address(value('from')) } },
    toRecipients: value('to')
      .split(',')
      .map((one) => ({ emailAddress: { address: address(one) } })),
    body: { contentType: 'text', content: text === undefined ? '' : decoded(text).toString('utf8') },
    attachments: parts.filter(isAttached).map((part) => ({ name: nameOf(part), contentBytes: decoded(part).toString('base64') })),
    internetMessageHeaders: [],
  }
}

export function messageIdOf(bytes: Buffer): string {
  const field = parseEntity(bytes).fields.find(({ name }) => name === 'message-id')
  return (field?.value ?? '').replace(/^<|>$/g, '')
}

/** How many hosts it went through: more than any honest way has means a loop. */
export function hopsOf(bytes: Buffer): number {
  return parseEntity(bytes).fields.filter(({ name }) => name === 'received').length
}

function leaves(entity: Entity): readonly Entity[] {
  return entity.children.length === 0 ? [entity] : entity.children.flatMap(leaves)
}

function disposition(part: Entity): string {
  return part.fields.find(({ name }) => name === 'content-disposition')?.value ?? ''
}

function isAttached(part: Entity): boolean {
  return /^attachment/i.test(disposition(part)) || part.parameters.has('name')
}

function nameOf(part: Entity): string {
  return /filename="?([^";]+)"?/i.exec(disposition(part))?.[1] ?? part.parameters.get('name') ?? ''
}

function decoded(part: Entity): Buffer {
  if (part.encoding === 'base64') return Buffer.from(part.body.toString('latin1'), 'base64')
  if (part.encoding !== 'quoted-printable') return part.body
  const text = part.body
    .toString('latin1')
    .replace(/=\r?\n/g, '')
    .replace(/=([\dA-F]{2})/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
  return Buffer.from(text, 'latin1')
}
