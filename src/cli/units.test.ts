import assert from 'node:assert/strict'
import { test } from 'node:test'
import { count, counted, duration, parseCount, parseRate, parseSample, parseSize, size } from './units.ts'

test('counts have commas, and their noun its number', () => {
  assert.deepEqual([0, 999, 1000, 12345, 1234567].map(count), ['0', '999', '1,000', '12,345', '1,234,567'])
  assert.deepEqual([counted(1, 'mailbox'), counted(2, 'mailbox'), counted(2411, 'message')], ['1 mailbox', '2 mailboxes', '2,411 messages'])
})

test('sizes are decimal, and never read 1,000 of a unit', () => {
  assert.deepEqual([0, 999, 1000, 1234, 34_200_000, 999_960, 123_456_789, 1_290_000_000, 5e12].map(size), [
    '0 B',
    '999 B',
    '1.0 kB',
    '1.2 kB',
    '34.2 MB',
    '1.0 MB',
    '123 MB',
    '1.3 GB',
    '5.0 TB',
  ])
})

test('durations have at most two units, and roll over cleanly', () => {
  assert.deepEqual([0, 0.44, 9.96, 59.6, 130, 3600, 11_100, 3599.6, 86_399, 187_000].map(duration), [
    '0.0 s',
    '0.4 s',
    '10 s',
    '1 min',
    '2 min 10 s',
    '1 h',
    '3 h 5 min',
    '1 h',
    '1 d',
    '2 d 4 h',
  ])
})

test('sizes, rates, counts and samples are read, and nonsense is refused', () => {
  assert.deepEqual(['35MB', '500 kB', '1GiB', '4096', '1.5m'].map(parseSize), [35_000_000, 500_000, 1_073_741_824, 4096, 1_500_000])
  assert.equal(parseRate('4MB/s'), 4_000_000)
  assert.equal(parseRate('4MB'), 4_000_000)
  assert.deepEqual(parseSample('500'), { messages: 500 })
  assert.deepEqual(parseSample('2.5%'), { percent: 2.5 })
  for (const bad of ['', '0', '-1', '35XB', 'MB', '1e9']) assert.throws(() => parseSize(bad), /size like 35MB/)
  for (const bad of ['4MB/h', 'fast']) assert.throws(() => parseRate(bad), /rate like 4MB/)
  for (const bad of ['0', '1.5', '-3', 'many', '99999999999']) assert.throws(() => parseCount(bad), /whole number/)
  for (const bad of ['0%', '101%', '%']) assert.throws(() => parseSample(bad))
})
