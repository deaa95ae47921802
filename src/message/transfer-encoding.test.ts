import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Base64Encoder, Base64Wrapper, decoderOf, QuotedPrintableEncoder, type Transform } from './transfer-encoding.ts'

const run = (transform: Transform, ...pieces: readonly string[]): string =>
  Buffer.concat([...pieces.map((piece) => transform.write(Buffer.from(piece, 'latin1'))), transform.end()]).toString('latin1')
const encoded = (...pieces: readonly string[]): string => run(new QuotedPrintableEncoder(), ...pieces)
const decoded = (...pieces: readonly string[]): string => run(decoderOf('quoted-printable'), ...pieces)

test('quoted-printable encodes what a transport could take for something else, and nothing more', () => {
  assert.equal(encoded('a-b. For you\t!~ \r\n'), 'a-b. For you\t!~=20\r\n')
  assert.equal(encoded('.x\r\nFrom y\r\n--z\r\nx--\r\n'), '=2Ex\r\n=46rom y\r\n=2D-z\r\nx--\r\n')
  assert.equal(encoded('1=1\x7f\x1f\xe9\0'), '1=3D1=7F=1F=E9=00')
  assert.equal(encoded('a\rb\nc\r\n'), 'a=0Db=0Ac\r\n')
  assert.equal(encoded('a \r\nb\t\r\nc '), 'a=20\r\nb=09\r\nc=20')
  assert.equal(encoded('a \rb \n'), 'a =0Db =0A')
})

test('lines of quoted-printable are filled up to 75 characters and a soft break', () => {
  const x = (count: number): string => 'x'.repeat(count)
  assert.equal(encoded(x(75)), x(75))
  assert.equal(encoded(x(76)), `${x(75)}=\r\nx`)
  assert.equal(encoded(`${x(72)}\xe9`), `${x(72)}=E9`)
  assert.equal(encoded(`${x(73)}\xe9`), `${x(73)}=\r\n=E9`)
  assert.equal(encoded(`${x(70)}\r\n${x(75)}`), `${x(70)}\r\n${x(75)}`)
})

test('decoding takes soft breaks and padding away and keeps a `=` that means nothing', () => {
  assert.equal(decoded('a=\r\nb=\nc= \t\r\nd'), 'abcd')
  assert.equal(decoded('a \t\r\nb \nc  d \re '), 'a\r\nb\nc  d \re')
  assert.equal(decoded('=E9=e9=G1=1G=='), '\xe9\xe9=G1=1G=')
  assert.equal(decoded('a=E'), 'a=E')
  assert.equal(decoded('a='), 'a')
  assert.equal(decoded('a=  '), 'a')
})

test('more blanks than anybody pads with are content, and are not held back', () => {
  const blanks = ' '.repeat(5000)
  const decoder = decoderOf('quoted-printable')
  const first = decoder.write(Buffer.from(`a${blanks}`)).length
  assert.ok(first > 4000, 'handed on before the end of the line is known')
  assert.equal(decoded(`a${blanks}b`), `a${blanks}b`)
  assert.equal(decoded(`a${' '.repeat(4000)}\r\nb`), 'a\r\nb')
})

test('base64 is written in lines of 76 characters without a line end after the last, and wrapped anew without being read', () => {
  const bytes = 'y'.repeat(57 * 2)
  const text = Buffer.from(bytes).toString('base64')
  const wrapped = `${text.slice(0, 76)}\r\n${text.slice(76)}`
  for (const pieces of [[bytes], [bytes.slice(0, 57), bytes.slice(57)], [bytes.slice(0, 20), bytes.slice(20)]])
    assert.equal(run(new Base64Encoder(), ...pieces), wrapped)
  assert.equal(run(new Base64Wrapper(), ` ${text.slice(0, 100)}\n*`, text.slice(100)), wrapped)
  assert.equal(run(decoderOf('base64'), 'YQ==YWI=Y', 'WJj*', '\r\nYQ'), 'aababca')
})
