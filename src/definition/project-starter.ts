import { definitionText } from './starter.ts'

/** What `cutover project init` writes: a definition of a whole project to begin with. Valid as it stands. */
export function projectText(): string {
  return definitionText().replace(HEAD, PROJECT).trimEnd() + REST
}

/** The notes at the top of the definition of a tenant alone. */
const HEAD = /^(?:#.*\n)+/

const PROJECT = `# A move of mail, whole: who, when, what for, and what the tenant should be.
# Nothing is changed by this file alone. \`cutover project import cutover.yaml\` checks it
# and keeps it; \`cutover next\` then says what comes. Every key: docs/guide/definition.md.
# Lines that begin with # are notes. Secrets never stand here.
`

const REST = `

project:
  name: example-org # small letters, digits, hyphens
  customer: Example GmbH
  language: en # or de, fr, es, ru: of reports and messages
  time_zone: Europe/Berlin # all times below, and all that people read
  # kickoff: 2027-02-08
  # cutover: 2027-03-05T18:00
  currency: USD
  price:
    base: 90
    per_mailbox: 10

# Who is responsible on each side. A standard list of tasks holds by itself:
# \`cutover project tasks\` shows it.
# people:
#   - name: Anna Example
#     address: anna@example.org
#     side: customer
#     role: decides
# tasks:
#   entries:
#     - id: dns-access
#       owner: Anna Example

# Mailboxes that move together, in this order; the list names them in its column batch.
# batches:
#   - name: everybody

# How fast, and when not.
transfer:
  deltas_every_hours: 4
  # rate: 20 MB
  # between: 08:00-18:00

# What users are told. Nothing is sent without --yes, and never twice.
# messages:
#   from: it@example.org
#   contact: the help desk, telephone 4711
#   smtp:
#     url: smtp://mail.example.org:587
#     login: it
#     secret: env:SMTP_PASSWORD
`
