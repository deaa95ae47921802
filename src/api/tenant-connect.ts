import type { Context } from '../lib/context.ts'
import { CLOUDS } from '../microsoft/clouds.ts'
import { discoverTenant } from '../microsoft/tenant-discovery.ts'
import { Failure } from '../model/failure.ts'
import type { Purpose } from '../tenant/connect/app-permissions.ts'
import { AS_A_PERSON, PURPOSES } from '../tenant/connect/app-permissions.ts'
import type { Examined } from '../tenant/connect/connect.ts'
import { examine } from '../tenant/connect/connect.ts'
import type { Check } from '../tenant/connect/connect-check.ts'
import { check } from '../tenant/connect/connect-check.ts'
import type { MailboxLook } from '../tenant/connect/connect-mailbox.ts'
import { refused } from '../tenant/connect/connect-sign-in.ts'
import type { Step } from '../tenant/connect/connect-steps.ts'
import { stepsFor } from '../tenant/connect/connect-steps.ts'
import { forEachAtOnce } from './at-once.ts'
import type { Trouble } from './results.ts'
import type { OpenAddress, TenantAddress } from './tenant-access.ts'
import { openAddress } from './tenant-access.ts'
import { journalOptions } from './tenant-open.ts'
import { PendingSince } from './tenant-pending.ts'
import { makePrincipal } from './tenant-principal.ts'
import { troubleOf } from './trouble.ts'
import type { TenantDoor, World } from './world.ts'

export type ConnectInput = TenantAddress & {
  /** [] for all. */
  readonly purposes: readonly Purpose[]
  /** Addresses that are opened over IMAP; [] for all of the list. */
  readonly mailboxes: readonly string[]
  /** How long it is looked again for what may take effect by itself, or is being granted; 0: once. */
  readonly waitMinutes: number
  /** Does what the application may do itself: it makes itself known to Exchange. */
  readonly apply: boolean
  readonly stateDir: string
  readonly signal: AbortSignal
  /** After the first look, and after each later one that found something else. */
  readonly onLook: (result: ConnectResult) => void
  /** While mailboxes are opened: how many were tried. */
  readonly onTried: (tried: number, total: number) => void
  /** Before each pause. */
  readonly onPause: (pause: { readonly pending: number; readonly waitedMs: number; readonly pauseMs: number }) => void
}

export type ConnectCheck = Omit<Check, 'step' | 'failure'> & {
  /** It works, and something is to be done about it soon all the same. */
  readonly warns: boolean
  /** How long it has been seen pending, over all runs; null where it is not. */
  readonly pendingMs: number | null
  readonly failure: Trouble | null
}

export type ConnectResult = {
  readonly tenantId: string | null
  readonly clientId: string | null
  /** Who typed the code; null for an application. */
  readonly person: string | null
  readonly checks: readonly ConnectCheck[]
  /** What is left to do, in order. */
  readonly steps: readonly Step[]
  /** What works where a person signs in, and what does not; [] for an application. */
  readonly asPerson: typeof AS_A_PERSON
  /** What was done, in sentences. */
  readonly applied: readonly string[]
  readonly stopped: boolean
}

/** Mailboxes that are opened at the same time. */
const AT_ONCE = 4
const ROUND_MS = 60_000

/** Looks whether everything is there that cutover needs in a tenant. Changes nothing without `apply`. */
export async function tenantConnect(world: World, given: ConnectInput): Promise<ConnectResult> {
  const input = await opened(given)
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const startedMs = ctx.clock.now()
  const applied: string[] = []
  const enter = await entrance(world, input, ctx)
  if (!('door' in enter)) return resultOf(enter.checks, null, null, applied, null, ctx)
  const { door } = enter
  const since = new PendingSince(input.stateDir, `${door.tenantId} ${door.clientId}`)
  const open = new Map<string, MailboxLook>()
  let last: ConnectResult | null = null
  for (;;) {
    try {
      let examined = await look(door, input, open, ctx)
      if (input.apply && applied.length === 0) {
        const journal = journalOptions(world.clock, input.stateDir, input.env, door.tenantId)
        const says = await makePrincipal(door, examined, journal, ctx)
        if (says !== null) {
          applied.push(says)
          examined = await look(door, input, open, ctx)
        }
      }
      const result = resultOf([...enter.checks, ...examined.checks], examined, door, applied, since, ctx)
      if (last === null || changed(last, result)) input.onLook(result)
      last = result
      const pending = result.checks.filter(mayChange).length
      const now = ctx.clock.now()
      if (pending === 0 || now + ROUND_MS > startedMs + input.waitMinutes * 60_000) return result
      input.onPause({ pending, waitedMs: now - startedMs, pauseMs: ROUND_MS })
      await ctx.clock.sleep(ROUND_MS, ctx.signal)
    } catch (error) {
      if (last === null || !input.signal.aborted) throw error
      return { ...last, stopped: true }
    }
  }
}

type OpenInput = Omit<ConnectInput, keyof TenantAddress> & OpenAddress & Pick<TenantAddress, 'env'>

async function opened(given: ConnectInput): Promise<OpenInput> {
  const address = await openAddress(given)
  return {
    ...given,
    ...address,
    mailboxes: given.mailboxes.length > 0 ? given.mailboxes : address.mailboxes,
    purposes: given.purposes.length > 0 ? given.purposes : PURPOSES,
  }
}

/** The tenant, and a way in; or the checks that say why there is none. */
async function entrance(
  world: World,
  input: OpenInput,
  ctx: Context,
): Promise<{ readonly checks: readonly Check[]; readonly door: TenantDoor } | { readonly checks: readonly Check[] }> {
  const { cloud, service } = input
  const early = input.identity === null ? await world.tenant(null, cloud, service, ctx) : null
  const tenant = input.identity?.tenant ?? early?.tenantId ?? ''
  const title = 'Tenant'
  try {
    const { tenantId, clouds } = await discoverTenant(tenant, CLOUDS[cloud], service, ctx)
    if (!clouds.includes(cloud)) {
      const says = `${tenant} is in another cloud: give --cloud ${clouds.join(' or ')}.`
      return { checks: [check('tenant', 'tenant', title, 'missing', says)] }
    }
    const found = check(
      'tenant',
      'tenant',
      title,
      'ok',
      tenant === tenantId ? `Found: ${tenantId}.` : `${tenant} is the tenant ${tenantId}.`,
    )
    const identity = input.identity === null ? null : { ...input.identity, tenant: tenantId }
    try {
      return { checks: [found], door: early ?? (await world.tenant(identity, cloud, service, ctx)) }
    } catch (error) {
      // A person who did not sign in.
      if (!(error instanceof Failure) || error.code !== 'token-rejected') throw error
      return { checks: [found, refused('sign-in graph', 'Sign-in', error, identity)] }
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'token-rejected') throw error
    return { checks: [check('tenant', 'tenant', title, 'missing', error.message)] }
  }
}

/** A mailbox that has opened once is not opened again in every round. */
function look(door: TenantDoor, input: OpenInput, opened: Map<string, MailboxLook>, ctx: Context): Promise<Examined> {
  const { clientId, identity, person, graph, admin, tokens } = door
  return examine({
    clientId,
    cloud: input.cloud,
    identity,
    person,
    graph,
    admin,
    tokens,
    ctx,
    purposes: input.purposes,
    mailboxes: input.mailboxes,
    async look(addresses) {
      const closed = new Map<string, MailboxLook>()
      const untried = addresses.filter((address) => !opened.has(address))
      let tried = 0
      await forEachAtOnce(untried, AT_ONCE, ctx.signal, async (address) => {
        try {
          opened.set(address, await door.mailbox(address).look(ctx))
        } catch (failure) {
          if (!(failure instanceof Failure) || failure.code === 'stopped') throw failure
          closed.set(address, { failure })
        }
        input.onTried(++tried, untried.length)
      })
      const stopped: MailboxLook = { failure: new Failure('stopped', 'Stopped before this mailbox was tried.') }
      return new Map(addresses.map((address) => [address, opened.get(address) ?? closed.get(address) ?? stopped]))
    },
  })
}

/** Somebody may be granting it at this moment, or it takes effect by itself. What is optional is not waited for, unless it was granted. */
function mayChange({ state, group, isOptional, failure }: ConnectCheck): boolean {
  if (group === 'tenant' || group === 'sign-in') return failure !== null
  return state === 'waiting' || (state === 'missing' && !isOptional) || (state === 'unknown' && failure !== null)
}

function changed(last: ConnectResult, now: ConnectResult): boolean {
  const key = ({ checks }: ConnectResult): string => JSON.stringify(checks.map(({ id, state, says }) => [id, state, says]))
  return key(last) !== key(now)
}

function resultOf(
  checks: readonly Check[],
  examined: Examined | null,
  door: TenantDoor | null,
  applied: readonly string[],
  since: PendingSince | null,
  ctx: Context,
): ConnectResult {
  const now = ctx.clock.now()
  const pending = since?.note(
    checks.filter(({ state }) => state === 'waiting').map(({ id }) => id),
    now,
  )
  const wanted = checks.flatMap(({ step }) => (step === null ? [] : [step]))
  return {
    tenantId: door?.tenantId ?? null,
    clientId: door?.clientId ?? null,
    person: door?.person ?? null,
    checks: checks.map(({ step, failure, ...rest }) => {
      const sinceMs = pending?.get(rest.id)
      return {
        ...rest,
        warns: rest.state === 'ok' && step !== null,
        pendingMs: sinceMs === undefined ? null : now - sinceMs,
        failure: failure === null ? null : troubleOf(failure),
      }
    }),
    steps: examined === null ? [] : stepsFor(wanted, examined.names),
    asPerson: door?.identity.kind === 'device' ? AS_A_PERSON : [],
    applied: [...applied],
    stopped: false,
  }
}
