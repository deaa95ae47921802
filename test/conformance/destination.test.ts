import { COURIER, CYRUS, DOVECOT, DOVECOT_INBOX_DOT, SIMULATED_DOVECOT, SIMULATED_EXCHANGE } from './bench.ts'
import { destinationConformance } from './destination.ts'
import { SIMULATED_TENANT } from './tenant.ts'

const KINDS = [DOVECOT, DOVECOT_INBOX_DOT, CYRUS, COURIER, SIMULATED_DOVECOT, SIMULATED_EXCHANGE, SIMULATED_TENANT]
for (const kind of KINDS) destinationConformance(kind)
