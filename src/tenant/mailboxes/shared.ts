import { graphPath } from '../../microsoft/graph-path.ts'
import type { Finding } from '../../model/change.ts'
import type { TenantChange } from '../call.ts'
import type { Standing } from './mailbox-match.ts'
import { MAILBOX_KIND, standings } from './mailbox-match.ts'
import type { Part } from '../part.ts'

const TYPE_OF: Readonly<Record<string, string>> = {
  UserMailbox: 'Regular',
  SharedMailbox: 'Shared',
  RoomMailbox: 'Room',
  EquipmentMailbox: 'Equipment',
}

/** Mailboxes that are of another kind than wanted, and shared mailboxes that somebody could sign in to. */
export const sharedPart: Part<null> = {
  name: 'shared mailboxes',
  read: async () => null,
  compare: (wanted, actual) => {
    const all = standings(wanted, actual)
    return { changes: all.flatMap((one) => [...converted(one), ...signInBlocked(one)]), findings: all.flatMap(syncedUser) }
  },
}

function isConverted({ wanted, mailbox }: Standing): boolean {
  // That a person has another kind of mailbox is a mistake in the list.
  if (wanted.kind === 'user' || mailbox === null || mailbox.isSynced) return false
  return TYPE_OF[mailbox.kind] !== undefined && mailbox.kind !== MAILBOX_KIND[wanted.kind]
}

function converted(one: Standing): readonly TenantChange[] {
  const { wanted, mailbox, identity } = one
  if (mailbox === null || !isConverted(one)) return []
  const set = (type: string): TenantChange['calls'] => [{ cmdlet: 'Set-Mailbox', parameters: { Identity: identity, Type: type } }]
  return [
    {
      key: conversionKey(wanted.address),
      kind: 'mailbox',
      about: wanted.address,
      says: `Make ${wanted.address} a ${wanted.kind} mailbox (was ${mailbox.kind})`,
      after: [],
      look: { call: { cmdlet: 'Get-Mailbox', parameters: { Identity: identity } } },
      expect: { is: 'set', values: { RecipientTypeDetails: { to: MAILBOX_KIND[wanted.kind], as: 'text' } } },
      calls: set(TYPE_OF[MAILBOX_KIND[wanted.kind]] ?? ''),
      undo: set(TYPE_OF[mailbox.kind] ?? ''),
      takes: 'minutes',
    },
  ]
}

function conversionKey(address: string): string {
  return `mailbox-type ${address.toLowerCase()}`
}

function canSignIn({ wanted, mailbox, user }: Standing): boolean {
  // Rooms are left: their devices sign in.
  return wanted.kind === 'shared' && mailbox !== null && user?.isEnabled === true
}

function signInBlocked(one: Standing): readonly TenantChange[] {
  const { wanted, user } = one
  if (user === null || user.isSynced || !canSignIn(one)) return []
  const path = graphPath`/users/${user.id}`
  return [
    {
      key: `sign-in ${wanted.address.toLowerCase()}`,
      kind: 'sign-in',
      about: wanted.address,
      says: `Block sign-in to the shared mailbox ${wanted.address}; those with access open it with their own account`,
      after: isConverted(one) ? [conversionKey(wanted.address)] : [],
      look: { call: { graph: 'GET', path: `${path}?$select=id,accountEnabled` } },
      expect: { is: 'set', values: { accountEnabled: { to: false, as: 'text' } } },
      calls: [{ graph: 'PATCH', path, body: { accountEnabled: false } }],
      undo: [{ graph: 'PATCH', path, body: { accountEnabled: { $: 'before.accountEnabled' } } }],
      takes: 'minutes',
    },
  ]
}

function syncedUser(one: Standing): readonly Finding[] {
  if (one.user?.isSynced !== true || !canSignIn(one)) return []
  const { address, where } = one.wanted
  return [
    {
      code: 'synced-object',
      severity: 'warning',
      about: address,
      says: `People can sign in to the shared mailbox ${address}; its user is kept in Active Directory, which alone can block that.`,
      remedy: 'Disable the account on premises, and let it be synchronised.',
      where,
    },
  ]
}
