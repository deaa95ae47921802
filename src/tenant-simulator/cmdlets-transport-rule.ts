import { cmdletRefusal } from './answers.ts'
import type { CmdletCall, CmdletTable } from './cmdlet.ts'
import { cmdletsOf } from './cmdlet-family.ts'
import { existing } from './exchange-objects.ts'
import { closeGaps, place } from './priorities.ts'
import { listOf, textOf, type Props, words } from './props.ts'
import type { ExchangeObject } from './state.ts'

const CONDITIONS = [
  ...words('From FromMemberOf FromScope FromAddressContainsWords FromAddressMatchesPatterns SenderDomainIs SenderIpRanges'),
  ...words('SentTo SentToMemberOf SentToScope RecipientDomainIs RecipientAddressContainsWords RecipientAddressMatchesPatterns'),
  ...words('AnyOfToHeader AnyOfCcHeader AnyOfToCcHeader AnyOfToHeaderMemberOf AnyOfToCcHeaderMemberOf AnyOfCcHeaderMemberOf'),
  ...words('SubjectContainsWords SubjectMatchesPatterns SubjectOrBodyContainsWords SubjectOrBodyMatchesPatterns'),
  ...words('HeaderContainsMessageHeader HeaderContainsWords HeaderMatchesMessageHeader HeaderMatchesPatterns'),
  ...words('AttachmentNameMatchesPatterns AttachmentExtensionMatchesWords AttachmentContainsWords AttachmentSizeOver'),
  ...words('AttachmentHasExecutableContent AttachmentIsPasswordProtected AttachmentIsUnsupported MessageSizeOver MessageTypeMatches'),
  ...words('WithImportance SCLOver HasClassification MessageContainsDataClassifications RecipientInSenderList ManagerAddresses'),
]
const ACTIONS = [
  ...words('AddToRecipients CopyTo BlindCopyTo RedirectMessageTo AddManagerAsRecipientType RejectMessageReasonText'),
  ...words('RejectMessageEnhancedStatusCode DeleteMessage Quarantine ModerateMessageByUser ModerateMessageByManager PrependSubject'),
  ...words('SetHeaderName SetHeaderValue RemoveHeader ApplyHtmlDisclaimerText ApplyHtmlDisclaimerLocation'),
  ...words('ApplyHtmlDisclaimerFallbackAction SetSCL ApplyOME ApplyRightsProtectionTemplate RemoveOMEv2'),
  ...words('RouteMessageOutboundConnector RouteMessageOutboundRequireTls GenerateIncidentReport IncidentReportContent'),
  ...words('GenerateNotification NotifySender SetAuditSeverity'),
]
/** These only go together with the action they belong to. */
const NOT_ALONE = new Set(['SetHeaderValue', 'ApplyHtmlDisclaimerLocation', 'ApplyHtmlDisclaimerFallbackAction', 'IncidentReportContent'])
const HOW = [...words('Priority Mode Enabled StopRuleProcessing RuleErrorAction SenderAddressLocation ActivationDate ExpiryDate Comments')]

/** Mail flow rules: priorities stay without gaps, 0 first. */
export const TRANSPORT_RULE_CMDLETS: CmdletTable = cmdletsOf({
  noun: 'TransportRule',
  family: 'organization',
  verbs: ['Get', 'New', 'Set', 'Remove', 'Enable', 'Disable'],
  parameters: ['Name!', ...HOW, ...CONDITIONS, ...CONDITIONS.map((one) => `ExceptIf${one}`), ...ACTIONS],
  filters: ['State', 'ExcludeConditionActionDetails'],
  enums: {
    Mode: ['Enforce', 'Audit', 'AuditAndNotify'],
    State: ['Enabled', 'Disabled'],
    FromScope: ['InOrganization', 'NotInOrganization'],
    SentToScope: ['InOrganization', 'NotInOrganization', 'ExternalPartner', 'ExternalNonPartner'],
    RuleErrorAction: ['Ignore', 'Defer'],
    SenderAddressLocation: ['Header', 'Envelope', 'HeaderOrEnvelope'],
    ApplyHtmlDisclaimerLocation: ['Append', 'Prepend'],
    ApplyHtmlDisclaimerFallbackAction: ['Wrap', 'Ignore', 'Reject'],
  },
  defaults: {
    State: 'Enabled',
    Mode: 'Enforce',
    StopRuleProcessing: false,
    RuleErrorAction: 'Ignore',
    SenderAddressLocation: 'Header',
    Comments: '',
  },
  check,
  shape: (call, wanted, rule) => {
    const { Enabled, ...rest } = wanted
    const at = place(call.world, 'TransportRule', wanted, rule)
    const state: Props = Enabled === undefined ? {} : { State: Enabled === false ? 'Disabled' : 'Enabled' }
    const code: Props = rest['RejectMessageReasonText'] === undefined ? {} : { RejectMessageEnhancedStatusCode: '5.7.1' }
    const all = { ...rule?.props, ...rest }
    return { ...rest, ...state, ...code, ...(at === null ? {} : { Priority: at }), ...parts(all) }
  },
  after: (call, rule) => {
    rule.times['effectiveAt'] = call.world.now() + call.world.timing.transportRuleMs
    closeGaps(call.world, 'TransportRule', rule)
  },
})

function parts(all: Props): Props {
  const used = (names: readonly string[], prefix = ''): string[] =>
    names.filter((name) => isSet(all[`${prefix}${name}`])).map((name) => `${prefix}${name}`)
  const Conditions = used(CONDITIONS)
  const Actions = used(ACTIONS)
  const Exceptions = used(CONDITIONS, 'ExceptIf')
  const say = (words: readonly string[]): string => words.map((word) => `\t${word}: ${JSON.stringify(all[word])}\r\n`).join('')
  const Description = `If the message:\r\n${say(Conditions)}Take the following actions:\r\n${say(Actions)}${Exceptions.length === 0 ? '' : `Except if the message:\r\n${say(Exceptions)}`}`
  return { Conditions, Actions, Exceptions, Description, Size: JSON.stringify(all).length, RuleVersion: '14.0.0.0' }
}

function isSet(value: Props[string] | undefined): boolean {
  return value !== undefined && value !== null && value !== '' && value !== false && !(Array.isArray(value) && value.length === 0)
}

function check(call: CmdletCall, wanted: Props, rule: ExchangeObject | null): void {
  const all = { ...rule?.props, ...wanted }
  if (!ACTIONS.some((name) => isSet(all[name]) && !NOT_ALONE.has(name)))
    throw cmdletRefusal(400, 'ArgumentException', 'At least one action must be specified for the transport rule.')
  const code = textOf(wanted['RejectMessageEnhancedStatusCode'])
  if (code !== '' && code !== '5.7.1' && !/^5\.7\.9\d\d$/.test(code))
    throw cmdletRefusal(
      400,
      'ArgumentException',
      `The enhanced status code "${code}" isn't valid. Valid values are 5.7.1, or a value from 5.7.900 to 5.7.999.`,
    )
  if (isSet(all['SetHeaderName']) !== isSet(all['SetHeaderValue']))
    throw cmdletRefusal(400, 'ArgumentException', 'SetHeaderName and SetHeaderValue must be specified together.')
  for (const pattern of [...CONDITIONS, ...CONDITIONS.map((name) => `ExceptIf${name}`)]
    .filter((name) => name.endsWith('Patterns'))
    .flatMap((name) => listOf(wanted[name]))) {
    try {
      RegExp(pattern).test('')
    } catch {
      throw cmdletRefusal(400, 'ArgumentException', `The pattern "${pattern}" isn't a valid regular expression.`)
    }
  }
  if (textOf(wanted['Comments']).length > 1024) throw cmdletRefusal(400, 'ArgumentException', 'The comment is longer than 1024 characters.')
  const rules = existing(call.world, 'TransportRule')
  if (rule === null && rules.length >= 300)
    throw cmdletRefusal(400, 'RecipientTaskException', 'The number of transport rules exceeds the maximum of 300.')
  const priority = wanted['Priority']
  const most = rule === null ? rules.length : rules.length - 1
  if (priority !== undefined && (Number(priority) < 0 || Number(priority) > most))
    throw cmdletRefusal(400, 'ArgumentException', `The priority ${textOf(priority)} isn't valid. Use a value from 0 to ${most}.`)
}
