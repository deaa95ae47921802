import { textIn } from '../../microsoft/wire-json.ts'
import type { WantedGroup, WantedTenant } from '../../model/wanted-tenant.ts'
import type { Clients } from '../part.ts'
import { firstOfEach } from './mailbox-match.ts'
import { rowsOf } from './mailbox-rows.ts'
import type { Recipient } from '../recipients.ts'
import { recipientIn } from '../recipients-read.ts'
import type { Row } from '../settings.ts'

export type GroupsRead = {
  readonly groups: readonly FoundGroup[]
  /** By guid of the group. */
  readonly members: ReadonlyMap<string, readonly Recipient[]>
  /** By address of the owner: guids of groups. */
  readonly owned: ReadonlyMap<string, ReadonlySet<string>>
}
type FoundGroup = { readonly guid: string; readonly row: Row; readonly recipient: Recipient }

/** A wanted group, and what stands in its place. */
export type GroupStanding = {
  readonly wanted: WantedGroup
  /** null: it is not there. */
  readonly guid: string | null
  /** Its ids in Exchange and in the directory. */
  readonly ids: readonly string[]
  /** As Get-DistributionGroup shows it; nothing in it where it is not there. */
  readonly row: Row
  readonly isSynced: boolean
  readonly primaryAddress: string
  readonly addresses: readonly string[]
  readonly members: readonly Recipient[]
  /** Addresses of the wanted owners that are none yet. */
  readonly missingOwners: readonly string[]
  /** Names it in a cmdlet: an address that it has, and keeps. */
  readonly identity: string
}

/** One cmdlet for all groups, one for the members of each wanted one that is there, and one for each owner. */
export async function readGroups({ admin }: Clients, wanted: WantedTenant): Promise<GroupsRead> {
  if (wanted.groups.length === 0) return { groups: [], members: new Map(), owned: new Map() }
  const rows = await rowsOf(admin, 'Get-DistributionGroup', { ResultSize: 'Unlimited' })
  const groups = rows.map((row) => ({ guid: textIn(row['Guid']), row, recipient: recipientIn(row) }))
  const there = wanted.groups.flatMap((one) => {
    const group = foundFor(one, groups)
    return group === undefined ? [] : [{ one, group }]
  })
  const owners = new Set(there.flatMap(({ one }) => one.owners.map((owner) => owner.toLowerCase())))
  const [members, owned] = await Promise.all([
    Promise.all(
      there.map(async ({ group: { guid, recipient } }) => {
        const found = await rowsOf(admin, 'Get-DistributionGroupMember', { Identity: recipient.primaryAddress, ResultSize: 'Unlimited' })
        return [guid, found.map((row) => recipientIn(row))] as const
      }),
    ),
    Promise.all(
      [...owners].map(async (owner) => {
        const found = await rowsOf(admin, 'Get-DistributionGroup', { ManagedBy: owner, ResultSize: 'Unlimited' })
        return [owner, new Set(found.map((row) => textIn(row['Guid'])))] as const
      }),
    ),
  ])
  return { groups, members: new Map(members), owned: new Map(owned) }
}

export function groupStandings(wanted: WantedTenant, { groups, members, owned }: GroupsRead): readonly GroupStanding[] {
  return firstOfEach(wanted.groups).map((one) => {
    const group = foundFor(one, groups)
    const owners = [...new Set(one.owners.map((owner) => owner.toLowerCase()))]
    if (group === undefined) {
      const address = one.address.toLowerCase()
      const nothing = { guid: null, ids: [], row: {}, isSynced: false, addresses: [], members: [] }
      return { ...nothing, wanted: one, primaryAddress: address, missingOwners: owners, identity: address }
    }
    const { guid, row, recipient } = group
    return {
      wanted: one,
      guid,
      ids: [guid, recipient.id],
      row,
      isSynced: recipient.isSynced,
      primaryAddress: recipient.primaryAddress,
      addresses: recipient.addresses,
      members: members.get(guid) ?? [],
      missingOwners: owners.filter((owner) => owned.get(owner)?.has(guid) !== true),
      identity: recipient.primaryAddress,
    }
  })
}

function foundFor({ address }: WantedGroup, groups: readonly FoundGroup[]): FoundGroup | undefined {
  const wanted = address.toLowerCase()
  return (
    groups.find(({ recipient }) => recipient.primaryAddress === wanted) ??
    groups.find(({ recipient }) => recipient.addresses.includes(wanted))
  )
}
