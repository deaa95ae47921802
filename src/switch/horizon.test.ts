import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { RecordSet } from '../dns/record-set.ts'
import { readFleet, type Fleet } from './fleet.ts'
import { everywhere, forgotten, horizonOf, shortEverywhere } from './horizon.ts'
import type { Served } from './looks.ts'

const SET = 'example.org MX'
const SETS = new Set([SET])
const OLD = ['10 mx.old.example']
const NEW = ['0 new.mail.example']
const DAY = 86_400

function mx(data: readonly string[], ttlSeconds: number): RecordSet {
  return { name: 'example.org', type: 'MX', ttlSeconds, data }
}

function served(data: readonly string[], ttlSeconds: number): Served {
  return { ...mx(data, ttlSeconds), type: 'MX', status: 'served' }
}

const SILENT: Served = { name: 'example.org', type: 'MX', status: 'silent', data: [], ttlSeconds: 0 }

/** One reading after the other: when, and what each server said. */
function read(...readings: readonly (readonly [number, ...(readonly Served[])])[]): Fleet {
  let fleet: Fleet | null = null
  for (const [seq, [at, ...answers]] of readings.entries())
    fleet = readFleet(fleet, { servers: answers.map((set, index) => ({ server: `ns${index}`, sets: [set] })) }, at * 1000, seq + 1)
  assert.ok(fleet !== null)
  return fleet
}

const values = (data: readonly string[], ttl = 300): ReadonlyMap<string, RecordSet> => new Map([[SET, mx(data, ttl)]])
const before = (ttl: number): Parameters<typeof forgotten>[3] => ({ values: values(OLD, ttl), ttlSeconds: 0 })

test('T36 the slowest server says since when all have the new record, and one that goes back takes that away', () => {
  const lagging = read(
    [0, served(OLD, 300), served(OLD, 300)],
    [10, served(NEW, 300), served(OLD, 300)],
    [40, served(NEW, 300), served(NEW, 300)],
  )
  assert.equal(everywhere(lagging, SETS, values(NEW)).at, 40_000)
  const back = read([0, served(NEW, 300), served(NEW, 300)], [10, served(NEW, 300), served(OLD, 300)])
  assert.equal(everywhere(back, SETS, values(NEW)).at, null)
  const again = read([0, served(NEW, 300)], [10, served(OLD, 300)], [20, served(NEW, 300)], [30, served(NEW, 300)])
  assert.equal(everywhere(again, SETS, values(NEW)).at, 20_000)
  assert.equal(forgotten(again, SETS, values(NEW), before(0)), 320_000)
})

test('T36 a server that never answered is not taken to have the new record', () => {
  const fleet = read([0, served(NEW, 300), SILENT], [10, served(NEW, 300), SILENT])
  assert.equal(everywhere(fleet, SETS, values(NEW)).at, null)
  assert.deepEqual(fleet.silent, ['ns1'])
})

test('T37 the horizon of a lowered, a never lowered, a raised and an endless time to live', () => {
  assert.equal(horizonOf({ switchedAt: 100_000_000, loweredAt: 0, oldTtlSeconds: DAY, lowTtlSeconds: 300 }), 100_300_000)
  assert.equal(horizonOf({ switchedAt: 1000, loweredAt: 0, oldTtlSeconds: DAY, lowTtlSeconds: 300 }), DAY * 1000)
  assert.equal(horizonOf({ switchedAt: 1000, loweredAt: null, oldTtlSeconds: 3600, lowTtlSeconds: 300 }), 3_601_000)
  assert.equal(horizonOf({ switchedAt: 0, loweredAt: null, oldTtlSeconds: 30 * DAY, lowTtlSeconds: 300 }), 7 * DAY * 1000)
  const raised = read([0, served(OLD, 300)], [100, served(OLD, DAY)], [200, served(OLD, 300)], [300, served(NEW, 300)])
  assert.equal(forgotten(raised, SETS, values(NEW), before(300)), (200 + DAY) * 1000)
  assert.equal(shortEverywhere(read([0, served(OLD, 300)], [100, served(OLD, DAY)]), SETS, values(OLD), before(300)), null)
})

test('T37 what is seen of the servers gives the same horizon as the formula', () => {
  const seconds = fc.integer({ min: 60, max: 20 * DAY })
  fc.assert(
    fc.property(seconds, seconds, fc.integer({ min: 60, max: 3600 }), seconds, (loweredAt, later, low, old) => {
      fc.pre(old > low)
      const switchedAt = loweredAt + later
      const fleet = read([0, served(OLD, old)], [loweredAt, served(OLD, low)], [switchedAt, served(NEW, low)])
      const formula = horizonOf({ switchedAt: switchedAt * 1000, loweredAt: loweredAt * 1000, oldTtlSeconds: old, lowTtlSeconds: low })
      assert.equal(forgotten(fleet, SETS, values(NEW), before(old)), formula)
    }),
  )
})

test('a time to live that was shortened before we first looked is still waited for', () => {
  const fleet = read([50, served(OLD, 300)], [60, served(OLD, 300)])
  const first = { values: values(OLD, 300), ttlSeconds: DAY }
  assert.equal(shortEverywhere(fleet, SETS, values(OLD), first), (50 + DAY) * 1000)
})
