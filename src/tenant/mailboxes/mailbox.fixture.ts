import type { ExchangeMailbox } from '../../microsoft/exchange-reads.ts'
import type { WantedGroup, WantedTenant } from '../../model/wanted-tenant.ts'
import { readDirectory } from '../directory-read.ts'
import { NOTHING_WANTED } from '../mail-flow/mail-flow.fixture.ts'
import { MAILBOX_PARTS } from './mailbox-parts.ts'
import type { Actual } from '../part.ts'
import type { WholePlan } from '../plan.ts'
import { joined } from '../plan.ts'
import { readRecipients } from '../recipients-read.ts'
import type { SimulatedTenant } from '../tenant.fixture.ts'

/** What all parts about recipients plan for the simulated tenant as it is now. */
export async function plannedMailboxes(wanted: WantedTenant, tenant: SimulatedTenant): Promise<WholePlan> {
  const actual = await actualOf(tenant)
  return joined(await Promise.all(MAILBOX_PARTS.map((part) => part.plan(tenant.clients, wanted, actual))))
}

export async function actualOf({ clients, simulator }: SimulatedTenant): Promise<Actual> {
  const { graph, admin, ctx } = clients
  const [directory, recipients] = await Promise.all([readDirectory(graph, ctx), readRecipients(admin, ctx)])
  const app = simulator.world.state.apps[0]
  if (app === undefined) throw new Error('the simulated tenant has no application')
  return { directory, recipients, app: { appId: app.appId, servicePrincipalId: app.servicePrincipalId ?? '', displayName: 'mail-mover' } }
}

/** Nothing is raised and nothing suspended, unless it is asked for. */
export function wantedWith(more: Partial<WantedTenant>): WantedTenant {
  return { ...NOTHING_WANTED, migration: { ...NOTHING_WANTED.migration, suspendRetention: false }, ...more }
}

export function wantedGroup(address: string, name: string, more: Partial<WantedGroup> = {}): WantedGroup {
  return {
    where: 'cutover.yaml line 9',
    address,
    name,
    aliases: [],
    members: [],
    exactly: false,
    owners: [],
    outsideSenders: null,
    hidden: null,
    ...more,
  }
}

const MB = 1024 ** 2

/** A mailbox of a person as it is by default. */
export function mailboxAt(address: string, more: Partial<ExchangeMailbox> = {}): ExchangeMailbox {
  return {
    guid: `guid of ${address}`,
    userId: `user of ${address}`,
    userPrincipalName: address,
    displayName: address,
    alias: address.slice(0, address.indexOf('@')),
    primaryAddress: address,
    addresses: [`SMTP:${address}`],
    kind: 'UserMailbox',
    quotaBytes: 50 * 1024 * MB,
    maxSendBytes: 35 * MB,
    maxReceiveBytes: 36 * MB,
    hasArchive: false,
    retentionHold: false,
    elcDisabled: false,
    litigationHold: false,
    forwardingAddress: null,
    forwardsToObject: false,
    deliverAndForward: false,
    hidden: false,
    isSynced: false,
    isInactive: false,
    ...more,
  }
}
