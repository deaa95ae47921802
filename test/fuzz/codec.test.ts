/** What we write a server's parser reads back, and what a server writes we read back, wherever the bytes are cut. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { Decoder } from '../../src/imap/decoder.ts'
import { dateTime, flagList, imapString, type Part } from '../../src/imap/encoder.ts'
import type { Response, Token } from '../../src/imap/response.ts'
import { parseCommand, type RawCommand } from '../../src/simulator/command.ts'
import { parameters } from './settings.ts'

const octets = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'))
const text = fc
  .oneof(fc.string({ maxLength: 20 }), octets, fc.constantFrom('', ' ', '"', '\\', '\\"', '{3}', '{3+}', '(', 'NIL', 'a\r\nb', '%*'))
  .map(narrow)

/** One char an octet. */
function narrow(all: string): string {
  return Buffer.from(all, 'utf8').toString('latin1')
}

/** A command as it stands on the wire: its lines, with the octets of a literal between each two. */
function written(parts: readonly Part[]): RawCommand {
  const lines = ['']
  const literals: Buffer[] = []
  for (const part of parts) {
    if (typeof part === 'string') {
      lines[lines.length - 1] += part
      continue
    }
    lines[lines.length - 1] += `{${part.bytes}+}`
    lines.push('')
    literals.push(Buffer.concat(Array.isArray(part.body) ? part.body : []))
  }
  return { lines, literals }
}

test('a server reads the strings of a command as we meant them', () => {
  const strings = fc.array(
    text.filter((one) => !one.includes('\0')),
    { minLength: 1, maxLength: 4 },
  )
  fc.assert(
    fc.property(strings, fc.subarray(['\\Seen', '\\Flagged', '$Forwarded', 'Work']), (all, flags) => {
      const parts = all.flatMap((one): Part[] => [' ', imapString(one)])
      const command = parseCommand(written(['A1 APPEND', ...parts, ' ', flagList(flags), ' ', dateTime(' 1-Jan-2020 00:00:00 +0100')]))
      assert.ok(command !== null)
      const [flagged, date] = command.arguments.slice(all.length)
      assert.deepEqual(
        command.arguments.slice(0, all.length).map((one) => (one.kind === 'list' ? null : one.text)),
        all,
      )
      assert.deepEqual(flagged?.kind === 'list' ? flagged.items.map((one) => (one.kind === 'list' ? null : one.text)) : null, flags)
      assert.equal(date?.kind === 'quoted' ? date.text : null, ' 1-Jan-2020 00:00:00 +0100')
    }),
    parameters(400),
  )
})

type Said = { readonly atom: string } | { readonly quoted: string } | { readonly literal: string } | { readonly list: readonly Said[] }

const { said } = fc.letrec<{ said: Said; list: Said }>((tie) => ({
  said: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.stringMatching(/^[A-Za-z0-9$.\\-]{1,12}$/).map((atom) => ({ atom })),
    text.filter((one) => !/[\r\n]/.test(one)).map((quoted) => ({ quoted })),
    octets.map((literal) => ({ literal })),
    tie('list'),
  ),
  list: fc.array(tie('said'), { maxLength: 4 }).map((list) => ({ list })),
}))

function wire(one: Said): string {
  if ('atom' in one) return one.atom
  if ('quoted' in one) return `"${one.quoted.replaceAll(/["\\]/g, '\\$&')}"`
  if ('literal' in one) return `{${one.literal.length}}\r\n${one.literal}`
  return `(${one.list.map(wire).join(' ')})`
}

function heard(token: Token): Said {
  if (typeof token === 'string') return { atom: token }
  if ('quoted' in token) return { quoted: token.quoted }
  if ('chunks' in token) return { literal: Buffer.concat(token.chunks).toString('latin1') }
  return { list: token.map(heard) }
}

/** Cut at the places that `cuts` names, as fractions of the whole. */
function pieces(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const places = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)).sort((a, b) => a - b), bytes.length]
  return places.slice(1).map((end, at) => bytes.subarray(places[at], end))
}

test('the values of a response are read as a server meant them, wherever the bytes are cut', () => {
  const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 })
  fc.assert(
    fc.property(fc.array(fc.array(said, { maxLength: 5 }), { minLength: 1, maxLength: 3 }), cuts, (responses, places) => {
      const bytes = Buffer.from(responses.map((values) => `* XDATA ${values.map(wire).join(' ')}\r\n`).join(''), 'latin1')
      const found: Response[] = []
      const decoder = new Decoder({ response: (one) => found.push(one), literal: () => null })
      for (const piece of pieces(bytes, places)) decoder.push(piece)
      assert.deepEqual(
        found.map((one) => (one.kind === 'data' ? one.values.map(heard) : one.kind)),
        responses,
      )
    }),
    parameters(400),
  )
})
