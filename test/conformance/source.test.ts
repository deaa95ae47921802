import { COURIER, CYRUS, DOVECOT, DOVECOT_INBOX_DOT, SIMULATED_COURIER, SIMULATED_DOVECOT } from './bench.ts'
import { sourceConformance } from './source.ts'

for (const kind of [DOVECOT, DOVECOT_INBOX_DOT, CYRUS, COURIER, SIMULATED_DOVECOT, SIMULATED_COURIER]) sourceConformance(kind)
