import { join } from 'node:path'
import { openJournal, readJournal, type JournalOptions } from '../change/open-journal.ts'
import type { Journal } from '../change/journal.ts'
import { readDefinition } from '../definition/definition.ts'
import { readMailboxList } from '../definition/mailbox-list.ts'
import { wantedTenant, type Wanted } from '../definition/wanted.ts'
import type { Clock } from '../lib/clock.ts'
import type { Context } from '../lib/context.ts'
import { unlessAborted } from '../lib/unless-aborted.ts'
import { Secret } from '../model/secret.ts'
import type { TenantCall } from '../tenant/call.ts'
import { planTenant, type OnRead } from '../tenant/plan-all.ts'
import type { WholePlan } from '../tenant/plan.ts'
import { withClosedDomains } from './closed-domains.ts'
import { identityIn, type TenantAddress } from './tenant-access.ts'
import type { TenantDoor, World } from './world.ts'

/** A definition, and where it is kept what was done about it. */
export type TenantInput = TenantAddress & {
  readonly definitionFile: string
  readonly stateDir: string
  readonly signal: AbortSignal
  /** While the tenant is read: how many questions are answered, of those asked so far. */
  readonly onRead?: OnRead
}

export type OpenTenant = {
  readonly door: TenantDoor
  /** What changes are carried out in: time runs faster where the tenant is a simulated one, as that does too. */
  readonly ctx: Context
  readonly wanted: Wanted
  /** Reads the tenant and compares. Changes nothing. */
  readonly plan: () => Promise<WholePlan>
}

/** Reads the definition and its list, and signs in. All that is wrong with the files comes in one `Failure('bad-input')`. */
export async function openTenant(world: World, input: TenantInput): Promise<OpenTenant> {
  const definition = await readDefinition(input.definitionFile, input.env, { secrets: input.identity === null })
  const list = input.mailboxesFile ?? definition.mailboxesFile
  const lines = list === null ? [] : await readMailboxList(list, input.env, { source: false, target: false, tenantOnly: true })
  const wanted = withClosedDomains(wantedTenant(definition, lines, list), () => {
    using journal = journalToRead(world, input)
    return journal?.rows() ?? []
  })
  const identity = input.identity ?? identityIn(definition.tenant, input.show)
  const cloud = input.cloud ?? definition.tenant.cloud
  const service = input.service ?? definition.tenant.service
  const asked: Context = { clock: world.clock, log: world.log, signal: input.signal }
  // What is in flight when a stop is asked for comes to its end: cut off, nobody would know whether it was done.
  const unhurried: Context = { ...asked, signal: new AbortController().signal }
  const door = await world.tenant(identity, cloud, service, unhurried)
  const clients = { graph: door.graph, admin: door.admin, ctx: asked }
  return {
    door,
    ctx: service === null ? asked : { ...asked, clock: quicker(world.clock, world.simulatedHaste) },
    wanted,
    // Reading needs no end: a stop is heard at once.
    plan: () => unlessAborted(planTenant(clients, door.clientId, wanted.wanted, wanted.findings, input.onRead), input.signal),
  }
}

/** Time that runs `haste` times as fast. */
export function quicker(clock: Clock, haste: number): Clock {
  const beganMs = clock.now()
  return {
    now: () => beganMs + Math.round((clock.now() - beganMs) * haste),
    sleep: (ms, signal) => clock.sleep(Math.ceil(ms / haste), signal),
  }
}

/** What was done to this tenant from this state directory, for this process alone. */
export function journalOf({ ctx, door }: OpenTenant, { stateDir, env }: TenantInput): Journal<TenantCall> {
  return openJournal<TenantCall>(journalOptions(ctx.clock, stateDir, env, door.tenantId))
}

/** The same to look into, without signing in; null where nothing was ever done. */
export function journalToRead(
  world: World,
  { stateDir, env }: { readonly stateDir: string; readonly env: TenantInput['env'] },
): Journal<TenantCall> | null {
  return readJournal<TenantCall>(journalOptions(world.clock, stateDir, env, null))
}

export function journalOptions(clock: Clock, stateDir: string, env: TenantInput['env'], system: string | null): JournalOptions {
  const key = env['CUTOVER_STATE_KEY']
  const sealKey = key === undefined || key === '' ? null : new Secret(key)
  return { directory: join(stateDir, 'tenant'), system, sealKey, now: () => clock.now() }
}
