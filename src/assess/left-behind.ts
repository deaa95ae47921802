import type { LeftBehind } from './assessment.ts'

type What = LeftBehind['items'][number]['what']
type Ways = Readonly<Partial<Record<What, string>>>

const TITLES: Readonly<Record<What, string>> = {
  contacts: 'Contacts',
  calendars: 'Calendars',
  tasks: 'Tasks',
  rules: 'Rules and autoresponders',
  signatures: 'Signatures',
  autocomplete: 'Names that Outlook completes',
  'local-mail': 'Mail that is only on a computer',
  settings: 'Settings of programs and phones',
}

const IMPORT = 'In Outlook: File, Open & Export, Import/Export'

/** Right for any system: what people can do in their own programs. */
const ANYWHERE: Readonly<Record<What, string>> = {
  contacts: `Export them from webmail or the mail program as vCard (.vcf) or CSV. ${IMPORT}, or People, Manage contacts, Import in Outlook on the web.`,
  calendars: `Export each calendar as .ics from webmail or the mail program. Outlook on the web: Calendar, Add calendar, Upload from file.`,
  tasks:
    'Where they come out as .ics or CSV, import them as those; Outlook with both accounts open lets them be dragged across. Few tasks are quicker typed anew.',
  rules:
    'Write them down from the settings of the old webmail before it closes, and make them anew in Outlook. A list of them helps the help desk.',
  signatures: 'Copy the text out of a sent message into Settings, Signatures in the new Outlook; a company-wide one is a transport rule.',
  autocomplete: 'They stay in the old Outlook profile. Keep it until they are written anew, or save the people as contacts first.',
  'local-mail':
    'Mail fetched by POP, archives (.pst) and folders "On My Computer" never were on the server. Drag them into the new mailbox, or import the .pst.',
  settings: 'A new Outlook profile, and on phones the old account removed and the new one added: the page for users says how.',
}

const SIEVE: Ways = {
  rules:
    'They are Sieve scripts on the server: print each (`doveadm sieve list -u USER`, `doveadm sieve get -u USER NAME`), hand it to its owner, and make the rules anew in Outlook.',
}
const ROUNDCUBE: Ways = {
  contacts: `In Roundcube: Contacts, Export (vCard). ${IMPORT}, or People in Outlook on the web.`,
  rules: 'In Roundcube: Settings, Filters shows them (they are Sieve scripts). Make them anew in Outlook.',
  signatures: 'In Roundcube: Settings, Identities. Copy the text into the new Outlook.',
}
const SOGO: Ways = {
  ...SIEVE,
  contacts: `In SOGo: Address Book, the menu of each book, Export (LDIF or vCard); an administrator saves all with \`sogo-tool backup\`. ${IMPORT}.`,
  calendars: 'In SOGo: the menu of each calendar, Export (.ics). Outlook on the web: Add calendar, Upload from file.',
  tasks: 'They are in the .ics of their calendar; Outlook for Windows imports them from there.',
}
const OUTLOOK_PST: Ways = {
  contacts: 'With the old account in Outlook: File, Export to a .pst with the folder Contacts, then import it into the new mailbox.',
  calendars:
    'With the old account in Outlook: File, Export to a .pst with the calendar, then import it. Recurring meetings keep their series that way.',
  tasks: 'In the same .pst as the calendar.',
}

/** By kind of system; what is not here is as `ANYWHERE`. */
const BY_SYSTEM: Readonly<Record<string, Ways>> = {
  dovecot: { ...SIEVE },
  cyrus: {
    ...SIEVE,
    rules: 'They are Sieve scripts on the server: `sieveshell --user USER` lists and prints them. Make them anew in Outlook.',
  },
  stalwart: { ...SIEVE, rules: 'They are Sieve scripts, which a program for ManageSieve shows. Make them anew in Outlook.' },
  mailcow: SOGO,
  cpanel: ROUNDCUBE,
  plesk: ROUNDCUBE,
  gmail: {
    contacts: `At contacts.google.com: Export, "Outlook CSV". ${IMPORT}. For all users at once Google's Admin SDK, or Microsoft's batch for Google Workspace, which brings contacts.`,
    calendars:
      "At calendar.google.com: Settings, Import & export, Export gives a .zip with one .ics a calendar. Microsoft's batch for Google Workspace brings calendars of all users.",
    tasks: 'Google Takeout gives them as JSON. Few programs can read that: better typed anew in To Do.',
    rules:
      'In Gmail: Settings, Filters and blocked addresses, Export shows them all (XML). Make them anew in Outlook; labels became folders or categories.',
    signatures: 'In Gmail: Settings, General, Signature. Copy the text into the new Outlook.',
  },
  zimbra: {
    contacts:
      '`zmmailbox -z -m USER getRestURL "/Contacts?fmt=csv"` for each address book, by an administrator; or in the web client Preferences, Import/Export.',
    calendars:
      '`zmmailbox -z -m USER getRestURL "/Calendar?fmt=ics"` for each calendar, by an administrator; or Preferences, Import/Export.',
    tasks: '`zmmailbox -z -m USER getRestURL "/Tasks?fmt=ics"`; Outlook for Windows imports them.',
    rules:
      '`zmprov ga USER zimbraMailSieveScript` prints them, and `zmprov ga USER zimbraPrefOutOfOfficeReply` the autoresponder. Make them anew in Outlook.',
    signatures: '`zmprov gsig USER` prints them. Copy the text into the new Outlook.',
  },
  'exchange-onprem': {
    contacts:
      '`New-MailboxExportRequest` writes a .pst (role Mailbox Import Export), imported by the user or uploaded to Microsoft 365; a hybrid or cutover migration of Exchange brings them by itself.',
    calendars: 'In the same .pst. A hybrid migration keeps meetings and their attendees whole, a .pst mostly does.',
    tasks: 'In the same .pst.',
    rules:
      '`Get-InboxRule -Mailbox USER` lists them, `Get-MailboxAutoReplyConfiguration` the autoresponder; Outlook exports rules of its own (.rwz).',
    autocomplete: 'It is in the mailbox (Outlook 2010 and later), in a hidden message that IMAP does not show: it is made anew.',
  },
  'exchange-online': {
    contacts: "Between two tenants Microsoft's own cross-tenant migration brings them; else export a .pst with eDiscovery or Outlook.",
    calendars: 'As contacts: cross-tenant migration, or a .pst.',
    tasks: 'To Do lists do not move between tenants: type them anew, or use Graph.',
    rules: '`Get-InboxRule -Mailbox USER` lists them. Make them anew in the new tenant.',
  },
  'outlook-com': OUTLOOK_PST,
  domino: {
    contacts: `In Notes: Contacts, File, Export as vCard. ${IMPORT}.`,
    calendars: 'In Notes: File, Export the calendar as iCalendar (.ics). Long series should be looked at one by one afterwards.',
    tasks: 'Notes exports to-dos as iCalendar too; Outlook reads few of them. Better typed anew.',
    rules: 'Mail rules stand in each mail file, under Tools, Rules. Make them anew in Outlook.',
    signatures: 'In Notes: Preferences, Mail, Signature. Copy the text into the new Outlook.',
  },
  groupwise: {
    contacts: `In GroupWise: the address book, File, Export as vCard. ${IMPORT}.`,
    calendars: 'In GroupWise: the menu of the calendar, Export (.ics). Appointments that came as messages arrive as mail too.',
  },
  kerio: {
    ...OUTLOOK_PST,
    rules: 'In Kerio Connect Client: Settings, Mail Filters. Make them anew in Outlook.',
    signatures: 'In Kerio Connect Client: Settings, Signatures. Copy the text into the new Outlook.',
  },
  icloud: {
    contacts: `At icloud.com: Contacts, select all, Export vCard. ${IMPORT}.`,
    calendars: 'On a Mac: Calendar, File, Export each calendar (.ics). On the web a calendar can only be shared.',
  },
  fastmail: {
    contacts: `In Fastmail: Settings, Migration, Export: address books as vCard. ${IMPORT}.`,
    calendars: 'In Fastmail: Settings, Calendars, Export (.ics).',
    rules: 'In Fastmail: Settings, Filters & Rules. Make them anew in Outlook.',
  },
  yahoo: { contacts: `In Yahoo Mail: Contacts, Actions, Export (CSV or vCard). ${IMPORT}.` },
  smartermail: OUTLOOK_PST,
  icewarp: OUTLOOK_PST,
  mdaemon: OUTLOOK_PST,
}

/** Systems with ways of their own. */
export const SYSTEMS_WITH_WAYS: readonly string[] = Object.keys(BY_SYSTEM)

const SERVER_SIDE: Readonly<Record<string, readonly What[]>> = {
  dovecot: ['rules'],
  cyrus: ['rules'],
  mailcow: ['rules'],
  zimbra: ['contacts', 'calendars', 'tasks', 'rules', 'signatures'],
  'exchange-onprem': ['contacts', 'calendars', 'tasks', 'rules'],
  'exchange-online': ['contacts', 'calendars', 'rules'],
}

/** What does not come over IMAP, and the way by hand for this kind of system; null: for any. */
export function leftBehind(system: { readonly name: string; readonly title: string } | null): LeftBehind {
  const own = system === null ? undefined : BY_SYSTEM[system.name]
  const whats = ['contacts', 'calendars', 'tasks', 'rules', 'signatures', 'autocomplete', 'local-mail', 'settings'] as const
  return {
    system: own === undefined || system === null ? null : system.title,
    items: whats.map((what) => ({
      what,
      title: TITLES[what],
      how: own?.[what] ?? ANYWHERE[what],
      who: SERVER_SIDE[system?.name ?? '']?.includes(what) === true ? 'administrator' : 'user',
    })),
  }
}
