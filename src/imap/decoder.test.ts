import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Decoder } from './decoder.ts'
import type { Literal, Response } from './response.ts'
import { DecodeError } from './token-reader.ts'

function decode(pieces: readonly Buffer[]): Response[] {
  const found: Response[] = []
  const decoder = new Decoder({ response: (response) => found.push(response), literal: () => null })
  for (const piece of pieces) decoder.push(piece)
  return found
}

/** Literals compared by their octets: how they were cut is not part of the meaning. */
function plainly(responses: readonly Response[]): unknown {
  return JSON.parse(
    JSON.stringify(responses, (_, value: unknown) =>
      typeof value === 'object' && value !== null && 'chunks' in value ? { octets: octetsOf(value as Literal) } : value,
    ),
  )
}

function octetsOf(literal: Literal): string {
  return Buffer.concat(literal.chunks).toString('latin1')
}

function one(text: string): Response {
  const [first, second] = decode([Buffer.from(text, 'latin1')])
  assert.ok(first !== undefined && second === undefined, 'exactly one response')
  return first
}

const DIALOGUES: Readonly<Record<string, string>> = {
  'a greeting, an answer, a code': '* OK [CAPABILITY IMAP4rev1 LITERAL+] ready\r\nA1 OK [READ-ONLY] done\r\n* OK\r\nA2 NO\r\n',
  'messages with UID before and behind the body':
    '* 1 FETCH (FLAGS (\\Seen $x]y) UID 7 BODY[] {5}\r\nab\r\nc)\r\n* 2 fetch (BODY[] {0}\r\n uid 8 X-GUID "q\\"\\\\")\r\nA1 OK\r\n',
  'a literal that is two octets short': '* 1 FETCH (UID 1 BODY[] {3}\r\nabc\r\n)\r\nA1 OK x\r\n',
  'a literal that is one octet short': '* 1 FETCH (UID 1 BODY[] {4}\r\nabc\r\n)\r\nA1 OK x\r\n',
  'a lost parenthesis': '* 1 FETCH (UID 1 BODY[] {3}\r\nabc\r\n* 2 FETCH (UID 2 BODY[] NIL)\r\nA1 OK x\r\n',
  'names as atom, quoted, literal': '* LIST (\\Noselect) "/" a\r\n* LIST () NIL "b \\" c"\r\n* LIST () "." {3}\r\nd/e\r\nA1 OK\r\n',
  'long lists as text': '* SEARCH 1 2 3\r\n* ESEARCH (TAG "A1") UID ALL 1:3,7\r\n* VANISHED (EARLIER) 4:5\r\n* 3 EXISTS\r\n',
  'things that are not IMAP':
    'Server Unavailable. 15\r\n<body BAD Command Error. 10\r\n[COPYUID 55 31 6]\r\n* [COPYUID 1 2 3] x\r\n+\r\n+ go\r\n',
  'bare LF': '* 1 FETCH (UID 1 BODY[] {2}\nab)\nA1 OK\n',
}

for (const [name, text] of Object.entries(DIALOGUES)) {
  test(`the same responses come out wherever the bytes are cut: ${name}`, () => {
    const bytes = Buffer.from(text, 'latin1')
    const whole = plainly(decode([bytes]))
    for (let at = 0; at <= bytes.length; at++) assert.deepEqual(plainly(decode([bytes.subarray(0, at), bytes.subarray(at)])), whole)
    assert.deepEqual(plainly(decode(Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)))), whole)
  })
}

test('items of a message are found in any order and case, with extras between them', () => {
  const text = '* 9 FETCH (X-GM (a (b)) rfc822.size 12 INTERNALDATE " 1-Jan-2020 00:00:00 +0000" MODSEQ (5) flags (\\Seen "q") UID 3)\r\n'
  assert.deepEqual(one(text), {
    kind: 'fetch',
    uid: 3,
    flags: ['\\Seen', 'q'],
    internalDate: ' 1-Jan-2020 00:00:00 +0000',
    sizeBytes: 12,
    labels: null,
    section: null,
    body: null,
  })
})

test('a body may be a quoted string, NIL, or left out', () => {
  const bodyOf = (text: string): string | null => {
    const response = one(text)
    assert.equal(response.kind, 'fetch')
    if (response.kind !== 'fetch') return null
    assert.equal(response.uid, 4)
    return response.body === null ? null : octetsOf(response.body)
  }
  assert.equal(bodyOf('* 1 FETCH (BODY[] "hi" UID 4)\r\n'), 'hi')
  assert.equal(bodyOf('* 1 FETCH (BODY[] NIL UID 4)\r\n'), null)
  assert.equal(bodyOf('* 1 FETCH (BODY[] UID 4)\r\n'), null)
  assert.equal(bodyOf('* 4 UIDFETCH (BODY[HEADER.FIELDS (DATE FROM)] "x")\r\n'), 'x')
})

test('numbers outside the grammar do no harm', () => {
  const response = one('* 1 FETCH (UID 9.3736e+06 RFC822.SIZE -1)\r\n')
  assert.ok(response.kind === 'fetch' && response.uid === 9373600 && response.sizeBytes === 0)
  const code = one('* OK [UIDVALIDITY 1666390893380] x\r\n')
  assert.ok(code.kind === 'status' && code.codeText === '1666390893380')
})

test('a code with a list of keywords ends at the end of the list', () => {
  const response = one('* OK [PERMANENTFLAGS (\\Seen a]b \\*)] Flags permitted.\r\n')
  assert.ok(response.kind === 'status' && response.codeText === '(\\Seen a]b \\*)' && response.text === 'Flags permitted.')
})

test('braces at the end of a status text or inside a name are text', () => {
  assert.equal(one('A1 NO say {5}\r\n').kind, 'status')
  assert.equal(one('* LIST () "/" "x {5}"\r\n').kind, 'data')
})

test('literals are slices of the bytes that came in', () => {
  const bytes = Buffer.from('* 1 FETCH (UID 1 BODY[] {10}\r\n0123456789)\r\n')
  const [response] = decode([bytes.subarray(0, 35), bytes.subarray(35)])
  assert.ok(response?.kind === 'fetch' && response.body !== null)
  assert.equal(response.body.chunks.length, 2)
  for (const chunk of response.body.chunks) assert.equal(chunk.buffer, bytes.buffer)
})

test('where the bytes will be overwritten a kept literal is a copy, and the decoder says whether it kept slices', () => {
  const found: Response[] = []
  const decoder = new Decoder({ response: (response) => found.push(response), literal: () => null })
  const bytes = Buffer.from('* 1 FETCH (UID 1 BODY[] {4}\r\nabcd)\r\n')
  assert.equal(decoder.push(bytes, false), false)
  bytes.fill(0)
  const [response] = found
  assert.ok(response?.kind === 'fetch' && response.body !== null)
  assert.equal(Buffer.concat(response.body.chunks).toString(), 'abcd')
  assert.equal(decoder.push(Buffer.from('* OK nothing to keep\r\n')), false)
  assert.equal(decoder.push(Buffer.from('* 1 FETCH (UID 2 BODY[] {4}\r\nab')), true)
})

test('a sink gets the octets and the response says so', () => {
  const got: string[] = []
  const found: Response[] = []
  const decoder = new Decoder({
    response: (response) => found.push(response),
    literal: (head, bytes) => {
      assert.deepEqual([head.name, head.open, bytes], ['FETCH', ['UID', '1', 'BODY[]'], 4])
      return { chunk: (octets) => got.push(octets.toString()), end: () => got.push('end') }
    },
  })
  decoder.push(Buffer.from('* 1 FETCH (UID 1 BODY[] {4}\r\nab'))
  decoder.push(Buffer.from('cd)\r\n'))
  assert.deepEqual(got, ['ab', 'cd', 'end'])
  assert.ok(found[0]?.kind === 'fetch' && found[0].body?.taken === true && found[0].body.chunks.length === 0)
})

test('a line of 700,000 bytes in small pieces is one answer', () => {
  const line = Buffer.from(`* SEARCH ${Array.from({ length: 100_000 }, (_, at) => at + 1).join(' ')}\r\n`)
  const pieces: Buffer[] = []
  for (let at = 0; at < line.length; at += 100) pieces.push(line.subarray(at, at + 100))
  const [response] = decode(pieces)
  assert.ok(response?.kind === 'data' && response.text.endsWith(' 99999 100000'))
})

test('bottomless nesting, endless lines and huge literals that nobody can place are refused, not stored', () => {
  assert.throws(() => decode([Buffer.from(`* X ${'('.repeat(1000)}\r\n`)]), DecodeError)
  assert.throws(() => decode([Buffer.from('* 1 FETCH (BODY[] {40000000}\r\n')]), DecodeError)
  const megabyte = Buffer.alloc(1024 * 1024, 'x')
  assert.throws(() => decode(Array.from({ length: 65 }, () => megabyte)), DecodeError)
})

test('bytes behind a stop are kept as they are', () => {
  const decoder = new Decoder({ response: () => decoder.stop(), literal: () => null })
  decoder.push(Buffer.from('A1 OK begin\r\n\0\x01'))
  decoder.push(Buffer.from('\r\n'))
  assert.deepEqual(decoder.takeRest(), Buffer.from('\0\x01\r\n'))
})

test('random bytes never throw anything but a DecodeError, and cutting them changes nothing', () => {
  const byte = fc.constantFrom(...Buffer.from('*+A1 ()[]{}"\\\r\n059~-FETCHUIDBODYOKNIL\0\xff', 'latin1'))
  fc.assert(
    fc.property(fc.array(byte, { maxLength: 200 }), fc.nat(200), (given, cut) => {
      const bytes = Buffer.from(given)
      const run = (pieces: readonly Buffer[]): unknown => {
        try {
          return plainly(decode(pieces))
        } catch (error) {
          assert.ok(error instanceof DecodeError)
          return error.message
        }
      }
      assert.deepEqual(run([bytes.subarray(0, cut), bytes.subarray(cut)]), run([bytes]))
    }),
    { numRuns: 500 },
  )
})

test('labels of Gmail come as atoms, quoted or as literals; one may be called NIL, and a system label keeps its backslash', () => {
  const text = '* 3 FETCH (X-GM-LABELS (\\Inbox "\\\\Sent" "Bills \\"paid\\"" NIL M&APw-ller {3}\r\na)b) UID 5)\r\n'
  const response = one(text)
  assert.equal(response.kind, 'fetch')
  if (response.kind !== 'fetch') return
  assert.deepEqual(response.labels, ['\\Inbox', '\\Sent', 'Bills "paid"', 'NIL', 'M&APw-ller', 'a)b'])
  assert.equal(response.uid, 5)
})
