import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Context } from '../lib/context.ts'
import { HandClock, settled } from '../lib/hand-clock.fixture.ts'
import { silentLog } from '../lib/log.ts'
import { RateLimit } from '../lib/rate-limit.ts'
import { Failure } from '../model/failure.ts'
import { Crew } from './crew.ts'
import { Governor } from './governor.ts'
import { Lane } from './lane.ts'
import { PATIENCE } from './options.ts'

/** Lanes that nobody connects: here it matters only which of them work. */
function crewOf(most: () => number | null): { readonly crew: Crew; readonly governor: Governor; readonly opened: () => number } {
  const clock = new HandClock()
  const ctx: Context = { clock, log: silentLog, signal: new AbortController().signal }
  const governor = new Governor(most, new RateLimit(null, clock), ctx, { waiting() {}, note() {} })
  const refuse = (): Promise<never> => Promise.reject(new Error('nobody connects here'))
  const never = { name: 'nowhere', connect: refuse, look: refuse }
  let opened = 0
  const lane = (spare: boolean): Lane => {
    opened++
    return new Lane({ source: never, destination: never }, governor, PATIENCE, ctx, ctx, spare)
  }
  return { crew: new Crew(lane(false), () => lane(true), governor), governor, opened: () => opened }
}

/** Work that goes on until it is told to end, and tells which lanes are at it. */
function endlessWork(): {
  readonly at: Set<Lane>
  readonly end: () => void
  readonly work: (lane: Lane, stays: () => boolean) => Promise<void>
} {
  const at = new Set<Lane>()
  const over = new AbortController()
  return {
    at,
    end: () => over.abort(),
    async work(lane, stays) {
      assert.ok(!at.has(lane), 'a lane does one thing at a time')
      at.add(lane)
      while (stays() && !over.signal.aborted) await settled()
      at.delete(lane)
    },
  }
}

test('lanes join and leave work that is under way as the number allowed changes; the first stays', async () => {
  let most: number | null = 1
  const { crew, governor } = crewOf(() => most)
  const { at, end, work } = endlessWork()
  const ran = crew.run(8, work)
  await settled()
  assert.deepEqual([...at], [crew.first])
  most = 2
  await governor.ready()
  await settled()
  assert.equal(at.size, 2)
  most = 1
  await governor.ready()
  await settled()
  await settled()
  assert.deepEqual([...at], [crew.first])
  end()
  await ran
})

test('no lane begins twice, even when its first step asks for lanes before it has awaited anything', async () => {
  const { crew, governor, opened } = crewOf(() => null)
  const begun: Lane[] = []
  await crew.run(8, async (lane) => {
    begun.push(lane)
    void governor.ready()
    await settled()
  })
  assert.equal(new Set(begun).size, begun.length)
  assert.deepEqual([begun.length, opened()], [2, 2])
})

test('no more lanes work than there is work for', async () => {
  const { crew, opened } = crewOf(() => null)
  await crew.run(1, () => settled())
  assert.equal(opened(), 1)
})

test('a lane that the server does not keep open leaves without harm, and is not opened again', async () => {
  const { crew, governor, opened } = crewOf(() => null)
  let carried = 0
  for (const _ of [1, 2]) {
    await crew.run(8, async (lane) => {
      await settled()
      if (lane !== crew.first) throw new Failure('mailbox-not-connected', 'User is authenticated but not connected.')
      await settled()
      carried++
    })
  }
  assert.deepEqual([carried, opened(), governor.lanes], [2, 2, 1])
})

test('a failure of the first lane is thrown once the others have come to their end', async () => {
  const { crew } = crewOf(() => null)
  const { at, work } = endlessWork()
  const failed = crew.run(8, async (lane, stays) => {
    if (lane !== crew.first) return work(lane, stays)
    await settled()
    assert.equal(at.size, 1)
    throw new Failure('quota-full', 'The mailbox is full.')
  })
  await assert.rejects(failed, { code: 'quota-full' })
  assert.equal(at.size, 0)
})

test('what no lane should suffer is thrown, whichever lane it happened to', async () => {
  const { crew } = crewOf(() => null)
  const failed = crew.run(8, async (lane) => {
    await settled()
    if (lane !== crew.first) throw new TypeError('a bug')
  })
  await assert.rejects(failed, TypeError)
})
