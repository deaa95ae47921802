import { cmdletRefusal, proxyExists } from './answers.ts'
import { acceptedDomains, domainOf, ownerOf } from './address-book.ts'
import { ARCHIVE_PLAN_ID, MAILBOX_PLANS, SHARED_QUOTA_BYTES } from './plans.ts'
import { sameText, textOf, type Props } from './props.ts'
import { mailboxPlanOf, plansOf } from './provisioning.ts'
import { readSize } from './sizes.ts'
import type { ExchangeObject } from './state.ts'
import type { TenantWorld } from './world.ts'

const MAX_MESSAGE_BYTES = 150 * 1024 * 1024
const QUOTAS = ['IssueWarningQuota', 'ProhibitSendQuota', 'ProhibitSendReceiveQuota'] as const

const invalid = (text: string): Error => cmdletRefusal(400, 'DataValidationException', text)

/** What a mailbox may be set to: the licence's quota, the order of quotas, sizes, retention, holds. */
export function checkMailbox(world: TenantWorld, mailbox: ExchangeObject, patch: Props): void {
  const name = textOf(mailbox.props['Identity'])
  const next = { ...mailbox.props, ...patch }
  for (const key of ['MaxSendSize', 'MaxReceiveSize'] as const) {
    const bytes = readSize(textOf(patch[key]))
    if (patch[key] !== undefined && (bytes === null || bytes === undefined || bytes > MAX_MESSAGE_BYTES))
      throw invalid(
        `The value of property '${key}' exceeds the maximum allowed for mailbox '${name}'. Maximum value is 150 MB (157,286,400 bytes).`,
      )
  }
  if (QUOTAS.some((key) => patch[key] !== undefined)) checkQuotas(world, mailbox, next, name)
  const retained =
    /^(\d+)\./.exec(textOf(patch['RetainDeletedItemsFor']))?.[1] ?? (/^\d+$/.exec(textOf(patch['RetainDeletedItemsFor']))?.[0] || '0')
  if (Number(retained) > 30)
    throw invalid(`The value of property 'RetainDeletedItemsFor' exceeds the maximum allowed for user '${name}'. Maximum value is 30 days.`)
  if (patch['LitigationHoldEnabled'] === true && !hasPlan2(world, mailbox))
    throw cmdletRefusal(400, 'RecipientTaskException', `The mailbox '${name}' doesn't have a license that allows Litigation Hold.`)
  if (patch['ArchiveStatus'] === 'Active' && !mayArchive(world, mailbox))
    throw cmdletRefusal(400, 'RecipientTaskException', `The mailbox '${name}' doesn't have a license that allows an archive.`)
}

function licences(world: TenantWorld, mailbox: ExchangeObject): readonly string[] {
  const user = world.state.users.find(({ id }) => id === mailbox.props['ExternalDirectoryObjectId'])
  return (user?.licences ?? []).flatMap(plansOf).map(({ id }) => id)
}

function hasPlan2(world: TenantWorld, mailbox: ExchangeObject): boolean {
  const held = licences(world, mailbox)
  return held.includes(ARCHIVE_PLAN_ID) || held.some((id) => MAILBOX_PLANS.get(id)?.name === 'ExchangeOnlineEnterprise')
}

function mayArchive(world: TenantWorld, mailbox: ExchangeObject): boolean {
  const held = licences(world, mailbox)
  return held.includes(ARCHIVE_PLAN_ID) || held.some((id) => MAILBOX_PLANS.get(id)?.archive === true)
}

function checkQuotas(world: TenantWorld, mailbox: ExchangeObject, next: Props, name: string): void {
  const user = world.state.users.find(({ id }) => id === mailbox.props['ExternalDirectoryObjectId'])
  const most = (user === undefined ? undefined : mailboxPlanOf(user)?.quotaBytes) ?? SHARED_QUOTA_BYTES
  const bytes = QUOTAS.map((key) => readSize(textOf(next[key])) ?? Infinity)
  for (const [i, key] of QUOTAS.entries()) {
    if ((bytes[i] ?? 0) > most)
      throw invalid(
        `The value of property '${key}' exceeds the maximum allowed for user '${name}'. Maximum value is ${most / 1024 ** 3} GB (${most.toLocaleString('en-US')} bytes).`,
      )
    const after = QUOTAS[i + 1]
    if (after !== undefined && (bytes[i] ?? 0) > (bytes[i + 1] ?? 0))
      throw invalid(
        `The value of property '${key}' must be less than or equal to that of property '${after}'. ${key}: '${textOf(next[key])}', ${after}: '${textOf(next[after])}'.`,
      )
  }
}

/** Checks a whole list of addresses, and makes the first one primary when none is. */
export function readAddresses(
  world: TenantWorld,
  addresses: readonly string[],
  owner: ExchangeObject | null,
): { readonly all: readonly string[]; readonly primary: string } {
  const typed = addresses.map((one) => (/^[A-Za-z0-9]+:/.test(one) ? one : `smtp:${one}`))
  const mail = typed.filter((one) => /^smtp:/i.test(one))
  for (const one of mail) checkAddress(world, one.slice(5), owner)
  const primaries = mail.filter((one) => one.startsWith('SMTP:'))
  if (primaries.length > 1)
    throw invalid('There are multiple primary addresses of type SMTP. Only one address of each type can be the primary address.')
  const primary = primaries[0] ?? mail[0] ?? ''
  if (primary === '') throw invalid('The email addresses must have exactly one primary SMTP address.')
  const doubled = mail.find((one, i) => mail.findIndex((other) => sameText(other, one)) !== i)
  if (doubled !== undefined) throw invalid(`The proxy address "${doubled}" is given twice.`)
  return { all: typed.map((one) => (one === primary ? `SMTP:${one.slice(5)}` : one)), primary: primary.slice(5) }
}

function checkAddress(world: TenantWorld, address: string, owner: ExchangeObject | null): void {
  if (!/^[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+(?:\.[A-Za-z0-9!#$%&'*+\-/=?^_`{|}~]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+$/.test(address))
    throw invalid(
      `The email address "${address}" isn't correct. Please use this format: user name, the @ sign, followed by the domain name.`,
    )
  if (!acceptedDomains(world).includes(domainOf(address)))
    throw cmdletRefusal(
      400,
      'RecipientTaskException',
      `You can't use the domain because it's not an accepted domain for your organization. Domain: ${domainOf(address)}`,
    )
  const but = owner === null ? [] : [owner.guid, textOf(owner.props['ExternalDirectoryObjectId'])]
  const other = ownerOf(world, address, but)
  if (other !== null) throw proxyExists(address, other.name)
}
