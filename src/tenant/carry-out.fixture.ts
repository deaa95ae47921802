import { holds, objectSeen, presentOf } from '../change/compare.ts'
import { filler, type Filler, type Known } from '../change/fill.ts'
import type { Seen } from '../change/hands.ts'
import type { CmdletParameters } from '../microsoft/cmdlet.ts'
import type { JsonObject } from '../microsoft/wire-json.ts'
import { objectsIn } from '../microsoft/wire-json.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import type { TenantCall, TenantChange } from './call.ts'
import type { Clients } from './part.ts'

export type CarriedOut = { readonly change: TenantChange; readonly known: Known }

/**
 * Carries changes out one after the other, in the plainest way: looks, does, and looks again until it holds. `wait` lets the
 * tenant's time pass. Returns what was really done, for `takeBack`.
 */
export async function carryOut(changes: readonly TenantChange[], clients: Clients, wait: () => void): Promise<readonly CarriedOut[]> {
  const done: CarriedOut[] = []
  for (const change of changes) {
    const { expect } = change
    const before = await looked(change, clients)
    if (holds(expect, before)) continue
    const present = 'entries' in expect && before !== null ? presentOf(expect, before) : []
    const known: Known = {
      made: null,
      before,
      added: expect.is === 'holds' ? expect.entries.filter((one) => !present.includes(one)) : [],
      removed: expect.is === 'lacks' ? present : [],
      secrets: new Map((change.secrets ?? []).map((name) => [name, new Secret('Aa1!-made-for-a-test')])),
    }
    for (const call of change.calls) await sent(call, filler(known), clients, wait)
    done.push({ change, known: { ...known, made: await seen(change, clients, wait) } })
  }
  return done
}

/** Newest first. What cannot be taken back is left. */
export async function takeBack(done: readonly CarriedOut[], clients: Clients, wait: () => void): Promise<void> {
  for (const { change, known } of done.toReversed()) {
    if ('cannot' in change.undo) continue
    for (const call of change.undo) await sent(call, filler(known), clients, wait)
  }
}

async function seen(change: TenantChange, clients: Clients, wait: () => void): Promise<Seen | null> {
  for (let look = 0; look < 100; look++) {
    const row = await looked(change, clients)
    if (holds(change.expect, row)) return row
    wait()
  }
  throw new Error(`does not hold: ${change.key}`)
}

async function looked({ look }: TenantChange, clients: Clients): Promise<Seen | null> {
  try {
    return objectSeen(look, (await asked(look.call, filler(NOTHING), clients)) as readonly Seen[])
  } catch (error) {
    if (error instanceof Failure && error.code === 'object-unknown') return null
    throw error
  }
}

async function sent(call: TenantCall, fill: Filler, clients: Clients, wait: () => void): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await asked(call, fill, clients)
      return
    } catch (error) {
      // What was made a moment ago is not known everywhere yet.
      if (!(error instanceof Failure) || !PASSES.has(error.code) || attempt > 20) throw error
      wait()
    }
  }
}

async function asked(call: TenantCall, fill: Filler, { graph, admin }: Clients): Promise<readonly JsonObject[]> {
  if ('cmdlet' in call) return (await admin.invoke(call.cmdlet, fill.value(call.parameters) as CmdletParameters)).rows
  const body = call.body === undefined ? {} : { body: fill.value(call.body) }
  const reply = await graph.send(call.graph, fill.path(call.path), body)
  return Array.isArray(reply.body['value']) ? objectsIn(reply.body['value']) : [reply.body]
}

const PASSES: ReadonlySet<string> = new Set(['object-unknown', 'usage-location-missing', 'not-visible-yet'])
const NOTHING: Known = { made: null, before: null, added: [], removed: [], secrets: new Map() }
