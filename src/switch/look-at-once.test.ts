import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MemoryLog } from '../../test/switch/memory-log.ts'
import { Failure } from '../model/failure.ts'
import type { Hands } from './hands.ts'
import { lookAtOnce, looksNow } from './look-at-once.ts'
import type { Look } from './looks.ts'
import { USUAL } from './settings.ts'

/** Hands whose looks end when they are let; `order` tells what began and ended. */
function scene(broken?: Look): {
  readonly order: string[]
  readonly running: Parameters<typeof lookAtOnce>[0]
  readonly release: (look: Look) => void
} {
  const order: string[] = []
  const gates = new Map<string, PromiseWithResolvers<void>>()
  const gate = (look: string): PromiseWithResolvers<void> => {
    const one = gates.get(look) ?? Promise.withResolvers<void>()
    gates.set(look, one)
    return one
  }
  const look = new Proxy({} as Hands['look'], {
    get: (_, name: string) => async () => {
      order.push(`+${name}`)
      await gate(name).promise
      order.push(`-${name}`)
      if (name === broken) throw new Failure('connection-timeout', 'No answer came.')
      return { problems: [], unreachable: { count: 0, first: [] } }
    },
  })
  const never = (): Promise<never> => Promise.reject(new Error('not here'))
  const hands: Hands = { look, writeDns: never, closeDomain: never, openDomain: never }
  const log = new MemoryLog(() => ({ wallMs: 1, boot: 'one', upMs: 1 }))
  return {
    order,
    running: { log, hands, settings: USUAL, signal: new AbortController().signal },
    release: (name) => gate(name).resolve(),
  }
}

test('looks that do not meet are made side by side, and those of one system one after the other; one that fails holds up no other', async () => {
  const { order, running, release } = scene('tenant')
  const all = (['tenant', 'source', 'delta', 'old-host'] as const).map((look) => ({ do: 'look', look }) as const)
  const ended = lookAtOnce(running, all)
  await Promise.resolve()
  assert.deepEqual(order, ['+tenant', '+source', '+old-host'])
  for (const look of ['old-host', 'tenant', 'source', 'delta'] as const) release(look)
  await ended
  assert.ok(order.indexOf('+delta') > order.indexOf('-source'))
  const { seen, troubles } = running.log.state()
  assert.deepEqual(Object.keys(seen).toSorted(), ['delta', 'old-host', 'source'])
  assert.equal(troubles.tenant?.says, 'No answer came.')
})

test('the analysis comes first and alone, as others stand on its plan', () => {
  const looks = looksNow([
    { do: 'look', look: 'fleet' },
    { do: 'look', look: 'analysis' },
  ])
  assert.deepEqual(looks, [{ do: 'look', look: 'analysis' }])
})
