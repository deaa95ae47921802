const words = (text: string): readonly string[] => text.split(' ')

/** Conditions of a transport rule (New-TransportRule); each is an exception with `ExceptIf` before it. */
const CONDITIONS = [
  ...words('From FromMemberOf FromScope FromAddressContainsWords FromAddressMatchesPatterns SenderDomainIs SenderIpRanges'),
  ...words('SentTo SentToMemberOf SentToScope RecipientDomainIs RecipientAddressContainsWords RecipientAddressMatchesPatterns'),
  ...words('AnyOfToHeader AnyOfCcHeader AnyOfToCcHeader AnyOfToHeaderMemberOf AnyOfCcHeaderMemberOf AnyOfToCcHeaderMemberOf'),
  ...words('SubjectContainsWords SubjectMatchesPatterns SubjectOrBodyContainsWords SubjectOrBodyMatchesPatterns'),
  ...words('HeaderContainsMessageHeader HeaderContainsWords HeaderMatchesMessageHeader HeaderMatchesPatterns'),
  ...words('AttachmentNameMatchesPatterns AttachmentExtensionMatchesWords AttachmentContainsWords AttachmentSizeOver'),
  ...words('AttachmentHasExecutableContent AttachmentIsPasswordProtected AttachmentIsUnsupported MessageSizeOver MessageTypeMatches'),
  ...words('WithImportance SCLOver HasClassification MessageContainsDataClassifications RecipientInSenderList ManagerAddresses'),
]
const ACTIONS = [
  ...words('AddToRecipients CopyTo BlindCopyTo RedirectMessageTo AddManagerAsRecipientType DeleteMessage Quarantine'),
  ...words('ModerateMessageByUser ModerateMessageByManager PrependSubject SetHeaderName RemoveHeader ApplyHtmlDisclaimerText'),
  ...words('SetSCL ApplyOME ApplyRightsProtectionTemplate RemoveOMEv2 RouteMessageOutboundConnector'),
  ...words('RouteMessageOutboundRequireTls GenerateIncidentReport GenerateNotification NotifySender'),
]
const RECIPIENTS = [
  ...words('From FromMemberOf SentTo SentToMemberOf AnyOfToHeader AnyOfCcHeader AnyOfToCcHeader AnyOfToHeaderMemberOf'),
  ...words('AnyOfCcHeaderMemberOf AnyOfToCcHeaderMemberOf ManagerAddresses AddToRecipients CopyTo BlindCopyTo RedirectMessageTo'),
  ...words('ModerateMessageByUser GenerateIncidentReport'),
]

const small = (names: readonly string[]): ReadonlySet<string> => new Set(names.map((name) => name.toLowerCase()))
const IS_CONDITION = small(CONDITIONS)
const IS_ACTION = small(ACTIONS)
const IS_RECIPIENT = small(RECIPIENTS)

export function isCondition(parameter: string): boolean {
  return IS_CONDITION.has(parameter.toLowerCase())
}

/** A condition, an exception or an action: what makes a rule another rule. */
export function isPart(parameter: string): boolean {
  return isCondition(withoutException(parameter)) || IS_ACTION.has(parameter.toLowerCase())
}

/** Whether a parameter takes mailboxes, groups and the like. */
export function takesRecipients(parameter: string): boolean {
  return IS_RECIPIENT.has(withoutException(parameter).toLowerCase())
}

export function withoutException(parameter: string): string {
  return parameter.replace(/^ExceptIf/i, '')
}
