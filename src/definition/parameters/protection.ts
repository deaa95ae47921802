import type { Parameters } from './parameter.ts'
import { address, addresses, addressRanges, all, domains, flag, oneOf, whole, word, words } from './parameter.ts'

const SPAM_ACTION = oneOf('MoveToJmf', 'AddXHeader', 'ModifySubject', 'Redirect', 'Delete', 'Quarantine', 'NoAction')
const ADVANCED = oneOf('Off', 'On', 'Test')
const PHISH_ACTION = oneOf('NoAction', 'MoveToJmf', 'Redirect', 'Quarantine', 'Delete', 'BccMessage')

/** Parameters of Set-HostedContentFilterPolicy. */
export const SPAM: Parameters = {
  ...all('SpamAction HighConfidenceSpamAction PhishSpamAction BulkSpamAction', SPAM_ACTION),
  HighConfidencePhishAction: oneOf('Quarantine', 'Redirect'),
  BulkThreshold: whole(1, 9),
  MarkAsSpamBulkMail: ADVANCED,
  QuarantineRetentionPeriod: whole(1, 30),
  ...all(
    'SpamQuarantineTag HighConfidenceSpamQuarantineTag PhishQuarantineTag HighConfidencePhishQuarantineTag BulkQuarantineTag AdminDisplayName AddXHeaderValue ModifySubjectValue',
    word,
  ),
  ...all('AllowedSenders BlockedSenders RedirectToRecipients TestModeBccToRecipients', addresses),
  ...all('AllowedSenderDomains BlockedSenderDomains', domains),
  ...all('InlineSafetyTipsEnabled SpamZapEnabled PhishZapEnabled MakeDefault EnableLanguageBlockList EnableRegionBlockList', flag),
  ...all('LanguageBlockList RegionBlockList', words),
  IntraOrgFilterState: oneOf('Default', 'HighConfidencePhish', 'Phish', 'HighConfidenceSpam', 'Spam', 'Disabled'),
  TestModeAction: oneOf('None', 'AddXHeader', 'BccMessage'),
  ...all(
    'MarkAsSpamEmbedTagsInHtml MarkAsSpamEmptyMessages MarkAsSpamFormTagsInHtml MarkAsSpamFramesInHtml MarkAsSpamFromAddressAuthFail MarkAsSpamJavaScriptInHtml MarkAsSpamNdrBackscatter MarkAsSpamObjectTagsInHtml MarkAsSpamSensitiveWordList MarkAsSpamSpfRecordHardFail MarkAsSpamWebBugsInHtml IncreaseScoreWithBizOrInfoUrls IncreaseScoreWithImageLinks IncreaseScoreWithNumericIps IncreaseScoreWithRedirectToOtherPort',
    ADVANCED,
  ),
}

/** Parameters of Set-MalwareFilterPolicy. */
export const MALWARE: Parameters = {
  ...all(
    'EnableFileFilter ZapEnabled EnableInternalSenderAdminNotifications EnableExternalSenderAdminNotifications CustomNotifications MakeDefault',
    flag,
  ),
  FileTypes: words,
  FileTypeAction: oneOf('Reject', 'Quarantine'),
  ...all('InternalSenderAdminAddress ExternalSenderAdminAddress CustomFromAddress', address),
  ...all(
    'QuarantineTag AdminDisplayName CustomFromName CustomInternalSubject CustomInternalBody CustomExternalSubject CustomExternalBody',
    word,
  ),
}

/** Parameters of Set-AntiPhishPolicy. Those of the lower part need Defender for Office 365. */
export const PHISHING: Parameters = {
  ...all(
    'Enabled EnableSpoofIntelligence HonorDmarcPolicy EnableFirstContactSafetyTips EnableUnauthenticatedSender EnableViaTag MakeDefault',
    flag,
  ),
  AuthenticationFailAction: oneOf('MoveToJmf', 'Quarantine'),
  DmarcQuarantineAction: oneOf('MoveToJmf', 'Quarantine'),
  DmarcRejectAction: oneOf('Reject', 'Quarantine'),
  ...all('SpoofQuarantineTag AdminDisplayName', word),
  PhishThresholdLevel: whole(1, 4),
  ...all(
    'EnableTargetedUserProtection EnableOrganizationDomainsProtection EnableTargetedDomainsProtection EnableMailboxIntelligence EnableMailboxIntelligenceProtection EnableSimilarUsersSafetyTips EnableSimilarDomainsSafetyTips EnableUnusualCharactersSafetyTips',
    flag,
  ),
  ...all('TargetedUserProtectionAction TargetedDomainProtectionAction MailboxIntelligenceProtectionAction', PHISH_ACTION),
  ...all('TargetedUserQuarantineTag TargetedDomainQuarantineTag MailboxIntelligenceQuarantineTag', word),
  TargetedUsersToProtect: words,
  ...all('TargetedDomainsToProtect ExcludedDomains', domains),
  ...all(
    'ExcludedSenders TargetedUserActionRecipients TargetedDomainActionRecipients MailboxIntelligenceProtectionActionRecipients',
    addresses,
  ),
}

/** Parameters of Set-HostedOutboundSpamFilterPolicy. */
export const OUTBOUND_SPAM: Parameters = {
  AutoForwardingMode: oneOf('Automatic', 'On', 'Off'),
  ...all('RecipientLimitExternalPerHour RecipientLimitInternalPerHour RecipientLimitPerDay', whole(0, 10_000)),
  ActionWhenThresholdReached: oneOf('Alert', 'BlockUser', 'BlockUserForToday'),
  ...all('NotifyOutboundSpam BccSuspiciousOutboundMail', flag),
  ...all('NotifyOutboundSpamRecipients BccSuspiciousOutboundAdditionalRecipients', addresses),
  AdminDisplayName: word,
}

/** Parameters of Set-HostedConnectionFilterPolicy. */
export const CONNECTION: Parameters = {
  ...all('IPAllowList IPBlockList', addressRanges),
  EnableSafeList: flag,
  AdminDisplayName: word,
}

export const POLICIES = { spam: SPAM, malware: MALWARE, phishing: PHISHING, outbound: OUTBOUND_SPAM, connection: CONNECTION } as const

/** What stands in the definition in its own way. */
export const POLICY_ELSEWHERE: Readonly<Record<string, string>> = {
  Name: 'write name: beside settings',
  Identity: 'write name: beside settings',
  RecipientDomainIs: 'write domains: beside settings',
  SenderDomainIs: 'write domains: beside settings',
}
