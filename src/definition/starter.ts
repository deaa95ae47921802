/** What `cutover tenant init` writes: a definition to begin with, of which only the tenant is needed. Valid as it stands. */
export function definitionText(): string {
  return STARTER
}

const STARTER = `# What the Microsoft 365 tenant should be. Nothing is changed by this file alone:
# \`cutover tenant plan\` shows what would be, \`cutover tenant apply\` asks before it does it.
# Lines that begin with # are notes. Secrets never stand here.
version: 1

tenant:
  id: contoso.onmicrosoft.com # the first domain of the tenant, or its id
  client_id: 00000000-0000-0000-0000-000000000000 # of the app registration; \`cutover tenant connect\` explains it
  secret: env:CUTOVER_SECRET # where the secret is: env:NAME or file:PATH
  # cloud: global # or gcc-high, dod, china

# Who moves stands in a list, which \`cutover discover\` writes. What holds for everybody stands here.
mailboxes:
  list: mailboxes.csv
  # defaults:
  #   licence: Microsoft 365 Business Standard
  #   location: DE
  #   language: de-DE
  #   time_zone: W. Europe Standard Time

# Domains whose mail the tenant takes. As long as some people are still in the old system: internal-relay.
# domains:
#   - name: example.org
#     type: internal-relay

# Who hosts their DNS: \`cutover dns plan\` then shows which records change, and when.
# dns:
#   provider: manual

# groups:
#   - address: team@example.org
#     name: Team
#     members: [anna@example.org, bert@example.org]

# protection:
#   preset: standard
#   dkim:
#     - domain: example.org

# Where the mailboxes are now: \`copy -f\`, \`verify -f\` and \`switch\` then need no --source.
# source:
#   url: imaps://mail.example.org

# Mailboxes for test mail, and how long the switch waits.
# switch:
#   user: anna@example.org
#   margin_hours: 48

# Only while mail is being moved; put back afterwards.
migration:
  app: Cutover
  receive_size: 150 MB
  suspend_retention: true
`
