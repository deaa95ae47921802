import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HandClock, settled } from '../lib/hand-clock.fixture.ts'
import { Pace } from './pace.ts'
import type { StatusResponse } from './response.ts'

function reply(code: string): StatusResponse {
  return { kind: 'status', tag: 'A', status: 'OK', code, codeText: '', text: 'Success' }
}

test('commands go at once until a server says that it slowed us down, then in their order and with waits between', async () => {
  const clock = new HandClock()
  const pace = new Pace(clock, new AbortController().signal)
  const sent: number[] = []
  pace.pass(() => sent.push(1))
  assert.deepEqual(sent, [1])
  pace.heard(reply('THROTTLED'))
  for (const number of [2, 3]) pace.pass(() => sent.push(number))
  assert.deepEqual(sent, [1])
  await clock.pass(50)
  assert.deepEqual(sent, [1, 2])
  await clock.pass(50)
  assert.deepEqual(sent, [1, 2, 3])
})

test('the wait doubles up to sixteen seconds, not for answers that came together, and shrinks by a quarter while all is well', async () => {
  const clock = new HandClock()
  const pace = new Pace(clock, new AbortController().signal)
  for (let i = 0; i < 5; i++) pace.heard(reply('THROTTLED'))
  assert.equal(pace.delayMs, 50)
  for (let i = 0; i < 12; i++) {
    await clock.pass(20_000)
    pace.heard(reply('THROTTLED'))
  }
  assert.equal(pace.delayMs, 16_000)
  pace.heard(reply(''))
  assert.equal(pace.delayMs, 12_000)
  for (let i = 0; i < 30; i++) pace.heard(reply('READ-ONLY'))
  assert.equal(pace.delayMs, 0)
})

test('when the connection ends, what waits is not sent and nothing is thrown', async () => {
  const end = new AbortController()
  const pace = new Pace(new HandClock(), end.signal)
  let sent = 0
  pace.heard(reply('THROTTLED'))
  pace.pass(() => sent++)
  end.abort(new Error('over'))
  await settled()
  assert.equal(sent, 0)
})
