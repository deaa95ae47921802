import {
  COURIER,
  CYRUS,
  CYRUS_BETWEEN,
  CYRUS_INBOX_DOT,
  DOVECOT,
  DOVECOT_INBOX_DOT,
  MAILUTILS,
  SIMULATED_COURIER,
  SIMULATED_DOVECOT,
  SIMULATED_GMAIL,
} from './bench.ts'
import { SIMULATED_SOURCES } from './personalities.ts'
import { sourceConformance } from './source.ts'

const REAL = [
  DOVECOT,
  DOVECOT_INBOX_DOT,
  CYRUS,
  CYRUS_INBOX_DOT,
  COURIER,
  MAILUTILS,
  ...(process.env['CUTOVER_INTEROP'] === 'all' ? CYRUS_BETWEEN : []),
]
for (const kind of [...REAL, SIMULATED_DOVECOT, SIMULATED_COURIER, SIMULATED_GMAIL, ...SIMULATED_SOURCES]) sourceConformance(kind)
