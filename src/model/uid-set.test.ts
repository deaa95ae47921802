import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { UidSet } from './uid-set.ts'

const uid = fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 2 ** 32 - 40, max: 2 ** 32 - 1 }))
const uids = fc.array(uid, { maxLength: 60 })
const sorted = (all: Iterable<number>): number[] => [...new Set(all)].sort((a, b) => a - b)

/** What every set must be: ascending, disjoint ranges that do not even touch. */
function assertNormal(set: UidSet): void {
  let last = -1
  for (const [from, to] of set.ranges) {
    assert.ok(from > last + 1 || last < 0)
    assert.ok(to >= from)
    last = to
  }
}

test('a set holds what it was made of, once, in order, in ranges that do not touch', () => {
  fc.assert(
    fc.property(uids, (given) => {
      const set = UidSet.of(given)
      assertNormal(set)
      assert.deepEqual([...set], sorted(given))
      assert.equal(set.size, new Set(given).size)
      assert.equal(set.max, Math.max(0, ...given))
      for (let probe = 0; probe < 65; probe++) assert.equal(set.has(probe), given.includes(probe))
    }),
  )
})

test('a set made of ranges is that of their members, whatever their order, direction and overlap', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 })), { maxLength: 12 }), (ranges) => {
      const set = UidSet.ofRanges(ranges)
      assertNormal(set)
      const members = ranges.flatMap(([a, b]) => Array.from({ length: Math.abs(a - b) + 1 }, (_, at) => Math.min(a, b) + at))
      assert.deepEqual([...set], sorted(members))
    }),
  )
})

test('union and difference are those of plain sets', () => {
  fc.assert(
    fc.property(uids, uids, (a, b) => {
      const union = UidSet.of(a).union(UidSet.of(b))
      const minus = UidSet.of(a).minus(UidSet.of(b))
      assertNormal(union)
      assertNormal(minus)
      assert.deepEqual([...union], sorted([...a, ...b]))
      assert.deepEqual([...minus], sorted(a.filter((one) => !b.includes(one))))
    }),
  )
})

test('windows hold at most so many, all but the last exactly so many, and together everything in order', () => {
  fc.assert(
    fc.property(uids, fc.integer({ min: 1, max: 20 }), (given, size) => {
      const windows = [...UidSet.of(given).windows(size)]
      for (const window of windows) assertNormal(window)
      assert.deepEqual(
        windows.flatMap((window) => [...window]),
        sorted(given),
      )
      for (const window of windows.slice(0, -1)) assert.equal(window.size, size)
      assert.ok((windows.at(-1)?.size ?? 1) <= size)
    }),
  )
})

test('pieces stay below the length asked for when written, and together are everything', () => {
  fc.assert(
    fc.property(uids, fc.integer({ min: 24, max: 200 }), (given, maxChars) => {
      const pieces = [...UidSet.of(given).pieces(maxChars)]
      for (const piece of pieces) assert.ok(piece.toString().length <= maxChars)
      assert.deepEqual(
        pieces.flatMap((piece) => [...piece]),
        sorted(given),
      )
    }),
  )
})

test('it is written as IMAP does, and reads back as itself', () => {
  assert.equal(UidSet.of([5, 1, 2, 3, 9]).toString(), '1:3,5,9')
  assert.equal(UidSet.empty.toString(), '')
  fc.assert(
    fc.property(uids, (given) => {
      const text = UidSet.of(given).toString()
      const ranges =
        text === '' ? [] : text.split(',').map((part): [number, number] => [Number(part.split(':')[0]), Number(part.split(':').at(-1))])
      assert.deepEqual([...UidSet.ofRanges(ranges)], sorted(given))
    }),
  )
})

test('a million consecutive UIDs are one range', () => {
  const set = UidSet.of(Array.from({ length: 1_000_000 }, (_, at) => at + 1))
  assert.equal(set.ranges.length, 1)
  assert.equal(set.size, 1_000_000)
  assert.equal([...set.windows(4000)].length, 250)
})

test('an empty set has neither pieces nor windows', () => {
  assert.deepEqual([...UidSet.empty.pieces()], [])
  assert.deepEqual([...UidSet.empty.windows(10)], [])
})
