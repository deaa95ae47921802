/** Keys of changes that other changes wait for. Everything is in lower case, so that a name is one key however it is written. */
export const key = {
  /** Entra knows the domain, verified or not. */
  domain: (domain: string): string => join('domain', domain),
  /** The domain is verified in Entra and may be used in addresses. */
  domainVerified: (domain: string): string => join('domain-verified', domain),
  /** Exchange accepts mail for the domain. */
  domainAccepted: (domain: string): string => join('domain-accepted', domain),
  organisationCustomized: (): string => 'organisation-customized',
  /** The user exists in Entra. */
  user: (userPrincipalName: string): string => join('user', userPrincipalName),
  userNames: (userPrincipalName: string): string => join('user-names', userPrincipalName),
  usageLocation: (userPrincipalName: string): string => join('usage-location', userPrincipalName),
  licence: (userPrincipalName: string, part: string): string => join('licence', userPrincipalName, part),
  /** The mailbox can be read in Exchange, whether it was provisioned by a licence or made by New-Mailbox. */
  mailbox: (address: string): string => join('mailbox', address),
  /** The wanted primary address is that. */
  primaryAddress: (address: string): string => join('primary-address', address),
  /** It has the wanted further addresses. */
  addresses: (address: string): string => join('addresses', address),
  /** What is set in it for good is set; before anything that is set for the migration only. */
  mailboxSettings: (address: string): string => join('mailbox-settings', address),
  contact: (address: string): string => join('contact', address),
  group: (address: string): string => join('group', address),
  connector: (name: string): string => join('connector', name),
  /** Exchange has a pair of keys to sign with for the domain. */
  dkimKeys: (domain: string): string => join('dkim-keys', domain),
  servicePrincipal: (): string => 'service-principal',
} as const

function join(...parts: readonly string[]): string {
  return parts.map((part) => part.trim().toLowerCase()).join(' ')
}
