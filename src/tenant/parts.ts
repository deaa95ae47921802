import { connectors } from './mail-flow/connectors.ts'
import { dkim } from './protection/dkim.ts'
import { domains } from './mail-flow/domains.ts'
import { MAILBOX_PARTS } from './mailboxes/mailbox-parts.ts'
import { organisation } from './mail-flow/organisation.ts'
import { people } from './people/people.ts'
import { anyPart, type AnyPart } from './plan.ts'
import { protectionPolicies } from './protection/protection-policies.ts'
import { protectionPresets } from './protection/protection-presets.ts'
import { quarantine } from './protection/quarantine.ts'
import { retention } from './protection/retention.ts'
import { transportRules } from './mail-flow/transport-rules.ts'

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
