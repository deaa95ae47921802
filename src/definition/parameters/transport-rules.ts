import type { Settings } from '../../model/wanted-tenant.ts'
import type { ParameterProblem } from './check.ts'
import type { Parameter, Parameters } from './parameter.ts'
import {
  address,
  addresses,
  addressRanges,
  all,
  atMost,
  date,
  domains,
  flag,
  matching,
  oneOf,
  size,
  whole,
  word,
  words,
} from './parameter.ts'

const INSIDE = ['InOrganization', 'NotInOrganization'] as const

/** Each of them is also there as an exception: `ExceptIfFrom`. */
const CONDITIONS: Parameters = {
  ...all(
    'From FromMemberOf SentTo SentToMemberOf AnyOfToHeader AnyOfToHeaderMemberOf AnyOfCcHeader AnyOfCcHeaderMemberOf AnyOfToCcHeader AnyOfToCcHeaderMemberOf BetweenMemberOf1 BetweenMemberOf2 ManagerAddresses',
    addresses,
  ),
  ...all(
    'FromAddressContainsWords FromAddressMatchesPatterns RecipientAddressContainsWords RecipientAddressMatchesPatterns AnyOfRecipientAddressContainsWords AnyOfRecipientAddressMatchesPatterns SenderADAttributeContainsWords SenderADAttributeMatchesPatterns RecipientADAttributeContainsWords RecipientADAttributeMatchesPatterns SenderInRecipientList RecipientInSenderList',
    words,
  ),
  ...all(
    'SubjectContainsWords SubjectMatchesPatterns SubjectOrBodyContainsWords SubjectOrBodyMatchesPatterns HeaderContainsWords HeaderMatchesPatterns AttachmentNameMatchesPatterns AttachmentExtensionMatchesWords AttachmentContainsWords AttachmentMatchesPatterns AttachmentPropertyContainsWords ContentCharacterSetContainsWords MessageContainsDataClassifications',
    words,
  ),
  ...all('SenderDomainIs RecipientDomainIs', domains),
  ...all('HeaderContainsMessageHeader HeaderMatchesMessageHeader HasClassification', word),
  ...all('AttachmentSizeOver MessageSizeOver', size),
  ...all(
    'AttachmentHasExecutableContent AttachmentIsPasswordProtected AttachmentIsUnsupported AttachmentProcessingLimitExceeded HasNoClassification HasSenderOverride',
    flag,
  ),
  FromScope: oneOf(...INSIDE),
  SentToScope: oneOf(...INSIDE, 'ExternalPartner', 'ExternalNonPartner'),
  SenderIpRanges: addressRanges,
  SenderManagementRelationship: oneOf('Manager', 'DirectReport'),
  ManagerForEvaluatedUser: oneOf('Recipient', 'Sender'),
  MessageTypeMatches: oneOf(
    'OOF',
    'AutoForward',
    'Encrypted',
    'Calendaring',
    'PermissionControlled',
    'Voicemail',
    'Signed',
    'ApprovalRequest',
    'ReadReceipt',
  ),
  WithImportance: oneOf('Low', 'Normal', 'High'),
  SCLOver: whole(-1, 9),
}

const ACTIONS: Parameters = {
  ...all('AddToRecipients CopyTo BlindCopyTo RedirectMessageTo ModerateMessageByUser', addresses),
  ...all(
    'DeleteMessage Quarantine ModerateMessageByManager ApplyOME RemoveOME RemoveOMEv2 RemoveRMSAttachmentEncryption RouteMessageOutboundRequireTls',
    flag,
  ),
  ...all(
    'RejectMessageReasonText PrependSubject SetHeaderName SetHeaderValue RemoveHeader ApplyClassification ApplyHtmlDisclaimerText ApplyRightsProtectionTemplate ApplyRightsProtectionCustomizationTemplate RouteMessageOutboundConnector GenerateNotification',
    word,
  ),
  AddManagerAsRecipientType: oneOf('To', 'Cc', 'Bcc', 'Redirect'),
  RejectMessageEnhancedStatusCode: matching(/^5\.7\.(?:1|9\d\d)$/, '5.7.1, or one from 5.7.900 to 5.7.999'),
  ApplyHtmlDisclaimerLocation: oneOf('Append', 'Prepend'),
  ApplyHtmlDisclaimerFallbackAction: oneOf('Wrap', 'Ignore', 'Reject'),
  SetSCL: whole(-1, 9),
  GenerateIncidentReport: address,
  IncidentReportContent: words,
  NotifySender: oneOf(
    'NotifyOnly',
    'RejectMessage',
    'RejectUnlessFalsePositiveOverride',
    'RejectUnlessSilentOverride',
    'RejectUnlessExplicitOverride',
  ),
  SetAuditSeverity: oneOf('DoNotAudit', 'Low', 'Medium', 'High'),
}

const PROPERTIES: Parameters = {
  Mode: oneOf('Enforce', 'Audit', 'AuditAndNotify'),
  StopRuleProcessing: flag,
  RuleErrorAction: oneOf('Ignore', 'Defer'),
  SenderAddressLocation: oneOf('Header', 'Envelope', 'HeaderOrEnvelope'),
  ActivationDate: date,
  ExpiryDate: date,
  Comments: atMost(1024),
}

/** Parameters of New-TransportRule. */
export const TRANSPORT_RULE: Parameters = {
  ...CONDITIONS,
  ...Object.fromEntries(Object.entries(CONDITIONS).map(([name, parameter]): [string, Parameter] => [`ExceptIf${name}`, parameter])),
  ...ACTIONS,
  ...PROPERTIES,
}

/** What stands in the definition in its own way. */
export const RULE_ELSEWHERE: Readonly<Record<string, string>> = {
  Name: 'write name: beside parameters',
  Enabled: 'write enabled: beside parameters',
  Priority: 'rules apply in the order in which they stand in the file',
}

/** Parameters that mean something only together. */
const TOGETHER: readonly (readonly [string, string])[] = [
  ['SetHeaderName', 'SetHeaderValue'],
  ['SetHeaderValue', 'SetHeaderName'],
  ['HeaderContainsMessageHeader', 'HeaderContainsWords'],
  ['HeaderContainsWords', 'HeaderContainsMessageHeader'],
  ['HeaderMatchesMessageHeader', 'HeaderMatchesPatterns'],
  ['HeaderMatchesPatterns', 'HeaderMatchesMessageHeader'],
  ['ExceptIfHeaderContainsMessageHeader', 'ExceptIfHeaderContainsWords'],
  ['ExceptIfHeaderContainsWords', 'ExceptIfHeaderContainsMessageHeader'],
  ['ExceptIfHeaderMatchesMessageHeader', 'ExceptIfHeaderMatchesPatterns'],
  ['ExceptIfHeaderMatchesPatterns', 'ExceptIfHeaderMatchesMessageHeader'],
  ['BetweenMemberOf1', 'BetweenMemberOf2'],
  ['BetweenMemberOf2', 'BetweenMemberOf1'],
  ['ApplyHtmlDisclaimerLocation', 'ApplyHtmlDisclaimerText'],
  ['ApplyHtmlDisclaimerFallbackAction', 'ApplyHtmlDisclaimerText'],
  ['IncidentReportContent', 'GenerateIncidentReport'],
  ['GenerateIncidentReport', 'IncidentReportContent'],
]

export function transportRuleProblems(settings: Settings): readonly ParameterProblem[] {
  const names = Object.keys(settings).filter((name) => settings[name] !== null)
  const problems: ParameterProblem[] = TOGETHER.flatMap(([name, other]) =>
    names.includes(name) && !names.includes(other) ? [{ name, key: true, says: `needs ${other} beside it` }] : [],
  )
  const acts = names.some((name) => Object.hasOwn(ACTIONS, name) || !Object.hasOwn(TRANSPORT_RULE, name) || name === 'StopRuleProcessing')
  if (!acts) problems.push({ name: '', key: true, says: 'hold no action: the rule would do nothing' })
  return problems
}

/** Whether every message meets it. */
export function isForAll(settings: Settings): boolean {
  return !Object.keys(settings).some((name) => Object.hasOwn(CONDITIONS, name) || !Object.hasOwn(TRANSPORT_RULE, name))
}
