import type { Context } from '../../src/lib/context.ts'
import { JumpingClock as Clockwork } from '../../src/lib/jumping-clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { CLOUDS } from '../../src/microsoft/clouds.ts'
import { exchangeAdmin, type ExchangeAdmin } from '../../src/microsoft/exchange-admin.ts'
import { tenantTokens } from '../../src/microsoft/exchange-token.ts'
import { graph, type Graph } from '../../src/microsoft/graph.ts'
import { Secret } from '../../src/model/secret.ts'
import { startTenantSimulator, type TenantSimulator, type TenantSimulatorOptions } from '../../src/tenant-simulator/tenant-simulator.ts'

/** On a working day. */
export class JumpingClock extends Clockwork {
  constructor(now = Date.UTC(2026, 10, 20, 8)) {
    super(now)
  }
}

/** A simulated tenant with the real clients before it, in a time of their own. */
export type TenantRig = AsyncDisposable & {
  readonly simulator: TenantSimulator
  readonly clock: JumpingClock
  readonly ctx: Context
  readonly graph: Graph
  readonly admin: ExchangeAdmin
}

export async function tenantRig(options: TenantSimulatorOptions = {}): Promise<TenantRig> {
  const clock = new JumpingClock()
  const simulator = await startTenantSimulator({ now: () => clock.now(), ...options })
  const ctx: Context = { clock, log: silentLog, signal: new AbortController().signal }
  const identity = {
    kind: 'secret' as const,
    tenant: simulator.tenantId,
    clientId: simulator.clientId,
    clientSecret: new Secret(simulator.clientSecret),
  }
  const cloud = CLOUDS.global
  const tokens = tenantTokens(identity, { cloud, authority: simulator.url, ctx })
  const own = { cloud, base: simulator.url, ctx }
  return {
    simulator,
    clock,
    ctx,
    graph: graph({ ...own, tokens: tokens.graph }),
    admin: exchangeAdmin({ ...own, tenant: simulator.tenantId, person: null, tokens: tokens.exchange, perSecond: 1_000_000 }),
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}
