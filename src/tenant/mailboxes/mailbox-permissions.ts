import type { ExchangeAdmin } from '../../microsoft/exchange-admin.ts'
import type { Finding } from '../../model/change.ts'
import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import type { Standing } from './mailbox-match.ts'
import { smtpAddresses, standings } from './mailbox-match.ts'
import { rowsOf } from './mailbox-rows.ts'
import type { Part } from '../part.ts'
import type { Row } from '../settings.ts'
import { entriesOf } from '../settings.ts'

type Right = 'open' | 'send as'
/** `open anna@example.org bo@example.org`: who may already do what. */
type Held = ReadonlySet<string>

/** Persons and groups that may open a mailbox, and send as it. Others who may are left. */
export const mailboxPermissionsPart: Part<Held> = {
  name: 'permissions of mailboxes',
  read: async ({ admin }, wanted, actual) => {
    const asked = standings(wanted, actual).filter(({ mailbox }) => mailbox !== null)
    const found = await Promise.all(
      asked.flatMap((one) =>
        rightsOf(one).map(async ({ right, who }) => {
          const rows = right === 'open' ? permissionRows(admin, one.identity, who) : sendAsRows(admin, one.identity, who)
          const has = right === 'open' ? hasFullAccess(await rows) : (await rows).some((row) => lists(row, 'SendAs'))
          return has ? [name(one, right, who)] : []
        }),
      ),
    )
    return new Set(found.flat())
  },
  compare: (wanted, actual, held) => {
    const there = new Set([
      ...actual.recipients.all.flatMap(({ addresses }) => addresses),
      ...actual.recipients.mailboxes.flatMap(smtpAddresses),
    ])
    const waits = new Map<string, readonly string[]>([
      ...wanted.groups.map(({ address }) => [address.toLowerCase(), [key.group(address)]] as const),
      ...wanted.mailboxes.map(({ address }) => [address.toLowerCase(), [key.mailbox(address), key.primaryAddress(address)]] as const),
    ])
    const lacking = standings(wanted, actual).flatMap((one) =>
      rightsOf(one)
        .filter(({ right, who }) => !held.has(name(one, right, who)))
        .map((each) => ({ one, ...each, isKnown: there.has(each.who) || waits.has(each.who) })),
    )
    return {
      changes: lacking.filter(({ isKnown }) => isKnown).map(({ one, right, who }) => granted(one, right, who, waits.get(who) ?? [])),
      findings: lacking.filter(({ isKnown }) => !isKnown).map(({ one, right, who }) => unknown(one, right, who)),
    }
  },
}

/** What this user, group or service principal may do to the mailbox; none also where Exchange does not know who that is. */
export async function permissionRows(admin: ExchangeAdmin, identity: string, user: string): Promise<readonly Row[]> {
  return rowsOf(admin, 'Get-MailboxPermission', { Identity: identity, User: user })
}

async function sendAsRows(admin: ExchangeAdmin, identity: string, trustee: string): Promise<readonly Row[]> {
  return rowsOf(admin, 'Get-RecipientPermission', { Identity: identity, Trustee: trustee })
}

export function hasFullAccess(rows: readonly Row[]): boolean {
  return rows.some((row) => row['Deny'] !== true && lists(row, 'FullAccess'))
}

function lists(row: Row, right: string): boolean {
  return entriesOf(row['AccessRights']).some((one) => one.toLowerCase() === right.toLowerCase())
}

function rightsOf({ wanted: { fullAccess, sendAs } }: Standing): readonly { readonly right: Right; readonly who: string }[] {
  const each = (right: Right, all: readonly string[]) => [...new Set(all.map((who) => who.toLowerCase()))].map((who) => ({ right, who }))
  return [...each('open', fullAccess), ...each('send as', sendAs)]
}

function name({ wanted: { address } }: Standing, right: Right, who: string): string {
  return `${right} ${address.toLowerCase()} ${who}`
}

/** `waits`: whoever is to get the right must be there, under that address. */
function granted(one: Standing, right: Right, who: string, waits: readonly string[]): TenantChange {
  const { wanted, identity } = one
  const { address } = wanted
  const opens = right === 'open'
  const noun = opens ? 'MailboxPermission' : 'RecipientPermission'
  const trustee = opens ? { User: who } : { Trustee: who }
  const entry = { Identity: identity, ...trustee, AccessRights: [opens ? 'FullAccess' : 'SendAs'] }
  return {
    key: name(one, right, who),
    kind: 'permission',
    about: address,
    says: `Let ${who} ${opens ? 'open' : 'send as'} ${address}`,
    after: [key.mailbox(address), ...waits],
    look: { call: { cmdlet: `Get-${noun}`, parameters: { Identity: identity, ...trustee } }, collect: 'AccessRights' },
    expect: { is: 'holds', property: 'AccessRights', entries: entry.AccessRights },
    calls: [{ cmdlet: `Add-${noun}`, parameters: { ...entry, ...(opens ? { InheritanceType: 'All' } : { Confirm: false }) } }],
    undo: [{ cmdlet: `Remove-${noun}`, parameters: { ...entry, Confirm: false } }],
    takes: 'minutes',
  }
}

function unknown({ wanted: { address, where } }: Standing, right: Right, who: string): Finding {
  return {
    code: 'person-unknown',
    severity: 'warning',
    about: address,
    says: `${who} is to ${right} ${address}, and is neither in the tenant nor in the definition. That is left out.`,
    remedy: 'Correct the address, or add the person or group.',
    where,
  }
}
