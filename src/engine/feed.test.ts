import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import type { MessageRow } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import type { SourceFolder } from '../source/port.ts'
import { Feed, type Batch } from './feed.ts'

const row = (uid: number, sizeBytes = 1000): MessageRow => ({ uid, sizeBytes, internalDate: '', flags: [] })

/** A folder that lists `uids`; `breaks` listings fail first. */
function listing(
  uids: readonly number[],
  breaks = 0,
): { open: () => Promise<SourceFolder>; readonly asked: (readonly [number, number])[] } {
  const asked: (readonly [number, number])[] = []
  const folder: Pick<SourceFolder, 'rows'> = {
    async rows(from, to, onRow) {
      asked.push([from, to])
      if (asked.length <= breaks) throw new Error('the connection broke')
      for (const uid of uids) if (uid >= from && uid <= to) onRow(row(uid))
    },
  }
  return { open: () => Promise.resolve(folder as SourceFolder), asked }
}

async function drain(feed: Feed, open: () => Promise<SourceFolder>): Promise<readonly Batch[]> {
  const batches: Batch[] = []
  for (let batch = await feed.next(open); batch !== null; batch = await feed.next(open)) batches.push(batch)
  return batches
}

const uidsOf = (batches: readonly Batch[]): readonly number[] => batches.flatMap((batch) => batch.rows.map(({ uid }) => uid))

test('newest come first, or oldest, each once, in batches that keep to their limits', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.record({ uid: fc.integer({ min: 1, max: 10_000 }), size: fc.integer({ min: 0, max: 3_000_000 }) }), {
        selector: ({ uid }) => uid,
        maxLength: 200,
      }),
      fc.boolean(),
      async (messages, oldestFirst) => {
        const feed = new Feed(UidSet.empty, oldestFirst, () => true)
        feed.preload(messages.map(({ uid, size }) => row(uid, size)))
        const batches = await drain(feed, listing([]).open)
        const sorted = messages.map(({ uid }) => uid).sort((a, b) => (oldestFirst ? a - b : b - a))
        assert.deepEqual(uidsOf(batches), sorted)
        for (const { rows, bytes } of batches) {
          assert.equal(
            bytes,
            rows.reduce((sum, one) => sum + one.sizeBytes, 0),
          )
          assert.ok(rows.length === 1 || (rows.length <= 64 && bytes <= 2_000_000))
        }
        assert.equal(feed.empty, true)
      },
    ),
    { numRuns: 50 },
  )
})

test('a big folder is listed window by window, newest window first, and only when it is needed', async () => {
  const uids = Array.from({ length: 9000 }, (_, at) => at + 1)
  const { open, asked } = listing(uids)
  const feed = new Feed(UidSet.of(uids), false, () => true)
  await feed.next(open)
  assert.deepEqual(asked, [[8001, 9000]])
  const rest = await drain(feed, open)
  assert.deepEqual(asked, [
    [8001, 9000],
    [4001, 8000],
    [1, 4000],
  ])
  assert.equal(uidsOf(rest).length, 9000 - 64)
})

test('several lanes that ask at once list a window once and get different messages', async () => {
  const uids = Array.from({ length: 300 }, (_, at) => at + 1)
  const { open, asked } = listing(uids)
  const feed = new Feed(UidSet.of(uids), true, () => true)
  const batches = await Promise.all([feed.next(open), feed.next(open), feed.next(open)])
  assert.equal(asked.length, 1)
  const got = batches.flatMap((batch) => batch?.rows.map(({ uid }) => uid) ?? [])
  assert.equal(new Set(got).size, 192)
})

test('a connection that breaks while listing costs nothing: the window is listed again', async () => {
  const { open } = listing([1, 2, 3], 1)
  const feed = new Feed(UidSet.of([1, 2, 3]), true, () => true)
  await assert.rejects(feed.next(open), /broke/)
  assert.equal(feed.empty, false)
  assert.deepEqual(uidsOf(await drain(feed, open)), [1, 2, 3])
})

test('a message that the listing leaves out is handed out all the same, so that it is asked for', async () => {
  const { open } = listing([1, 3])
  assert.deepEqual(uidsOf(await drain(new Feed(UidSet.of([1, 2, 3]), true, () => true), open)), [1, 2, 3])
})

test('what is not wanted is never handed out, and what is listed unasked neither', async () => {
  const { open } = listing([1, 2, 3, 4])
  const feed = new Feed(UidSet.of([1, 3, 4]), true, ({ uid }) => uid !== 3)
  assert.deepEqual(uidsOf(await drain(feed, open)), [1, 4])
})

test('what is given back comes again, a suspect alone and after all others', async () => {
  const { open } = listing([])
  const feed = new Feed(UidSet.empty, true, () => true)
  feed.preload([row(1), row(2)])
  const first = await feed.next(open)
  assert.equal(first?.rows.length, 2)
  feed.giveBack(row(1), true)
  feed.giveBack(row(2), false)
  assert.equal(feed.empty, false)
  const calm = await feed.next(open)
  assert.deepEqual([calm?.rows.map(({ uid }) => uid), calm?.alone], [[2], false])
  const suspect = await feed.next(open)
  assert.deepEqual([suspect?.rows.map(({ uid }) => uid), suspect?.alone], [[1], true])
  assert.equal(await feed.next(open), null)
})
