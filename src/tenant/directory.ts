/** The directory (Microsoft Entra) as one reading of Graph found it. Addresses are in lower case. */
export type Directory = {
  readonly tenantId: string
  readonly displayName: string
  readonly initialDomain: string
  /** Whether users come from an Active Directory on-premises. */
  readonly isSynced: boolean
  readonly lastSyncMs: number | null
  readonly domains: readonly TenantDomain[]
  readonly users: readonly TenantUser[]
  /** Deleted within 30 days: their names and addresses are still taken. */
  readonly deletedUsers: readonly TenantUser[]
  readonly groups: readonly TenantGroup[]
  readonly skus: readonly Sku[]
}
export type TenantDomain = {
  readonly name: string
  readonly isVerified: boolean
  readonly isDefault: boolean
  readonly isInitial: boolean
  /** `Federated` domains have their users from elsewhere. */
  readonly authenticationType: string
  readonly supportedServices: readonly string[]
}
export type TenantUser = {
  readonly id: string
  readonly userPrincipalName: string
  readonly displayName: string
  readonly givenName: string | null
  readonly surname: string | null
  readonly mail: string | null
  /** All SMTP addresses, primary or not. */
  readonly addresses: readonly string[]
  readonly usageLocation: string | null
  readonly isEnabled: boolean
  /** Of another organisation. */
  readonly isGuest: boolean
  /** Owned by an Active Directory on-premises, which alone may change it. */
  readonly isSynced: boolean
  readonly immutableId: string | null
  readonly licences: readonly { readonly skuId: string; readonly disabledPlans: readonly string[]; readonly byGroup: boolean }[]
  /** What Entra says is wrong with a licence: `CountViolation`. */
  readonly licenceErrors: readonly { readonly skuId: string; readonly error: string }[]
  /** Whether a plan with a mailbox has reached Exchange. */
  readonly hasExchangePlan: boolean
  /** When it was deleted; null: it was not. */
  readonly deletedMs: number | null
}
export type TenantGroup = {
  readonly id: string
  readonly displayName: string
  readonly addresses: readonly string[]
  readonly isUnified: boolean
  readonly isSynced: boolean
}
export type Sku = {
  readonly skuId: string
  /** `ENTERPRISEPACK`. */
  readonly part: string
  /** Seats that can be given now; 0 where the subscription is not in force. */
  readonly free: number
  readonly total: number
  readonly plans: readonly { readonly id: string; readonly name: string }[]
}
