import { nearest } from '../nearest.ts'
import type { Checked } from './checked.ts'

/** SKU part numbers of offers with a mailbox or for one, and what Microsoft calls them. */
export const LICENCES: Readonly<Record<string, string>> = {
  EXCHANGEDESKLESS: 'Exchange Online Kiosk',
  EXCHANGESTANDARD: 'Exchange Online Plan 1',
  EXCHANGEENTERPRISE: 'Exchange Online Plan 2',
  EXCHANGEESSENTIALS: 'Exchange Online Essentials',
  EXCHANGE_S_ESSENTIALS: 'Exchange Online Essentials (2014)',
  O365_BUSINESS_ESSENTIALS: 'Microsoft 365 Business Basic',
  'Microsoft_365_Business_Basic_(no Teams)': 'Microsoft 365 Business Basic (no Teams)',
  O365_BUSINESS_PREMIUM: 'Microsoft 365 Business Standard',
  SPB: 'Microsoft 365 Business Premium',
  STANDARDPACK: 'Office 365 E1',
  'Office_365_E1_(no_Teams)': 'Office 365 E1 (no Teams)',
  ENTERPRISEPACK: 'Office 365 E3',
  ENTERPRISEPREMIUM: 'Office 365 E5',
  ENTERPRISEPREMIUM_NOPSTNCONF: 'Office 365 E5 without Audio Conferencing',
  SPE_E3: 'Microsoft 365 E3',
  'Microsoft_365_E3_(no_Teams)': 'Microsoft 365 E3 (no Teams)',
  SPE_E5: 'Microsoft 365 E5',
  'Microsoft_365_E5_(no_Teams)': 'Microsoft 365 E5 (no Teams)',
  DEVELOPERPACK_E5: 'Microsoft 365 E5 Developer',
  DESKLESSPACK: 'Office 365 F3',
  M365_F1: 'Microsoft 365 F1',
  M365_F1_COMM: 'Microsoft 365 F1 (commercial)',
  SPE_F1: 'Microsoft 365 F3',
  EXCHANGEARCHIVE_ADDON: 'Exchange Online Archiving',
  SMB_BUSINESS: 'Microsoft 365 Apps for business',
  ATP_ENTERPRISE: 'Defender for Office 365 Plan 1',
}

/** The SKU part number of a part number or product name. One that is not in the table is taken where it can be a part number. */
export function licenceOf(text: string): Checked<string> {
  const given = text.trim()
  const folded = fold(given)
  for (const [part, product] of Object.entries(LICENCES)) if (fold(part) === folded || fold(product) === folded) return { value: part }
  const near = nearest(folded, [...Object.keys(LICENCES), ...Object.values(LICENCES)].map(fold))
  const product = Object.entries(LICENCES).find(([part, name]) => near !== undefined && [part, name].map(fold).includes(near))
  // "E1" and "E3" are one letter apart, and another product.
  const isNumber = product !== undefined && folded.replaceAll(/\d/g, '') === near?.replaceAll(/\d/g, '')
  if (product !== undefined && !isNumber) return { says: `no licence is called so: did you mean ${product[0]} (${product[1]})?` }
  if (/^[A-Za-z0-9][A-Za-z0-9_()-]{2,79}$/.test(given)) return { value: given }
  return { says: 'a SKU part number such as SPE_E3, or a product name such as Microsoft 365 E3' }
}

export function isKnownLicence(part: string): boolean {
  return LICENCES[part] !== undefined
}

function fold(name: string): string {
  const words = name.toLowerCase().replaceAll(/[\s_()-]+/g, '')
  return words.replace(/^m365(?!f1)/, 'microsoft365').replace(/^o365(?!business)/, 'office365')
}
