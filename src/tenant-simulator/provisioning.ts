import { acceptedDomains, domainOf, initialDomain, localPartOf, mailboxOf, ownerOf } from './address-book.ts'
import { addObject } from './exchange-objects.ts'
import { paceOf } from './faults-by-address.ts'
import { createMailbox } from './mailbox.ts'
import { MAILBOX_PLANS, planOf, type ServicePlan } from './plans.ts'
import { listOf, textOf, type Props } from './props.ts'
import { showSize } from './sizes.ts'
import type { ExchangeObject, Licence, User } from './state.ts'
import type { Events, TenantWorld } from './world.ts'
import { iso } from './exchange-objects.ts'

/** Service plans that a licence switches on. */
export function plansOf({ skuId, disabledPlans }: Pick<Licence, 'skuId' | 'disabledPlans'>): readonly ServicePlan[] {
  return (planOf(skuId)?.servicePlans ?? []).filter(({ id }) => !disabledPlans.includes(id))
}

/** The Exchange plan with a mailbox that a user has; undefined for none. */
export function mailboxPlanOf(user: User): { readonly id: string; readonly name: string; readonly quotaBytes: number } | undefined {
  for (const { id } of user.licences.flatMap(plansOf)) {
    const plan = MAILBOX_PLANS.get(id)
    if (plan !== undefined) return { id, ...plan }
  }
  return undefined
}

/** Licences changed: a mailbox comes, or goes, after its time. */
export function reconsider(world: TenantWorld, user: User): void {
  const mailbox = mailboxOf(world, user.id)
  const pace = paceOf(textOf(user.props['userPrincipalName'])).provisioning
  if (mailboxPlanOf(user) !== undefined && mailbox === undefined) {
    if (Number.isFinite(pace)) world.schedule('mailbox', user.id, world.timing.mailboxMs * pace)
  } else if (mailbox?.props['RecipientTypeDetails'] === 'UserMailbox' && mailboxPlanOf(user) === undefined)
    world.schedule('unlicense', user.id, world.timing.unlicenseMs)
  else if (mailbox !== undefined && mailboxPlanOf(user) !== undefined) world.schedule('resize', user.id, world.timing.exchangePlanMs)
}

/** What the user object says about the plans that reached their services. */
export function assignedPlans(world: TenantWorld, user: User): Props[] {
  const pace = paceOf(textOf(user.props['userPrincipalName'])).plan
  return user.licences.flatMap((licence) =>
    plansOf(licence)
      .filter(({ service }) => world.now() >= licence.sinceMs + (service === 'exchange' ? world.timing.exchangePlanMs * pace : 0))
      .map(({ id, service }) => ({
        assignedDateTime: iso(licence.sinceMs),
        capabilityStatus: 'Enabled',
        service,
        servicePlanId: id,
      })),
  )
}

function provision(world: TenantWorld, user: User): void {
  const plan = mailboxPlanOf(user)
  if (plan === undefined || mailboxOf(world, user.id) !== undefined) return
  // The mailbox is still on premises: the cloud has a mail user only.
  if (textOf(user.props['onPremisesMailboxGuid']) !== '') return
  const deleted = mailboxOf(world, user.id, true)
  if (deleted !== undefined) {
    reconnect(world, deleted)
    return
  }
  const upn = textOf(user.props['userPrincipalName'])
  const alias = textOf(user.props['mailNickname']) || localPartOf(upn)
  const wanted =
    listOf(user.props['proxyAddresses'])
      .find((one) => one.startsWith('SMTP:'))
      ?.slice(5) ?? upn
  const address = acceptedDomains(world).includes(domainOf(wanted)) ? wanted : `${alias}@${initialDomain(world)}`
  const others = user.licenceErrors.filter(({ error }) => error !== 'UniquenessViolation')
  if (ownerOf(world, address, [user.id]) !== null) {
    const skuId = user.licences[0]?.skuId ?? ''
    user.licenceErrors = [...others, { skuId, error: 'UniquenessViolation', byGroup: null }]
    world.schedule('mailbox', user.id, world.timing.mailboxMs)
    return
  }
  user.licenceErrors = others
  createMailbox(world, {
    type: 'UserMailbox',
    name: freeName(world, alias),
    displayName: textOf(user.props['displayName']),
    alias,
    address,
    userId: user.id,
    upn,
    plan: { ...plan, imap: plan.name !== 'ExchangeOnlineDeskless' },
    dirSynced: user.props['onPremisesSyncEnabled'] === true,
    addresses: listOf(user.props['proxyAddresses']),
  })
}

/** The name of a mailbox is its alias, and another one where that is taken. */
function freeName(world: TenantWorld, wanted: string): string {
  const taken = world.state.objects.some(({ kind, props }) => kind === 'Mailbox' && props['Name'] === wanted)
  return taken ? `${wanted}${world.id().slice(0, 8)}` : wanted
}

function reconnect(world: TenantWorld, mailbox: ExchangeObject): void {
  mailbox.removedAtMs = null
  mailbox.times['restAt'] = world.now() + world.timing.restMs
  mailbox.times['imapAt'] = world.now() + world.timing.imapMs
}

function resize(world: TenantWorld, user: User): void {
  const plan = mailboxPlanOf(user)
  const mailbox = mailboxOf(world, user.id)
  if (plan === undefined || mailbox === undefined || textOf(mailbox.props['MailboxPlan']).startsWith(`${plan.name}-`)) return
  const named = world.state.objects.find(({ kind, props }) => kind === 'MailboxPlan' && props['DisplayName'] === plan.name)
  mailbox.props = {
    ...mailbox.props,
    MailboxPlan: textOf(named?.props['Name']),
    IssueWarningQuota: showSize(Math.round(plan.quotaBytes * 0.98)),
    ProhibitSendQuota: showSize(Math.round(plan.quotaBytes * 0.99)),
    ProhibitSendReceiveQuota: showSize(plan.quotaBytes),
  }
}

/** Puts a mailbox where deleted ones are kept. */
export function softDelete(world: TenantWorld, mailbox: ExchangeObject): void {
  mailbox.removedAtMs = world.now()
  world.schedule('purge-mailbox', mailbox.guid, world.timing.softDeleteMs)
}

const userById = (world: TenantWorld, id: string): User | undefined =>
  world.state.users.find((user) => user.id === id && user.deletedAtMs === null)

export const PROVISIONING_EVENTS: Events = {
  mailbox: (world, { id }) => {
    const user = userById(world, id)
    if (user !== undefined) provision(world, user)
  },
  resize: (world, { id }) => {
    const user = userById(world, id)
    if (user !== undefined) resize(world, user)
  },
  unlicense: (world, { id }) => {
    const user = userById(world, id)
    const mailbox = mailboxOf(world, id)
    if (user === undefined || mailboxPlanOf(user) !== undefined || mailbox?.props['RecipientTypeDetails'] !== 'UserMailbox') return
    softDelete(world, mailbox)
  },
  'purge-mailbox': (world, { id }) => {
    const { objects } = world.state
    const at = objects.findIndex(({ guid, removedAtMs }) => guid === id && removedAtMs !== null)
    if (at >= 0) objects.splice(at, 1)
  },
  'purge-user': (world, { id }) => {
    const { users } = world.state
    const at = users.findIndex((user) => user.id === id && user.deletedAtMs !== null)
    if (at >= 0) users.splice(at, 1)
  },
  customised: (world) => {
    world.state.organization = { ...world.state.organization, IsDehydrated: false }
  },
  'accepted-domain': (world, { id }) => {
    const domain = world.state.domains.find((one) => one.id === id)
    if (domain !== undefined) addAcceptedDomain(world, id, domain.props['isDefault'] === true)
  },
}

/** The domain as Exchange shows it. */
export function addAcceptedDomain(world: TenantWorld, name: string, isDefault: boolean, old = false): void {
  const known = world.state.objects.some(({ kind, props }) => kind === 'AcceptedDomain' && props['DomainName'] === name)
  if (known) return
  addObject(
    world,
    'AcceptedDomain',
    {
      Identity: name,
      Name: name,
      DomainName: name,
      DomainType: 'Authoritative',
      Default: isDefault,
      InitialDomain: name === initialDomain(world),
      MatchSubDomains: false,
      OutboundOnly: false,
      SendingFromDomainDisabled: false,
      AuthenticationType: 'Managed',
    },
    old,
  )
}
