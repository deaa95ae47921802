import type { WantedMailbox, WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantPlan } from '../call.ts'
import { carryOut, takeBack, type CarriedOut } from '../carry-out.fixture.ts'
import { readDirectory } from '../directory-read.ts'
import type { Directory } from '../directory.ts'
import type { Actual, Part } from '../part.ts'
import { joined, type WholePlan } from '../plan.ts'
import { readRecipients } from '../recipients-read.ts'
import type { Recipients } from '../recipients.ts'
import type { SimulatedTenant } from '../tenant.fixture.ts'

export const NOTHING_WANTED: WantedTenant = {
  domains: [],
  mailboxes: [],
  groups: [],
  contacts: [],
  connectors: [],
  transportRules: [],
  protection: { preset: null, presetDomains: [], policies: [], dkim: [], quarantineNotices: null, where: 'cutover.yaml line 1' },
  organisation: { customization: true, focusedInbox: null, directSend: null, settings: {}, where: 'cutover.yaml line 1' },
  migration: { app: null, sizes: { receiveBytes: null, sendBytes: null }, suspendRetention: true, where: 'cutover.yaml line 1' },
}

export function wantedMailbox(address: string, more: Partial<WantedMailbox> = {}): WantedMailbox {
  return {
    where: 'mailboxes.csv line 2',
    address,
    kind: 'user',
    userPrincipalName: address,
    displayName: null,
    givenName: null,
    surname: null,
    alias: null,
    aliases: [],
    licences: [],
    usageLocation: null,
    language: null,
    timeZone: null,
    archive: null,
    retentionHold: null,
    litigationHold: null,
    forwarding: null,
    hidden: null,
    sizes: { receiveBytes: null, sendBytes: null },
    protocols: {},
    fullAccess: [],
    sendAs: [],
    sourceBytes: null,
    isMigrated: true,
    ...more,
  }
}

const EMPTY: Directory = {
  tenantId: '11111111-2222-3333-4444-555555555555',
  displayName: 'Example',
  initialDomain: 'example.onmicrosoft.com',
  isSynced: false,
  lastSyncMs: null,
  domains: [],
  users: [],
  deletedUsers: [],
  groups: [],
  skus: [],
}

/** A tenant as it was read, for pure comparing. */
export function actualWith(directory: Partial<Directory> = {}, recipients: Partial<Recipients> = {}): Actual {
  return {
    directory: { ...EMPTY, ...directory },
    recipients: { mailboxes: [], deletedMailboxes: [], all: [], acceptedDomains: [], ...recipients },
    app: APP,
  }
}

const APP: Actual['app'] = { appId: 'app', servicePrincipalId: 'principal', displayName: 'Migration' }

/** What a part plans for the simulated tenant as it is now. */
export async function planned<Own>(part: Part<Own>, wanted: WantedTenant, { clients }: SimulatedTenant): Promise<WholePlan> {
  const { graph, admin, ctx } = clients
  const [directory, recipients] = await Promise.all([readDirectory(graph, ctx), readRecipients(admin, ctx)])
  const actual: Actual = { directory, recipients, app: APP }
  return joined([part.compare(wanted, actual, await part.read(clients, wanted, actual))])
}

/** Carries a plan out and lets the tenant show it. `wait` may do more than let time pass. */
export async function applied(plan: TenantPlan, tenant: SimulatedTenant, wait: () => void = () => {}): Promise<readonly CarriedOut[]> {
  const done = await carryOut(plan.changes, tenant.clients, () => {
    tenant.simulator.advance(5_000)
    wait()
  })
  tenant.simulator.advance(10_000)
  return done
}

export async function undone(done: readonly CarriedOut[], tenant: SimulatedTenant): Promise<void> {
  await takeBack(done, tenant.clients, () => tenant.simulator.advance(5_000))
  tenant.simulator.advance(10_000)
}

export function sentences({ changes }: TenantPlan): readonly string[] {
  return changes.map(({ says }) => says)
}

export function codes({ findings }: TenantPlan): readonly string[] {
  return findings.map(({ code }) => code)
}
