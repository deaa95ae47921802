import { courier } from './courier.ts'
import { dovecot } from './dovecot.ts'
import { exchangeOnprem } from './exchange-onprem.ts'

/** The servers that a simulated source can be like, one line each. */
export const SOURCE_PERSONALITIES = {
  dovecot,
  courier,
  'exchange-onprem': exchangeOnprem,
} as const

export type SourcePersonality = keyof typeof SOURCE_PERSONALITIES
