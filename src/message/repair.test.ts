import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareContent, contentDigest, type ContentDigest } from './digest.ts'
import { fingerprint } from './fingerprint.ts'
import { inspect, type Inspection } from './inspect.ts'
import { heldMessage } from './message-bytes.ts'
import type { RepairName } from './plan.ts'
import { repair } from './repair.ts'

const context = { uid: 7, internalDate: '17-Jul-1996 02:44:25 -0700' }
const lines = (...all: readonly string[]): Buffer => Buffer.from(all.join('\r\n'), 'latin1')

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
const print = (bytes: Buffer): string => fingerprint(look(bytes).header).strict.toString('hex')

async function assertSameContent(before: Buffer, after: Buffer): Promise<void> {
  assert.deepEqual(compareContent(await digest(before), await digest(after)), [])
  assert.deepEqual(await digest(after), await digest(before))
}

const HEAD = ['From: Anna <anna@example.org>', 'Date: Tue, 1 Jul 2025 09:30:00 +0200', 'Message-ID: <1@example.org>', 'Subject: x']
const LONG = 'word and more '.repeat(900)
const BASE64 = Buffer.from(LONG).toString('base64')

test('over-long lines go from text of every kind, and what it says stays the same', async () => {
  const cases = [
    lines(...HEAD, '', LONG, 'end', ''),
    lines('', LONG),
    lines(LONG),
    lines(...HEAD, 'Content-Type: text/html; charset=utf-8', 'Content-Transfer-Encoding: 8bit', '', `${LONG}\xc3\xa9 =\t`, ' -- '),
    lines(...HEAD, 'MIME-Version: 1.0', 'Content-Type: text/plain', 'Content-Transfer-Encoding: base64', '', BASE64),
    lines(...HEAD, 'Content-Transfer-Encoding: quoted-printable', '', `${'=C3=A9 '.repeat(2000)}=`, 'end'),
    lines(...HEAD, 'Content-Type: application/octet-stream', 'Content-Transfer-Encoding: binary', '', `${LONG}\0\n\r\xff`),
    lines(
      ...HEAD,
      'Content-Type: multipart/mixed; boundary=b',
      '',
      LONG,
      '--b',
      '',
      LONG,
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Subject: in',
      '',
      LONG,
      '--b--',
      LONG,
    ),
  ]
  for (const before of cases) {
    const after = await fix(before, 'long-lines')
    assert.deepEqual(after.applied, ['long-lines'], before.toString('latin1', 0, 300))
    assert.equal(look(after.bytes).hasLongLine, false)
    await assertSameContent(before, after.bytes)
    assert.equal(print(after.bytes), print(before))
  }
})

test('over-long header lines are folded, and still mean the same', async () => {
  const addresses = Array.from({ length: 900 }, (_, i) => `Person ${i} <p${i}@example.org>`).join(', ')
  const before = lines(
    ...HEAD.slice(0, 3),
    `To: ${addresses}`,
    `X-Solid: ${'y'.repeat(30_000)}`,
    `Subject: ${'z'.repeat(20_000)} \xe9`,
    `X-Blanks: ${' '.repeat(30_000)}z`,
    '',
    'body',
  )
  const after = await fix(before, 'long-lines')
  assert.equal(look(after.bytes).hasLongLine, false)
  await assertSameContent(before, after.bytes)
  assert.equal(look(after.bytes).headerComplete && after.text.endsWith('\r\n\r\nbody'), true)
})

test('other parts of a message with a long line stay as they are', async () => {
  const before = lines(...HEAD, 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'X: y ', '', 'one ', '--b', '', LONG, '--b--', '')
  const after = await fix(before, 'long-lines')
  const at = before.indexOf('--b\r\n\r\n')
  assert.deepEqual(after.bytes.subarray(0, at), before.subarray(0, at))
})

test('nothing below a signature or an encryption is rewritten: the original travels whole as an attachment', async () => {
  const cases = [
    lines(
      ...HEAD,
      'Content-Type: multipart/signed; boundary=s',
      '',
      '--s',
      '',
      LONG,
      '--s',
      'Content-Type: application/pgp-signature',
      '',
      'sig',
      '--s--',
    ),
    lines(...HEAD, '', '-----BEGIN PGP SIGNED MESSAGE-----', '', LONG),
    lines(...HEAD, 'Content-Type: multipart/mixed', '', LONG),
    lines(...HEAD, 'Content-Transfer-Encoding: x-uuencode', '', LONG),
  ]
  for (const before of cases) {
    const after = await fix(before, 'receipt-request', 'long-lines')
    assert.deepEqual(after.applied, ['wrapped'])
    assert.equal(look(after.bytes).hasLongLine, false)
    assert.equal(print(after.bytes), print(before))
    assert.deepEqual(Buffer.from(after.text.split('\r\n\r\n').at(-1)?.split('\r\n--')[0] ?? '', 'base64'), before)
  }
  const signed = lines(...HEAD, 'Content-Type: application/pkcs7-mime', 'Content-Transfer-Encoding: base64', '', BASE64)
  const wrappedAnew = await fix(signed, 'long-lines')
  assert.deepEqual(wrappedAnew.applied, ['long-lines'])
  await assertSameContent(signed, wrappedAnew.bytes)
})

test('NULs go: dropped from headers, blanks in text, kept inside re-encoded attachments, cut from the end', async () => {
  assert.equal((await fix(lines('Sub\0ject: a\0b', '', 'a\0b\0\0'), 'nul')).text, 'Subject: ab\r\n\r\na b')
  const binary = lines(...HEAD, 'Content-Type: image/png', 'Content-Transfer-Encoding: binary', '', 'a\0b\0\0')
  const after = await fix(binary, 'nul')
  assert.equal(after.bytes.includes(0), false)
  await assertSameContent(binary, after.bytes)
})

test('bare CR, bare LF and CR CR LF become CRLF, except in signed and binary content', async () => {
  assert.equal((await fix(Buffer.from('A: b\nC: d\n\na\rb\r\r\nc\n'), 'line-ends')).text, 'A: b\r\nC: d\r\n\r\na\r\nb\r\nc\r\n')
  const signed = Buffer.from('Content-Type: multipart/signed; boundary=s\n\n--s\n\na\nb\n--s--\n')
  assert.equal((await fix(signed, 'line-ends')).text, 'Content-Type: multipart/signed; boundary=s\r\n\r\n--s\r\n\na\nb\r\n--s--\r\n')
  const binary = lines(...HEAD, 'Content-Type: image/png', 'Content-Transfer-Encoding: binary', '', 'a\nb\rc')
  await assertSameContent(binary, (await fix(binary, 'line-ends')).bytes)
})

test('raw 8-bit values are encoded, addresses and the other fields stay as they are', async () => {
  const before = lines(
    'From: "M\xfcller, J\xf6rg" <joerg@example.org>, B\xe4r <b@example.org>',
    'Subject: Gr\xc3\xbc\xc3\x9fe  aus K\xc3\xb6ln am Rhein',
    'X-Plain: a  b',
    'Content-Type: text/plain; name="\xe9t\xe9.txt"; charset=utf-8',
    'Message-ID: <1@example.org>',
    '',
    '\xe9',
  )
  const after = await fix(before, 'raw-header')
  assert.equal(look(after.bytes).eightBitHeader, false)
  await assertSameContent(before, after.bytes)
  assert.equal(print(after.bytes), print(before))
  assert.match(after.text, /<joerg@example.org>, =\?UTF-8\?B\?[^?]+\?= <b@example.org>\r\n/)
  assert.match(after.text, /\r\nX-Plain: a {2}b\r\n/)
})

test('a word with an equals sign is one word in a name, and becomes a quoted value only where parameters stand', async () => {
  const word = '=\\?UTF-8\\?B\\?[A-Za-z0-9+/=]+\\?='
  const after = await fix(lines('From: Caf\xe9=B\xe4r <a@example.org>', 'Content-Type: text/plain; \xe9; name=\xe9', '', ''), 'raw-header')
  assert.match(after.text, new RegExp(`^From: ${word} <a@example.org>\r\nContent-Type: text/plain; ${word}; name="${word}"\r\n`))
})

test('encoded words that nobody can decode become UTF-8, also inside attached messages', async () => {
  const inside = lines('Subject: =?TELETEX?Q?Gr=FC=DFe?=', '', 'x')
  const before = lines(
    'Subject: =?x-unknown?B?R3LDvMOfZQ==?= =?utf-8?Q?ok?=',
    'Content-Type: message/rfc822',
    '',
    inside.toString('latin1'),
  )
  const after = await fix(before, 'unknown-charset-word')
  assert.equal(/TELETEX|x-unknown/.test(after.text), false)
  assert.equal(after.text.includes('=?utf-8?Q?ok?='), true)
  await assertSameContent(before, after.bytes)
})

test('a header is added, ended and freed from mbox lines', async () => {
  const bare = await fix(lines('just text', '', 'more'), 'no-header')
  assert.match(
    bare.text,
    /^From: unknown <unknown@migration\.invalid>\r\nDate: Wed, 17 Jul 1996 09:44:25 \+0000\r\nMessage-ID: <[0-9a-f]{40}@migration\.invalid>\r\nX-Migrated-Repair: no-header\r\n\r\njust text\r\n\r\nmore$/,
  )
  assert.match((await fix(lines('', 'body'), 'no-header')).text, /no-header\r\n\r\nbody$/)
  assert.equal((await fix(lines('Subject: x'), 'header-end')).text, 'Subject: x\r\n\r\n')
  assert.equal((await fix(lines('Subject: x', 'Dear all', 'bye', ''), 'header-end')).text, 'Subject: x\r\n\r\nDear all\r\nbye\r\n')
  assert.equal((await fix(lines('>From a@b Sat', 'Subject: x', '', ''), 'mbox-from')).text, 'X-Mbox-From: a@b Sat\r\nSubject: x\r\n\r\n')
})

test('a request for a receipt is renamed in the message, not in one attached to it', async () => {
  const before = lines(
    'Disposition-Notification-To: a@example.org',
    'Content-Type: message/rfc822',
    '',
    'Disposition-Notification-To: b@example.org',
    '',
    '',
  )
  assert.equal((await fix(before, 'receipt-request')).text, `X-${before.toString('latin1')}`)
})

test('an empty message becomes a stub that says so', async () => {
  const after = await fix(Buffer.alloc(0), 'empty')
  assert.deepEqual([look(after.bytes).hasHeader, look(after.bytes).headerComplete, after.applied], [true, true, ['empty']])
})

test('what exceeds the shape that Exchange takes is cut, and a structure too deep or too wide is wrapped', async () => {
  const ids = Array.from({ length: 2000 }, (_, i) => `<${i}@example.org>`).join('\r\n ')
  const subject = Array.from({ length: 50 }, (_, i) => `subject${i}`).join(' ')
  const before = lines(
    `References: ${ids}`,
    `Subject: ${subject}`,
    `To: <a@b.example>, "${'x'.repeat(3000)}" <c@d.example>`,
    `X-Big: ${'y '.repeat(60_000)}`,
    '',
    'body',
  )
  const after = await fix(before, 'shape')
  const inspected = look(after.bytes)
  assert.equal(inspected.header.toString('latin1').match(/\d@example.org>/g)?.length, 485)
  assert.match(after.text, /References: <0@example.org>/)
  assert.ok(inspected.header.length < 40_000)
  assert.match(after.text, /\r\nTo: <a@b.example>,?\r\n/)
  assert.match(after.text, /X-Broken-To:/)
  assert.match(after.text, /X-Original-Subject:/)
  const wide = lines('Content-Type: multipart/mixed; boundary=b', '', ...Array.from({ length: 300 }, () => '--b\r\n\r\nx'), '--b--')
  assert.deepEqual((await fix(wide, 'shape')).applied, ['wrapped'])
})
