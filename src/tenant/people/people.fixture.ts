import type { WantedMailbox, WantedTenant } from '../../model/wanted-tenant.ts'
import type { Directory, Sku, TenantUser } from '../directory.ts'
import { actualWith, NOTHING_WANTED } from '../mail-flow/mail-flow.fixture.ts'
import { people } from './people.ts'
import { joined, type WholePlan } from '../plan.ts'
import type { Recipients } from '../recipients.ts'

/** A user of the cloud with a location, and no licence. */
export function userAt(userPrincipalName: string, more: Partial<TenantUser> = {}): TenantUser {
  return {
    id: `id of ${userPrincipalName}`,
    userPrincipalName,
    displayName: userPrincipalName,
    givenName: null,
    surname: null,
    mail: userPrincipalName,
    addresses: [userPrincipalName],
    usageLocation: 'DE',
    isEnabled: true,
    isGuest: false,
    isSynced: false,
    immutableId: null,
    licences: [],
    licenceErrors: [],
    hasExchangePlan: false,
    deletedMs: null,
    ...more,
  }
}

export const ENTERPRISE_ID = 'efb87545-963c-4e0d-99df-69c6916d9eb0'
const STANDARD_ID = '9aaf7827-d63c-4b61-89c3-182f06f82e5c'

export const E3: Sku = {
  skuId: 'sku-e3',
  part: 'ENTERPRISEPACK',
  free: 2,
  total: 10,
  plans: [
    { id: 'teams', name: 'TEAMS1' },
    { id: ENTERPRISE_ID, name: 'EXCHANGE_S_ENTERPRISE' },
  ],
}
export const BASIC: Sku = {
  skuId: 'sku-basic',
  part: 'O365_BUSINESS_ESSENTIALS',
  free: 5,
  total: 5,
  plans: [{ id: STANDARD_ID, name: 'EXCHANGE_S_STANDARD' }],
}
export const PLAN_1: Sku = { ...BASIC, skuId: 'sku-plan-1', part: 'EXCHANGESTANDARD' }
export const KIOSK: Sku = {
  skuId: 'sku-kiosk',
  part: 'EXCHANGEDESKLESS',
  free: 5,
  total: 5,
  plans: [{ id: '4a82b400-a79f-41a4-b4e2-e94f5787b113', name: 'EXCHANGE_S_DESKLESS' }],
}
export const ARCHIVING: Sku = {
  skuId: 'sku-archiving',
  part: 'EXCHANGEARCHIVE_ADDON',
  free: 5,
  total: 5,
  plans: [{ id: '176a09a6-7ec5-4039-ac02-b2791c6ba793', name: 'EXCHANGE_S_ARCHIVE_ADDON' }],
}
export const OFFICE: Sku = {
  skuId: 'sku-office',
  part: 'SMB_BUSINESS',
  free: 5,
  total: 5,
  plans: [{ id: 'office', name: 'OFFICESUBSCRIPTION' }],
}

export function held(sku: Sku, more: { readonly disabledPlans?: readonly string[]; readonly byGroup?: boolean } = {}) {
  return { skuId: sku.skuId, disabledPlans: [], byGroup: false, ...more }
}

export type Around = {
  readonly directory?: Partial<Directory>
  readonly recipients?: Partial<Recipients>
  readonly wanted?: Partial<WantedTenant>
}

/** What is planned for these mailboxes in a tenant with the verified domain example.test. */
export function plannedFor(mailboxes: readonly WantedMailbox[], { directory = {}, recipients = {}, wanted = {} }: Around = {}): WholePlan {
  const domain = { isVerified: true, isDefault: true, isInitial: false, authenticationType: 'Managed', supportedServices: ['Email'] }
  const actual = actualWith(
    { domains: [{ name: 'example.test', ...domain }], skus: [E3, BASIC, PLAN_1, KIOSK, ARCHIVING, OFFICE], ...directory },
    recipients,
  )
  return joined([people.compare({ ...NOTHING_WANTED, mailboxes, ...wanted }, actual, null)])
}

/** `blocker licence-short ben@example.test`. */
export function told({ findings }: WholePlan): readonly string[] {
  return findings.map(({ severity, code, about }) => `${severity} ${code} ${about}`)
}

export function said({ changes }: WholePlan): readonly string[] {
  return changes.map(({ says }) => says)
}
