import { cmdletRefusal, objectMissing } from './answers.ts'
import { acceptedDomains, domainOf, initialDomain } from './address-book.ts'
import { given, isSwitchedOn, set, settingsOf, warnUnchanged, type CmdletCall, type CmdletTable } from './cmdlet.ts'
import { alreadyExists, named } from './cmdlet-family.ts'
import { answersTo, existing, findObject, readObject, visible } from './exchange-objects.ts'
import { createMailbox, localise, PROTOCOLS } from './mailbox.ts'
import { checkMailbox, readAddresses } from './mailbox-rules.ts'
import { parseFilter } from './odata-filter.ts'
import { listOf, propsOf, sameText, textOf, type Props, words } from './props.ts'
import { softDelete } from './provisioning.ts'
import type { ExchangeObject } from './state.ts'

const ATTRIBUTES = Array.from({ length: 15 }, (_, i) => `CustomAttribute${i + 1}`)

export const MAILBOX_CMDLETS: CmdletTable = {
  'Get-Mailbox': {
    family: 'recipient',
    parameters: [
      ...words('Identity Anr Archive Filter InactiveMailboxOnly IncludeInactiveMailbox RecipientTypeDetails ResultSize'),
      ...words('SoftDeletedMailbox SortBy PublicFolder MailboxPlan OrganizationalUnit'),
    ],
    run: (call) => listMailboxes(call).map(([, row]) => row),
  },
  'New-Mailbox': {
    family: 'recipient',
    parameters: [
      ...words('Name! Shared Room Equipment Alias DisplayName FirstName LastName PrimarySmtpAddress'),
      ...words('MicrosoftOnlineServicesID Password ResetPasswordOnNextLogon ResourceCapacity Archive EnableRoomMailboxAccount'),
    ],
    run: (call) => [newMailbox(call).props],
  },
  'Set-Mailbox': {
    family: 'recipient',
    parameters: [
      ...words('Identity! Type EmailAddresses WindowsEmailAddress MicrosoftOnlineServicesID DisplayName Name Alias'),
      ...words('MaxReceiveSize MaxSendSize IssueWarningQuota ProhibitSendQuota ProhibitSendReceiveQuota RecoverableItemsQuota'),
      ...words('UseDatabaseQuotaDefaults RetainDeletedItemsFor LitigationHoldEnabled LitigationHoldDuration LitigationHoldOwner'),
      ...words('RetentionComment RetentionUrl SingleItemRecoveryEnabled RetentionHoldEnabled StartDateForRetentionHold'),
      ...words('EndDateForRetentionHold ElcProcessingDisabled RetentionPolicy ForwardingSmtpAddress ForwardingAddress'),
      ...words('DeliverToMailboxAndForward HiddenFromAddressListsEnabled GrantSendOnBehalfTo MessageCopyForSentAsEnabled'),
      ...words('MessageCopyForSendOnBehalfEnabled RemoveDelayHoldApplied RemoveDelayReleaseHoldApplied AuditEnabled RecipientLimits'),
      ...words('AcceptMessagesOnlyFromSendersOrMembers RejectMessagesFromSendersOrMembers RequireSenderAuthenticationEnabled'),
      ...words('ModerationEnabled ModeratedBy MailTip Languages CalendarVersionStoreDisabled ResourceCapacity'),
      ...ATTRIBUTES,
    ],
    enums: { Type: ['Regular', 'Shared', 'Room', 'Equipment', 'Workspace', 'Desk'] },
    run: setMailbox,
  },
  'Remove-Mailbox': {
    family: 'recipient',
    parameters: ['Identity!', 'PermanentlyDelete', 'IgnoreLegalHold'],
    run: (call) => {
      const mailbox = named(call, 'Mailbox')
      const user = call.world.state.users.find(({ id }) => id === mailbox.props['ExternalDirectoryObjectId'])
      softDelete(call.world, mailbox)
      if (user !== undefined) {
        user.deletedAtMs = call.world.now()
        call.world.schedule('purge-user', user.id, call.world.timing.softDeleteMs)
      }
      return []
    },
  },
  'Enable-Mailbox': {
    family: 'recipient',
    parameters: ['Identity!', 'Archive', 'ArchiveName', 'AutoExpandingArchive'],
    run: enableMailbox,
  },
  'Disable-Mailbox': {
    family: 'recipient',
    parameters: ['Identity!', 'Archive', 'PermanentlyDisable'],
    run: (call) => {
      const mailbox = named(call, 'Mailbox')
      if (!isSwitchedOn(call, 'Archive'))
        throw cmdletRefusal(400, 'RecipientTaskException', 'Remove the license of the user to disable the mailbox.')
      set(call, mailbox, { ArchiveStatus: 'None', ArchiveGuid: '00000000-0000-0000-0000-000000000000', ArchiveName: [] })
      return []
    },
  },
  'Set-MailboxRegionalConfiguration': {
    family: 'recipient',
    parameters: ['Identity!', 'Language', 'DateFormat', 'TimeFormat', 'TimeZone', 'LocalizeDefaultFolderName', 'Archive'],
    run: (call) => {
      const mailbox = named(call, 'Mailbox')
      const { LocalizeDefaultFolderName, ...rest } = settingsOf(call, {})
      const old = regional(mailbox)
      const language = textOf(rest['Language'])
      if (language !== '' && !sameText(language, textOf(old['Language'])) && textOf(old['DateFormat']) !== '' && !('DateFormat' in rest))
        throw cmdletRefusal(
          400,
          'DataValidationException',
          `DateFormat "${textOf(old['DateFormat'])}" isn't valid for current language setting "${language}".`,
        )
      set(call, mailbox, { Regional: { ...old, ...rest }, ...(language === '' ? {} : { Languages: [language] }) })
      if (LocalizeDefaultFolderName === true) localise(call.world, mailbox, textOf(regional(mailbox)['Language']))
      return []
    },
  },
  'Get-MailboxRegionalConfiguration': {
    family: 'recipient',
    parameters: ['Identity!', 'VerifyDefaultFolderNameLanguage', 'Archive'],
    run: (call) => [{ Identity: given(call, 'Identity'), ...regional(named(call, 'Mailbox')) }],
  },
}

function regional(mailbox: ExchangeObject): Props {
  return propsOf(mailbox.props['Regional'])
}

/** The mailboxes that Get-Mailbox and its relatives show; without an Identity all of them. */
export function listMailboxes(call: CmdletCall): (readonly [ExchangeObject, Props])[] {
  const { world } = call
  const gone = isSwitchedOn(call, 'SoftDeletedMailbox')
  const kept = gone
    ? world.state.objects.filter(({ kind, removedAtMs }) => kind === 'Mailbox' && removedAtMs !== null)
    : visible(world, 'Mailbox')
  const identity = given(call, 'Identity')
  const found = identity === '' ? kept : kept.filter((one) => answersTo(one, identity))
  if (identity !== '' && found.length === 0) throw objectMissing(identity)
  const types = listOf(call.parameters['RecipientTypeDetails'])
  const anr = given(call, 'Anr').toLowerCase()
  const filter = given(call, 'Filter')
  const test = filter === '' ? () => true : parseFilter(filter.replace(/(^|[\s(])-(\w+)(?=\s)/g, '$1$2'))
  return found
    .map((one) => [one, mailboxRow(readObject(world, one))] as const)
    .filter(([, row]) => types.length === 0 || types.some((type) => sameText(type, textOf(row['RecipientTypeDetails']))))
    .filter(
      ([, row]) => anr === '' || [row['Name'], row['DisplayName'], row['Alias']].some((one) => textOf(one).toLowerCase().startsWith(anr)),
    )
    .filter(([, row]) => !isSwitchedOn(call, 'Archive') || row['ArchiveStatus'] === 'Active')
    .filter(([, row]) => test(row))
}

const HIDDEN = new Set([...Object.keys(PROTOCOLS), 'Regional', 'mailboxSettings', 'masterCategories'])

function mailboxRow(props: Props): Props {
  return Object.fromEntries(Object.entries(props).filter(([key]) => !HIDDEN.has(key)))
}

function newMailbox(call: CmdletCall): ExchangeObject {
  const { world } = call
  const name = given(call, 'Name')
  if (name.length > 64)
    throw cmdletRefusal(400, 'DataValidationException', 'The length of the property is too long. The maximum length is 64.')
  const type = isSwitchedOn(call, 'Shared')
    ? 'SharedMailbox'
    : isSwitchedOn(call, 'Room')
      ? 'RoomMailbox'
      : isSwitchedOn(call, 'Equipment')
        ? 'EquipmentMailbox'
        : 'UserMailbox'
  if (existing(world, 'Mailbox').some(({ props }) => sameText(textOf(props['Name']), name))) throw alreadyExists(name)
  const alias = given(call, 'Alias') || name.normalize('NFKD').replace(/[^A-Za-z0-9.!#$%&'*+\-/=?^_`{|}~]/g, '')
  const domain = world.state.domains.find(({ props }) => props['isDefault'] === true)?.id ?? initialDomain(world)
  const upn = given(call, 'MicrosoftOnlineServicesID')
  if (type === 'UserMailbox' && (upn === '' || given(call, 'Password') === ''))
    throw cmdletRefusal(400, 'ParameterBindingException', 'Parameter set cannot be resolved using the specified named parameters.')
  const address =
    given(call, 'PrimarySmtpAddress') || upn || `${alias}@${acceptedDomains(world).includes(domain) ? domain : initialDomain(world)}`
  readAddresses(world, [`SMTP:${address}`], null)
  const userId = world.id()
  const userPrincipalName = upn || `${alias}@${domainOf(address)}`
  const displayName = given(call, 'DisplayName') || name
  const now = world.now()
  world.state.users.push({
    id: userId,
    props: { displayName, mailNickname: alias, userPrincipalName, accountEnabled: type === 'UserMailbox', usageLocation: null },
    licences: [],
    licenceErrors: [],
    visibleAtMs: now + world.timing.userVisibleMs,
    createdAtMs: now,
    usageLocationAtMs: now,
    deletedAtMs: null,
  })
  const mailbox = createMailbox(world, { type, name, displayName, alias, address, userId, upn: userPrincipalName })
  if (isSwitchedOn(call, 'Archive')) mailbox.props = { ...mailbox.props, ArchiveStatus: 'Active', ArchiveGuid: world.id() }
  return mailbox
}

const DETAILS: Readonly<Record<string, string>> = {
  regular: 'UserMailbox',
  shared: 'SharedMailbox',
  room: 'RoomMailbox',
  equipment: 'EquipmentMailbox',
}

function setMailbox(call: CmdletCall): Props[] {
  const { world } = call
  const mailbox = named(call, 'Mailbox')
  const { Type, WindowsEmailAddress, ...settings } = settingsOf(call, mailbox.props, [
    'RetentionUrl',
    'RemoveDelayHoldApplied',
    'RemoveDelayReleaseHoldApplied',
  ])
  if (mailbox.props['IsDirSynced'] === true) {
    const owned = Object.keys(call.parameters).find((key) =>
      [
        'EmailAddresses',
        'DisplayName',
        'Alias',
        'WindowsEmailAddress',
        'HiddenFromAddressListsEnabled',
        'GrantSendOnBehalfTo',
        ...ATTRIBUTES,
      ].includes(key),
    )
    if (owned !== undefined) throw outOfWriteScope('Set-Mailbox', owned, textOf(mailbox.props['Identity']))
  }
  const patch: Props = { ...settings }
  if (settings['EmailAddresses'] !== undefined) {
    const { all, primary } = readAddresses(world, listOf(settings['EmailAddresses']), mailbox)
    patch['EmailAddresses'] = all
    patch['PrimarySmtpAddress'] = primary
    patch['WindowsEmailAddress'] = primary
  }
  if (WindowsEmailAddress !== undefined) {
    const next = textOf(WindowsEmailAddress)
    const others = listOf(mailbox.props['EmailAddresses']).map((one) => one.replace(/^SMTP:/, 'smtp:'))
    const { all, primary } = readAddresses(world, [`SMTP:${next}`, ...others.filter((one) => !sameText(one, `smtp:${next}`))], mailbox)
    Object.assign(patch, { EmailAddresses: all, PrimarySmtpAddress: primary, WindowsEmailAddress: primary })
  }
  if (Type !== undefined) {
    const details = DETAILS[textOf(Type).toLowerCase()] ?? 'RoomMailbox'
    patch['RecipientTypeDetails'] = details
    patch['IsShared'] = details === 'SharedMailbox'
  }
  checkMailbox(world, mailbox, patch)
  if (patch['LitigationHoldEnabled'] === true && mailbox.props['LitigationHoldEnabled'] !== true)
    call.warn('The hold setting may take up to 60 minutes to take effect.')
  set(call, mailbox, patch)
  return []
}

/** The directory on premises owns it. */
export function outOfWriteScope(cmdlet: string, property: string, name: string): Error {
  return cmdletRefusal(
    400,
    'RecipientTaskException',
    `The operation on mailbox "${name}" failed because it's out of the current user's write scope. The action '${cmdlet}', '${property}', can't be performed on the object '${name}' because the object is being synchronized from your on-premises organization. This action should be performed on the object in your on-premises organization.`,
  )
}

function enableMailbox(call: CmdletCall): Props[] {
  const mailbox = findObject(call.world, 'Mailbox', given(call, 'Identity'))
  if (mailbox === undefined) throw objectMissing(given(call, 'Identity'))
  const active = mailbox.props['ArchiveStatus'] === 'Active'
  if (isSwitchedOn(call, 'AutoExpandingArchive')) {
    if (!active)
      throw cmdletRefusal(
        400,
        'RecipientTaskException',
        `The mailbox '${textOf(mailbox.props['Identity'])}' doesn't have an archive. Enable the archive first.`,
      )
    if (mailbox.props['AutoExpandingArchiveEnabled'] === true) warnUnchanged(call, mailbox)
    else set(call, mailbox, { AutoExpandingArchiveEnabled: true })
    return [mailboxRow(mailbox.props)]
  }
  if (!isSwitchedOn(call, 'Archive')) throw cmdletRefusal(400, 'RecipientTaskException', 'This user already has a mailbox.')
  if (active)
    throw cmdletRefusal(400, 'RecipientTaskException', `The mailbox "${textOf(mailbox.props['Identity'])}" already has an archive.`)
  checkMailbox(call.world, mailbox, { ArchiveStatus: 'Active' })
  set(call, mailbox, {
    ArchiveStatus: 'Active',
    ArchiveGuid: call.world.id(),
    ArchiveName: [given(call, 'ArchiveName') || `In-Place Archive - ${textOf(mailbox.props['DisplayName'])}`],
  })
  return [mailboxRow(mailbox.props)]
}
