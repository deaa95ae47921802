/** The Exchange part of a licence, as the service plan names it. */
export type MailboxPlan = {
  readonly id: string
  readonly name: string
  /** As bought on its own, or as most people know it. */
  readonly title: string
  readonly quotaBytes: number
  /** null: no archive, unless an add-on brings one. */
  readonly archiveBytes: number | null
}

const GB = 1024 ** 3

/**
 * Service plans that give a mailbox, the smallest first; a user has one of them at most. `EXCHANGE_S_FOUNDATION` gives none, whatever
 * it is called. Microsoft: product names and service plan identifiers; Exchange Online service description, limits.
 */
export const MAILBOX_PLANS: readonly MailboxPlan[] = [
  {
    id: '4a82b400-a79f-41a4-b4e2-e94f5787b113',
    name: 'EXCHANGE_S_DESKLESS',
    title: 'Exchange Online Kiosk',
    quotaBytes: 2 * GB,
    archiveBytes: null,
  },
  // 15 GB is what is told; nobody was seen to measure it.
  {
    id: '1126bef5-da20-4f07-b45e-ad25d2581aa8',
    name: 'EXCHANGE_S_ESSENTIALS',
    title: 'Exchange Online Essentials',
    quotaBytes: 15 * GB,
    archiveBytes: null,
  },
  {
    id: '9aaf7827-d63c-4b61-89c3-182f06f82e5c',
    name: 'EXCHANGE_S_STANDARD',
    title: 'Exchange Online Plan 1',
    quotaBytes: 50 * GB,
    archiveBytes: 50 * GB,
  },
  {
    id: 'efb87545-963c-4e0d-99df-69c6916d9eb0',
    name: 'EXCHANGE_S_ENTERPRISE',
    title: 'Exchange Online Plan 2',
    quotaBytes: 100 * GB,
    archiveBytes: 1536 * GB,
  },
]

/** Gives an archive of 1.5 TB beside a mailbox plan, and no mailbox. */
export const ARCHIVE_ADDON_ID = '176a09a6-7ec5-4039-ac02-b2791c6ba793'

/**
 * Business plans whose mailboxes grow from 50 to 100 GB in the summer of 2026 (known from the announcement only), although their
 * Exchange plan is the same as that of others which stay at 50. Until a mailbox tells its own quota the smaller one counts.
 */
const GROWING: ReadonlySet<string> = new Set([
  'O365_BUSINESS_ESSENTIALS',
  'Microsoft_365_Business_Basic_(no Teams)',
  'O365_BUSINESS_PREMIUM',
  'SPB',
])

/** It names a plan with a mailbox, and its licence terms give none (Microsoft 365 F1). */
const NO_MAILBOX_RIGHTS: ReadonlySet<string> = new Set(['M365_F1', 'M365_F1_COMM'])

/** What people know a licence as. */
const TITLES: Readonly<Record<string, string>> = {
  EXCHANGEDESKLESS: 'Exchange Online Kiosk',
  EXCHANGESTANDARD: 'Exchange Online Plan 1',
  EXCHANGEENTERPRISE: 'Exchange Online Plan 2',
  EXCHANGE_S_ESSENTIALS: 'Exchange Online Essentials',
  EXCHANGEESSENTIALS: 'Exchange Online Essentials',
  EXCHANGEARCHIVE_ADDON: 'Exchange Online Archiving',
  O365_BUSINESS_ESSENTIALS: 'Microsoft 365 Business Basic',
  'Microsoft_365_Business_Basic_(no Teams)': 'Microsoft 365 Business Basic without Teams',
  O365_BUSINESS_PREMIUM: 'Microsoft 365 Business Standard',
  SPB: 'Microsoft 365 Business Premium',
  SMB_BUSINESS: 'Microsoft 365 Apps for business',
  STANDARDPACK: 'Office 365 E1',
  'Office_365_E1_(no_Teams)': 'Office 365 E1 without Teams',
  ENTERPRISEPACK: 'Office 365 E3',
  ENTERPRISEPREMIUM: 'Office 365 E5',
  ENTERPRISEPREMIUM_NOPSTNCONF: 'Office 365 E5 without audio conferencing',
  DESKLESSPACK: 'Office 365 F3',
  SPE_E3: 'Microsoft 365 E3',
  'Microsoft_365_E3_(no_Teams)': 'Microsoft 365 E3 without Teams',
  SPE_E5: 'Microsoft 365 E5',
  'Microsoft_365_E5_(no_Teams)': 'Microsoft 365 E5 without Teams',
  DEVELOPERPACK_E5: 'Microsoft 365 E5 Developer',
  SPE_F1: 'Microsoft 365 F3',
  M365_F1: 'Microsoft 365 F1',
  M365_F1_COMM: 'Microsoft 365 F1',
  ATP_ENTERPRISE: 'Defender for Office 365 Plan 1',
}

/** `ENTERPRISEPACK (Office 365 E3)`. */
export function skuTitle(part: string): string {
  const title = TITLES[part]
  return title === undefined ? part : `${part} (${title})`
}

export function mailboxPlan(servicePlanIds: readonly string[], part = ''): MailboxPlan | null {
  if (NO_MAILBOX_RIGHTS.has(part)) return null
  // A licence that lists two of them gives the larger one.
  return MAILBOX_PLANS.findLast(({ id }) => servicePlanIds.includes(id)) ?? null
}

/** Whether the mailbox of this licence may turn out larger than its plan says. */
export function mayGrow(part: string): boolean {
  return GROWING.has(part)
}
