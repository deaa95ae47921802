import type { Secret } from '../model/secret.ts'
import type { CmdletCall, FileContent, HashTable, ListChange } from './cmdlet.ts'

type Texts = readonly string[]
type Changed = Texts | ListChange
type Named = { readonly Identity: string }
type Removal = Named & { readonly Confirm: false }
/** `50GB`, `unlimited`. */
type Size = string
/** `30.00:00:00`. */
type Span = string

type MailboxSizes = {
  readonly MaxSendSize?: Size
  readonly MaxReceiveSize?: Size
  readonly IssueWarningQuota?: Size
  readonly ProhibitSendQuota?: Size
  readonly ProhibitSendReceiveQuota?: Size
  readonly RetainDeletedItemsFor?: Span
  readonly RetentionPolicy?: string | null
}

type Connector = {
  readonly Name: string
  readonly Enabled?: boolean
  readonly Comment?: string
  readonly ConnectorType?: 'Partner' | 'OnPremises'
}

/**
 * The cmdlets that prepare a tenant, with those of their parameters that we use (office-docs-powershell: exchange-ps). What is
 * missing here can still be called by its name through `invoke`.
 */
export type Cmdlets = {
  // mailboxes
  'New-Mailbox': { readonly Name: string; readonly DisplayName?: string; readonly Alias?: string; readonly PrimarySmtpAddress?: string } & (
    | { readonly Shared: true }
    | { readonly Room: true }
    | { readonly Equipment: true }
    | { readonly MicrosoftOnlineServicesID: string; readonly Password: Secret }
  )
  'Set-Mailbox': Named &
    MailboxSizes & {
      readonly Type?: 'Regular' | 'Shared' | 'Room' | 'Equipment'
      readonly DisplayName?: string
      readonly EmailAddresses?: Changed
      readonly WindowsEmailAddress?: string
      readonly UseDatabaseQuotaDefaults?: boolean
      readonly RetentionHoldEnabled?: boolean
      readonly ElcProcessingDisabled?: boolean
      readonly LitigationHoldEnabled?: boolean
      readonly SingleItemRecoveryEnabled?: boolean
      readonly ForwardingSmtpAddress?: string | null
      readonly ForwardingAddress?: string | null
      readonly DeliverToMailboxAndForward?: boolean
      readonly HiddenFromAddressListsEnabled?: boolean
      readonly GrantSendOnBehalfTo?: Changed
      readonly MessageCopyForSentAsEnabled?: boolean
    }
  'Remove-Mailbox': Removal
  'Enable-Mailbox': Named & { readonly Archive: true }
  'Disable-Mailbox': Removal & { readonly Archive: true }
  'Set-MailboxPlan': Named & MailboxSizes
  'Set-MailboxRegionalConfiguration': Named & {
    readonly Language?: string
    readonly TimeZone?: string
    readonly DateFormat?: string | null
    readonly TimeFormat?: string | null
    readonly LocalizeDefaultFolderName?: boolean
  }
  'Set-CASMailbox': Named & {
    readonly ImapEnabled?: boolean
    readonly PopEnabled?: boolean
    readonly MAPIEnabled?: boolean
    readonly OWAEnabled?: boolean
    readonly ActiveSyncEnabled?: boolean
    readonly SmtpClientAuthenticationDisabled?: boolean | null
  }
  // the application, and who may open what
  'New-ServicePrincipal': { readonly AppId: string; readonly ObjectId: string; readonly DisplayName: string }
  'Remove-ServicePrincipal': Removal
  'Add-MailboxPermission': Named & {
    readonly User: string
    readonly AccessRights: Texts
    readonly InheritanceType?: 'All'
    readonly AutoMapping?: boolean
  }
  'Remove-MailboxPermission': Removal & { readonly User: string; readonly AccessRights: Texts }
  'Add-RecipientPermission': Removal & { readonly Trustee: string; readonly AccessRights: readonly ['SendAs'] }
  'Remove-RecipientPermission': Removal & { readonly Trustee: string; readonly AccessRights: readonly ['SendAs'] }
  // domains and mail flow
  'Set-AcceptedDomain': Named & { readonly DomainType: 'Authoritative' | 'InternalRelay' }
  'New-InboundConnector': Connector & {
    readonly SenderDomains: Texts
    readonly SenderIPAddresses?: Texts
    readonly RequireTls?: boolean
    readonly TlsSenderCertificateName?: string
    readonly RestrictDomainsToIPAddresses?: boolean
    readonly EFSkipLastIP?: boolean
    readonly EFSkipIPs?: Texts
  }
  'Remove-InboundConnector': Removal
  'New-OutboundConnector': Connector & {
    readonly RecipientDomains?: Texts
    readonly UseMXRecord?: boolean
    readonly SmartHosts?: Texts
    readonly TlsSettings?: 'EncryptionOnly' | 'CertificateValidation' | 'DomainValidation' | null
    readonly TlsDomain?: string
    readonly IsTransportRuleScoped?: boolean
    readonly AllAcceptedDomains?: boolean
  }
  'Remove-OutboundConnector': Removal
  'Remove-TransportRule': Removal
  'Enable-TransportRule': Named
  'Disable-TransportRule': Removal
  // protection
  'Enable-EOPProtectionPolicyRule': Named
  'Disable-EOPProtectionPolicyRule': Removal
  'New-DkimSigningConfig': { readonly DomainName: string; readonly Enabled: boolean; readonly KeySize?: 1024 | 2048 }
  'Set-DkimSigningConfig': Named & { readonly Enabled: boolean }
  // groups and the organization
  'New-DistributionGroup': {
    readonly Name: string
    readonly Alias?: string
    readonly DisplayName?: string
    readonly PrimarySmtpAddress?: string
    readonly Type?: 'Distribution' | 'Security'
    readonly ManagedBy?: Texts
    readonly Members?: Texts
    readonly RequireSenderAuthenticationEnabled?: boolean
  }
  'Set-DistributionGroup': Named & {
    readonly EmailAddresses?: Changed
    readonly RequireSenderAuthenticationEnabled?: boolean
    readonly HiddenFromAddressListsEnabled?: boolean
  }
  'Remove-DistributionGroup': Removal
  'Add-DistributionGroupMember': Named & { readonly Member: string }
  'Remove-DistributionGroupMember': Removal & { readonly Member: string }
  'New-MailContact': { readonly Name: string; readonly ExternalEmailAddress: string; readonly DisplayName?: string }
  'Remove-MailContact': Removal
  'Enable-OrganizationCustomization': Readonly<Record<string, never>>
  // Microsoft's own batches
  'New-MigrationEndpoint': {
    readonly Name: string
    readonly IMAP: true
    readonly RemoteServer: string
    readonly Port: number
    readonly Security: 'None' | 'Ssl' | 'Tls'
    readonly MaxConcurrentMigrations?: number
    readonly SkipVerification?: boolean
  }
  'New-MigrationBatch': {
    readonly Name: string
    readonly SourceEndpoint: string
    readonly CSVData: FileContent
    readonly AutoStart?: boolean
    readonly ExcludeFolders?: Texts
  }
  'Start-MigrationBatch': Named
  'Stop-MigrationBatch': Removal
  'Complete-MigrationBatch': Removal
  'Remove-MigrationBatch': Removal
  'Remove-MigrationEndpoint': Removal
} & PolicyCmdlets

/** Their parameters are many and the same under New and Set: they are given as they stand in the definition of what is wanted. */
type Settings = Readonly<Record<string, string | number | boolean | null | Texts | ListChange | HashTable>>
type PolicyCmdlets = { readonly [Name in `New-${Policy}`]: Settings & { readonly Name: string } } & {
  readonly [Name in `Set-${Policy}`]: Settings & Named
}
type Policy =
  | 'TransportRule'
  | 'HostedContentFilterPolicy'
  | 'HostedContentFilterRule'
  | 'HostedOutboundSpamFilterPolicy'
  | 'HostedOutboundSpamFilterRule'
  | 'HostedConnectionFilterPolicy'
  | 'MalwareFilterPolicy'
  | 'MalwareFilterRule'
  | 'AntiPhishPolicy'
  | 'AntiPhishRule'
  | 'QuarantinePolicy'

/** A call whose parameters the compiler has checked; to be run, or printed as PowerShell. */
export function cmdlet<Name extends keyof Cmdlets>(name: Name, parameters: Cmdlets[Name]): CmdletCall {
  return { cmdlet: name, parameters }
}
