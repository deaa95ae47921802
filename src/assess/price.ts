import type { Price } from './assessment.ts'

export type PriceTerms = Omit<Price, 'mailboxes' | 'total'>

/** The standard offer. */
export const USUAL_PRICE: PriceTerms = { currency: 'USD', base: 90, perMailbox: 10, extras: [] }

/** A rounded sum of what was agreed, for so many mailboxes. */
export function priceOf(mailboxes: number, terms: PriceTerms): Price {
  const total = terms.base + terms.perMailbox * mailboxes + terms.extras.reduce((sum, { amount }) => sum + amount, 0)
  return { ...terms, mailboxes, total: Math.round(total * 100) / 100 }
}
