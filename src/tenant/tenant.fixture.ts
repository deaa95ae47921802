import { type Log, silentLog } from '../lib/log.ts'
import { CLOUDS } from '../microsoft/clouds.ts'
import { exchangeAdmin } from '../microsoft/exchange-admin.ts'
import { graph } from '../microsoft/graph.ts'
import { Secret } from '../model/secret.ts'
import type { TenantSimulator, TenantSimulatorOptions } from '../tenant-simulator/tenant-simulator.ts'
import { startTenantSimulator } from '../tenant-simulator/tenant-simulator.ts'
import type { Clients } from './part.ts'

export type SimulatedTenant = AsyncDisposable & { readonly simulator: TenantSimulator; readonly clients: Clients }

/**
 * A simulated tenant and the real clients that speak to it. Its clock stands still but for `advance`, and for the waits of the
 * clients: who sleeps moves it on.
 */
export async function simulatedTenant(options: TenantSimulatorOptions = {}, log: Log = silentLog): Promise<SimulatedTenant> {
  const now = 1_795_350_000_000
  const simulator = await startTenantSimulator({ now: () => now, ...options })
  const clock = {
    now: () => simulator.world.now(),
    sleep: async (ms: number): Promise<void> => simulator.advance(Math.max(0, ms)),
  }
  const ctx = { clock, log, signal: new AbortController().signal }
  const tokens = (resource: 'graph' | 'exchange') => ({
    token: async () => new Secret(simulator.token(resource)),
    renew: () => {},
  })
  const at = { cloud: CLOUDS.global, base: simulator.url, ctx }
  return {
    simulator,
    clients: {
      graph: graph({ ...at, tokens: tokens('graph') }),
      admin: exchangeAdmin({ ...at, tenant: simulator.tenantId, person: null, tokens: tokens('exchange'), perSecond: 1000 }),
      ctx,
    },
    [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose](),
  }
}
