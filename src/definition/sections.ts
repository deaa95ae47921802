import { z } from 'zod'
import { acceptance } from './sections/acceptance.ts'
import { batches } from './sections/batches.ts'
import { connectors } from './sections/connectors.ts'
import { contacts } from './sections/contacts.ts'
import { dns } from './sections/dns.ts'
import { domains } from './sections/domains.ts'
import { groups } from './sections/groups.ts'
import { mailboxes } from './sections/mailboxes.ts'
import { messages } from './sections/messages.ts'
import { migration } from './sections/migration.ts'
import { organisation } from './sections/organisation.ts'
import { people } from './sections/people.ts'
import { project } from './sections/project.ts'
import { protection } from './sections/protection.ts'
import { rooms } from './sections/rooms.ts'
import { shared } from './sections/shared.ts'
import { source } from './sections/source.ts'
import { switchSection } from './sections/switch.ts'
import { tenant } from './sections/tenant.ts'
import { tasks } from './sections/tasks.ts'
import { transfer } from './sections/transfer.ts'
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
  project,
  people,
  tasks,
  batches,
  transfer,
  messages,
  acceptance,
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
  project: project.schema.optional(),
  people: people.schema.optional(),
  tasks: tasks.schema.optional(),
  batches: batches.schema.optional(),
  transfer: transfer.schema.optional(),
  messages: messages.schema.optional(),
  acceptance: acceptance.schema.optional(),
})

export type Sections = z.output<typeof SCHEMA>
