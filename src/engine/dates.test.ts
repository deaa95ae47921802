import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { deliveryDate, formatInternalDate, parseInternalDate } from './dates.ts'

const NOW = Date.UTC(2026, 10, 22)
const NONE = { receivedMs: null, dateMs: null }

test('every second from 1985 on survives being written and read', () => {
  fc.assert(
    fc.property(fc.integer({ min: Date.UTC(1985, 0, 1) / 1000, max: Date.UTC(2100, 0, 1) / 1000 }), (seconds) => {
      const text = formatInternalDate(seconds * 1000)
      assert.match(text, /^\d\d-[A-Z][a-z]{2}-\d{4} \d\d:\d\d:\d\d \+0000$/)
      assert.equal(parseInternalDate(text), seconds * 1000)
    }),
  )
})

test('dates are read in every form that servers write', () => {
  const instant = Date.UTC(1996, 6, 7, 9, 44, 25)
  for (const text of [
    '07-Jul-1996 02:44:25 -0700',
    ' 7-Jul-1996 02:44:25 -0700',
    '7-jul-1996 11:44:25 +0200',
    '07-Jul-1996 15:14:25 +0530',
    '07-JUL-1996 09:44:25',
    '07-Jul-1996 9:44:25 +0000',
  ]) {
    assert.equal(parseInternalDate(text), instant, text)
  }
  assert.equal(parseInternalDate('31-Dec-2016 23:59:60 +0000'), Date.UTC(2016, 11, 31, 23, 59, 59))
})

test('what is no date is none', () => {
  for (const text of [
    '',
    'yesterday',
    '07-Foo-1996 02:44:25 -0700',
    '00-Jul-1996 02:44:25 +0000',
    '32-Jul-1996 02:44:25 +0000',
    '07-Jul-1996 24:44:25 +0000',
  ]) {
    assert.equal(parseInternalDate(text), null, text)
  }
})

test("the source's own date is kept to the letter, with the sender's zone", () => {
  const text = '17-Jul-1996 02:44:25 -0700'
  assert.deepEqual(deliveryDate(text, { receivedMs: 1e12, dateMs: 1e12 }, NOW), { date: text, replaced: false })
})

test('a date in a form that others refuse is written anew, at the same instant', () => {
  const { date, replaced } = deliveryDate('7-Jul-1996 02:44:60 -0700', NONE, NOW)
  assert.equal(replaced, false)
  assert.equal(date, '07-Jul-1996 09:44:59 +0000')
})

test('an implausible date gives way to the last Received, then to Date, then to none', () => {
  const received = Date.UTC(2020, 1, 2, 3, 4, 5)
  const written = Date.UTC(2019, 1, 2)
  for (const bad of ['', '01-Jan-1970 00:00:00 +0000', '31-Dec-1984 23:59:59 +0000', '01-Jan-2038 00:00:00 +0000']) {
    assert.deepEqual(deliveryDate(bad, { receivedMs: received, dateMs: written }, NOW), {
      date: '02-Feb-2020 03:04:05 +0000',
      replaced: true,
    })
    assert.equal(deliveryDate(bad, { receivedMs: null, dateMs: written }, NOW).date, '02-Feb-2019 00:00:00 +0000')
    assert.equal(deliveryDate(bad, { receivedMs: 0, dateMs: NOW * 2 }, NOW).date, '')
  }
})

test('a clock that runs a day ahead at the source is believed', () => {
  const tomorrow = formatInternalDate(NOW + 24 * 3600 * 1000)
  assert.deepEqual(deliveryDate(tomorrow, NONE, NOW), { date: tomorrow, replaced: false })
})
