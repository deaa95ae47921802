import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { inspect, type Inspection } from './inspect.ts'

/** The plain definition, line by line. */
function slow(bytes: Buffer, limit: number): { header: string; complete: boolean; long: boolean } {
  let header = ''
  let complete = false
  let long = false
  for (let at = 0; at < bytes.length;) {
    const lf = bytes.indexOf(10, at)
    const line = bytes.toString('latin1', at, lf < 0 ? bytes.length : lf + 1)
    if (!complete) header += line
    if (line === '\n' || line === '\r\n') complete = true
    if (line.replace(/\r?\n$/, '').length >= limit) long = true
    at += line.length
  }
  return { header, complete, long }
}

function cut(bytes: Buffer, at: readonly number[]): Buffer[] {
  const points = [0, ...at.map((one) => one % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]
  return points.slice(1).map((end, i) => bytes.subarray(points[i], end))
}

const pieces = fc.constantFrom('\r\n', '\n', '\r', 'a', ':', 'Subject: x', '12345678', '\0', 'é', 'From me\r\n', '\r\n\r\n', 'xxxxxxxxxxxx')
const message = fc.array(pieces, { maxLength: 40 }).map((parts) => Buffer.from(parts.join('')))

test('an inspection is the same however the bytes are cut, and agrees with the plain definition', () => {
  fc.assert(
    fc.property(message, fc.array(fc.nat(400), { maxLength: 12 }), fc.integer({ min: 2, max: 14 }), (bytes, cuts, limit) => {
      const options = { longLineBytes: limit }
      const whole = inspect([bytes], options)
      assert.deepEqual(inspect(cut(bytes, cuts), options), whole)
      const single = Array.from(bytes, (byte) => Buffer.from([byte]))
      assert.deepEqual(inspect(single, options), whole)
      const plain = slow(bytes, limit)
      assert.equal(whole.header.toString('latin1'), plain.header)
      assert.equal(whole.headerComplete, plain.complete)
      assert.equal(whole.hasLongLine, plain.long, JSON.stringify(bytes.toString('latin1')))
      assert.deepEqual(whole.sha256, createHash('sha256').update(bytes).digest())
      assert.equal(whole.hasNul, bytes.includes(0))
      assert.equal(whole.bodySample.toString('latin1'), bytes.toString('latin1', plain.header.length))
    }),
    { numRuns: 1500 },
  )
})

const look = (text: string, longLineBytes: number | null = 10_240): Inspection => inspect([Buffer.from(text, 'latin1')], { longLineBytes })

test('a line is long from the limit on, with and without its CRLF', () => {
  for (const end of ['\r\n', '\n', '']) {
    assert.equal(look(`A: b\r\n\r\n${'x'.repeat(10_239)}${end}`).hasLongLine, false)
    assert.equal(look(`A: b\r\n\r\n${'x'.repeat(10_240)}${end}`).hasLongLine, true)
    assert.equal(look(`A: b\r\n\r\n${'x'.repeat(100_000)}${end}`, null).hasLongLine, false)
  }
})

test('the header is told apart from a body, an mbox line and nothing', () => {
  assert.deepEqual([look('').hasHeader, look('').headerComplete, look('').bytes], [false, false, 0])
  assert.deepEqual([look('A: b').hasHeader, look('A: b').headerComplete], [true, false])
  assert.deepEqual([look('\r\nbody').hasHeader, look('\r\nbody').headerComplete, look('\r\nbody').header.length], [false, true, 2])
  assert.equal(look('Hello there, see http://x.example\r\n').hasHeader, false)
  const mbox = look('From a@b.example Sat Jan  3 01:05:34 1996\r\nSubject: x\r\n\r\n')
  assert.deepEqual([mbox.startsWithMboxFrom, mbox.hasHeader], [true, true])
  assert.equal(look('From: a@b.example\r\n\r\n').startsWithMboxFrom, false)
  assert.equal(look('Subject: \xe9\r\n\r\nx').eightBitHeader, true)
  assert.equal(look('Subject: e\r\n\r\n\xe9').eightBitHeader, false)
})

test('a header is kept up to 1 MiB and no further', () => {
  const huge = look(`X: ${'y'.repeat(2_000_000)}\r\n\r\nbody`)
  assert.deepEqual([huge.header.length, huge.headerComplete], [1024 * 1024, false])
  const chunks = cut(Buffer.from(`X: ${'y\r\n '.repeat(600_000)}\r\n\r\nbody`), [1_048_575, 1_048_577])
  assert.deepEqual(inspect(chunks, { longLineBytes: null }).header.length, 1024 * 1024)
})
