import assert from 'node:assert/strict'
import { test } from 'node:test'
import { daysLater, instantOf, instantsOf, isTimeZone, localTime, timeText } from './local-time.ts'

const BERLIN = 'Europe/Berlin'
const at = (text: string): number => Date.parse(text)

test('a local time is the instant at which clocks there show it', () => {
  for (const [local, zone, instant] of [
    ['2026-12-04T18:00', BERLIN, '2026-12-04T17:00Z'],
    ['2026-07-04T18:00', BERLIN, '2026-07-04T16:00Z'],
    ['2026-07-04T18:00', 'UTC', '2026-07-04T18:00Z'],
    ['2026-12-04T18:00', 'Asia/Kolkata', '2026-12-04T12:30Z'],
    ['2026-12-31T23:30', 'Pacific/Kiritimati', '2026-12-31T09:30Z'],
    ['2026-01-01T00:00', 'America/Los_Angeles', '2026-01-01T08:00Z'],
  ] as const) {
    assert.deepEqual(instantsOf(local, zone), [at(instant)], `${local} ${zone}`)
    assert.equal(localTime(at(instant), zone), local)
  }
})

test('a time that a night leaves out is none, one that comes twice is two, and a change of clocks keeps the time of the day', () => {
  assert.deepEqual(instantsOf('2027-03-28T02:30', BERLIN), [])
  assert.equal(instantOf('2027-03-28T02:30', BERLIN), at('2027-03-28T01:30Z'))
  assert.deepEqual(instantsOf('2026-10-25T02:30', BERLIN), [at('2026-10-25T00:30Z'), at('2026-10-25T01:30Z')])
  assert.equal(instantOf('2026-10-25T02:30', BERLIN), at('2026-10-25T00:30Z'))
  assert.equal(daysLater(at('2026-10-26T17:00Z'), -7, BERLIN), at('2026-10-19T16:00Z'))
})

test('time zones are those of IANA, and no bare offsets; an instant is told in them', () => {
  for (const name of [BERLIN, 'UTC', 'america/new_york']) assert.ok(isTimeZone(name), name)
  for (const name of ['+01:00', 'Berlin', 'W. Europe Standard Time', '']) assert.ok(!isTimeZone(name), name)
  assert.equal(timeText(at('2026-12-04T17:00Z'), BERLIN), 'Fri, 4 Dec 2026, 18:00')
})
