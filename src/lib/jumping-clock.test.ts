import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JumpingClock } from './jumping-clock.ts'

test('who sleeps wakes at once with the time passed; sleeping together counts once, and time never goes back', async () => {
  const clock = new JumpingClock(1000)
  await Promise.all([clock.sleep(5000), clock.sleep(200), clock.sleep(3000)])
  assert.equal(clock.now(), 6000)
  let wakes = 0
  const long = clock.sleep(10_000).then(() => (wakes = clock.now()))
  const short = clock.sleep(10)
  await Promise.all([long, short])
  assert.deepEqual([wakes, clock.now()], [16_000, 16_000])
})

test('what is under way comes to its end before time passes, and a stop is heard', async () => {
  const order: string[] = []
  const clock = new JumpingClock(0, async () => {
    await Promise.resolve()
    order.push(`settled at ${clock.now()}`)
  })
  await clock.sleep(50)
  assert.deepEqual(order, ['settled at 0'])
  const stop = new AbortController()
  stop.abort(new Error('stop'))
  await assert.rejects(clock.sleep(50, stop.signal), /stop/)
  assert.equal(clock.now(), 50)
})
