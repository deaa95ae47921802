import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressesOf } from './header.ts'
import { firstValues, splitHeader, valueText } from './header-fields.ts'
import { heldMessage } from './message-bytes.ts'
import { readPartHeader } from './mime-header.ts'
import { repair } from './repair.ts'

/** The message as it is after `shape`; null when it was left alone. */
async function shaped(...lines: readonly string[]): Promise<string | null> {
  const before = heldMessage([Buffer.from(lines.join('\r\n'), 'latin1')])
  await using done = await repair(before, ['shape'], { uid: 7, internalDate: '17-Jul-1996 02:44:25 -0700' })
  const chunks: Buffer[] = []
  for await (const chunk of done.chunks()) chunks.push(chunk)
  return done.applied.includes('wrapped') ? 'wrapped' : done.applied.length === 0 ? null : Buffer.concat(chunks).toString('latin1')
}

const fieldOf = (text: string | null, name: string): string | undefined =>
  firstValues(splitHeader(Buffer.from(text ?? '', 'latin1')), new Set([name])).get(name)
const fileNameOf = (text: string | null): string => readPartHeader(splitHeader(Buffer.from(text ?? '', 'latin1')), '').fileName

test('of many trace fields of one name the newest and the oldest 8 KiB stay, and the others are left alone', async () => {
  const hops = Array.from({ length: 100 }, (_, hop) => `Received: by hop${hop}.example `.padEnd(1022, 'y'))
  const kept = (await shaped('Subject: x', ...hops, 'X-Other: z', '', 'body'))?.match(/hop\d+|X-Other: z|Subject: x/g)
  const near = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, at) => `hop${from + at}`)
  assert.deepEqual(kept, ['Subject: x', ...near(0, 8), ...near(92, 100), 'X-Other: z'])
  assert.equal(await shaped(...hops.slice(0, 64), '', 'body'), null)
  assert.notEqual(await shaped(...hops.slice(0, 65), '', 'body'), null)
})

test('trace fields of 64 KiB stay whole, with one byte more they are cut', async () => {
  const field = (bytes: number): string => `X-Big: ${'y '.repeat(40_000)}`.slice(0, bytes - 3) + 'z'
  assert.equal(await shaped(field(64 * 1024), '', 'body'), null)
  assert.ok(((await shaped(field(64 * 1024 + 1), '', 'body')) ?? '').length < 9000)
})

test('an over-long file name is shortened and keeps its ending, its type and its disposition', async () => {
  const name = `${'n'.repeat(300)}.pdf`
  const file = await shaped(`Content-Type: application/pdf; name="${name}"; charset=koi8-r`, 'Content-Disposition: inline', '', 'body')
  assert.equal(fileNameOf(file), `${'n'.repeat(196)}.pdf`)
  assert.equal(fieldOf(file, 'content-type'), 'application/pdf; charset=koi8-r')
  assert.match(fieldOf(file, 'content-disposition') ?? '', /^inline;/)
  for (const ending of ['', '.', '.abcdefghijk', '.documentation', '.x'.repeat(3)]) {
    const long = await shaped(`Content-Disposition: attachment; filename="${'m'.repeat(300)}${ending}"`, '', 'body')
    assert.equal(fileNameOf(long).length, 200)
    assert.ok(fileNameOf(long).endsWith(ending.length > 12 ? 'm' : ending.slice(-2)))
  }
})

test('a file name of 255 characters stays, and so does one of a container', async () => {
  const named = (size: number): string => `Content-Disposition: attachment; filename="${'n'.repeat(size)}"`
  assert.equal(await shaped(named(255), '', 'body'), null)
  assert.notEqual(await shaped(named(256), '', 'body'), null)
  assert.equal(await shaped('Content-Type: multipart/mixed; boundary=b', named(300), '', '--b', '', 'x', '--b--', ''), null)
})

test('a Subject of 255 characters stays, a longer one is cut and kept beside it', async () => {
  assert.equal(await shaped(`Subject: ${'s'.repeat(255)}`, '', 'body'), null)
  const cut = await shaped(`Subject: ${'s'.repeat(256)}`, '', 'body')
  assert.equal(valueText(fieldOf(cut, 'subject') ?? ''), `${'s'.repeat(254)}…`)
  assert.equal(valueText(fieldOf(cut, 'x-original-subject') ?? ''), 's'.repeat(256))
  const faces = await shaped(`Subject: =?utf-8?B?${Buffer.from(`a${'😀'.repeat(200)}`).toString('base64')}?=`, '', 'body')
  assert.equal(valueText(fieldOf(faces, 'subject') ?? ''), `a${'😀'.repeat(126)}…`)
})

test('of 486 references the first and the last 484 stay, in order; 485 are left alone', async () => {
  const ids = Array.from({ length: 486 }, (_, at) => `<${at}@example.org>`)
  assert.equal(await shaped(`References: ${ids.slice(1).join('\r\n ')}`, '', 'body'), null)
  const cut = await shaped(`References: ${ids.join('\r\n ')}`, '', 'body')
  assert.equal(fieldOf(cut, 'references'), [ids[0], ...ids.slice(2)].join(' '))
  const long = Array.from({ length: 60 }, (_, at) => `<${at}${'x'.repeat(880)}@example.org>`)
  const kept = fieldOf(await shaped(`In-Reply-To: ${long.join('\r\n ')}`, '', 'body'), 'in-reply-to') ?? ''
  assert.ok(kept.startsWith(long[0] ?? '') && kept.endsWith(long[59] ?? '') && kept.length <= 40_000 && kept.length > 38_000)
})

test('an address too long moves away with the whole field, and commas in quotes do not part one', async () => {
  const cut = await shaped(`To: "A, \\", B" <a@b.example>, ${'x'.repeat(1950)}@c.example, d@e.example`, '', 'body')
  assert.deepEqual(addressesOf(fieldOf(cut, 'to') ?? null), ['a@b.example', 'd@e.example'])
  assert.equal(fieldOf(cut, 'to'), '"A, \\", B" <a@b.example>, d@e.example')
  assert.equal(addressesOf(fieldOf(cut, 'x-broken-to') ?? null).length, 3)
  assert.equal(await shaped(`Cc: "${'x, '.repeat(400)}" <a@b.example>`, '', 'body'), null)
  assert.ok(fieldOf(await shaped(`Cc: "${'x, '.repeat(700)}" <a@b.example>`, '', 'body'), 'x-broken-cc'))
  assert.equal(await shaped(`Cc: ${'x'.repeat(1950)}`, '', 'body'), null)
  const alone = await shaped(`Cc: ${'x'.repeat(1951)}`, '', 'body')
  assert.deepEqual([fieldOf(alone, 'cc'), fieldOf(alone, 'x-broken-cc')?.length], [undefined, 1951])
})

test('a structure at the limit of depth and width passes, beyond it the whole message is wrapped', async () => {
  const wide = (parts: number): Promise<string | null> =>
    shaped('Content-Type: multipart/mixed; boundary=b', '', ...Array.from({ length: parts }, () => '--b\r\n\r\nx'), '--b--')
  assert.deepEqual([await wide(250), await wide(251)], [null, 'wrapped'])
  const deep = (levels: number): Promise<string | null> =>
    shaped(...Array.from({ length: levels }, (_, at) => `Content-Type: multipart/mixed; boundary=b${at}x\r\n\r\n--b${at}x`), '', 'text')
  assert.deepEqual([await deep(30), await deep(31)], [null, 'wrapped'])
})

test('references of 40,000 bytes stay as they are, with one more they are written anew', async () => {
  const ids = Array.from({ length: 400 }, (_, at) => `<${at}@example.org>`.padStart(97, ' ')).join('\r\n')
  const field = (bytes: number): string => `References:${ids}`.padEnd(bytes - 2, ' ')
  assert.equal(await shaped(field(40_000), '', 'body'), null)
  assert.ok(((await shaped(field(40_001), '', 'body')) ?? '').length < 30_000)
})

test('an AppleDouble is declared as the mixed parts that it is; other fields are not searched for it', async () => {
  assert.equal(
    await shaped('X-A: multipart/appledouble', 'Content-Type: Multipart/AppleDouble; boundary=b', '', '--b--', ''),
    'X-A: multipart/appledouble\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b--\r\n',
  )
  assert.equal(await shaped('X-A: multipart/appledouble', '', 'body'), null)
})
