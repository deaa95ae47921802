import { cmdletRefusal, objectMissing } from './answers.ts'
import { given, type Cmdlet, type CmdletTable } from './cmdlet.ts'
import { hasDefender, RULE, SENDER_RULE } from './cmdlets-preset.ts'
import { cmdletsOf, type Family } from './cmdlet-family.ts'
import { existing, findObject } from './exchange-objects.ts'
import { closeGaps, place } from './priorities.ts'
import { textOf, type Props, words } from './props.ts'

const SPAM_ACTIONS = ['MoveToJmf', 'AddXHeader', 'ModifySubject', 'Redirect', 'Delete', 'Quarantine', 'NoAction']
const DEFENDER_ONLY = [
  ...words('PhishThresholdLevel EnableTargetedUserProtection TargetedUsersToProtect EnableOrganizationDomainsProtection'),
  ...words('EnableTargetedDomainsProtection TargetedDomainsToProtect EnableMailboxIntelligence EnableMailboxIntelligenceProtection'),
  ...words(
    'MailboxIntelligenceProtectionAction TargetedUserProtectionAction TargetedDomainProtectionAction ExcludedSenders ExcludedDomains',
  ),
]
const MARKS = [
  'EmptyMessages',
  'JavaScriptInHtml',
  'FramesInHtml',
  'ObjectTagsInHtml',
  'EmbedTagsInHtml',
  'FormTagsInHtml',
  'WebBugsInHtml',
  'SensitiveWordList',
  'SpfRecordHardFail',
  'FromAddressAuthFail',
  'NdrBackscatter',
].map((one) => `MarkAsSpam${one}`)

/** The rule that binds policies of a feature to recipients. A recipient condition is needed, and the policy must exist. */
function ruleOf(policy: string, feature: string, takes: readonly string[] = RULE): Record<string, Cmdlet> {
  const conditions = takes.filter((one) => /^(?:SentTo|RecipientDomainIs|From|SenderDomainIs)/.test(one))
  const family: Family = {
    noun: `${feature}Rule`,
    family: 'protection',
    verbs: ['Get', 'New', 'Set', 'Remove', 'Enable', 'Disable'],
    parameters: [...takes, `${policy}!`],
    filters: ['State'],
    defaults: { State: 'Enabled', Comments: '' },
    customised: true,
    check: (call, wanted, rule) => {
      const name = textOf(wanted[policy])
      if (name !== '' && findObject(call.world, policy, name) === undefined) throw objectMissing(name)
      const all = { ...rule?.props, ...wanted }
      if (conditions.every((one) => (all[one] ?? null) === null))
        throw cmdletRefusal(
          400,
          'ArgumentException',
          `You must specify at least one ${takes === RULE ? 'recipient' : 'sender'} condition for the rule.`,
        )
      const taken = existing(call.world, `${feature}Rule`).some((one) => one !== rule && one.props[policy] === name && name !== '')
      if (taken) throw cmdletRefusal(400, 'ValidationException', `The policy '${name}' is already used by another rule.`)
    },
    shape: (call, { Enabled, ...rest }, rule) => {
      const at = place(call.world, `${feature}Rule`, rest, rule)
      return {
        ...rest,
        ...(at === null ? {} : { Priority: at }),
        ...(Enabled === undefined ? {} : { State: Enabled === false ? 'Disabled' : 'Enabled' }),
      }
    },
    after: (call, rule) => closeGaps(call.world, `${feature}Rule`, rule),
  }
  return cmdletsOf(family)
}

const policy = (family: Omit<Family, 'family' | 'verbs'>): Record<string, Cmdlet> =>
  cmdletsOf({ ...family, family: 'protection', verbs: ['Get', 'New', 'Set', 'Remove'], customised: true })

/** Exchange Online Protection: policies, and the rules that bind them to recipients. */
export const PROTECTION_CMDLETS: CmdletTable = {
  ...policy({
    noun: 'HostedContentFilterPolicy',
    parameters: [
      ...words('Name! AdminDisplayName SpamAction HighConfidenceSpamAction PhishSpamAction HighConfidencePhishAction BulkSpamAction'),
      ...words(
        'BulkThreshold MarkAsSpamBulkMail QuarantineRetentionPeriod SpamQuarantineTag HighConfidenceSpamQuarantineTag PhishQuarantineTag',
      ),
      ...words(
        'HighConfidencePhishQuarantineTag BulkQuarantineTag AllowedSenders AllowedSenderDomains BlockedSenders BlockedSenderDomains',
      ),
      ...words('InlineSafetyTipsEnabled SpamZapEnabled PhishZapEnabled MakeDefault EnableLanguageBlockList LanguageBlockList'),
      ...words('EnableRegionBlockList RegionBlockList IntraOrgFilterState TestModeAction RedirectToRecipients ModifySubjectValue'),
      ...words('AddXHeaderValue IncreaseScoreWithImageLinks IncreaseScoreWithNumericIps IncreaseScoreWithRedirectToOtherPort'),
      ...MARKS,
    ],
    enums: {
      SpamAction: SPAM_ACTIONS,
      HighConfidenceSpamAction: SPAM_ACTIONS,
      PhishSpamAction: SPAM_ACTIONS,
      BulkSpamAction: SPAM_ACTIONS,
      HighConfidencePhishAction: ['Quarantine', 'Redirect'],
      MarkAsSpamBulkMail: ['Off', 'On', 'Test'],
    },
    defaults: CONTENT_FILTER(),
    builtIn: ['Default'],
    check: (_, wanted) => {
      const bulk = wanted['BulkThreshold']
      if (bulk !== undefined && (Number(bulk) < 1 || Number(bulk) > 9)) throw outOfRange('BulkThreshold', 1, 9)
      const days = wanted['QuarantineRetentionPeriod']
      if (days !== undefined && (Number(days) < 1 || Number(days) > 30)) throw outOfRange('QuarantineRetentionPeriod', 1, 30)
    },
  }),
  ...ruleOf('HostedContentFilterPolicy', 'HostedContentFilter'),
  ...cmdletsOf({
    noun: 'HostedConnectionFilterPolicy',
    family: 'protection',
    verbs: ['Get', 'Set'],
    parameters: ['IPAllowList', 'IPBlockList', 'EnableSafeList', 'AdminDisplayName'],
  }),
  ...policy({
    noun: 'HostedOutboundSpamFilterPolicy',
    parameters: [
      ...words('Name! AdminDisplayName AutoForwardingMode ActionWhenThresholdReached RecipientLimitExternalPerHour'),
      ...words('RecipientLimitInternalPerHour RecipientLimitPerDay NotifyOutboundSpam NotifyOutboundSpamRecipients'),
      ...words('BccSuspiciousOutboundMail BccSuspiciousOutboundAdditionalRecipients'),
    ],
    enums: { AutoForwardingMode: ['Automatic', 'Off', 'On'], ActionWhenThresholdReached: ['Alert', 'BlockUserForToday', 'BlockUser'] },
    defaults: {
      AutoForwardingMode: 'Automatic',
      ActionWhenThresholdReached: 'BlockUserForToday',
      RecipientLimitExternalPerHour: 0,
      RecipientLimitInternalPerHour: 0,
      RecipientLimitPerDay: 0,
    },
    builtIn: ['Default'],
  }),
  ...ruleOf('HostedOutboundSpamFilterPolicy', 'HostedOutboundSpamFilter', SENDER_RULE),
  ...policy({
    noun: 'MalwareFilterPolicy',
    parameters: [
      ...words('Name! AdminDisplayName EnableFileFilter FileTypes FileTypeAction ZapEnabled QuarantineTag CustomNotifications'),
      ...words('EnableInternalSenderAdminNotifications InternalSenderAdminAddress EnableExternalSenderAdminNotifications'),
      ...words(
        'ExternalSenderAdminAddress CustomFromName CustomFromAddress CustomInternalSubject CustomInternalBody CustomExternalSubject CustomExternalBody',
      ),
    ],
    enums: { FileTypeAction: ['Reject', 'Quarantine'] },
    defaults: {
      EnableFileFilter: true,
      FileTypes: ['ace', 'exe', 'jar', 'reg', 'scr', 'vbe', 'vbs'],
      FileTypeAction: 'Reject',
      ZapEnabled: true,
      QuarantineTag: 'AdminOnlyAccessPolicy',
    },
    builtIn: ['Default'],
  }),
  ...ruleOf('MalwareFilterPolicy', 'MalwareFilter'),
  ...policy({
    noun: 'AntiPhishPolicy',
    parameters: [
      ...words('Name! AdminDisplayName Enabled EnableSpoofIntelligence AuthenticationFailAction HonorDmarcPolicy DmarcQuarantineAction'),
      ...words('DmarcRejectAction EnableFirstContactSafetyTips EnableUnauthenticatedSender EnableViaTag SpoofQuarantineTag'),
      ...DEFENDER_ONLY,
    ],
    enums: {
      AuthenticationFailAction: ['MoveToJmf', 'Quarantine'],
      DmarcQuarantineAction: ['MoveToJmf', 'Quarantine'],
      DmarcRejectAction: ['Quarantine', 'Reject'],
    },
    defaults: {
      Enabled: true,
      EnableSpoofIntelligence: true,
      AuthenticationFailAction: 'MoveToJmf',
      HonorDmarcPolicy: true,
      DmarcQuarantineAction: 'Quarantine',
      DmarcRejectAction: 'Reject',
      EnableFirstContactSafetyTips: false,
      EnableUnauthenticatedSender: true,
      EnableViaTag: true,
    },
    builtIn: ['Office365 AntiPhish Default'],
    check: (call) => {
      const needs = DEFENDER_ONLY.find((name) => name in call.parameters)
      if (needs !== undefined && !hasDefender(call))
        throw cmdletRefusal(400, 'ParameterBindingException', `A parameter cannot be found that matches parameter name '${needs}'.`)
    },
  }),
  ...ruleOf('AntiPhishPolicy', 'AntiPhish'),
  ...cmdletsOf({
    noun: 'QuarantinePolicy',
    family: 'protection',
    verbs: ['Get', 'New', 'Set', 'Remove'],
    parameters: [
      'Name!',
      'EndUserQuarantinePermissionsValue',
      'ESNEnabled',
      'QuarantineRetentionDays',
      'QuarantinePolicyType',
      'EndUserSpamNotificationFrequency',
      'OrganizationBrandingEnabled',
    ],
    filters: ['QuarantinePolicyType'],
    customised: true,
    defaults: { ESNEnabled: false, EndUserQuarantinePermissionsValue: 0, QuarantinePolicyType: 'QuarantinePolicy' },
    builtIn: ['DefaultFullAccessPolicy', 'AdminOnlyAccessPolicy', 'DefaultFullAccessWithNotificationPolicy', 'DefaultGlobalTag'],
    keep: (call, row) =>
      given(call, 'Identity') !== '' || (given(call, 'QuarantinePolicyType') || 'QuarantinePolicy') === row['QuarantinePolicyType'],
  }),
}

function CONTENT_FILTER(): Props {
  return {
    SpamAction: 'MoveToJmf',
    HighConfidenceSpamAction: 'MoveToJmf',
    PhishSpamAction: 'Quarantine',
    HighConfidencePhishAction: 'Quarantine',
    BulkSpamAction: 'MoveToJmf',
    BulkThreshold: 7,
    MarkAsSpamBulkMail: 'On',
    QuarantineRetentionPeriod: 15,
    AllowedSenders: [],
    AllowedSenderDomains: [],
    BlockedSenders: [],
    BlockedSenderDomains: [],
    InlineSafetyTipsEnabled: true,
    SpamZapEnabled: true,
    PhishZapEnabled: true,
    IntraOrgFilterState: 'Default',
    SpamQuarantineTag: 'DefaultFullAccessPolicy',
    HighConfidenceSpamQuarantineTag: 'DefaultFullAccessPolicy',
    PhishQuarantineTag: 'DefaultFullAccessPolicy',
    HighConfidencePhishQuarantineTag: 'AdminOnlyAccessPolicy',
    BulkQuarantineTag: 'DefaultFullAccessPolicy',
  }
}

function outOfRange(name: string, from: number, to: number): Error {
  return cmdletRefusal(
    400,
    'ParameterBindingException',
    `Cannot validate argument on parameter '${name}'. Use a value from ${from} to ${to}.`,
  )
}
