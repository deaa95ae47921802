import { claimantOf } from './base-people.ts'
import { DIRECTORY_ROLES, EXCHANGE_RESOURCE, GRAPH_RESOURCE, grantRole } from './app-roles.ts'
import { addObject } from './exchange-objects.ts'
import { addDomain } from './graph-domains.ts'
import { DEFENDER_PLAN_ID, planOf } from './plans.ts'
import { addAcceptedDomain } from './provisioning.ts'
import { showSize } from './sizes.ts'
import type { App } from './state.ts'
import { guidFrom, type TenantWorld } from './world.ts'
import type { Props } from './props.ts'

export type BaseTenant = {
  readonly domain: string
  readonly initial: string
  readonly clientId: string
  readonly clientSecret: string
  /** The application may do everything, and Exchange knows it. */
  readonly onboarded: boolean
  /** New tenants are, until somebody customises them. */
  readonly dehydrated: boolean
  /** Seats by skuPartNumber. */
  readonly seats: Readonly<Record<string, number>>
}

const GB = 1024 ** 3
const MB = 1024 ** 2

/** A tenant as it is on its first day: one verified domain, licences, the default objects of Exchange, and our application. */
export function buildBaseTenant(world: TenantWorld, base: BaseTenant): App {
  for (const [name, isInitial] of [
    [base.initial, true],
    [base.domain, false],
  ] as const) {
    const domain = addDomain(world, name)
    domain.props = {
      ...domain.props,
      isVerified: true,
      isInitial,
      isDefault: !isInitial,
      supportedServices: ['Email', 'OfficeCommunicationsOnline'],
    }
    domain.acceptedAtMs = 0
    addAcceptedDomain(world, name, !isInitial, true)
  }
  for (const [part, enabled] of Object.entries(base.seats)) {
    const skuId = planOf(part)?.skuId
    if (skuId === undefined) throw new RangeError(`no plan ${part}`)
    world.state.skus.push({ skuId, enabled, capabilityStatus: 'Enabled', otherUnits: 0 })
  }
  world.state.organization = { DisplayName: 'Example', countryLetterCode: 'DE', IsDehydrated: base.dehydrated }
  addDefaults(world)
  const app: App = {
    appId: base.clientId,
    objectId: guidFrom('application object of the mover'),
    servicePrincipalId: guidFrom('service principal of the mover'),
    props: { displayName: 'mail-mover', signInAudience: 'AzureADMyOrg' },
    secrets: [
      { keyId: guidFrom('first key'), text: base.clientSecret, endsAtMs: world.now() + 365 * 86_400_000, props: { displayName: 'k1' } },
    ],
    appRoles: [],
    directoryRoles: [],
  }
  world.state.apps.push(app)
  if (base.onboarded) onboard(world, app)
  return app
}

/** Grants the application everything it needs, as of long ago. */
export function onboard(world: TenantWorld, app: App): void {
  const longAgo = world.now() - 86_400_000
  for (const { value } of [...GRAPH_RESOURCE.roles, ...EXCHANGE_RESOURCE.roles]) grantRole(app, value, longAgo)
  app.directoryRoles.push({ roleTemplateId: DIRECTORY_ROLES.exchangeAdministrator, sinceMs: longAgo })
  world.state.directoryRoles[DIRECTORY_ROLES.exchangeAdministrator] = guidFrom('directory role Exchange administrator')
  const ObjectId = app.servicePrincipalId ?? ''
  addObject(
    world,
    'ServicePrincipal',
    { ...claimantOf(app), Identity: ObjectId, Id: ObjectId, ObjectId, Name: ObjectId, Sid: 'S-1-5-21-1' },
    true,
  )
}

function addDefaults(world: TenantWorld): void {
  const add = (kind: string, name: string, props: Props): void =>
    void addObject(world, kind, { Identity: name, Name: name, ...props }, true)
  const shown = {
    AuditDisabled: false,
    ElcProcessingDisabled: false,
    ConnectorsEnabled: true,
    SendFromAliasEnabled: false,
    EwsEnabled: true,
  }
  add('OrganizationConfig', 'example', {
    ...shown,
    AutoExpandingArchiveEnabled: false,
    AutoEnableArchiveMailbox: false,
    DelayedDelicensingEnabled: false,
    DisablePlusAddressInRecipients: false,
    FocusedInboxOn: null,
    OAuth2ClientProfileEnabled: true,
    MailTipsAllTipsEnabled: true,
    RejectDirectSend: false,
  })
  add('TransportConfig', 'Transport Settings', {
    SmtpClientAuthenticationDisabled: true,
    AllowLegacyTLSClients: false,
    MessageExpiration: '1.00:00:00',
    MaxRecipientEnvelopeLimit: '1000',
    ClearCategories: true,
    ConvertDisclaimerWrapperToEml: false,
    Rfc2231EncodingEnabled: false,
    ExternalPostmasterAddress: '',
    ExternalDelayDsnEnabled: true,
    InternalDelayDsnEnabled: true,
    JournalingReportNdrTo: '<>',
  })
  const quotas: readonly (readonly [string, number])[] = [
    ['ExchangeOnline', 50],
    ['ExchangeOnlineEnterprise', 100],
    ['ExchangeOnlineDeskless', 2],
    ['ExchangeOnlineEssentials', 15],
  ]
  for (const [name, gigabytes] of quotas) {
    const full = `${name}-${guidFrom(`plan ${name}`)}`
    add('MailboxPlan', full, {
      DisplayName: name,
      IsDefault: name === 'ExchangeOnlineEnterprise',
      MaxSendSize: showSize(35 * MB),
      MaxReceiveSize: showSize(36 * MB),
      RetainDeletedItemsFor: '14.00:00:00',
      RetentionPolicy: 'Default MRM Policy',
      IssueWarningQuota: showSize(Math.round(gigabytes * GB * 0.98)),
      ProhibitSendQuota: showSize(Math.round(gigabytes * GB * 0.99)),
      ProhibitSendReceiveQuota: showSize(gigabytes * GB),
    })
    add('CASMailboxPlan', full, {
      DisplayName: name,
      ImapEnabled: name !== 'ExchangeOnlineDeskless',
      PopEnabled: true,
      ActiveSyncEnabled: true,
      EwsEnabled: true,
    })
  }
  add('RetentionPolicyTag', 'Default 2 year move to archive', {
    Type: 'All',
    AgeLimitForRetention: '730.00:00:00',
    RetentionAction: 'MoveToArchive',
    RetentionEnabled: true,
  })
  add('RetentionPolicyTag', 'Junk Email', {
    Type: 'JunkEmail',
    AgeLimitForRetention: '30.00:00:00',
    RetentionAction: 'DeleteAndAllowRecovery',
    RetentionEnabled: true,
  })
  add('RetentionPolicy', 'Default MRM Policy', {
    RetentionPolicyTagLinks: ['Default 2 year move to archive', 'Junk Email'],
    IsDefault: true,
  })
  add('RemoteDomain', 'Default', { DomainName: '*', AutoForwardEnabled: true, AutoReplyEnabled: true })
  add('HostedContentFilterPolicy', 'Default', {
    IsDefault: true,
    SpamAction: 'MoveToJmf',
    HighConfidenceSpamAction: 'MoveToJmf',
    PhishSpamAction: 'Quarantine',
    HighConfidencePhishAction: 'Quarantine',
    BulkSpamAction: 'MoveToJmf',
    BulkThreshold: 7,
    QuarantineRetentionPeriod: 15,
    AllowedSenders: [],
    AllowedSenderDomains: [],
    BlockedSenders: [],
    BlockedSenderDomains: [],
    SpamZapEnabled: true,
    PhishZapEnabled: true,
    MarkAsSpamBulkMail: 'On',
    SpamQuarantineTag: 'DefaultFullAccessPolicy',
    HighConfidenceSpamQuarantineTag: 'DefaultFullAccessPolicy',
    PhishQuarantineTag: 'DefaultFullAccessPolicy',
    HighConfidencePhishQuarantineTag: 'AdminOnlyAccessPolicy',
    BulkQuarantineTag: 'DefaultFullAccessPolicy',
  })
  add('HostedConnectionFilterPolicy', 'Default', { IsDefault: true, IPAllowList: [], IPBlockList: [], EnableSafeList: false })
  add('HostedOutboundSpamFilterPolicy', 'Default', {
    IsDefault: true,
    AutoForwardingMode: 'Automatic',
    ActionWhenThresholdReached: 'BlockUserForToday',
    RecipientLimitExternalPerHour: 0,
    RecipientLimitInternalPerHour: 0,
    RecipientLimitPerDay: 0,
    NotifyOutboundSpam: false,
  })
  add('MalwareFilterPolicy', 'Default', {
    IsDefault: true,
    EnableFileFilter: true,
    FileTypes: ['ace', 'exe', 'jar', 'reg', 'scr', 'vbe', 'vbs'],
    FileTypeAction: 'Reject',
    ZapEnabled: true,
    QuarantineTag: 'AdminOnlyAccessPolicy',
  })
  add('AntiPhishPolicy', 'Office365 AntiPhish Default', {
    IsDefault: true,
    Enabled: true,
    EnableSpoofIntelligence: true,
    AuthenticationFailAction: 'MoveToJmf',
    HonorDmarcPolicy: true,
    DmarcQuarantineAction: 'Quarantine',
    DmarcRejectAction: 'Reject',
    EnableFirstContactSafetyTips: false,
  })
  for (const name of ['DefaultFullAccessPolicy', 'AdminOnlyAccessPolicy', 'DefaultFullAccessWithNotificationPolicy'])
    add('QuarantinePolicy', name, { QuarantinePolicyType: 'QuarantinePolicy', ESNEnabled: name.includes('Notification') })
  add('QuarantinePolicy', 'DefaultGlobalTag', {
    QuarantinePolicyType: 'GlobalQuarantinePolicy',
    ESNEnabled: false,
    EndUserSpamNotificationFrequency: '3.00:00:00',
  })
}

/** What turning a preset on in the portal once leaves behind; with Defender for Office 365 a twin of each rule. */
export function activatePresets(world: TenantWorld): void {
  const licensed = world.state.skus.some(({ skuId }) => planOf(skuId)?.servicePlans.some(({ id }) => id === DEFENDER_PLAN_ID) === true)
  for (const [i, level] of ['Strict', 'Standard'].entries()) {
    const Name = `${level} Preset Security Policy`
    const add = (kind: string, policies: Props): void => {
      const nobody = { SentTo: null, SentToMemberOf: null, RecipientDomainIs: null }
      addObject(world, kind, { Identity: Name, Name, State: 'Disabled', Priority: i, ...policies, ...nobody }, true)
    }
    add('EOPProtectionPolicyRule', { HostedContentFilterPolicy: `${Name}1`, AntiPhishPolicy: `${Name}2`, MalwareFilterPolicy: `${Name}3` })
    if (licensed) add('ATPProtectionPolicyRule', { SafeAttachmentPolicy: `${Name}4`, SafeLinksPolicy: `${Name}5` })
  }
}
