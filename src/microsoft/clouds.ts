/** One national cloud of Microsoft 365. The hosts do not follow from each other, so each is written down. */
export type Cloud = {
  readonly name: CloudName
  readonly loginHost: string
  readonly imapHost: string
  readonly imapPort: number
  /** Scope of an app-only token for Exchange: one resource, `.default`. */
  readonly exchangeScope: string
  /** Scope of a token that acts for a person at IMAP. */
  readonly delegatedImapScope: string
  readonly graphHost: string
  /** Where Exchange administration answers, with a token of `exchangeScope`. */
  readonly adminHost: string
  /** Where resources of Azure are managed, such as its DNS. */
  readonly managementHost: string
  /** What `Connect-ExchangeOnline` calls this cloud; null: its default. */
  readonly powerShellEnvironment: string | null
}

export type CloudName = 'global' | 'gcc-high' | 'dod' | 'china'

export const CLOUDS: Readonly<Record<CloudName, Cloud>> = {
  global: {
    name: 'global',
    loginHost: 'login.microsoftonline.com',
    imapHost: 'outlook.office365.com',
    imapPort: 993,
    exchangeScope: 'https://outlook.office365.com/.default',
    delegatedImapScope: 'https://outlook.office.com/IMAP.AccessAsUser.All',
    graphHost: 'graph.microsoft.com',
    adminHost: 'outlook.office365.com',
    managementHost: 'management.azure.com',
    powerShellEnvironment: null,
  },
  'gcc-high': {
    name: 'gcc-high',
    loginHost: 'login.microsoftonline.us',
    imapHost: 'outlook.office365.us',
    imapPort: 993,
    exchangeScope: 'https://outlook.office365.us/.default',
    delegatedImapScope: 'https://outlook.office365.us/IMAP.AccessAsUser.All',
    graphHost: 'graph.microsoft.us',
    adminHost: 'outlook.office365.us',
    managementHost: 'management.usgovcloudapi.net',
    powerShellEnvironment: 'O365USGovGCCHigh',
  },
  dod: {
    name: 'dod',
    loginHost: 'login.microsoftonline.us',
    imapHost: 'outlook-dod.office365.us',
    imapPort: 993,
    exchangeScope: 'https://outlook-dod.office365.us/.default',
    delegatedImapScope: 'https://outlook-dod.office365.us/IMAP.AccessAsUser.All',
    graphHost: 'dod-graph.microsoft.us',
    adminHost: 'outlook-dod.office365.us',
    managementHost: 'management.usgovcloudapi.net',
    powerShellEnvironment: 'O365USGovDoD',
  },
  china: {
    name: 'china',
    loginHost: 'login.partner.microsoftonline.cn',
    imapHost: 'partner.outlook.cn',
    imapPort: 993,
    exchangeScope: 'https://partner.outlook.cn/.default',
    delegatedImapScope: 'https://partner.outlook.cn/IMAP.AccessAsUser.All',
    graphHost: 'microsoftgraph.chinacloudapi.cn',
    adminHost: 'partner.outlook.cn',
    managementHost: 'management.chinacloudapi.cn',
    powerShellEnvironment: 'O365China',
  },
}
