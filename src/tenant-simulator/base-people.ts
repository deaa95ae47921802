import { mailboxOf } from './address-book.ts'
import { createMailbox } from './mailbox.ts'
import { planOf } from './plans.ts'
import { textOf, type Props } from './props.ts'
import { mailboxPlanOf } from './provisioning.ts'
import type { App, ExchangeObject, User } from './state.ts'
import type { TenantWorld } from './world.ts'

export type OldUser = {
  readonly upn: string
  readonly displayName: string
  readonly usageLocation?: string | null
  /** skuPartNumbers, with service plans that are switched off. */
  readonly licences?: readonly { readonly part: string; readonly disabledPlans?: readonly string[] }[]
  /** The mailbox is there too, when a licence gives one. Default true. */
  readonly mailbox?: boolean
  readonly more?: Props
}

/** A user who has been in the tenant for a while, mailbox included. */
export function addOldUser(world: TenantWorld, asked: OldUser): User {
  const user: User = {
    id: world.id(),
    props: {
      userPrincipalName: asked.upn,
      displayName: asked.displayName,
      mailNickname: asked.upn.slice(0, asked.upn.indexOf('@')),
      accountEnabled: true,
      usageLocation: asked.usageLocation === undefined ? 'DE' : asked.usageLocation,
      ...asked.more,
    },
    licences: (asked.licences ?? []).map(({ part, disabledPlans = [] }) => ({
      skuId: planOf(part)?.skuId ?? part,
      disabledPlans: [...disabledPlans],
      byGroup: null,
      sinceMs: 0,
    })),
    licenceErrors: [],
    visibleAtMs: 0,
    createdAtMs: world.now() - 86_400_000,
    usageLocationAtMs: 0,
    deletedAtMs: null,
  }
  world.state.users.push(user)
  if (asked.mailbox !== false) giveMailbox(world, user)
  return user
}

function giveMailbox(world: TenantWorld, user: User): void {
  const plan = mailboxPlanOf(user)
  if (plan === undefined || mailboxOf(world, user.id) !== undefined) return
  const upn = textOf(user.props['userPrincipalName'])
  const alias = textOf(user.props['mailNickname'])
  const imap = plan.name !== 'ExchangeOnlineDeskless'
  const dirSynced = user.props['onPremisesSyncEnabled'] === true
  const displayName = textOf(user.props['displayName'])
  createMailbox(
    world,
    { type: 'UserMailbox', name: alias, displayName, alias, address: upn, userId: user.id, upn, plan: { ...plan, imap }, dirSynced },
    true,
  )
}

/** A shared mailbox or room that has been there for a while, with its disabled user. */
export function addOldMailbox(
  world: TenantWorld,
  type: 'SharedMailbox' | 'RoomMailbox',
  address: string,
  displayName: string,
): ExchangeObject {
  const user = addOldUser(world, { upn: address, displayName, more: { accountEnabled: false } })
  const alias = address.slice(0, address.indexOf('@'))
  return createMailbox(world, { type, name: displayName, displayName, alias, address, userId: user.id, upn: address }, true)
}

export function claimantOf(app: App): Props {
  return { AppId: app.appId, DisplayName: textOf(app.props['displayName']) }
}
