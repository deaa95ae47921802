import assert from 'node:assert/strict'
import { test } from 'node:test'
import { splitHeader } from './header-fields.ts'
import { readPartHeader, type PartHeader } from './mime-header.ts'

const read = (...lines: readonly string[]): PartHeader =>
  readPartHeader(splitHeader(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1')), 'text/plain')
const nameOf = (value: string): string => read(`Content-Disposition: ${value}`).fileName

test('quotes hold semicolons, parentheses and blanks together, and are no part of the value', () => {
  assert.equal(nameOf('attachment; filename="a; b (c).txt"; size=1'), 'a; b (c).txt')
  assert.equal(nameOf('attachment; filename="say \\"a\\\\b\\" c:\\x"'), 'say "a\\b" c:\\x')
  assert.equal(nameOf('attachment; filename="a\\\\"; size=1'), 'a\\')
  assert.equal(read('Content-Type: multipart/mixed; boundary="a;b=c"; type="x/y"').boundary, 'a;b=c')
})

test('comments vanish, but a parenthesis in a value is part of it', () => {
  assert.equal(read('Content-Type: text/html (really; yes); (x) charset=utf-8').charset, 'utf-8')
  assert.equal(read('Content-Type: (a (nested) b) text/html').type, 'text/html')
  assert.equal(nameOf('attachment; filename=copy(1).txt'), 'copy(1).txt')
})

test('a name in numbered pieces is put together in their order, decoded where they say so', () => {
  assert.equal(nameOf("attachment; filename*1*=%A9b; filename*0*=utf-8'en'a%C3; filename*2=%41"), 'aéb%41')
  assert.equal(nameOf("attachment; filename*=iso-8859-1''%e9t%E9.txt"), 'été.txt')
  assert.equal(nameOf("attachment; filename*0=it's; filename*1=' ok"), "it's' ok")
  assert.equal(nameOf("attachment; filename=plain.txt; filename*=utf-8''%C3%A9.txt"), 'é.txt')
})

test('of twin parameters the first counts, and what has no equals sign is none', () => {
  assert.equal(nameOf('attachment; =x; filename; filename=a; filename=b'), 'a')
  assert.equal(read('Content-Type: text/html; name=a', 'Content-Disposition: inline; filename=b').fileName, 'b')
  assert.equal(read('Content-Type: text/html; name=a').fileName, 'a')
})

test('what is no type is the type that a part has without one, and unknown encodings are told apart from none', () => {
  assert.equal(read('Content-Type: text').type, 'text/plain')
  assert.equal(read('Content-Type: Text/HTML').type, 'text/html')
  const encoding = (value: string): string => read(`Content-Transfer-Encoding: ${value}`).encoding
  assert.deepEqual(['', '7bit', ' 8-BIT', '"Base64"', 'quoted-printable; x', 'x-uuencode'].map(encoding), [
    'identity',
    'identity',
    'identity',
    'base64',
    'quoted-printable',
    'unknown',
  ])
  assert.deepEqual([read('Content-Transfer-Encoding: Binary').isBinary, read('Content-Transfer-Encoding: 8bit').isBinary], [true, false])
})

test('a boundary is told byte by byte, other values as the text that their bytes most probably are', () => {
  const field = 'Content-Type: multipart/mixed; boundary="\xc3\xa9"; name="\xc3\xa9"'
  assert.deepEqual([read(field).boundary, read(field).fileName], ['\xc3\xa9', 'é'])
})
