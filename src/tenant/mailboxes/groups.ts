import { textIn } from '../../microsoft/wire-json.ts'
import type { Finding } from '../../model/change.ts'
import type { TenantChange } from '../call.ts'
import type { GroupStanding, GroupsRead } from './groups-read.ts'
import { groupStandings, readGroups } from './groups-read.ts'
import type { MemberBook } from './groups-members.ts'
import { exactlyWanted, memberBook, membersWanted, presentMembers } from './groups-members.ts'
import { key } from '../key.ts'
import type { Setting } from './mailbox-change.ts'
import { listed, settingsChange } from './mailbox-change.ts'
import { domainOf, isExchangeAddress, ownDomains } from './mailbox-match.ts'
import type { FreeNames } from './mailbox-names.ts'
import { freeNames } from './mailbox-names.ts'
import type { OtherHolder } from './mailbox-owners.ts'
import { freeing, otherHolders } from './mailbox-owners.ts'
import type { Part } from '../part.ts'

/** Distribution groups with their addresses, owners and members. */
export const groupsPart: Part<GroupsRead> = {
  name: 'groups',
  read: readGroups,
  compare: (wanted, actual, read) => {
    const around = {
      free: freeNames(wanted, actual),
      holder: otherHolders(actual),
      member: memberBook(wanted, actual),
      domains: ownDomains(wanted, actual),
      mailboxes: new Map(wanted.mailboxes.map((one) => [one.address.toLowerCase(), one.where])),
    }
    const all = groupStandings(wanted, read)
    return {
      changes: all.flatMap((one) => (one.isSynced ? [] : changesOf(one, around))),
      findings: all.flatMap((one) => findingsOf(one, around)),
    }
  },
}

type Around = {
  readonly free: FreeNames
  readonly holder: OtherHolder
  readonly member: MemberBook
  readonly domains: ReadonlySet<string>
  /** Where each mailbox is wanted. */
  readonly mailboxes: ReadonlyMap<string, string>
}

function changesOf(one: GroupStanding, around: Around): readonly TenantChange[] {
  return [
    ...(one.guid === null ? [made(one, around)] : []),
    ...settingsChange({
      key: `group-settings ${one.wanted.address.toLowerCase()}`,
      kind: 'group',
      about: one.wanted.address,
      says: `Set the group ${one.wanted.address}`,
      after: [key.group(one.wanted.address), key.domainAccepted(domainOf(one.wanted.address))],
      look: { cmdlet: 'Get-DistributionGroup', parameters: { Identity: one.identity } },
      cmdlet: 'Set-DistributionGroup',
      parameters: { Identity: one.identity, BypassSecurityGroupManagerCheck: true },
      settings: settings(one),
    }),
    ...aliased(one, goodAliases(one, around)),
    ...owned(one, around),
    ...membersWanted(one, around.member).changes,
    ...exactlyWanted(one, around.member),
  ]
}

function made(one: GroupStanding, { member, free }: Around): TenantChange {
  const { address, name, outsideSenders } = one.wanted
  const members = presentMembers(one, member)
  const told = members.length === 0 ? '' : ` with ${members.length} ${members.length === 1 ? 'member' : 'members'}`
  return {
    key: key.group(address),
    kind: 'group',
    about: address,
    says: `Create the distribution group ${address} ("${name}")${told}${outsideSenders === true ? ', open to senders from outside' : ''}`,
    after: [key.domainAccepted(domainOf(address))],
    look: { call: { cmdlet: 'Get-DistributionGroup', parameters: { Identity: address } } },
    expect: { is: 'there', id: 'Guid' },
    calls: [
      {
        cmdlet: 'New-DistributionGroup',
        parameters: {
          Name: free.name(name, address),
          DisplayName: name,
          Alias: free.alias(address),
          PrimarySmtpAddress: address,
          Type: 'Distribution',
          ...(members.length === 0 ? {} : { Members: members }),
          ...(outsideSenders === null ? {} : { RequireSenderAuthenticationEnabled: !outsideSenders }),
        },
      },
    ],
    undo: [
      {
        cmdlet: 'Remove-DistributionGroup',
        parameters: { Identity: { $: 'made.Guid' }, BypassSecurityGroupManagerCheck: true, Confirm: false },
      },
    ],
    takes: 'minutes',
  }
}

function settings({ wanted, guid, row, primaryAddress }: GroupStanding): readonly Setting[] {
  const { address, name, hidden, outsideSenders } = wanted
  const hide: readonly Setting[] =
    hidden === null || hidden === (row['HiddenFromAddressListsEnabled'] === true)
      ? []
      : [
          {
            name: 'HiddenFromAddressListsEnabled',
            to: hidden,
            as: 'text',
            says: hidden ? 'hidden from address lists' : 'shown in address lists',
          },
        ]
  // A new one is made with all the rest.
  if (guid === null) return hide
  const shown = textIn(row['DisplayName'])
  const isOpen = row['RequireSenderAuthenticationEnabled'] === false
  return [
    ...(primaryAddress === address.toLowerCase()
      ? []
      : [{ name: 'PrimarySmtpAddress', to: address, as: 'text', says: `primary address ${address}`, was: primaryAddress } as const]),
    ...(shown === name ? [] : [{ name: 'DisplayName', to: name, as: 'exact', says: `name "${name}"`, was: `"${shown}"` } as const]),
    ...hide,
    ...(outsideSenders === null || outsideSenders === isOpen
      ? []
      : [
          {
            name: 'RequireSenderAuthenticationEnabled',
            to: !outsideSenders,
            as: 'text',
            says: outsideSenders ? 'open to senders from outside' : 'closed to senders from outside',
          } as const,
        ]),
  ]
}

function missingAliases({ wanted: { address, aliases }, addresses }: GroupStanding): readonly string[] {
  const asked = new Set(aliases.map((alias) => alias.toLowerCase()))
  return [...asked].filter((alias) => alias !== address.toLowerCase() && !addresses.includes(alias))
}

function wrongAlias({ ids }: GroupStanding, alias: string, { domains, holder }: Around): string | null {
  if (!isExchangeAddress(alias)) return 'is no address that Exchange Online takes'
  if (!domains.has(domainOf(alias))) return 'is in a domain that Exchange Online takes no mail for'
  const owner = holder(alias, ids)
  return owner === null ? null : `belongs to ${owner.title}`
}

function goodAliases(one: GroupStanding, around: Around): readonly string[] {
  return missingAliases(one).filter((alias) => wrongAlias(one, alias, around) === null)
}

function aliased({ wanted: { address }, identity }: GroupStanding, aliases: readonly string[]): readonly TenantChange[] {
  if (aliases.length === 0) return []
  const set = (change: 'add' | 'remove'): TenantChange['calls'] => [
    {
      cmdlet: 'Set-DistributionGroup',
      parameters: {
        Identity: identity,
        EmailAddresses: { kind: 'change', [change]: { $: 'added' } },
        BypassSecurityGroupManagerCheck: true,
      },
    },
  ]
  return [
    {
      key: `group-addresses ${address.toLowerCase()}`,
      kind: 'addresses',
      about: address,
      says: `Give the group ${address} the further ${aliases.length === 1 ? 'address' : 'addresses'} ${listed(aliases)}`,
      after: [key.group(address), ...[...new Set(aliases.map(domainOf))].map(key.domainAccepted)],
      look: { call: { cmdlet: 'Get-DistributionGroup', parameters: { Identity: identity } } },
      expect: { is: 'holds', property: 'EmailAddresses', entries: aliases.map((alias) => `smtp:${alias}`) },
      calls: set('add'),
      undo: set('remove'),
      takes: 'minutes',
    },
  ]
}

/** Exchange shows owners by names of its own, so that it is asked which groups somebody owns. */
function owned(one: GroupStanding, { mailboxes }: Around): readonly TenantChange[] {
  const { address } = one.wanted
  return one.missingOwners.map((owner): TenantChange => {
    const set = (change: 'add' | 'remove'): TenantChange['calls'] => [
      {
        cmdlet: 'Set-DistributionGroup',
        parameters: {
          Identity: one.identity,
          ManagedBy: { kind: 'change', [change]: [owner] },
          BypassSecurityGroupManagerCheck: true,
        },
      },
    ]
    return {
      key: `group-owner ${address.toLowerCase()} ${owner}`,
      kind: 'group',
      about: address,
      says: `Make ${owner} an owner of the group ${address}`,
      after: [key.group(address), ...(mailboxes.has(owner) ? [key.mailbox(owner), key.primaryAddress(owner)] : [])],
      look: {
        call: { cmdlet: 'Get-DistributionGroup', parameters: { ManagedBy: owner, ResultSize: 'Unlimited' } },
        find: { property: 'EmailAddresses', equals: `smtp:${one.identity}` },
      },
      expect: { is: 'there', id: 'Guid' },
      calls: set('add'),
      undo: set('remove'),
      takes: 'minutes',
    }
  })
}

function findingsOf(one: GroupStanding, around: Around): readonly Finding[] {
  const blocked = blockers(one, around)
  if (blocked.length > 0) return blocked
  const about = { severity: 'warning', about: one.wanted.address, where: one.wanted.where } as const
  const { address } = one.wanted
  if (one.isSynced) {
    const lacking = changesOf({ ...one, isSynced: false }, around)
    if (lacking.length === 0) return []
    const says = `The group ${address} is kept in Active Directory, which alone can change it. ${lacking.length} differences are left.`
    return [{ ...about, code: 'synced-object', says, remedy: `Change it there: ${lacking.map((change) => change.says).join('; ')}.` }]
  }
  const aliases = missingAliases(one).flatMap((alias): readonly Finding[] => {
    const wrong = wrongAlias(one, alias, around)
    if (wrong === null) return []
    const remedy = `Correct it, or take it away from the group ${address}.`
    return [{ ...about, code: 'alias-taken', says: `${alias} ${wrong}; the group ${address} goes without it.`, remedy }]
  })
  return [...aliases, ...membersWanted(one, around.member).findings]
}

function blockers({ wanted: one, guid, ids }: GroupStanding, { mailboxes, holder, domains }: Around): readonly Finding[] {
  const about = { severity: 'blocker', about: one.address, where: one.where } as const
  if (!isExchangeAddress(one.address)) {
    const remedy = 'Use letters without accents, digits, and dots between them, before the @.'
    return [{ ...about, code: 'invalid-address', says: `${one.address} is no address that Exchange Online takes.`, remedy }]
  }
  const domain = domainOf(one.address)
  if (!domains.has(domain)) {
    const says = `Exchange Online takes no mail for ${domain}, the domain of the group ${one.address}.`
    return [{ ...about, code: 'domain-unknown', says, remedy: `Add ${domain} to the domains of the definition.` }]
  }
  const twin = mailboxes.get(one.address.toLowerCase())
  if (twin !== undefined) {
    const says = `${one.address} is wanted as a group and as a mailbox (${twin}).`
    return [{ ...about, code: 'address-wanted-twice', says, remedy: 'Take one of them out of the definition.' }]
  }
  const owner = guid === null ? holder(one.address, ids) : null
  if (owner === null) return []
  if (owner.kind === 'GroupMailbox') {
    const says = `${one.address} is a Microsoft 365 group ("${one.name}" is wanted as a distribution group).`
    const remedy = 'Keep that group and take this one out of the definition, or delete it for good first.'
    return [{ ...about, code: 'microsoft-365-group', says, remedy }]
  }
  const says = `${one.address} cannot be given to the group: ${owner.title} has it.`
  return [{ ...about, code: 'address-taken', says, remedy: freeing(owner, one.address) }]
}
