import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { compareContent, contentDigest, type ContentDigest } from './digest.ts'
import { heldMessage } from './message-bytes.ts'
import { TextDigest } from './text-digest.ts'
import { charsetReader } from './charset.ts'

const digest = (...lines: readonly string[]): Promise<ContentDigest> =>
  contentDigest(heldMessage([Buffer.from(lines.join('\r\n'), 'latin1')]).chunks())
const HEAD = [
  'From: Anna <anna@example.org>',
  'Date: Tue, 1 Jul 2025 09:30:00 +0200',
  'Message-ID: <1@example.org>',
  'Subject: Gr\xfc\xdfe',
]
const mixed = (boundary: string, ...parts: readonly string[]): string[] => [
  `Content-Type: multipart/mixed; boundary="${boundary}"`,
  '',
  ...parts.flatMap((part) => [`--${boundary}`, part]),
  `--${boundary}--`,
  '',
]

test('a message rebuilt in other MIME says the same', async () => {
  const file = Buffer.from('\0\x01binary\xff'.repeat(50), 'latin1').toString('base64')
  const source = await digest(
    ...HEAD,
    ...mixed(
      'a',
      'Content-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe,\r\nAnna  \r\n\r\n',
      `Content-Disposition: attachment; filename="r\xe9sum\xe9.pdf"\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${file}`,
    ),
  )
  const copy = await digest(
    'Received: by x',
    'Message-Id: <1@example.org>',
    'subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
    'From: "anna" <ANNA@example.org>',
    'Date: Tue, 1 Jul 2025 07:30:00 +0000',
    ...mixed(
      'b',
      'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nGru=CC=88=C3=9Fe,=\r\n\r\nAnna',
      `Content-Type: application/pdf; name="=?utf-8?B?csOpc3Vtw6kucGRm?="\r\nContent-Disposition: attachment;\r\n filename*0*=utf-8''r%C3%A9su;\r\n filename*1*=m%C3%A9.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n${file.replaceAll(/(.{30})/g, '$1\r\n')}\r\n`,
    ),
  )
  assert.deepEqual(compareContent(source, copy), [])
  assert.equal(copy.combined, source.combined)
})

test('what is different is named', async () => {
  const source = await digest(...HEAD, ...mixed('a', '\r\none', 'Content-Type: image/png; name=a.png\r\n\r\nx'))
  const other = await digest(
    ...HEAD.slice(0, 3),
    'Subject: y',
    ...mixed('a', '\r\none!', 'Content-Type: image/png; name=b.png\r\n\r\nz', '\r\nmore'),
  )
  assert.deepEqual(compareContent(source, other), [
    'Subject differs',
    '2 parts at the source, 3 parts in the copy',
    'part 1 (text) differs: 3 bytes at the source, 4 in the copy',
    'part 2 (attachment a.png) differs',
    'part 2 (attachment a.png) has another name in the copy',
  ])
  assert.deepEqual(compareContent(await digest(...HEAD, '', 'x'), await digest('', 'x')), [
    'Message-ID is missing',
    'Date is missing',
    'From is missing',
    'Subject is missing',
  ])
})

test('what the destination makes up for missing values is no difference; a plain form made anew is one unless it is allowed', async () => {
  const bare = await digest('Subject: x', 'Date: nonsense', '', 'body')
  assert.deepEqual(
    compareContent(
      bare,
      await digest('Message-ID: <new@example.org>', 'Date: Tue, 1 Jul 2025 07:30:00 +0000', 'Subject: x', '', 'body', '', ''),
    ),
    [],
  )
  const forms = (plain: string): string[] =>
    mixed('a', `\r\n${plain}`, 'Content-Type: text/html\r\n\r\n<p>x').map((line) => line.replace('/mixed', '/alternative'))
  const [before, after] = [await digest(...HEAD, ...forms('x')), await digest(...HEAD, ...forms('X'))]
  assert.deepEqual(compareContent(before, after), ['part 1 (text) differs'])
  assert.deepEqual(compareContent(before, after, { plainAlternative: true }), [])
})

test('another domain of the Message-ID is a difference unless the source is known to change it', async () => {
  const [source, copy, other] = await Promise.all(
    ['<1@a.example.org>', '<1@b.example.org>', '<2@a.example.org>'].map((id) => digest(`Message-ID: ${id}`, '', 'Text')),
  )
  assert.ok(source !== undefined && copy !== undefined && other !== undefined)
  assert.deepEqual(compareContent(source, copy), ['Message-ID differs'])
  assert.deepEqual(compareContent(source, copy, { messageIdDomain: true }), [])
  assert.deepEqual(compareContent(source, other, { messageIdDomain: true }), ['Message-ID differs'])
})

test('attached messages are walked into, and text without delimiters counts', async () => {
  const outer = (text: string): Promise<ContentDigest> => digest(...HEAD, 'Content-Type: message/rfc822', '', 'Subject: in', '', text)
  assert.deepEqual(
    (await outer('x')).parts.map((part) => part.kind),
    ['message', 'text'],
  )
  assert.deepEqual(compareContent(await outer('x'), await outer('y')), ['part 2 (text) differs'])
  const lost = (text: string): Promise<ContentDigest> => digest('Content-Type: multipart/mixed; boundary=a', '', text)
  assert.notDeepEqual(await lost('one'), await lost('two'))
})

test('a text has one digest however it flows: cut anywhere, with any line ends', () => {
  const text = fc.array(fc.constantFrom('a', ' ', '\t', '\r\n', 'u', '\u0308', 'é', '한', 'ᄒ', 'ᅡ', '😀', '\u00a0', '\n\n'), {
    maxLength: 60,
  })
  fc.assert(
    fc.property(text, fc.integer({ min: 1, max: 9 }), (parts, size) => {
      const run = (bytes: Buffer, step: number): string => {
        const it = new TextDigest(charsetReader('utf-8'))
        for (let at = 0; at < bytes.length; at += step) it.update(bytes.subarray(at, at + step))
        return it.finish().sha256
      }
      const whole = Buffer.from(parts.join(''))
      const expected = run(whole, 10_000)
      assert.equal(run(whole, size), expected)
      assert.equal(run(Buffer.from(parts.join('').normalize('NFD').replaceAll(/\r?\n/g, '\r\r\n')), size), expected)
      assert.equal(run(Buffer.from(`${parts.join('').replaceAll(/\r?\n/g, ' \n')}\n \n`), size), expected)
    }),
    { numRuns: 800 },
  )
})

test('nothing throws on any bytes, and the cost is proportional to them', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      async (bytes) => void (await contentDigest(heldMessage([Buffer.from(bytes)]).chunks())),
    ),
  )
  const started = performance.now()
  for (const piece of ['\r', '\n', ' ', '\0', '=', '--a\n', '-', '\xe9', '\xcc\x88', '\xed\x95\x9c', '\n--', 'a=b;', '"']) {
    for (const head of [
      '',
      'Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Transfer-Encoding: quoted-printable\n\n',
      'Content-Type: text/plain; x=',
    ]) {
      await contentDigest(heldMessage([Buffer.from(head + piece.repeat(Math.floor(500_000 / piece.length)), 'latin1')]).chunks())
    }
  }
  assert.ok(performance.now() - started < 20_000)
})
