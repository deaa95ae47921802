import { acceptedDomains, domainOf, initialDomain, mailboxAt } from './address-book.ts'
import { addObject, existing, iso } from './exchange-objects.ts'
import { storeOf } from './mailbox.ts'
import { connectorFor, onTop, type Arrived } from './mail-arrived.ts'
import { writeMime } from './mime-out.ts'
import { judge } from './protection-verdict.ts'
import { listOf, propsOf, rowsOf, sameText, textOf, type Props } from './props.ts'
import { heldContent } from '../simulator/mail-store.ts'
import { ruleEffects } from './transport-rules-at-work.ts'
import type { TenantWorld } from './world.ts'

/** One message on its way, in Graph's JSON form. */
export type Mail = {
  readonly sender: string
  readonly recipients: readonly string[]
  readonly message: Props
  /** Of the Message-ID, without its brackets; one is made where nothing is given. */
  readonly id?: string
  /** It came over SMTP: its bytes are kept as they are, and what happened to it is written on top. */
  readonly arrived?: Arrived
}

type Recipient = { readonly address: string; readonly refusal: string | null }

type Fate = {
  readonly status: string
  readonly folder?: string
  readonly report?: string
  /** Goes on to another host: that of a connector, or null for where MX says. */
  readonly leavesBy?: { readonly smartHosts: readonly string[] | null }
  readonly events: readonly (readonly [string, string])[]
}

/**
 * Takes a message through rules and protection to its recipients. Mail for others leaves the simulator's world and counts as delivered.
 * Attachments are judged and not kept. Each recipient has a trace row.
 */
export function transport(world: TenantWorld, mail: Mail): void {
  const id = mail.id ?? newMessageId(world, mail.sender)
  const fromOutside = mail.arrived === undefined ? !acceptedDomains(world).includes(domainOf(mail.sender)) : !mail.arrived.trusted
  const effects = ruleEffects(world, mail, fromOutside)
  const message: Props = { ...mail.message, subject: `${effects.prefix}${textOf(mail.message['subject'])}` }
  const recipients = expand(world, [...(effects.redirect.length > 0 ? effects.redirect : mail.recipients), ...effects.copies], fromOutside)
  for (const { address, refusal } of recipients) {
    const fate = fateOf(world, { ...mail, message }, address, fromOutside, refusal ?? effects.reject, effects.deletes)
    const headers = [
      ...rowsOf(message['internetMessageHeaders']),
      ...effects.headers,
      ...(fate.report === undefined ? [] : reportHeaders(fate.report, mail.arrived)),
    ]
    const bytes =
      mail.arrived === undefined
        ? writeMime({ ...message, internetMessageHeaders: headers }, id, new Date(world.now()))
        : onTop(mail.arrived.bytes, headers.slice(rowsOf(message['internetMessageHeaders']).length), effects.prefix)
    if (fate.folder !== undefined) store(world, address, fate.folder, bytes, [])
    if (fate.leavesBy !== undefined)
      world.leaves?.({ sender: mail.sender, recipient: address, bytes, smartHosts: fate.leavesBy.smartHosts })
    if (fate.status === 'Failed' && !fromOutside) bounce(world, mail.sender, address, refusal ?? effects.reject ?? UNKNOWN(address))
    trace(world, { ...mail, message }, address, id, bytes.length, fate.status, [...effects.events, ...fate.events])
  }
}

export function newMessageId(world: TenantWorld, sender: string): string {
  return `${world.id()}@${domainOf(sender)}`
}

const UNKNOWN = (address: string): string =>
  `550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient ${address} not found by SMTP address lookup`

function fateOf(world: TenantWorld, mail: Mail, address: string, fromOutside: boolean, refusal: string | null, deletes: boolean): Fate {
  if (refusal !== null) return { status: 'Failed', events: [['Fail', refusal]] }
  if (deletes) return { status: 'Delivered', events: [] }
  const ours = acceptedDomains(world).includes(domainOf(address))
  const mailbox = mailboxAt(world, address)
  if (!ours) {
    const limited = domainOf(mail.sender) === initialDomain(world) && sentToday(world) >= 100
    return limited
      ? { status: 'Failed', events: [['Fail', "550 5.7.236 TERRL; the organization's limit for its onmicrosoft.com domain is exceeded"]] }
      : { status: 'Delivered', leavesBy: connectorFor(world, domainOf(address)), events: [['Send', 'sent to an external address']] }
  }
  if (mailbox === undefined) {
    const relay = existing(world, 'AcceptedDomain').some(
      ({ props }) => props['DomainName'] === domainOf(address) && props['DomainType'] === 'InternalRelay',
    )
    return relay
      ? { status: 'Delivered', leavesBy: connectorFor(world, domainOf(address)), events: [['Send', 'relayed to the other system']] }
      : { status: 'Failed', events: [['Fail', UNKNOWN(address)]] }
  }
  if (!fromOutside) return { status: 'Delivered', folder: 'folder-1', events: [['Deliver', '']] }
  const verdict = judge(world, mail.sender, mail.message)
  if (verdict.action === 'Reject') return { status: 'Failed', events: [[verdict.type, verdict.report]] }
  if (verdict.action === 'Quarantine') {
    const row = addObject(world, 'QuarantineMessage', {
      Identity: `${world.id()}\\${world.id()}`,
      ReceivedTime: iso(world.now()),
      SenderAddress: mail.sender,
      RecipientAddress: [address],
      Subject: textOf(mail.message['subject']),
      Type: verdict.type,
      PolicyName: 'Default',
      ReleaseStatus: 'NOTRELEASED',
    })
    row.times['rowAt'] = world.now() + world.timing.quarantineMs
    return { status: 'Quarantined', events: [[verdict.type === 'Malware' ? 'Malware' : 'Spam', verdict.report]] }
  }
  const junk = verdict.action === 'Junk'
  return {
    status: junk ? 'FilteredAsSpam' : 'Delivered',
    folder: junk ? 'folder-5' : 'folder-1',
    report: verdict.report,
    events: [['Deliver', '']],
  }
}

/** Groups give way to their members. One that trusts insiders only refuses everybody else. */
function expand(world: TenantWorld, addresses: readonly string[], fromOutside: boolean): Recipient[] {
  return [...new Set(addresses.map((one) => one.toLowerCase()))].flatMap((address): Recipient[] => {
    const group = existing(world, 'DistributionGroup').find(({ props }) =>
      listOf(props['EmailAddresses']).some((one) => sameText(one.slice('smtp:'.length), address)),
    )
    if (group === undefined) return [{ address, refusal: null }]
    if (fromOutside && group.props['RequireSenderAuthenticationEnabled'] === true)
      return [{ address, refusal: '550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required' }]
    return listOf(group.props['Members']).flatMap((member) => {
      const mailbox = existing(world, 'Mailbox').find(({ props }) => props['ExternalDirectoryObjectId'] === member)
      return mailbox === undefined ? [] : [{ address: textOf(mailbox.props['PrimarySmtpAddress']), refusal: null }]
    })
  })
}

function sentToday(world: TenantWorld): number {
  const since = iso(world.now() - 86_400_000)
  const rows = existing(world, 'MessageTrace').map(({ props }) => props)
  return rows.filter((row) => textOf(row['Received']) >= since && domainOf(textOf(row['SenderAddress'])) === initialDomain(world)).length
}

function reportHeaders(report: string, arrived: Arrived | undefined): Props[] {
  return [
    { name: 'X-Forefront-Antispam-Report', value: arrived === undefined ? report : report.replace(/^CIP:[^;]*/, `CIP:${arrived.ip}`) },
    {
      name: 'Authentication-Results',
      value:
        arrived?.authentication ??
        'spf=pass (sender IP is 203.0.113.9); dkim=pass (signature was verified); dmarc=pass action=none; compauth=pass reason=100',
    },
  ]
}

/** Puts a message into a folder of somebody here; nothing happens for anybody else. */
export function store(world: TenantWorld, address: string, folderId: string, bytes: Buffer, flags: readonly string[]): void {
  const mailbox = mailboxAt(world, address)
  if (mailbox === undefined) return
  const mails = storeOf(world, mailbox)
  const folder = mails.folders().find(({ id }) => id === folderId)
  if (folder !== undefined) mails.addMessage(folder.name, heldContent(bytes), { flags, internalDate: new Date(world.now()) })
}

/** What the sender here hears of a message that another host refused; the trace shows it as failed. */
export function reportOf(world: TenantWorld, sender: string, recipient: string, why: string): void {
  bounce(world, sender, recipient, why)
  const row = existing(world, 'MessageTrace').findLast(
    ({ props }) => props['SenderAddress'] === sender && props['RecipientAddress'] === recipient && props['Status'] === 'Delivered',
  )
  if (row !== undefined) row.props = { ...row.props, Status: 'Failed', Events: [{ Event: 'Fail', Detail: why }] }
}

function bounce(world: TenantWorld, sender: string, recipient: string, why: string): void {
  const message = {
    subject: 'Undeliverable',
    from: { emailAddress: { name: 'Microsoft Outlook', address: `MicrosoftExchange@${initialDomain(world)}` } },
    toRecipients: [{ emailAddress: { address: sender } }],
    body: { contentType: 'text', content: `Your message to ${recipient} couldn't be delivered.\r\n\r\n${why}` },
  }
  store(world, sender, 'folder-1', writeMime(message, `${world.id()}@${initialDomain(world)}`, new Date(world.now())), [])
}

function trace(
  world: TenantWorld,
  mail: Mail,
  recipient: string,
  id: string,
  Size: number,
  Status: string,
  events: readonly (readonly [string, string])[],
): void {
  const MessageTraceId = world.id()
  const row = addObject(world, 'MessageTrace', {
    Received: iso(world.now()),
    SenderAddress: mail.sender,
    RecipientAddress: recipient,
    Subject: textOf(mail.message['subject']),
    Status,
    FromIP: mail.arrived?.ip ?? '203.0.113.9',
    ToIP: '',
    Size,
    MessageId: `<${id}>`,
    MessageTraceId,
    Events: events.map(([Event, Detail]) => ({ Event, Detail })),
  })
  row.times['rowAt'] = world.now() + world.timing.messageTraceMs
}

/** The addresses that a message is for. */
export function recipientsOf(message: Props): string[] {
  return [...rowsOf(message['toRecipients']), ...rowsOf(message['ccRecipients']), ...rowsOf(message['bccRecipients'])]
    .map((one) => textOf(propsOf(one['emailAddress'])['address']))
    .filter((address) => address !== '')
}
