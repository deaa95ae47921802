import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { MimeWalker, type MimeSink } from './mime-walker.ts'
import { decoderOf, Base64Encoder, Base64Wrapper, QuotedPrintableEncoder, type Transform } from './transfer-encoding.ts'

type Seen = { readonly all: string; readonly parts: readonly string[]; readonly ended: number }

function walk(chunks: readonly Buffer[]): Seen {
  const all: string[] = []
  const parts: string[] = []
  let ended = 0
  const sink: MimeSink = {
    header: (part, raw) => {
      parts[part.index] = `${part.depth}${part.sealed ? 's' : ''} ${part.type}:`
      all.push(raw.toString('latin1'))
    },
    body: (part, bytes) => {
      parts[part.index] += bytes.toString('latin1')
      all.push(bytes.toString('latin1'))
    },
    rest: (_, bytes) => void all.push(bytes.toString('latin1')),
    end: () => void ended++,
  }
  const walker = new MimeWalker(sink)
  for (const chunk of chunks) walker.write(chunk)
  walker.end()
  return { all: all.join(''), parts, ended }
}

const text = (...lines: readonly string[]): Seen => walk([Buffer.from(lines.join('\r\n'), 'latin1')])

test('parts are found at every depth, and the line end before a delimiter is not content', () => {
  const seen = text(
    'Content-Type: multipart/mixed; boundary="a"',
    '',
    'preamble',
    '--a',
    'Content-Type: multipart/signed; boundary=b',
    '',
    '--b',
    '',
    'one',
    '--b',
    'Content-Type: application/pgp-signature',
    '',
    'sig',
    '',
    '--b--',
    '--a  ',
    'Content-Type: message/rfc822',
    '',
    'Subject: in',
    'Content-Type: text/html',
    '',
    '--c',
    'two',
    '--a--',
    'epilogue',
  )
  assert.deepEqual(seen.parts, [
    '0 multipart/mixed:',
    '1 multipart/signed:',
    '2s text/plain:one',
    '2s application/pgp-signature:sig\r\n',
    '1 message/rfc822:',
    '2 text/html:--c\r\ntwo',
  ])
  assert.equal(seen.ended, 6)
})

test('broken structures become one leaf, and nothing is lost', () => {
  assert.deepEqual(text('Content-Type: multipart/mixed', '', '--', 'x').parts, ['0 multipart/mixed:--\r\nx'])
  assert.deepEqual(text('Content-Type: multipart/mixed; boundary=""', '', '--', 'x').parts, ['0 multipart/mixed:--\r\nx'])
  assert.deepEqual(text('Hello there', '', 'x').parts, ['0 text/plain:Hello there\r\n\r\nx'])
  assert.deepEqual(text('', 'x').parts, ['0 text/plain:x'])
  assert.deepEqual(walk([]).parts, ['0 text/plain:'])
  assert.deepEqual(text('Content-Type: multipart/mixed; boundary=a', '', '--a', 'x').parts, ['0 multipart/mixed:', '1 text/plain:x'])
  const unnamed = text('Content-Type: multipart/mixed; boundary=a', '', '--a', 'Subject: no blank line', '--a', '', 'y', '--a')
  assert.deepEqual(unnamed.parts.slice(1), ['1 text/plain:', '1 text/plain:y', '1 text/plain:'])
})

test('a header that the message ends in has nothing below it, whatever it announces', () => {
  for (const type of ['multipart/mixed; boundary=a', 'message/rfc822']) {
    const kinds: string[] = []
    const nothing = (): void => {}
    const walker = new MimeWalker({ header: (part) => void kinds.push(part.kind), body: nothing, rest: nothing, end: nothing })
    walker.write(Buffer.from(`Content-Type: ${type}\r\n`))
    walker.end()
    assert.deepEqual(kinds, ['leaf'])
  }
})

test('what stands in a digest without a header of its own is a message all the same', () => {
  const seen = text('Content-Type: multipart/digest; boundary=a', '', '--a', 'hello there', '--a', '', 'Subject: x', '', 'y', '--a--')
  assert.deepEqual(seen.parts.slice(1), ['1 message/rfc822:', '2 text/plain:hello there', '1 message/rfc822:', '2 text/plain:y'])
})

test('limits of depth and number turn the rest into one opaque leaf', () => {
  const deep = Array.from({ length: 80 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`).join('')
  assert.equal(walk([Buffer.from(deep)]).parts.length, 51)
  const wide = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(6000)}`
  const seen = walk([Buffer.from(wide)])
  assert.equal(seen.parts.length, 5001)
  assert.equal(seen.all, wide)
})

const pieces = fc.oneof(
  fc.constantFrom('\r\n', '\n', '\r', '--', '--a', '--a--', '--b', '-', 'x', ' ', '\r\n--a\r\n', '\r\n--a--\r\n', '\r\n--b\r\n'),
  fc.constantFrom('Content-Type: multipart/mixed; boundary=a\r\n\r\n', 'Content-Type: multipart/mixed; boundary=b\n\n'),
  fc.constantFrom('Content-Type: message/rfc822\r\n\r\n', '\r\n\r\n'),
)

test('what the walker tells, joined, is the message, however it is cut', () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), fc.integer({ min: 1, max: 50 }), (parts, size) => {
      const bytes = Buffer.from(parts.join(''))
      const whole = walk([bytes])
      assert.equal(whole.all, bytes.toString('latin1'))
      assert.equal(whole.ended, whole.parts.length)
      const big = Buffer.concat([
        Buffer.from(`Content-Type: multipart/mixed; boundary=a\r\n\r\n${'y'.repeat(16_384 - size)}`),
        bytes,
        Buffer.alloc(20_000, 'z'),
      ])
      const cut = 16_384 + 45 + (size % 7)
      assert.deepEqual(walk([big.subarray(0, cut), big.subarray(cut)]), walk([big]))
    }),
    { numRuns: 1000 },
  )
})

function run(transform: Transform, bytes: Buffer, size: number): Buffer {
  const out: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) out.push(transform.write(bytes.subarray(at, at + size)))
  return Buffer.concat([...out, transform.end()])
}

const content = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.constantFrom('\r\n', '\n', '\r', ' ', '\t', '=', '=3D', '=\r\n', '--', 'From ', '.', 'word', 'é'), { maxLength: 80 })
    .map((all) => Buffer.from(all.join(''))),
)

test('encoding and decoding gives the same bytes, in short lines, however both are cut', () => {
  fc.assert(
    fc.property(content, fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 20 }), (bytes, one, two) => {
      for (const [encoding, encoder] of [
        ['quoted-printable', () => new QuotedPrintableEncoder()],
        ['base64', () => new Base64Encoder()],
      ] as const) {
        const encoded = run(encoder(), bytes, one)
        assert.ok(
          encoded
            .toString('latin1')
            .split('\r\n')
            .every((line) => line.length <= 76 && /^[\t -~]*$/.test(line) && !line.startsWith('-')),
        )
        assert.deepEqual(encoded, run(encoder(), bytes, 1000))
        assert.deepEqual(run(decoderOf(encoding), encoded, two), bytes)
      }
      const noise = run(decoderOf('quoted-printable'), bytes, one)
      assert.deepEqual(noise, run(decoderOf('quoted-printable'), bytes, two))
      const wrapped = run(new Base64Wrapper(), bytes, one)
      assert.deepEqual(run(decoderOf('base64'), wrapped, two), run(decoderOf('base64'), bytes, one))
    }),
    { numRuns: 1000 },
  )
})
