import { connectors } from './connectors.ts'
import { dkim } from './dkim.ts'
import { domains } from './domains.ts'
import { MAILBOX_PARTS } from './mailbox-parts.ts'
import { organisation } from './organisation.ts'
import { people } from './people.ts'
import { anyPart, type AnyPart } from './plan.ts'
import { protectionPolicies } from './protection-policies.ts'
import { protectionPresets } from './protection-presets.ts'
import { quarantine } from './quarantine.ts'
import { retention } from './retention.ts'
import { transportRules } from './transport-rules.ts'

/** Everything that is compared in a tenant. A new part is one file and one line. */
export const PARTS: readonly AnyPart[] = [
  anyPart(domains),
  anyPart(organisation),
  anyPart(people),
  ...MAILBOX_PARTS,
  anyPart(connectors),
  anyPart(transportRules),
  anyPart(protectionPolicies),
  anyPart(protectionPresets),
  anyPart(dkim),
  anyPart(quarantine),
  anyPart(retention),
]
