import { Failure } from '../model/failure.ts'
import type { ExchangeAdmin } from './exchange-admin.ts'
import { sizeBytes } from './exchange-values.ts'
import type { JsonObject } from './wire-json.ts'
import { textIn } from './wire-json.ts'

/** A mailbox as Exchange Online keeps it. Sizes are bytes: Infinity without a limit, null where nothing was told. */
export type ExchangeMailbox = {
  readonly guid: string
  /** Of the user in Entra; '' for those that have none. */
  readonly userId: string
  readonly userPrincipalName: string
  readonly displayName: string
  readonly alias: string
  readonly primaryAddress: string
  /** As they are kept: `SMTP:` is the primary one, `smtp:` another, `x500:` and the like are none of mail. */
  readonly addresses: readonly string[]
  /** `UserMailbox`, `SharedMailbox`, `RoomMailbox`, `EquipmentMailbox` and others. */
  readonly kind: string
  readonly quotaBytes: number | null
  readonly maxSendBytes: number | null
  readonly maxReceiveBytes: number | null
  readonly hasArchive: boolean
  readonly retentionHold: boolean
  /** Retention and archive policies pass the mailbox by. */
  readonly elcDisabled: boolean
  readonly litigationHold: boolean
  /** Where mail is forwarded to; null: nowhere. */
  readonly forwardingAddress: string | null
  /** It is forwarded to an object of the directory, which counts before any address. */
  readonly forwardsToObject: boolean
  readonly deliverAndForward: boolean
  readonly hidden: boolean
  /** Kept in an Active Directory on-premises, which alone may change it. */
  readonly isSynced: boolean
  /** Of somebody who is gone, and kept because it is on hold. */
  readonly isInactive: boolean
}

export type AcceptedDomain = {
  readonly domain: string
  /** `Authoritative` or `InternalRelay`. */
  readonly type: string
  readonly isDefault: boolean
  readonly isInitial: boolean
}
export type MailboxPermission = {
  readonly user: string
  readonly rights: readonly string[]
  readonly inherited: boolean
  readonly deny: boolean
}
export type ServicePrincipal = {
  readonly identity: string
  readonly appId: string
  readonly objectId: string
  readonly displayName: string
}

/** null where there is none, or none yet. */
export async function mailbox(admin: ExchangeAdmin, identity: string): Promise<ExchangeMailbox | null> {
  const row = await orNone(admin.invoke('Get-Mailbox', { Identity: identity }))
  return row === null ? null : mailboxIn(row)
}

export async function* mailboxes(admin: ExchangeAdmin): AsyncGenerator<ExchangeMailbox> {
  for await (const { rows } of admin.pages('Get-Mailbox', { ResultSize: 'Unlimited' })) for (const row of rows) yield mailboxIn(row)
}

/** Deleted within the last 30 days: their addresses are still taken. */
export async function* deletedMailboxes(admin: ExchangeAdmin): AsyncGenerator<ExchangeMailbox> {
  const pages = admin.pages('Get-Mailbox', { SoftDeletedMailbox: true, ResultSize: 'Unlimited' })
  for await (const { rows } of pages) for (const row of rows) yield mailboxIn(row)
}

export async function acceptedDomains(admin: ExchangeAdmin): Promise<readonly AcceptedDomain[]> {
  const { rows } = await admin.invoke('Get-AcceptedDomain')
  return rows.map((row) => ({
    domain: textIn(row['DomainName']),
    type: textIn(row['DomainType']),
    isDefault: row['Default'] === true,
    isInitial: row['InitialDomain'] === true,
  }))
}

export async function servicePrincipal(admin: ExchangeAdmin, identity: string): Promise<ServicePrincipal | null> {
  const row = await orNone(admin.invoke('Get-ServicePrincipal', { Identity: identity }))
  if (row === null) return null
  return {
    identity: textIn(row['Identity']),
    appId: textIn(row['AppId']),
    objectId: textIn(row['ObjectId']),
    displayName: textIn(row['DisplayName']),
  }
}

export async function mailboxPermissions(admin: ExchangeAdmin, identity: string): Promise<readonly MailboxPermission[]> {
  const { rows } = await admin.invoke('Get-MailboxPermission', { Identity: identity })
  return rows.map((row) => ({
    user: textIn(row['User']),
    rights: textsIn(row['AccessRights']),
    inherited: row['IsInherited'] === true,
    deny: row['Deny'] === true,
  }))
}

/** Whether the organization takes settings of its own at all; a new one does not before Enable-OrganizationCustomization. */
export async function isDehydrated(admin: ExchangeAdmin): Promise<boolean> {
  const { rows } = await admin.invoke('Get-OrganizationConfig')
  return rows[0]?.['IsDehydrated'] === true
}

function mailboxIn(row: JsonObject): ExchangeMailbox {
  const forwardsTo = textIn(row['ForwardingAddress'])
  const forwarding = forwardsTo || textIn(row['ForwardingSmtpAddress'])
  return {
    guid: textIn(row['Guid']) || textIn(row['ExchangeGuid']),
    userId: textIn(row['ExternalDirectoryObjectId']),
    userPrincipalName: textIn(row['UserPrincipalName']),
    displayName: textIn(row['DisplayName']),
    alias: textIn(row['Alias']),
    primaryAddress: textIn(row['PrimarySmtpAddress']),
    addresses: textsIn(row['EmailAddresses']),
    kind: textIn(row['RecipientTypeDetails']),
    quotaBytes: sizeBytes(row['ProhibitSendReceiveQuota']),
    maxSendBytes: sizeBytes(row['MaxSendSize']),
    maxReceiveBytes: sizeBytes(row['MaxReceiveSize']),
    hasArchive: textIn(row['ArchiveStatus']) === 'Active',
    retentionHold: row['RetentionHoldEnabled'] === true,
    elcDisabled: row['ElcProcessingDisabled'] === true,
    litigationHold: row['LitigationHoldEnabled'] === true,
    forwardingAddress: forwarding === '' ? null : forwarding.replace(/^smtp:/i, ''),
    forwardsToObject: forwardsTo !== '',
    deliverAndForward: row['DeliverToMailboxAndForward'] === true,
    hidden: row['HiddenFromAddressListsEnabled'] === true,
    isSynced: row['IsDirSynced'] === true,
    isInactive: row['IsInactiveMailbox'] === true,
  }
}

async function orNone(asked: ReturnType<ExchangeAdmin['invoke']>): Promise<JsonObject | null> {
  try {
    return (await asked).rows[0] ?? null
  } catch (error) {
    if (error instanceof Failure && error.code === 'object-unknown') return null
    throw error
  }
}

/** A list of one has been seen as that one alone. */
function textsIn(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(textIn).filter((text) => text !== '')
}
