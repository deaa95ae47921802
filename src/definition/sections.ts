import { z } from 'zod'
import { connectors } from './sections/connectors.ts'
import { contacts } from './sections/contacts.ts'
import { dns } from './sections/dns.ts'
import { domains } from './sections/domains.ts'
import { groups } from './sections/groups.ts'
import { mailboxes } from './sections/mailboxes.ts'
import { migration } from './sections/migration.ts'
import { organisation } from './sections/organisation.ts'
import { protection } from './sections/protection.ts'
import { rooms } from './sections/rooms.ts'
import { shared } from './sections/shared.ts'
import { source } from './sections/source.ts'
import { switchSection } from './sections/switch.ts'
import { tenant } from './sections/tenant.ts'
import { transportRules } from './sections/transport-rules.ts'

/** Every section of cutover.yaml by its key there, in the order of the guide. */
export const SECTIONS = {
  tenant,
  mailboxes,
  shared,
  rooms,
  groups,
  contacts,
  domains,
  dns,
  connectors,
  transport_rules: transportRules,
  protection,
  organisation,
  migration,
  source,
  switch: switchSection,
} as const

/** The whole file. */
export const SCHEMA = z.strictObject({
  version: z.literal(1).meta({ description: 'Version of this format.' }),
  tenant: tenant.schema,
  mailboxes: mailboxes.schema.optional(),
  shared: shared.schema.optional(),
  rooms: rooms.schema.optional(),
  groups: groups.schema.optional(),
  contacts: contacts.schema.optional(),
  domains: domains.schema.optional(),
  dns: dns.schema.optional(),
  connectors: connectors.schema.optional(),
  transport_rules: transportRules.schema.optional(),
  protection: protection.schema.optional(),
  organisation: organisation.schema.optional(),
  migration: migration.schema.optional(),
  source: source.schema.optional(),
  switch: switchSection.schema.optional(),
})

export type Sections = z.output<typeof SCHEMA>
