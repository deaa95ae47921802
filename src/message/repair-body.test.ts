import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heldMessage } from './message-bytes.ts'
import type { RepairName } from './plan.ts'
import { repair } from './repair.ts'

/** More than is read at once: what is cut behind it stays cut. */
const MANY = 20_000
const LONG = 'word and more '.repeat(900)

/** The repaired message; null when nothing was repaired. It comes in two pieces when it is cut somewhere. */
async function fixed(name: RepairName, text: string, cut = text.length): Promise<string | null> {
  const pieces = [text.slice(0, cut), text.slice(cut)].map((piece) => Buffer.from(piece, 'latin1'))
  await using done = await repair(heldMessage(pieces), [name], { uid: 7, internalDate: '17-Jul-1996 02:44:25 -0700' })
  const chunks: Buffer[] = []
  for await (const chunk of done.chunks()) chunks.push(chunk)
  return done.applied.length === 0 ? null : Buffer.concat(chunks).toString('latin1')
}

const lines = (...all: readonly string[]): string => all.join('\r\n')

test('text with a long line becomes quoted-printable, all else and text of wide characters base64', async () => {
  const encoding = async (type: string): Promise<string | undefined> =>
    /Content-Transfer-Encoding: ([a-z0-9-]+)/.exec((await fixed('long-lines', lines(`Content-Type: ${type}`, '', LONG))) ?? '')?.[1]
  assert.equal(await encoding('text/calendar; charset=utf-8'), 'quoted-printable')
  for (const type of ['image/png', 'text/plain; charset=utf-16le', 'text/plain; charset=UCS-2', 'application/pdf']) {
    assert.equal(await encoding(type), 'base64', type)
  }
})

test('only the header of a message is marked as MIME, and only where it is not yet', async () => {
  const part = lines('--b', 'Content-Type: text/plain', '', LONG, '--b--', '')
  const inside = await fixed('long-lines', lines('MIME-Version: 1.0 (old)', 'Content-Type: multipart/mixed; boundary=b', '', part))
  assert.deepEqual(inside?.match(/MIME-Version: .*/gi), ['MIME-Version: 1.0 (old)'])
  assert.deepEqual((await fixed('long-lines', lines('Subject: x', '', LONG)))?.match(/MIME-Version: .*/gi), ['MIME-Version: 1.0'])
  assert.deepEqual((await fixed('long-lines', lines('Mime-version: 1.0 (old)', '', LONG)))?.match(/MIME-Version: .*/gi), [
    'Mime-version: 1.0 (old)',
  ])
})

test('each kind of bare line end is found by itself, wherever the bytes are cut', async () => {
  const head = `A: b\r\n\r\n${'y'.repeat(MANY)}`
  for (const [broken, whole] of [
    ['c\rd\r\n', 'c\r\nd\r\n'],
    ['c\nd\r\n', 'c\r\nd\r\n'],
    ['c\r\r\nd', 'c\r\nd'],
    ['c\r\r\rd', 'c\r\n\r\n\r\nd'],
    ['c\r\nd\r', 'c\r\nd\r\n'],
    ['c\r\nd\n', 'c\r\nd\r\n'],
  ] as const)
    for (let at = 0; at <= broken.length; at++) {
      const after = await fixed('line-ends', head + broken, head.length + at)
      assert.equal(after?.replace(head, ''), whole, JSON.stringify([broken, at]))
      assert.equal(await fixed('line-ends', head + whole, head.length + at), null)
    }
  for (const broken of ['A: b\n\r\nc', 'A: b\r\n\nc', 'A: b\r\r\n\r\nc']) assert.equal(await fixed('line-ends', broken), 'A: b\r\n\r\nc')
})

test('bare line ends between the parts are repaired, also where the parts have none', async () => {
  const [head, part] = ['Content-Type: multipart/mixed; boundary=b\r\n\r\n', '--b\r\n\r\nx\r\n--b--\r\n']
  assert.equal(await fixed('line-ends', `${head}before\n${part}`), `${head}before\r\n${part}`)
  assert.equal(await fixed('line-ends', `${head}${part}behind\nit`), `${head}${part}behind\r\nit`)
  assert.equal(await fixed('line-ends', `${head}${part.replace('x\r\n', 'x\n')}`), head + part)
  assert.equal(await fixed('line-ends', head + part), null)
})

test('a NUL is found wherever it stands, and what has none is left alone', async () => {
  const [head, part] = ['Content-Type: multipart/mixed; boundary=b\r\n\r\n', '--b\r\n\r\nx\r\n--b--\r\n']
  assert.equal(await fixed('nul', `${head}be\0fore\r\n${part}`), `${head}before\r\n${part}`)
  assert.equal(await fixed('nul', `${head}${part}be\0hind`), `${head}${part}behind`)
  assert.equal(await fixed('nul', `${head}--b\r\n\r\nx\0y\r\n--b--\r\n`), `${head}--b\r\n\r\nx y\r\n--b--\r\n`)
  assert.equal(await fixed('nul', `${head}--b\r\nX\0: y\r\n\r\nx\r\n--b--\r\n`), `${head}--b\r\nX: y\r\n\r\nx\r\n--b--\r\n`)
  assert.equal(await fixed('nul', head + part), null)
})

test('NULs in the middle of text become as many blanks, those at its end vanish, however it is cut', async () => {
  const head = `A: b\r\n\r\n${'y'.repeat(MANY)}`
  for (let at = 0; at <= 7; at++) {
    const after = await fixed('nul', `${head}c\0\0\0d\0\0`, head.length + at)
    assert.equal(after?.replace(head, ''), 'c   d')
  }
  const coded = `Content-Transfer-Encoding: base64\r\n\r\n${'A'.repeat(MANY)}`
  for (let at = 0; at <= 7; at++) {
    const after = await fixed('nul', `${coded}YQ\0\0==\0`, coded.length + at)
    assert.equal(after?.replace(coded, ''), 'YQ==')
  }
})

test('wide characters keep their NULs: they travel in base64', async () => {
  const wide = Buffer.from('ab', 'utf16le').toString('latin1')
  const after = await fixed('nul', `Content-Type: text/plain; charset=utf-16le\r\n\r\n${wide}`)
  assert.ok(after?.includes('Content-Transfer-Encoding: base64') && after.endsWith(Buffer.from(wide, 'latin1').toString('base64')))
})

test('inline PGP is seen wherever it stands, and nothing of it is rewritten', async () => {
  const mark = '-----BEGIN PGP MESSAGE-----'
  const head = `A: b\r\n\r\n${'y\r\n'.repeat(MANY / 3)}`
  for (let at = 0; at <= mark.length; at += 3) {
    const after = await fixed('long-lines', `${head}${mark}\r\n${LONG}`, head.length + at)
    assert.ok(after?.includes('X-Migrated-Repair: wrapped'), `cut behind ${at} characters`)
  }
  assert.ok((await fixed('long-lines', `${head}----- BEGIN PGP\r\n${LONG}`))?.includes('quoted-printable'))
})
