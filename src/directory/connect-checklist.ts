import { valueOf, valuesOf, type AdObject } from './ad-object.ts'
import { whyUnroutable } from './domain-rules.ts'
import type { AdExport } from './read-export.ts'

/** One thing to decide or set in Entra Connect before its first export, and what this Active Directory has to do with it. */
export type ChecklistItem = {
  readonly title: string
  readonly what: string
  /** What the export shows; null: nothing that bears on it. */
  readonly here: string | null
}

const UNITS_SHOWN = 6
const SUFFIXES_SHOWN = 5
const DELETE_THRESHOLD = 500

/** In the order in which they are done. Written from how Entra Connect is documented; it looks at no server. */
export function connectChecklist({ objects, attributes, leftOut }: AdExport): readonly ChecklistItem[] {
  const users = objects.filter(({ kind }) => kind === 'user')
  const has = (name: string): boolean => attributes.has(name.toLowerCase())
  return [
    {
      title: 'Backup and staging',
      what: 'Install Entra Connect in staging mode: it reads and calculates and exports nothing. Look at the pending exports (csexport, Synchronization Service), and switch staging off only when they are what you want.',
      here: null,
    },
    {
      title: 'Suffixes of sign-in names',
      what: 'Add each domain that people sign in with to the UPN suffixes of the forest (Active Directory Domains and Trusts), verify it in the tenant, and give users names with it. A name with another suffix becomes name@….onmicrosoft.com.',
      here: suffixes(users),
    },
    {
      title: 'Which objects',
      what: 'Choose organisational units, not the whole forest, and leave service accounts, test units and disabled people out on purpose: what is synchronised once and then filtered away is deleted in the cloud. A pilot group is for tests only.',
      here: units(objects, leftOut),
    },
    {
      title: 'Source anchor',
      what: 'Take mS-DS-ConsistencyGuid (the default), not objectGUID: it survives a move to another forest. It cannot be changed afterwards. The account of Entra Connect needs the right to write it.',
      here: anchors(users, has),
    },
    {
      title: 'Sign-in',
      what: 'Password hash synchronisation is the simplest, and works while the network of the company does not. With pass-through or federation people cannot open their new mailbox when that is away.',
      here: null,
    },
    {
      title: 'Existing users of the cloud',
      what: 'Users that are in the cloud already are joined by sign-in name or primary address (soft match) or by the anchor (hard match). See who that is before the first export: --match. Administrators of the cloud are never joined softly.',
      here: null,
    },
    {
      title: 'Exchange hybrid',
      what: 'Tick it only where Exchange is or was in this Active Directory: then the cloud writes some attributes back. The schema of Exchange must be there. Without it addresses are changed in proxyAddresses of the user in Active Directory, never in the cloud.',
      here: exchange(objects),
    },
    {
      title: 'Mailboxes on both sides',
      what: 'A user with msExchMailboxGuid gets no mailbox in Exchange Online, licence or not. Where the old Exchange is only the source of an IMAP migration, do not synchronise that attribute (or move by a hybrid migration instead).',
      here: guids(users),
    },
    {
      title: 'Accidental deletions',
      what: `Leave the threshold on (Enable-ADSyncExportDeletionThreshold, ${DELETE_THRESHOLD} objects), and in small companies set it lower than a tenth of all objects.`,
      here: `${counted(objects.length, 'object')} would be synchronised.${objects.length < 10 * DELETE_THRESHOLD ? ` A tenth is ${Math.max(1, Math.round(objects.length / 10))}.` : ''}`,
    },
    {
      title: 'Large groups',
      what: 'A group of more than 50,000 members is not synchronised by the old endpoint; the V2 endpoint takes 250,000.',
      here: null,
    },
    {
      title: 'Afterwards',
      what: 'Look at Entra Connect Health or the error report of the portal after the first run: every refusal is there. Then switch AutoUpgrade on, and put a second server in staging mode.',
      here: null,
    },
  ]
}

function counted(number: number, one: string, more = `${one}s`): string {
  return `${number} ${number === 1 ? one : more}`
}

function suffixes(users: readonly AdObject[]): string | null {
  const counts = new Map<string, number>()
  for (const user of users) {
    const suffix = valueOf(user, 'userPrincipalName').trim().split('@')[1]?.toLowerCase() ?? ''
    if (suffix !== '') counts.set(suffix, (counts.get(suffix) ?? 0) + 1)
  }
  const all = [...counts].sort(([, a], [, b]) => b - a)
  const said = all
    .slice(0, SUFFIXES_SHOWN)
    .map(([suffix, number]) => `${suffix} (${number}${whyUnroutable(suffix) === null ? '' : ', not routable'})`)
  if (all.length > SUFFIXES_SHOWN) said.push(`${all.length - SUFFIXES_SHOWN} more`)
  return said.length === 0 ? null : said.join(', ')
}

function units(objects: readonly AdObject[], leftOut: number): string {
  const counts = new Map<string, number>()
  for (const { dn } of objects) {
    // A comma behind a backslash belongs to the name.
    const parent = dn.replace(/^(?:\\.|[^,\\])*,/s, '')
    counts.set(parent, (counts.get(parent) ?? 0) + 1)
  }
  const all = [...counts].sort(([, a], [, b]) => b - a)
  const said = all.slice(0, UNITS_SHOWN).map(([unit, number]) => `${unit} (${number})`)
  if (all.length > UNITS_SHOWN) said.push(`${all.length - UNITS_SHOWN} more`)
  const disabled = objects.filter((object) => object.kind === 'user' && (Number(valueOf(object, 'userAccountControl')) & 2) !== 0).length
  return [
    said.length === 0 ? '' : `${said.join('; ')}.`,
    disabled === 0 ? '' : `${counted(disabled, 'user is', 'users are')} disabled.`,
    leftOut === 0 ? '' : `${counted(leftOut, 'built-in or system object is', 'built-in or system objects are')} left out by default.`,
  ]
    .filter((text) => text !== '')
    .join(' ')
}

function anchors(users: readonly AdObject[], has: (name: string) => boolean): string {
  if (!has('mS-DS-ConsistencyGuid'))
    return 'The export does not tell it. Nobody has one before the first run of Entra Connect; if there was a run before, export mS-DS-ConsistencyGuid and objectGUID too.'
  const set = users.filter((user) => valueOf(user, 'mS-DS-ConsistencyGuid') !== '').length
  return `${set} of ${counted(users.length, 'user')} have one: ${set === 0 ? 'no synchronisation has run' : 'a synchronisation has run before, so keep its anchor'}.`
}

function exchange(objects: readonly AdObject[]): string {
  const some = objects.some((object) => [...object.attributes.keys()].some((name) => name.startsWith('msexch')))
  return some ? 'There are attributes of Exchange (msExch…): it is or was here.' : 'No attribute of Exchange (msExch…) is in the export.'
}

function guids(users: readonly AdObject[]): string | null {
  const some = users.filter((user) => valuesOf(user, 'msExchMailboxGuid').length > 0).length
  return some === 0 ? null : `${counted(some, 'user has', 'users have')} msExchMailboxGuid.`
}
