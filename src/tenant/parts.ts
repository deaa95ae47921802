import { connectors } from './connectors.ts'
import { domains } from './domains.ts'
import { MAILBOX_PARTS } from './mailbox-parts.ts'
import { organisation } from './organisation.ts'
import { people } from './people.ts'
import { anyPart, type AnyPart } from './plan.ts'
import { transportRules } from './transport-rules.ts'

/** Everything that is compared in a tenant. A new part is one file and one line. */
export const PARTS: readonly AnyPart[] = [
  anyPart(domains),
  anyPart(organisation),
  anyPart(people),
  ...MAILBOX_PARTS,
  anyPart(connectors),
  anyPart(transportRules),
]
