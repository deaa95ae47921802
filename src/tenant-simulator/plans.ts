export type ServicePlan = { readonly id: string; readonly name: string; readonly service: string }
export type Plan = {
  readonly skuId: string
  readonly part: string
  readonly servicePlans: readonly ServicePlan[]
}

const plan = (id: string, name: string, service = 'exchange'): ServicePlan => ({ id, name, service })

const DESKLESS = plan('4a82b400-a79f-41a4-b4e2-e94f5787b113', 'EXCHANGE_S_DESKLESS')
const STANDARD = plan('9aaf7827-d63c-4b61-89c3-182f06f82e5c', 'EXCHANGE_S_STANDARD')
const ENTERPRISE = plan('efb87545-963c-4e0d-99df-69c6916d9eb0', 'EXCHANGE_S_ENTERPRISE')
const ESSENTIALS = plan('1126bef5-da20-4f07-b45e-ad25d2581aa8', 'EXCHANGE_S_ESSENTIALS')
const FOUNDATION = plan('113feb6c-3fe4-4440-bddc-54d774bf0318', 'EXCHANGE_S_FOUNDATION')
const ARCHIVE = plan('176a09a6-7ec5-4039-ac02-b2791c6ba793', 'EXCHANGE_S_ARCHIVE_ADDON')
const DEFENDER = plan('f20fedf3-f3c3-43c3-8267-2bfdd51c0939', 'ATP_ENTERPRISE', 'exchange')
const TEAMS = plan('57ff2da0-773e-42df-b2af-ffb7a2317929', 'TEAMS1', 'TeamspaceAPI')
const OFFICE = plan('43de0ff5-c92c-492b-9116-175376d08c38', 'OFFICESUBSCRIPTION', 'MicrosoftOffice')

const sku = (part: string, skuId: string, ...servicePlans: readonly ServicePlan[]): Plan => ({ part, skuId, servicePlans })

/** What can be bought, with the service plans that matter here. */
export const PLANS: readonly Plan[] = [
  sku('EXCHANGEDESKLESS', '80b2d799-d2ba-4d2a-8842-fb0d0f3a4b82', DESKLESS),
  sku('EXCHANGESTANDARD', '4b9405b0-7788-4568-add1-99614e613b69', STANDARD),
  sku('EXCHANGEENTERPRISE', '19ec0d23-8335-4cbd-94ac-6050e30712fa', ENTERPRISE),
  sku('EXCHANGE_S_ESSENTIALS', 'e8f81a67-bd96-4074-b108-cf193eb9433b', ESSENTIALS),
  sku('O365_BUSINESS_ESSENTIALS', '3b555118-da6a-4418-894f-7df1e2096870', STANDARD, TEAMS),
  sku('O365_BUSINESS_PREMIUM', 'f245ecc8-75af-4f8e-b61f-27d8114de5f3', STANDARD, TEAMS, OFFICE),
  sku('SPB', 'cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46', STANDARD, ARCHIVE, TEAMS, OFFICE),
  sku('STANDARDPACK', '18181a46-0d4e-45cd-891e-60aabd171b4e', STANDARD, TEAMS),
  sku('ENTERPRISEPACK', '6fd2c87f-b296-42f0-b197-1e91e994b900', ENTERPRISE, TEAMS, OFFICE, DEFENDER),
  sku('ENTERPRISEPREMIUM', 'c7df2760-2c81-4ef7-b578-5b5392b571df', ENTERPRISE, TEAMS, OFFICE, DEFENDER),
  sku('SPE_E3', '05e9a617-0261-4cee-bb44-138d3ef5d965', ENTERPRISE, TEAMS, OFFICE, DEFENDER),
  sku('SPE_E5', '06ebc4ee-1bb5-47dd-8120-11324bc54e06', ENTERPRISE, TEAMS, OFFICE, DEFENDER),
  sku('DESKLESSPACK', '4b585984-651b-448a-9e53-3b10f069cf7f', DESKLESS, TEAMS),
  sku('M365_F1', '44575883-256e-4a79-9da4-ebe9acabe2b2', FOUNDATION, TEAMS),
  sku('SPE_F1', '66b55226-6b4f-492c-910c-a3b7a3c9d993', DESKLESS, TEAMS),
  sku('EXCHANGEARCHIVE_ADDON', 'ee02fd1b-340e-4a4b-b355-4a514e4c8943', ARCHIVE),
  sku('SMB_BUSINESS', 'b214fe43-f5a3-4703-beeb-fa97188220fc', OFFICE),
  sku('ATP_ENTERPRISE', '4ef96642-f096-40de-a3e9-d83fb2f90211', DEFENDER),
]

export function planOf(skuIdOrPart: string): Plan | undefined {
  return PLANS.find(({ skuId, part }) => skuId === skuIdOrPart.toLowerCase() || part === skuIdOrPart)
}

const GB = 1024 ** 3

/** What each plan with a mailbox allows, by service plan id. Plans that exclude each other are the keys of this table. */
export const MAILBOX_PLANS: ReadonlyMap<string, { readonly name: string; readonly quotaBytes: number; readonly archive: boolean }> =
  new Map([
    [DESKLESS.id, { name: 'ExchangeOnlineDeskless', quotaBytes: 2 * GB, archive: false }],
    [STANDARD.id, { name: 'ExchangeOnline', quotaBytes: 50 * GB, archive: true }],
    [ENTERPRISE.id, { name: 'ExchangeOnlineEnterprise', quotaBytes: 100 * GB, archive: true }],
    [ESSENTIALS.id, { name: 'ExchangeOnlineEssentials', quotaBytes: 15 * GB, archive: false }],
  ])

/** These depend on an Exchange plan with a mailbox. */
export const NEEDS_MAILBOX_PLAN: ReadonlySet<string> = new Set([ARCHIVE.id])
export const ARCHIVE_PLAN_ID = ARCHIVE.id
export const DEFENDER_PLAN_ID = DEFENDER.id
export const SHARED_QUOTA_BYTES = 50 * GB
