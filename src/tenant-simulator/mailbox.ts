import { changeLanguage, createExchangeMailbox, type Language } from '../simulator/exchange-mailbox.ts'
import type { MailStore } from '../simulator/mail-store.ts'
import { initialDomain, localPartOf, RECIPIENTS } from './address-book.ts'
import { addObject, existing, iso } from './exchange-objects.ts'
import { paceOf } from './faults-by-address.ts'
import { SHARED_QUOTA_BYTES } from './plans.ts'
import { isProps, sameText, textOf, type Props } from './props.ts'
import { showSize } from './sizes.ts'
import type { ExchangeObject } from './state.ts'
import type { TenantWorld } from './world.ts'

const MB = 1024 ** 2
const GB = 1024 ** 3

export type NewMailbox = {
  readonly type: 'UserMailbox' | 'SharedMailbox' | 'RoomMailbox' | 'EquipmentMailbox'
  readonly name: string
  readonly displayName: string
  readonly alias: string
  readonly address: string
  readonly userId: string
  readonly upn: string
  readonly plan?: { readonly name: string; readonly quotaBytes: number; readonly imap: boolean }
  readonly dirSynced?: boolean
  readonly addresses?: readonly string[]
}

/** Makes a mailbox. Exchange knows it at once; Graph and IMAP open it some time later. */
export function createMailbox(world: TenantWorld, asked: NewMailbox, old = false): ExchangeObject {
  const { plan } = asked
  const quota = plan?.quotaBytes ?? SHARED_QUOTA_BYTES
  const mailboxPlan =
    plan === undefined ? undefined : existing(world, 'MailboxPlan').find(({ props }) => props['DisplayName'] === plan.name)
  const alias = freeAlias(world, asked.alias)
  const second = `smtp:${alias}@${initialDomain(world)}`
  const primary = `SMTP:${asked.address}`
  const more = (asked.addresses ?? []).filter((one) => !sameText(one, primary))
  const mailbox = addObject(
    world,
    'Mailbox',
    {
      Identity: asked.name,
      Name: asked.name,
      DisplayName: asked.displayName,
      Alias: alias,
      ExchangeGuid: world.id(),
      ExternalDirectoryObjectId: asked.userId,
      UserPrincipalName: asked.upn,
      PrimarySmtpAddress: asked.address,
      WindowsEmailAddress: asked.address,
      EmailAddresses: [primary, ...more, ...(sameText(second.slice(5), asked.address) ? [] : [second])],
      RecipientType: 'UserMailbox',
      RecipientTypeDetails: asked.type,
      IsShared: asked.type === 'SharedMailbox',
      MailboxPlan: mailboxPlan === undefined ? '' : textOf(mailboxPlan.props['Name']),
      IssueWarningQuota: showSize(Math.round(quota * 0.98)),
      ProhibitSendQuota: showSize(Math.round(quota * 0.99)),
      ProhibitSendReceiveQuota: showSize(quota),
      RecoverableItemsQuota: showSize(30 * GB),
      RecoverableItemsWarningQuota: showSize(20 * GB),
      UseDatabaseQuotaDefaults: false,
      MaxSendSize: mailboxPlan?.props['MaxSendSize'] ?? showSize(35 * MB),
      MaxReceiveSize: mailboxPlan?.props['MaxReceiveSize'] ?? showSize(36 * MB),
      RecipientLimits: '500',
      ArchiveGuid: '00000000-0000-0000-0000-000000000000',
      ArchiveStatus: 'None',
      ArchiveName: [],
      ArchiveQuota: showSize(100 * GB),
      AutoExpandingArchiveEnabled: false,
      LitigationHoldEnabled: false,
      LitigationHoldDuration: 'Unlimited',
      InPlaceHolds: [],
      RetainDeletedItemsFor: mailboxPlan?.props['RetainDeletedItemsFor'] ?? '14.00:00:00',
      SingleItemRecoveryEnabled: true,
      RetentionPolicy: mailboxPlan?.props['RetentionPolicy'] ?? 'Default MRM Policy',
      RetentionHoldEnabled: false,
      ElcProcessingDisabled: false,
      ForwardingAddress: null,
      ForwardingSmtpAddress: null,
      DeliverToMailboxAndForward: false,
      HiddenFromAddressListsEnabled: false,
      GrantSendOnBehalfTo: [],
      MessageCopyForSentAsEnabled: false,
      MessageCopyForSendOnBehalfEnabled: false,
      AuditEnabled: true,
      Languages: ['en-US'],
      Regional: { Language: 'en-US', DateFormat: null, TimeFormat: null, TimeZone: 'UTC' },
      WhenMailboxCreated: iso(world.now()),
      IsDirSynced: asked.dirSynced ?? false,
      AccountDisabled: asked.type !== 'UserMailbox',
      ModerationEnabled: false,
      AcceptMessagesOnlyFromSendersOrMembers: [],
      ...Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`CustomAttribute${i + 1}`, ''])),
      ...PROTOCOLS,
      ImapEnabled: plan?.imap ?? true,
    },
    old,
  )
  const pace = old ? 0 : paceOf(asked.address).provisioning
  const now = old ? 0 : world.now()
  mailbox.times['restAt'] = now + world.timing.restMs * pace
  mailbox.times['imapAt'] = now + world.timing.imapMs * pace
  return mailbox
}

/** What Get-CASMailbox shows. */
export const PROTOCOLS: Props = {
  ImapEnabled: true,
  PopEnabled: true,
  MAPIEnabled: true,
  OWAEnabled: true,
  ActiveSyncEnabled: true,
  EwsEnabled: true,
  SmtpClientAuthenticationDisabled: null,
  ImapUseProtocolDefaults: true,
  ImapMessagesRetrievalMimeFormat: 'BestBodyFormat',
  ImapForceICalForCalendarRetrievalOption: false,
  ImapSuppressReadReceipt: false,
  OutlookMobileEnabled: true,
  UniversalOutlookEnabled: true,
  OneWinNativeOutlookEnabled: true,
  MacOutlookEnabled: true,
}

/** Aliases are unique in Exchange; the second of two gets a number. */
export function freeAlias(world: TenantWorld, wanted: string): string {
  const taken = (alias: string): boolean => existing(world, ...RECIPIENTS).some(({ props }) => sameText(textOf(props['Alias']), alias))
  if (!taken(wanted)) return wanted
  for (let n = 1; ; n++) if (!taken(`${wanted}${n}`)) return `${wanted}${n}`
}

/** The folders and messages of a mailbox; IMAP and Graph show the same ones. */
export function storeOf(world: TenantWorld, mailbox: ExchangeObject): MailStore {
  const known = world.stores.get(mailbox.guid)
  if (known !== undefined) return known
  const store = createExchangeMailbox(world.options.language, false)
  const kept = world.state.mail.find(({ guid }) => guid === mailbox.guid)
  if (kept !== undefined) restore(store, kept.folders)
  world.stores.set(mailbox.guid, store)
  return store
}

/** Gives folders their old names and ids; ids count up, so that those of deleted folders are passed over. */
function restore(store: MailStore, folders: readonly Props[]): void {
  const number = (id: string): number => Number(id.replace(/^folder-/, ''))
  const kept = folders.filter(isProps).sort((a, b) => number(textOf(a['id'])) - number(textOf(b['id'])))
  for (const { id, name } of store.folders()) {
    const now = kept.find((one) => one['id'] === id)
    if (now === undefined) store.deleteFolder(name)
    else if (textOf(now['name']) !== name) store.renameFolder(name, textOf(now['name']))
  }
  for (const one of kept) {
    const [id, name] = [textOf(one['id']), textOf(one['name'])]
    if (store.folders().some((folder) => folder.id === id)) continue
    const kind = one['kind'] === 'other' || one['kind'] === 'unlisted' ? one['kind'] : 'mail'
    for (;;) {
      const made = store.createFolder(name, { specialUse: textOf(one['specialUse']), kind, selectable: one['selectable'] !== false })
      if (number(made.id) >= number(id)) break
      store.deleteFolder(made.name)
    }
  }
}

const LANGUAGE_OF: Readonly<Record<string, Language>> = { en: 'en', de: 'de', fr: 'fr', nl: 'nl' }

/** Renames the default folders, as the first sign-in in that language does. Their ids stay. */
export function localise(world: TenantWorld, mailbox: ExchangeObject, locale: string): void {
  const language = LANGUAGE_OF[locale.slice(0, 2).toLowerCase()]
  if (language !== undefined) changeLanguage(storeOf(world, mailbox), language)
}

export function shortName(address: string): string {
  return localPartOf(address)
}
