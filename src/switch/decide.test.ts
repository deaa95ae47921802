import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decide } from './decide.ts'
import type { Happening, SwitchEvent } from './events.ts'
import type { Command } from './hands.ts'
import type { Looks } from './looks.ts'
import { reduceAll } from './reduce.ts'
import { USUAL } from './settings.ts'
import type { Phase } from './states.ts'

const MINUTE = 60_000
const name = 'example.org'
const old = { name, type: 'MX', ttlSeconds: 3600, data: ['10 mx.old.example'] } as const
const now = { ...old, ttlSeconds: 300, data: ['0 new.mail.example'] }
const PLAN = {
  domain: name,
  prepare: [],
  lower: [],
  switch: [{ name, type: 'MX', before: old, after: now }],
  finish: [],
  routes: [],
  settleMs: 0,
} as const
const TO_SWITCHED: readonly Phase[] = [
  'draft',
  'analysed',
  'snapshotted',
  'prepared',
  'ttl-lowered',
  'ready',
  'switching',
  'switched-partial',
  'switched',
]

test('a look that takes longer than the pause after it is not due again at once, so that a run comes to its end', () => {
  const events: SwitchEvent[] = []
  const add = (at: number, payload: Happening): void => {
    events.push({ seq: events.length + 1, at, reading: { wallMs: at, boot: 'one', upMs: at }, payload, evidence: [] })
  }
  add(0, { type: 'seen', look: 'analysis', startedAt: 0, found: { blockers: [], warnings: [], plan: PLAN } })
  for (const [at, to] of TO_SWITCHED.entries()) {
    const from = TO_SWITCHED[at - 1]
    if (from !== undefined) add(0, { type: 'moved', from, to })
  }
  const found: Looks['probe'] = { inbound: 'waiting', outbound: 'passed', says: [] }
  const served = { name, type: 'MX', status: 'served', data: now.data, ttlSeconds: 300 } as const
  const fleet: Looks['fleet'] = { servers: [{ server: 'ns1', sets: [served] }] }
  // Fifteen minutes for a test message that did not come.
  add(15 * MINUTE, { type: 'seen', look: 'probe', startedAt: 0, found })
  for (const startedAt of [15 * MINUTE, 15 * MINUTE + 1]) add(startedAt, { type: 'seen', look: 'fleet', startedAt, found: fleet })
  const isDue = (at: number): boolean =>
    decide({ state: reduceAll(events), now: at, settings: USUAL }).commands.some((one) => one.do === 'look' && one.look === 'probe')
  assert.equal(isDue(15 * MINUTE + 1), false)
  assert.equal(isDue(18 * MINUTE), true)
})

test('what was seen of the zone before a write is no ground for the next one: a way back right after the switch reads it again', () => {
  const events: SwitchEvent[] = []
  const add = (payload: Happening): void => {
    const at = events.length
    events.push({ seq: at + 1, at, reading: { wallMs: at, boot: 'one', upMs: at }, payload, evidence: [] })
  }
  const zone = (set: typeof old | typeof now): Happening => ({
    type: 'seen',
    look: 'zone',
    startedAt: events.length,
    found: { provider: 'host', writable: null, sets: [{ name, type: 'MX', now: set }], outside: null },
  })
  const snapshot: Looks['snapshot'] = { file: 'before.json', sha256: '', readBack: true, says: [] }
  add({ type: 'seen', look: 'analysis', startedAt: 0, found: { blockers: [], warnings: [], plan: PLAN } })
  add({ type: 'seen', look: 'snapshot', startedAt: 0, found: snapshot })
  for (const [at, to] of TO_SWITCHED.slice(0, 7).entries()) {
    const from = TO_SWITCHED[at - 1]
    if (from !== undefined) add({ type: 'moved', from, to })
  }
  add(zone(old))
  add({ type: 'writing', step: 'switch' })
  add({ type: 'written', step: 'switch', result: 'done' })
  add({ type: 'turned-back', scope: 'swapped', reason: 'does not work', name: 'anna' })
  add({ type: 'moved', from: 'switching', to: 'rolling-back' })
  const commands = (): readonly Command[] => decide({ state: reduceAll(events), now: events.length, settings: USUAL }).commands
  assert.ok(!commands().some((one) => one.do === 'write'))
  assert.ok(commands().some((one) => one.do === 'look' && one.look === 'zone'))
  add(zone(now))
  assert.deepEqual(commands(), [{ do: 'write', step: 'put-back', swaps: [{ name, type: 'MX', before: now, after: old }] }])
})

test('what the name servers answer is asked right after a write, and then in its pace', () => {
  const events: SwitchEvent[] = []
  const add = (payload: Happening): void => {
    events.push({ seq: events.length + 1, at: 0, reading: { wallMs: 0, boot: 'one', upMs: 0 }, payload, evidence: [] })
  }
  const fleet: Looks['fleet'] = {
    servers: [{ server: 'ns1', sets: [{ name, type: 'MX', status: 'served', data: old.data, ttlSeconds: 3600 }] }],
  }
  add({ type: 'seen', look: 'analysis', startedAt: 0, found: { blockers: [], warnings: [], plan: PLAN } })
  for (const [at, to] of TO_SWITCHED.slice(0, 7).entries()) {
    const from = TO_SWITCHED[at - 1]
    if (from !== undefined) add({ type: 'moved', from, to })
  }
  const isDue = (): boolean =>
    decide({ state: reduceAll(events), now: 1, settings: USUAL }).commands.some((one) => one.do === 'look' && one.look === 'fleet')
  add({ type: 'seen', look: 'fleet', startedAt: 0, found: fleet })
  assert.equal(isDue(), false)
  add({ type: 'writing', step: 'switch' })
  add({ type: 'written', step: 'switch', result: 'done' })
  assert.equal(isDue(), true)
  add({ type: 'seen', look: 'fleet', startedAt: 1, found: fleet })
  assert.equal(isDue(), false)
})
