import { mailboxOf } from './address-book.ts'
import { addOldMailbox, addOldUser } from './base-people.ts'
import { addObject } from './exchange-objects.ts'
import { addDomain } from './graph-domains.ts'
import { planOf } from './plans.ts'
import { softDelete } from './provisioning.ts'
import { PEOPLE } from '../simulator/seed-text.ts'
import type { TenantWorld } from './world.ts'

/** One person as the migration wants her. */
export type WantedPerson = {
  readonly address: string
  readonly displayName: string
  readonly licence: string
  readonly usageLocation: string
  /** Size of the old mailbox. */
  readonly sourceBytes: number
  /** What is there already: nothing, the user, or the user with a mailbox. */
  readonly exists: 'no' | 'user' | 'mailbox'
}

export type Problem = {
  readonly address: string
  readonly licence: string
  readonly displayName: string
  readonly sourceBytes: number
  readonly what: string
}

export type PreparedTenant = {
  readonly people: readonly WantedPerson[]
  /** Ten more, each with one thing wrong. */
  readonly problems: readonly Problem[]
  readonly sharedMailboxes: readonly string[]
  readonly wantedSharedMailboxes: readonly string[]
  readonly rooms: readonly string[]
  readonly groups: readonly string[]
  readonly synced: string
  readonly unverifiedDomain: string
}

/** Seats that the prepared tenant has. */
export const PREPARED_SEATS: Readonly<Record<string, number>> = {
  ENTERPRISEPACK: 30,
  O365_BUSINESS_ESSENTIALS: 25,
  EXCHANGEDESKLESS: 5,
  EXCHANGESTANDARD: 5,
  EXCHANGEENTERPRISE: 2,
}

const GB = 1024 ** 3
const LICENCES = ['ENTERPRISEPACK', 'O365_BUSINESS_ESSENTIALS'] as const

/**
 * Fifty people with mixed licences, of whom ten have a mailbox and ten a user already; shared mailboxes, a room, groups, a user synced
 * from on-premises AD, and ten people more who show a problem each.
 */
export function prepareTenant(world: TenantWorld, domain: string): PreparedTenant {
  const people = Array.from({ length: 50 }, (_, i): WantedPerson => {
    const local = PEOPLE[i] ?? `user${i + 1}`
    const licence = i % 10 === 9 && i < 50 ? 'EXCHANGEDESKLESS' : (LICENCES[i % 2] ?? 'ENTERPRISEPACK')
    return {
      address: `${local}@${domain}`,
      displayName: `${local.charAt(0).toUpperCase()}${local.slice(1)} Example`,
      licence,
      usageLocation: i % 7 === 6 ? 'AT' : 'DE',
      sourceBytes: licence === 'EXCHANGEDESKLESS' ? GB : (1 + (i % 12)) * GB,
      exists: i < 10 ? 'mailbox' : i < 20 ? 'user' : 'no',
    }
  })
  for (const { address, displayName, licence, usageLocation, exists } of people) {
    const licences = exists === 'mailbox' ? [{ part: licence }] : []
    if (exists !== 'no') addOldUser(world, { upn: address, displayName, usageLocation, licences })
  }
  const [first, second] = people.map(
    ({ address }) => world.state.users.find(({ props }) => props['userPrincipalName'] === address)?.id ?? '',
  )
  addOldMailbox(world, 'SharedMailbox', `info@${domain}`, 'Info')
  addOldMailbox(world, 'SharedMailbox', `sales@${domain}`, 'Sales')
  addOldMailbox(world, 'RoomMailbox', `room1@${domain}`, 'Room 1')
  addGroup(world, `staff@${domain}`, 'Staff', [first ?? '', second ?? ''])
  addGroup(world, `board@${domain}`, 'Board', [first ?? ''])
  const synced = `synced@${domain}`
  addOldUser(world, {
    upn: synced,
    displayName: 'Synced Example',
    licences: [{ part: 'ENTERPRISEPACK' }],
    more: { onPremisesSyncEnabled: true, onPremisesImmutableId: 'c3luY2VkLWV4YW1wbGU=', proxyAddresses: [`SMTP:${synced}`] },
  })
  world.state.organization = {
    ...world.state.organization,
    onPremisesSyncEnabled: true,
    onPremisesLastSyncDateTime: '2026-11-20T08:00:00Z',
  }
  addDomain(world, `new.${domain}`)
  return {
    people,
    problems: addProblems(world, domain),
    sharedMailboxes: [`info@${domain}`, `sales@${domain}`],
    wantedSharedMailboxes: [`accounting@${domain}`],
    rooms: [`room1@${domain}`],
    groups: [`staff@${domain}`, `board@${domain}`],
    synced,
    unverifiedDomain: `new.${domain}`,
  }
}

function addGroup(world: TenantWorld, address: string, name: string, members: readonly string[]): void {
  addObject(
    world,
    'DistributionGroup',
    {
      Identity: name,
      Name: name,
      DisplayName: name,
      Alias: address.slice(0, address.indexOf('@')),
      PrimarySmtpAddress: address,
      EmailAddresses: [`SMTP:${address}`],
      ExternalDirectoryObjectId: world.id(),
      GroupType: 'Universal',
      RecipientType: 'MailUniversalDistributionGroup',
      RecipientTypeDetails: 'MailUniversalDistributionGroup',
      RequireSenderAuthenticationEnabled: true,
      HiddenFromAddressListsEnabled: false,
      IsDirSynced: false,
      ManagedBy: [],
      Members: [...members],
    },
    true,
  )
}

function addProblems(world: TenantWorld, domain: string): Problem[] {
  const problems: Problem[] = []
  const add = (local: string, what: string, more: { licence?: string; sourceBytes?: number; domain?: string } = {}): string => {
    const address = `${local}@${more.domain ?? domain}`
    problems.push({
      address,
      licence: more.licence ?? 'ENTERPRISEPACK',
      displayName: `${local} Problem`,
      sourceBytes: more.sourceBytes ?? GB,
      what,
    })
    return address
  }
  add('no-seat', 'its licence has no free seat', { licence: 'EXCHANGEENTERPRISE' })
  const sku = world.state.skus.find(({ skuId }) => skuId === planOf('EXCHANGEENTERPRISE')?.skuId)
  if (sku !== undefined) sku.otherUnits = sku.enabled
  addOldUser(world, {
    upn: add('no-location', 'the user exists without a usage location'),
    displayName: 'No Location',
    usageLocation: null,
  })
  addGroup(world, add('taken-by-group', 'a distribution group has its address'), 'Taken', [])
  const gone = addOldUser(world, {
    upn: add('soft-deleted', 'a deleted user and mailbox still hold its address'),
    displayName: 'Soft Deleted',
    licences: [{ part: 'EXCHANGESTANDARD' }],
  })
  gone.deletedAtMs = world.now()
  const mailbox = mailboxOf(world, gone.id)
  if (mailbox !== undefined) softDelete(world, mailbox)
  add('other-upn', 'the person has a user under another UPN, with this address as an alias')
  addOldUser(world, { upn: `other.name@${domain}`, displayName: 'other-upn Problem', licences: [{ part: 'EXCHANGESTANDARD' }] })
  const other = world.state.objects.find(({ kind, props }) => kind === 'Mailbox' && props['UserPrincipalName'] === `other.name@${domain}`)
  if (other !== undefined) other.props['EmailAddresses'] = [`SMTP:other.name@${domain}`, `smtp:other-upn@${domain}`]
  addOldUser(world, {
    upn: add('exclusive', 'another licence with an Exchange plan is in the way'),
    displayName: 'Exclusive',
    licences: [{ part: 'EXCHANGESTANDARD' }],
  })
  addOldUser(world, {
    upn: add('plan-off', 'the licence is there with its Exchange plan switched off'),
    displayName: 'Plan Off',
    licences: [{ part: 'ENTERPRISEPACK', disabledPlans: ['efb87545-963c-4e0d-99df-69c6916d9eb0'] }],
  })
  add('bad-domain', 'its domain is not verified', { domain: `new.${domain}` })
  add('too-big', 'the old mailbox is larger than the licence allows', { licence: 'EXCHANGEDESKLESS', sourceBytes: 30 * GB })
  add('jürgen', 'the name holds characters that a UPN cannot have')
  return problems
}
