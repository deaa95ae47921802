import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { contentDigest, type ContentDigest } from './digest.ts'
import { inspect, type Inspection } from './inspect.ts'
import { heldMessage } from './message-bytes.ts'
import { REPAIRS, type RepairName } from './plan.ts'
import { repair } from './repair.ts'

const context = { uid: 7, internalDate: '17-Jul-1996 02:44:25 -0700' }
const ALL = Object.keys(REPAIRS) as readonly RepairName[]

async function fix(
  bytes: Buffer,
  ...names: readonly RepairName[]
): Promise<{ bytes: Buffer; text: string; applied: readonly RepairName[] }> {
  await using done = await repair(heldMessage([bytes.subarray(0, 50), bytes.subarray(50)]), names, context)
  const chunks: Buffer[] = []
  for await (const chunk of done.chunks()) chunks.push(chunk)
  const all = Buffer.concat(chunks)
  assert.equal(all.length, done.bytes)
  return { bytes: all, text: all.toString('latin1'), applied: done.applied }
}

const look = (bytes: Buffer): Inspection => inspect([bytes], { longLineBytes: 10_240 })
const digest = (bytes: Buffer): Promise<ContentDigest> => contentDigest(heldMessage([bytes]).chunks())

const LONG = 'word and more '.repeat(900)

const pieces = fc.oneof(
  fc.constantFrom(
    '\r\n',
    '\n',
    '\r',
    '\r\n\r\n',
    '--b\r\n',
    '--b--\r\n',
    'x',
    ' ',
    '\0',
    '\xe9',
    '\xc3\xa9',
    '=',
    '"',
    '<',
    ',',
    '(',
    'From a@b\r\n',
  ),
  fc.constantFrom(
    'Subject: ',
    '=?x?Q?=E9?=',
    '=?utf-8?B?w6k=?= ',
    'To: ',
    'From: ',
    'Disposition-Notification-To: a@b\r\n',
    LONG,
    'y'.repeat(11_000),
  ),
  fc.constantFrom(
    'Content-Type: multipart/mixed; boundary=b\r\n',
    'Content-Type: multipart/signed; boundary=b\r\n\r\n',
    'Content-Type: text/html\r\n\r\n',
  ),
  fc.constantFrom(
    'Content-Type: message/rfc822\r\n\r\n',
    'Content-Transfer-Encoding: base64\r\n',
    'Content-Transfer-Encoding: quoted-printable\r\n',
    'Content-Type: image/png\r\n',
  ),
)
const message = fc.oneof(
  fc.array(pieces, { maxLength: 25 }).map((parts) => Buffer.from(parts.join(''), 'latin1')),
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
)
const names = fc.oneof(
  fc.constantFrom(...ALL).map((name) => [name]),
  fc.subarray([...ALL]),
)

test('repairing what is repaired changes nothing, whatever the bytes', async () => {
  await fc.assert(
    fc.asyncProperty(message, names, async (bytes, wanted) => {
      const once = await fix(bytes, ...wanted)
      const twice = await fix(once.bytes, ...wanted)
      assert.deepEqual(
        { text: twice.text, applied: twice.applied },
        { text: once.text, applied: [] },
        `${wanted.join()} ${once.applied.join()}`,
      )
      if (once.applied.length === 0) assert.deepEqual(once.bytes, bytes)
    }),
    { numRuns: 600 },
  )
})

test('after a repair nothing is left of what it repairs, and re-encoding keeps what the message says', async () => {
  await fc.assert(
    fc.asyncProperty(message, async (bytes) => {
      const short = await fix(bytes, 'long-lines')
      assert.equal(look(short.bytes).hasLongLine, false)
      if (!short.applied.includes('wrapped')) assert.deepEqual((await digest(short.bytes)).parts, (await digest(bytes)).parts)
      const clean = await fix(bytes, 'nul')
      assert.equal(clean.bytes.includes(0), false)
      const readable = look(bytes).hasHeader && !bytes.includes('signed')
      if (readable) assert.equal(look((await fix(bytes, 'raw-header')).bytes).eightBitHeader, false)
    }),
    { numRuns: 400 },
  )
})
