import { cmdletRefusal } from './answers.ts'
import { acceptedDomains, initialDomain, RECIPIENTS } from './address-book.ts'
import { given, set, settingsOf, type CmdletCall, type CmdletTable } from './cmdlet.ts'
import { alreadyExists, named } from './cmdlet-family.ts'
import { addObject, answersTo, existing, findObject, readObject, removeObject, visible } from './exchange-objects.ts'
import { found, recipientRow } from './cmdlets-recipient.ts'
import { freeAlias } from './mailbox.ts'
import { readAddresses } from './mailbox-rules.ts'
import { listOf, sameText, textOf, type Props, words, without } from './props.ts'
import type { ExchangeObject } from './state.ts'

const SETTINGS = [
  ...words('Alias DisplayName ManagedBy RequireSenderAuthenticationEnabled MemberJoinRestriction MemberDepartRestriction'),
  ...words('ModerationEnabled ModeratedBy HiddenGroupMembershipEnabled RoomList Notes CopyOwnerToMember IgnoreNamingPolicy'),
]
const NAMING = ['CopyOwnerToMember', 'IgnoreNamingPolicy', 'Members', 'PrimarySmtpAddress', 'Type', 'Name']
const ENUMS = {
  Type: ['Distribution', 'Security'],
  MemberJoinRestriction: ['Open', 'Closed', 'ApprovalRequired'],
  MemberDepartRestriction: ['Open', 'Closed'],
}

/** Distribution groups with their members. */
export const GROUP_CMDLETS: CmdletTable = {
  'Get-DistributionGroup': {
    family: 'recipient',
    parameters: ['Identity', 'Anr', 'Filter', 'ResultSize', 'ManagedBy', 'RecipientTypeDetails', 'SortBy'],
    run: (call) => {
      const manager = given(call, 'ManagedBy') === '' ? null : named(call, [...RECIPIENTS], 'ManagedBy')
      return found(call, ['DistributionGroup'])
        .map((object) => readObject(call.world, object))
        .filter(({ ManagedBy }) => manager === null || listOf(ManagedBy).some((one) => answersTo(manager, one)))
        .map(shownGroup)
    },
  },
  'New-DistributionGroup': {
    family: 'recipient',
    parameters: ['Name!', 'PrimarySmtpAddress', 'Type', 'Members', ...SETTINGS],
    enums: ENUMS,
    run: (call) => [shownGroup(newGroup(call).props)],
  },
  'Set-DistributionGroup': {
    family: 'recipient',
    parameters: [
      ...words('Identity! Name EmailAddresses PrimarySmtpAddress AcceptMessagesOnlyFromSendersOrMembers HiddenFromAddressListsEnabled'),
      ...words('GrantSendOnBehalfTo MailTip BypassSecurityGroupManagerCheck RejectMessagesFromSendersOrMembers CustomAttribute1'),
      ...SETTINGS,
    ],
    enums: ENUMS,
    run: (call) => {
      const group = named(call, 'DistributionGroup')
      set(call, group, withAddresses(call, group))
      return []
    },
  },
  'Remove-DistributionGroup': {
    family: 'recipient',
    parameters: ['Identity!', 'BypassSecurityGroupManagerCheck'],
    run: (call) => {
      removeObject(call.world, named(call, 'DistributionGroup'))
      return []
    },
  },
  'Get-DistributionGroupMember': {
    family: 'recipient',
    parameters: ['Identity!', 'ResultSize'],
    run: (call) => {
      const ids = listOf(readObject(call.world, named(call, 'DistributionGroup'))['Members'])
      return ids.flatMap((id) => {
        const member = visible(call.world, ...RECIPIENTS).find((one) => answersTo(one, id))
        return member === undefined ? [] : [recipientRow(member.props)]
      })
    },
  },
  'Add-DistributionGroupMember': {
    family: 'recipient',
    parameters: ['Identity!', 'Member!', 'BypassSecurityGroupManagerCheck'],
    run: (call) => {
      const group = named(call, 'DistributionGroup')
      const member = memberId(call, given(call, 'Member'))
      const members = listOf(group.props['Members'])
      if (members.includes(member))
        throw cmdletRefusal(
          400,
          'MemberAlreadyExistsException',
          `The recipient "${given(call, 'Member')}" is already a member of the group "${textOf(group.props['Identity'])}".`,
        )
      set(call, group, { Members: [...members, member] })
      return []
    },
  },
  'Remove-DistributionGroupMember': {
    family: 'recipient',
    parameters: ['Identity!', 'Member!', 'BypassSecurityGroupManagerCheck'],
    run: (call) => {
      const group = named(call, 'DistributionGroup')
      const member = memberId(call, given(call, 'Member'))
      const members = listOf(group.props['Members'])
      if (!members.includes(member))
        throw cmdletRefusal(
          400,
          'MemberNotFoundException',
          `The recipient "${given(call, 'Member')}" isn't a member of the group "${textOf(group.props['Identity'])}".`,
        )
      set(call, group, { Members: members.filter((id) => id !== member) })
      return []
    },
  },
  'Update-DistributionGroupMember': {
    family: 'recipient',
    parameters: ['Identity!', 'Members!', 'BypassSecurityGroupManagerCheck'],
    run: (call) => {
      const group = named(call, 'DistributionGroup')
      const members = listOf(call.parameters['Members'])
      if (members.length > 5000) throw cmdletRefusal(400, 'RecipientTaskException', 'The operation timed out after 15 minutes.')
      set(call, group, { Members: members.map((member) => memberId(call, member)) })
      return []
    },
  },
}

function shownGroup(props: Props): Props {
  return without(props, 'Members')
}

function newGroup(call: CmdletCall): ExchangeObject {
  const { world } = call
  const name = given(call, 'Name')
  if (name.length > 64) throw cmdletRefusal(400, 'DataValidationException', 'The name is longer than 64 characters.')
  if (existing(world, ...RECIPIENTS).some(({ props }) => sameText(textOf(props['Name']), name))) throw alreadyExists(name)
  const wanted = given(call, 'Alias') || name.normalize('NFKD').replace(/[^A-Za-z0-9.!#$%&'*+\-/=?^_`{|}~]/g, '')
  const domain = world.state.domains.find(({ props }) => props['isDefault'] === true)?.id ?? initialDomain(world)
  const address =
    given(call, 'PrimarySmtpAddress') || `${wanted}@${acceptedDomains(world).includes(domain) ? domain : initialDomain(world)}`
  const { all } = readAddresses(world, [`SMTP:${address}`], null)
  const security = sameText(given(call, 'Type'), 'Security')
  const Alias = freeAlias(world, wanted)
  return addObject(world, 'DistributionGroup', {
    ManagedBy: [],
    RequireSenderAuthenticationEnabled: true,
    MemberJoinRestriction: 'Closed',
    MemberDepartRestriction: 'Open',
    ModerationEnabled: false,
    HiddenFromAddressListsEnabled: false,
    AcceptMessagesOnlyFromSendersOrMembers: [],
    IsDirSynced: false,
    ...settingsOf(call, {}, NAMING),
    Identity: name,
    Name: name,
    DisplayName: given(call, 'DisplayName') || name,
    Alias,
    PrimarySmtpAddress: address,
    EmailAddresses: [...all],
    ExternalDirectoryObjectId: world.id(),
    GroupType: security ? 'Universal, SecurityEnabled' : 'Universal',
    RecipientType: security ? 'MailUniversalSecurityGroup' : 'MailUniversalDistributionGroup',
    RecipientTypeDetails: security ? 'MailUniversalSecurityGroup' : 'MailUniversalDistributionGroup',
    Members: listOf(call.parameters['Members']).map((member) => memberId(call, member)),
  })
}

function withAddresses(call: CmdletCall, group: ExchangeObject): Props {
  const { PrimarySmtpAddress, BypassSecurityGroupManagerCheck: _, ...settings } = settingsOf(call, group.props)
  if (group.props['IsDirSynced'] === true)
    throw cmdletRefusal(
      400,
      'RecipientTaskException',
      `The action 'Set-DistributionGroup' can't be performed on the object '${textOf(group.props['Identity'])}' because the object is being synchronized from your on-premises organization. This action should be performed on the object in your on-premises organization.`,
    )
  const asked = settings['EmailAddresses'] === undefined ? listOf(group.props['EmailAddresses']) : listOf(settings['EmailAddresses'])
  const primary = textOf(PrimarySmtpAddress)
  const next =
    primary === ''
      ? asked
      : [`SMTP:${primary}`, ...asked.map((one) => one.replace(/^SMTP:/, 'smtp:')).filter((one) => !sameText(one, `smtp:${primary}`))]
  if (settings['EmailAddresses'] === undefined && primary === '') return settings
  const read = readAddresses(call.world, next, group)
  return { ...settings, EmailAddresses: [...read.all], PrimarySmtpAddress: read.primary }
}

function memberId(call: CmdletCall, name: string): string {
  const member = findObject(call.world, RECIPIENTS, name)
  if (member === undefined)
    throw cmdletRefusal(
      404,
      'ManagementObjectNotFoundException',
      `Couldn't find object "${name}". Please make sure that it was spelled correctly or specify a different object.`,
    )
  return textOf(member.props['ExternalDirectoryObjectId']) || member.guid
}
