import { courier } from './courier.ts'
import { domino } from './domino.ts'
import { dovecot } from './dovecot.ts'
import { gmail } from './gmail.ts'
import { exchangeOnprem } from './exchange-onprem.ts'
import { icloud } from './icloud.ts'
import { yahoo } from './yahoo.ts'
import { zimbra } from './zimbra.ts'

/** The servers that a simulated source can be like, one line each. */
export const SOURCE_PERSONALITIES = {
  dovecot,
  courier,
  gmail,
  'exchange-onprem': exchangeOnprem,
  yahoo,
  domino,
  icloud,
  zimbra,
} as const

export type SourcePersonality = keyof typeof SOURCE_PERSONALITIES
