import { COURIER, CYRUS, DOVECOT, DOVECOT_INBOX_DOT, SIMULATED_DOVECOT, SIMULATED_EXCHANGE } from './bench.ts'
import { destinationConformance } from './destination.ts'

for (const kind of [DOVECOT, DOVECOT_INBOX_DOT, CYRUS, COURIER, SIMULATED_DOVECOT, SIMULATED_EXCHANGE]) destinationConformance(kind)
