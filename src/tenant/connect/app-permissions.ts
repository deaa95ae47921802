import { GRAPH_PERMISSIONS } from '../../microsoft/graph-permissions.ts'

/** What the application is to do: move mail, look at the tenant, or change it. */
export const PURPOSES = ['copy', 'plan', 'apply'] as const
export type Purpose = (typeof PURPOSES)[number]

/** One thing that the application, or a person in its place, needs in a tenant. */
export type Need = {
  /** The same on every day: `graph User.Read.All`. */
  readonly id: string
  readonly kind: 'graph' | 'exchange' | 'role' | 'principal' | 'mailbox'
  readonly name: string
  /** Others that do as well, the least first. */
  readonly orElse: readonly string[]
  /** As the end of "it is needed": `to see users`. */
  readonly why: string
  readonly for: readonly Purpose[]
  /** For these it is of use, and they go without it. */
  readonly helps: readonly Purpose[]
  readonly commands: readonly string[]
  /** All that was asked for works without it. */
  readonly isOptional: boolean
  readonly without: string
  /** When it may be taken away again. */
  readonly until: string
}

type Told = Pick<Need, 'commands' | 'without' | 'until'> & Partial<Pick<Need, 'for' | 'helps'>>

export const EXCHANGE_ADMINISTRATOR = { name: 'Exchange Administrator', templateId: '29232cdf-9323-42fd-ade2-1d097af3e4de' } as const
/** Roles in the directory that let an application run some cmdlets of Exchange Online (app-only-auth-powershell-v2). */
export const EXCHANGE_ROLES: Readonly<Record<string, string>> = {
  [EXCHANGE_ADMINISTRATOR.templateId]: EXCHANGE_ADMINISTRATOR.name,
  '31392ffb-586c-42d1-9346-e59415a2cc4e': 'Exchange Recipient Administrator',
  '194ae4cb-b126-40b2-bd5b-6091b380977d': 'Security Administrator',
  'f2ef992c-3afb-46b9-b7cf-a126ee74c451': 'Global Reader',
}

const AFTER_PLAN = 'once the plan is empty for good'
const AFTER_VERIFY = 'after the last `cutover verify`'

/** Everything, in the order in which it is given. The page docs/guide/permissions.md and `cutover tenant connect` are made from it. */
export const NEEDS: readonly Need[] = [
  graph('User.Read.All', {
    for: ['plan'],
    commands: ['tenant plan', 'discover --from graph'],
    without: 'nobody knows which users there are, so that nothing can be planned',
    until: AFTER_PLAN,
  }),
  graph('User.ReadWrite.All', {
    for: ['apply'],
    commands: ['tenant apply', 'tenant undo'],
    without: 'users are made by hand, and their usage location is set by hand before a licence can be given',
    until: AFTER_PLAN,
  }),
  graph('Organization.Read.All', {
    for: ['plan'],
    commands: ['tenant plan'],
    without: 'it cannot be seen which licences there are and how many are left',
    until: AFTER_PLAN,
  }),
  graph('LicenseAssignment.ReadWrite.All', {
    for: ['apply'],
    commands: ['tenant apply', 'tenant undo'],
    without: 'licences are given by hand; without one a user has no mailbox',
    until: AFTER_PLAN,
  }),
  graph('Domain.Read.All', {
    for: ['plan'],
    commands: ['tenant plan'],
    without: 'it cannot be seen whether the domains are verified',
    until: AFTER_PLAN,
  }),
  graph('Domain.ReadWrite.All', {
    helps: ['apply'],
    commands: ['tenant apply'],
    without: 'domains are added and verified by hand',
    until: 'once the domains are verified',
  }),
  graph('Group.Read.All', {
    for: ['plan'],
    commands: ['tenant plan', 'discover --from graph'],
    without: 'it cannot be seen whether a group has taken an address',
    until: AFTER_PLAN,
  }),
  graph('Mail.ReadWrite', {
    helps: ['copy'],
    commands: ['copy', 'verify'],
    without: 'folders are made over IMAP, and Outlook may not show all of those; labels do not become categories',
    until: AFTER_VERIFY,
  }),
  graph('MailboxSettings.Read', {
    helps: ['plan'],
    commands: ['discover --from graph'],
    without: 'rooms and shared mailboxes are listed as users',
    until: 'once the list of mailboxes stands',
  }),
  graph('Application.Read.All', {
    for: ['plan', 'apply'],
    helps: ['copy'],
    commands: ['tenant plan', 'tenant connect'],
    without: 'nobody can tell by which object id Exchange must know the application, what else is granted, and when the secret runs out',
    until: AFTER_PLAN,
  }),
  {
    id: 'exchange IMAP.AccessAsApp',
    kind: 'exchange',
    name: 'IMAP.AccessAsApp',
    orElse: [],
    why: 'to speak IMAP; by itself it opens no mailbox',
    for: ['copy'],
    helps: [],
    commands: ['copy', 'verify', 'folders', 'logins'],
    isOptional: false,
    without: 'no mailbox can be opened',
    until: AFTER_VERIFY,
  },
  {
    id: 'exchange Exchange.ManageAsApp',
    kind: 'exchange',
    name: 'Exchange.ManageAsApp',
    orElse: [],
    why: 'to run cmdlets of Exchange Online; which ones, the role below decides',
    for: ['plan', 'apply'],
    helps: [],
    commands: ['tenant plan', 'tenant apply', 'tenant undo', 'native'],
    isOptional: false,
    without: 'mailboxes, groups, connectors, rules and protection cannot be looked at; `--as-powershell` prints scripts instead',
    until: AFTER_PLAN,
  },
  {
    id: 'role Exchange Administrator',
    kind: 'role',
    name: EXCHANGE_ADMINISTRATOR.name,
    orElse: ['Global Reader (for `tenant plan` alone)', 'a role group of Exchange of your own, with the application as a member'],
    why: 'to let the application set up mailboxes, groups, connectors, rules and protection',
    for: ['plan', 'apply'],
    helps: [],
    commands: ['tenant plan', 'tenant apply', 'tenant undo', 'native'],
    isOptional: false,
    without: 'Exchange Online knows the application and lets it run nothing',
    until: AFTER_PLAN,
  },
  {
    id: 'principal',
    kind: 'principal',
    name: 'Service principal in Exchange',
    orElse: [],
    why: 'to make the application somebody who can be given a mailbox permission',
    for: ['copy'],
    helps: [],
    commands: ['copy', 'verify', 'folders', 'logins'],
    isOptional: false,
    without: 'mailboxes say "authenticated but not connected" to it',
    until: `${AFTER_VERIFY}; removing it takes all its mailbox permissions along`,
  },
  {
    id: 'mailbox',
    kind: 'mailbox',
    name: 'FullAccess to each mailbox',
    orElse: [],
    why: 'to open the mailbox over IMAP; it is also what limits the application to the mailboxes that move',
    for: ['copy'],
    helps: [],
    commands: ['copy', 'verify', 'folders', 'logins'],
    isOptional: false,
    without: 'the mailbox says "authenticated but not connected"',
    until: AFTER_VERIFY,
  },
]

/** What it takes for these purposes (`apply` looks before it changes); a permission that a stronger one in the list includes is left out. */
export function needsFor(purposes: readonly Purpose[]): readonly Need[] {
  const all = new Set<Purpose>(purposes.includes('apply') ? [...purposes, 'plan'] : purposes)
  const wanted = NEEDS.map((need) => ({ ...need, isOptional: !need.for.some((purpose) => all.has(purpose)) })).filter(
    ({ isOptional, helps }) => !isOptional || helps.some((purpose) => all.has(purpose)),
  )
  const firm = new Set(wanted.filter(({ isOptional }) => !isOptional).map(({ name }) => name))
  return wanted.filter((need) => !need.orElse.some((other) => firm.has(other)))
}

function graph(name: string, told: Told): Need {
  const known = GRAPH_PERMISSIONS.find((permission) => permission.name === name)
  if (known === undefined) throw new Error(`no such permission: ${name}`)
  const { for: firm = [], helps = [], ...rest } = told
  return {
    id: `graph ${name}`,
    kind: 'graph',
    name,
    orElse: known.orElse,
    why: known.why,
    ...rest,
    for: firm,
    helps,
    isOptional: firm.length === 0,
  }
}

/** What works where a person signs in with a code instead of the application, and what does not. */
export const AS_A_PERSON: readonly { readonly works: boolean; readonly says: string }[] = [
  { works: true, says: '`cutover copy` and `verify` of the own mailbox, and of mailboxes to which that person has Full Access.' },
  {
    works: true,
    says: '`cutover tenant plan` and `apply`, as far as the roles of that person go: Exchange Administrator, and User Administrator for users and licences.',
  },
  {
    works: false,
    says: 'Nothing runs unattended: after a break of days, a new password or a rule of the tenant, somebody types a code again.',
  },
  {
    works: false,
    says: 'The application needs "Allow public client flows"; many tenants block codes by Conditional Access (AADSTS53003, 530035).',
  },
  { works: false, says: 'Folders are made over IMAP alone: Outlook may not show all of them, and labels do not become categories.' },
  { works: false, says: 'What is done stands in the logs of the tenant under the name of that person.' },
  { works: false, says: 'Exchange counts the mailboxes of all as one person: it slows down sooner than an application does.' },
]
