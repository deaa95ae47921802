import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { splitHeader } from './header-fields.ts'
import { displayText, readHeader } from './header.ts'
import { parseMailDate } from './mail-date.ts'

const header = (text: string): Buffer => Buffer.from(text, 'latin1')

test('values are decoded whatever their charset, known, unknown or none', () => {
  const subject = (value: string): string => readHeader(header(`Subject: ${value}\r\n\r\n`)).subject
  assert.equal(subject('=?iso-8859-1?Q?Caf=E9_au?= =?iso-8859-1?Q?_lait?='), 'Café au lait')
  assert.equal(subject('=?UTF-8?B?w6k=?=\r\n =?utf-8?q?=C3=A9?= x'), 'éé x')
  assert.equal(subject('=?UTF-8?Q?=F0=9F?= =?UTF-8?Q?=98=80?='), '😀', 'a character cut in two')
  assert.equal(subject('=?TELETEX?Q?Gr=FC=DFe?='), 'Grüße')
  assert.equal(subject('=?x-unknown?B?R3LDvMOfZQ==?='), 'Grüße')
  assert.equal(subject('=?iso-2022-jp?B?GyRCRnxLXBsoQg==?='), '日本')
  assert.equal(subject('=?hex?Q?4142?='), '4142')
  assert.equal(subject('Gr\xfc\xdfe'), 'Grüße')
  assert.equal(subject('Gr\xc3\xbc\xc3\x9fe'), 'Grüße')
  assert.equal(subject('=?utf-8?B?not base64!?= =?broken'), subject('=?utf-8?B?not base64!?= =?broken'))
  assert.equal(subject('a\r\n  b\r\n\tc'), 'a b c')
})

test('addresses are found in groups, comments, quotes and routes', () => {
  const read = (from: string): string | null => readHeader(header(`From: ${from}\r\n\r\n`)).from
  assert.equal(read('"Smith, A <x>" <Anna@Example.ORG>, b@example.org'), 'anna@example.org')
  assert.equal(read('anna@example.org (Anna (at) home, really)'), 'anna@example.org')
  assert.equal(read('Team: anna@example.org, b@example.org;'), 'anna@example.org')
  assert.equal(read('<@relay.example:anna@example.org>'), 'anna@example.org')
  assert.equal(read('Anna'), 'anna')
  assert.equal(read('<'), '')
  assert.deepEqual(readHeader(header('To: a@b.example,\r\n "C, D" <c@d.example>\r\nCc:\r\n\r\n')).to, ['a@b.example', 'c@d.example'])
})

test('of twin fields the first counts, and a missing one is null', () => {
  const read = readHeader(
    header(
      'Date: Mon, 7 Jul 2025 10:00:00 +0200\r\nDate: Tue, 8 Jul 2025 10:00:00 +0200\r\nMessage-ID:\r\n <a@b>\r\n\r\nFrom: in@body.example',
    ),
  )
  assert.equal(read.dateMs, Date.UTC(2025, 6, 7, 8))
  assert.equal(read.messageId, '<a@b>')
  assert.deepEqual([read.from, read.subject, read.contentType, read.receivedMs], [null, '', null, null])
})

test('dates are read as real mail writes them, and what is no date is none', () => {
  const at = Date.UTC(2020, 0, 1, 10, 20, 30)
  for (const text of [
    'Wed, 1 Jan 2020 12:20:30 +0200',
    'Wed 1 Jan 2020 10:20:30 UT',
    '1 Jan 20 10:20:30',
    ' 1-Jan-2020 12:20:30 +0200',
    'Wed, 01 January 2020 12:20:30 GMT+02:00 (CEST)',
    'Wed Jan  1 10:20:30 2020',
    '2020-01-01T10:20:30Z',
    'Wed, 1 Jan 2020 05:20:30 EST',
    'Mi, 1 Jan 2020 10.20.30 +0000',
  ])
    assert.equal(parseMailDate(text), at, text)
  for (const text of ['', 'Mon, 32 Foo', '31 Feb 2020 00:00:00', '00-Jan-0000 00:00:00 +0000', '(Invalid)', '1 Jan 2020 25:00:00'])
    assert.equal(parseMailDate(text), null, text)
  assert.equal(parseMailDate('30-Dec-1899 00:00:00 +0000'), Date.UTC(1899, 11, 30))
  assert.equal(readHeader(header('Date: Sat, 30 Dec 1899 00:00:00 +0000\r\n\r\n')).dateMs, null)
})

test('the topmost Received with a date and a request for a receipt are seen', () => {
  const read = readHeader(
    header('Received: by a\r\nReceived: from x by y; Wed, 1 Jan 2020 10:20:30 +0000\r\ndisposition-notification-to: a@b.example\r\n\r\n'),
  )
  assert.equal(read.receivedMs, Date.UTC(2020, 0, 1, 10, 20, 30))
  assert.equal(read.hasReceiptRequest, true)
  assert.equal(readHeader(header('Subject: x\r\n\r\nDisposition-Notification-To: a@b.example\r\n')).hasReceiptRequest, false)
})

test('text for display holds no control characters and is cut between characters', () => {
  assert.equal(displayText('a\u001b[31mred\u0007\r\n\u202eevil', 100), 'a [31mred evil')
  assert.equal(displayText('😀😀😀😀', 3), '😀😀…')
  assert.equal(displayText('abc', 3), 'abc')
})

test('a header cut into fields is the header again, and nothing throws on any bytes', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(fc.constantFrom('\r\n', ':', ' ', '=?utf-8?B?', '?=', '<', '"', '(', 'From', 'Date: ', '\xff')),
      (bytes, parts) => {
        for (const buffer of [Buffer.from(bytes), Buffer.from(parts.join(''), 'latin1')]) {
          const joined = splitHeader(buffer)
            .map((field) => field.raw)
            .join('')
          assert.ok(buffer.toString('latin1').startsWith(joined))
          readHeader(buffer)
        }
      },
    ),
    { numRuns: 500 },
  )
})

test('reading costs time in proportion to the bytes, whatever they are', () => {
  const started = performance.now()
  for (const piece of [
    '\n',
    'x',
    'x\n',
    ' \n',
    ':',
    'From:<',
    '=?',
    '=?a?b?',
    '=?utf-8?q?a?= ',
    'Received: ;\n',
    '"',
    '(',
    'a,',
    '\xff',
    '\t ',
  ])
    readHeader(Buffer.from(`Subject: x\nFrom: ${piece.repeat(Math.floor(1_000_000 / piece.length))}`, 'latin1'))
  assert.ok(performance.now() - started < 10_000)
})
