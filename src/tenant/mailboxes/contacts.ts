import type { Finding } from '../../model/change.ts'
import type { WantedContact, WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import { key } from '../key.ts'
import { domainOf, ownDomains } from './mailbox-match.ts'
import type { FreeNames } from './mailbox-names.ts'
import { freeNames } from './mailbox-names.ts'
import type { OtherHolder, Owner } from './mailbox-owners.ts'
import { freeing, otherHolders } from './mailbox-owners.ts'
import type { Actual, Part } from '../part.ts'

/** Contacts: the wanted ones, and those that stand for members of groups outside the organisation. */
export const contactsPart: Part<null> = {
  name: 'contacts',
  read: async () => null,
  compare: (wanted, actual) => {
    const [book, free] = [otherHolders(actual), freeNames(wanted, actual)]
    const lacking = wantedContacts(wanted, actual).flatMap((one) => {
      const owner = book(one.address)
      return owner !== null && isOutside(owner) ? [] : [{ one, owner }]
    })
    return {
      changes: lacking.flatMap(({ one, owner }) => (owner === null ? [made(one, free)] : [])),
      findings: lacking.flatMap(({ one, owner }) => (owner === null ? [] : [taken(one, owner)])),
    }
  },
}

/** Each address once. Members of groups that are in no domain of ours need a contact (Add-DistributionGroupMember). */
export function wantedContacts(wanted: WantedTenant, actual: Actual): readonly WantedContact[] {
  const own = ownDomains(wanted, actual)
  const book = otherHolders(actual)
  const members = wanted.groups.flatMap(({ members: all, where }) =>
    all.filter((address) => isExternal(address, own, book)).map((address) => ({ address, name: address, where })),
  )
  const byAddress = new Map([...members, ...wanted.contacts].map((one) => [one.address.toLowerCase(), one]))
  return [...byAddress.values()]
}

/** Guests, contacts and mail users of another domain are known here already. */
function isExternal(address: string, own: ReadonlySet<string>, book: OtherHolder): boolean {
  const owner = book(address)
  return !own.has(domainOf(address)) && (owner === null || owner.deletedMs !== null)
}

function isOutside({ kind, deletedMs }: Owner): boolean {
  return deletedMs === null && ['MailContact', 'MailUser', 'GuestMailUser'].includes(kind)
}

function made({ address, name }: WantedContact, free: FreeNames): TenantChange {
  return {
    key: key.contact(address),
    kind: 'contact',
    about: address,
    says: name === address ? `Create a contact for ${address}` : `Create the contact ${address} ("${name}")`,
    after: [],
    look: { call: { cmdlet: 'Get-MailContact', parameters: { Identity: address } } },
    expect: { is: 'there', id: 'Guid' },
    calls: [
      {
        cmdlet: 'New-MailContact',
        parameters: { Name: free.name(name, address), DisplayName: name, ExternalEmailAddress: address },
      },
    ],
    undo: [{ cmdlet: 'Remove-MailContact', parameters: { Identity: { $: 'made.Guid' }, Confirm: false } }],
    takes: 'minutes',
  }
}

function taken({ address, where }: WantedContact, owner: Owner): Finding {
  return {
    code: 'address-taken',
    severity: 'blocker',
    about: address,
    says: `${address} cannot be a contact: ${owner.title} has it.`,
    remedy: freeing(owner, address),
    where,
  }
}
