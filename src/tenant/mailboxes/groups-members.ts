import type { Finding } from '../../model/change.ts'
import type { WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import { wantedContacts } from './contacts.ts'
import type { GroupStanding } from './groups-read.ts'
import { key } from '../key.ts'
import type { Actual } from '../part.ts'
import type { Recipient } from '../recipients.ts'

/** Somebody who is to be a member: there already, or made by another change. */
type Member = {
  readonly address: string
  /** The primary address that Exchange shows once all is done. */
  readonly shown: string
  readonly recipient: Recipient | null
  readonly after: readonly string[]
}

/** A new group is made with these in one call; further ones are added one by one. */
const MOST_AT_ONCE = 500

/** Finds who an address belongs to, or will. */
export type MemberBook = (address: string) => Member | null

/** Addresses of members that a group can be made with, as they are there already. */
export function presentMembers(one: GroupStanding, book: MemberBook): readonly string[] {
  return membersOf(one, book)
    .known.filter(({ recipient, after }) => recipient !== null && after.length === 0)
    .map(({ address }) => address)
    .slice(0, MOST_AT_ONCE)
}

export function membersWanted(
  one: GroupStanding,
  book: MemberBook,
): { readonly changes: readonly TenantChange[]; readonly findings: readonly Finding[] } {
  const { known, unknown } = membersOf(one, book)
  const { address, where } = one.wanted
  const there = new Set(one.members.flatMap(({ addresses }) => addresses))
  const madeWith = new Set(one.guid === null ? presentMembers(one, book) : [])
  return {
    changes: known.filter((each) => !there.has(each.address) && !madeWith.has(each.address)).map((each) => added(one, each)),
    findings: unknown.map((member) => ({
      code: 'member-unknown',
      severity: 'warning',
      about: address,
      says: `${member} is to be a member of ${address}, and is neither in the tenant nor in the definition. That is left out.`,
      remedy: 'Correct the address, or add the mailbox, group or contact.',
      where,
    })),
  }
}

/** Members that are not wanted are taken out, where the group is to have exactly the wanted ones. */
export function exactlyWanted(one: GroupStanding, book: MemberBook): readonly TenantChange[] {
  if (!one.wanted.exactly) return []
  const { known, unknown } = membersOf(one, book)
  const kept = new Set([...known.flatMap(({ address, shown }) => [address, shown]), ...unknown])
  return one.members
    .filter(({ addresses }) => !addresses.some((address) => kept.has(address)))
    .map(({ primaryAddress }) => {
      const { wanted: group, identity } = one
      const parameters = { Identity: identity, Member: primaryAddress, BypassSecurityGroupManagerCheck: true }
      return {
        key: `group-without ${group.address.toLowerCase()} ${primaryAddress}`,
        kind: 'group',
        about: group.address,
        says: `Take ${primaryAddress} out of the group ${group.address}`,
        after: [key.group(group.address)],
        look: lookFor(identity, primaryAddress),
        expect: { is: 'gone' },
        calls: [{ cmdlet: 'Remove-DistributionGroupMember', parameters: { ...parameters, Confirm: false } }],
        undo: [{ cmdlet: 'Add-DistributionGroupMember', parameters }],
        takes: 'minutes',
      }
    })
}

function added({ wanted: group, identity }: GroupStanding, { address, shown, after }: Member): TenantChange {
  const parameters = { Identity: identity, Member: shown, BypassSecurityGroupManagerCheck: true }
  return {
    key: `group-member ${group.address.toLowerCase()} ${address}`,
    kind: 'group',
    about: group.address,
    says: `Add ${address} to the group ${group.address}`,
    after: [key.group(group.address), ...after],
    look: lookFor(identity, shown),
    expect: { is: 'there', id: 'Guid' },
    calls: [{ cmdlet: 'Add-DistributionGroupMember', parameters }],
    undo: [{ cmdlet: 'Remove-DistributionGroupMember', parameters: { ...parameters, Confirm: false } }],
    takes: 'minutes',
  }
}

function lookFor(group: string, member: string): TenantChange['look'] {
  return {
    call: { cmdlet: 'Get-DistributionGroupMember', parameters: { Identity: group, ResultSize: 'Unlimited' } },
    find: { property: 'PrimarySmtpAddress', equals: member },
  }
}

function membersOf({ wanted: group }: GroupStanding, book: MemberBook) {
  const asked = [...new Set(group.members.map((member) => member.toLowerCase()))].filter((member) => member !== group.address.toLowerCase())
  const found = asked.map((address) => ({ address, member: book(address) }))
  return {
    known: found.flatMap(({ member }) => (member === null ? [] : [member])),
    unknown: found.filter(({ member }) => member === null).map(({ address }) => address),
  }
}

export function memberBook(wanted: WantedTenant, actual: Actual): MemberBook {
  const recipients = new Map(actual.recipients.all.flatMap((one) => one.addresses.map((address) => [address, one] as const)))
  const mailboxes = new Map(
    wanted.mailboxes.flatMap((one) => [...one.aliases, one.address].map((address) => [address.toLowerCase(), one.address.toLowerCase()])),
  )
  const groups = new Set(wanted.groups.map(({ address }) => address.toLowerCase()))
  const contacts = new Set(wantedContacts(wanted, actual).map(({ address }) => address.toLowerCase()))
  return (address) => {
    const recipient = recipients.get(address) ?? null
    const there = recipient === null ? null : { address, shown: recipient.primaryAddress, recipient, after: [] }
    const mailbox = mailboxes.get(address)
    if (mailbox !== undefined && there?.shown !== mailbox)
      return { address, shown: mailbox, recipient, after: [key.mailbox(mailbox), key.primaryAddress(mailbox)] }
    if (there === null && groups.has(address)) return { address, shown: address, recipient, after: [key.group(address)] }
    if (there === null && contacts.has(address)) return { address, shown: address, recipient, after: [key.contact(address)] }
    return there
  }
}
