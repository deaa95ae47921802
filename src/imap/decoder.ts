import type { OctetSink } from '../lib/octet-sink.ts'
import { fetchResponse } from './fetch-response.ts'
import { garbageOrStatus, parseStatus } from './parse-status.ts'
import type { Response, Token } from './response.ts'
import { DecodeError, TokenReader } from './token-reader.ts'

/** The response a literal belongs to, as far as it has come. */
export type LiteralHead = { readonly name: string; readonly number: number | null; readonly open: readonly Token[] }

export type DecoderEvents = {
  response(response: Response): void
  /** Where the octets of a literal go; null: they are kept with the response. */
  literal(head: LiteralHead, bytes: number): OctetSink | null
}

/** Answers that are long lists of numbers or atoms: handed on as text, and read by those who want them. */
const AS_TEXT = new Set(['SEARCH', 'ESEARCH', 'VANISHED', 'CAPABILITY', 'ENABLED', 'SORT', 'FLAGS'])
const STATUS = new Set(['OK', 'NO', 'BAD', 'BYE', 'PREAUTH'])
const MAX_LINE_BYTES = 64 * 1024 * 1024
const MAX_HELD_BYTES = 32 * 1024 * 1024

type Pending = { readonly name: string; readonly number: number | null; readonly text: string; readonly tokens: TokenReader }

/**
 * Bytes in, responses out; may be fed in pieces of any size. Sinks get slices of what was fed; a literal that stays with its response
 * is such slices too, or copies of them where what is fed will be overwritten.
 * Throws a `DecodeError` only for what no server says: endless lines, bottomless nesting.
 */
export class Decoder {
  readonly #events: DecoderEvents
  /** The beginning of a line whose end has not come. */
  #held = ''
  #textBytes = 0
  #pending: Pending | null = null
  #hasLiteral = false
  /** An empty line came after a literal: it was announced too short, or the ")" is missing. */
  #afterEmpty = false
  #left = 0
  #literalBytes = 0
  #sink: OctetSink | null = null
  #chunks: Buffer[] = []
  #mayKeep = true
  #kept = false
  #heldBytes = 0
  #rest: Buffer[] | null = null

  constructor(events: DecoderEvents) {
    this.#events = events
  }

  /** From behind the response at hand on, bytes are kept undecoded, as they are no plain IMAP (STARTTLS, COMPRESS). */
  stop(): void {
    this.#rest ??= []
  }

  /** The bytes that came in behind `stop`; decoding goes on with the next `push`. */
  takeRest(): Buffer {
    const rest = Buffer.concat(this.#rest ?? [])
    this.#rest = null
    return rest
  }

  /** Returns whether slices of `chunk` were kept: never without `mayKeep`. */
  push(chunk: Buffer, mayKeep = true): boolean {
    this.#mayKeep = mayKeep
    this.#kept = false
    this.#decode(chunk)
    return this.#kept
  }

  #decode(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length && this.#rest === null) {
      if (this.#left > 0) {
        const end = Math.min(chunk.length, at + this.#left)
        this.#literal(chunk, at, end)
        at = end
        continue
      }
      const lf = chunk.indexOf(10, at)
      const end = lf < 0 ? chunk.length : lf
      this.#textBytes += end - at
      if (this.#textBytes > MAX_LINE_BYTES) throw new DecodeError(`a line of more than ${MAX_LINE_BYTES} bytes`)
      if (lf < 0) {
        this.#held += chunk.toString('latin1', at)
        return
      }
      let line = chunk.toString('latin1', at, lf)
      if (this.#held !== '') {
        line = this.#held + line
        this.#held = ''
      }
      at = lf + 1
      this.#line(line.endsWith('\r') ? line.slice(0, -1) : line)
    }
    if (at < chunk.length) this.#rest?.push(Buffer.from(chunk.subarray(at)))
  }

  #literal(from: Buffer, start: number, end: number): void {
    const octets = from.subarray(start, end)
    if (this.#sink !== null) this.#sink.chunk(octets)
    else {
      this.#chunks.push(this.#mayKeep ? octets : Buffer.from(octets))
      this.#kept ||= this.#mayKeep
    }
    this.#left -= octets.length
    if (this.#left === 0) this.#endLiteral()
  }

  #endLiteral(): void {
    this.#pending?.tokens.add({ bytes: this.#literalBytes, chunks: this.#chunks, taken: this.#sink !== null })
    this.#sink?.end()
    this.#sink = null
    this.#chunks = []
  }

  #beginLiteral(pending: Pending, bytes: number): void {
    this.#hasLiteral = true
    this.#literalBytes = bytes
    this.#left = bytes
    this.#sink = this.#events.literal({ name: pending.name, number: pending.number, open: pending.tokens.open }, bytes)
    if (this.#sink === null) {
      this.#heldBytes += bytes
      if (this.#heldBytes > MAX_HELD_BYTES) throw new DecodeError(`a literal of ${bytes} bytes that nobody can place`)
    }
    if (bytes === 0) this.#endLiteral()
  }

  #line(line: string): void {
    const pending = this.#pending
    if (pending === null) {
      this.#first(line)
      return
    }
    if (this.#afterEmpty) {
      this.#afterEmpty = false
      if (!line.startsWith(')') && !line.startsWith(' ')) {
        this.#finish(pending)
        this.#first(line)
        return
      }
    } else if (line === '' && pending.tokens.depth > 0) {
      this.#afterEmpty = true
      return
    }
    this.#tokens(pending, line, 0)
  }

  #first(line: string): void {
    if (line === '') {
      this.#textBytes = 0
      return
    }
    if (line.charCodeAt(0) === 43) {
      this.#emit({ kind: 'continue', text: line.slice(line.charCodeAt(1) === 32 ? 2 : 1) })
      return
    }
    if (!line.startsWith('* ')) {
      this.#emit(garbageOrStatus(line))
      return
    }
    let end = wordEnd(line, 2)
    let word = line.slice(2, end)
    const number = /^-?\d+$/.test(word) ? Number(word) : null
    if (number !== null && end < line.length) {
      const start = end + 1
      end = wordEnd(line, start)
      word = line.slice(start, end)
    }
    const name = word.toUpperCase()
    if (number === null && (STATUS.has(name) || word.startsWith('['))) {
      this.#emit(parseStatus(null, line, 2))
      return
    }
    const text = line.slice(end + 1)
    if (AS_TEXT.has(name)) this.#emit({ kind: 'data', name, number, text, values: [], hasLiteral: false })
    else this.#tokens({ name, number, text, tokens: new TokenReader() }, line, end)
  }

  #tokens(pending: Pending, line: string, from: number): void {
    const mark = literalMark(line)
    if (mark === null) {
      pending.tokens.read(line, from)
      this.#finish(pending)
      return
    }
    pending.tokens.read(line.slice(0, mark.at), from)
    this.#pending = pending
    this.#beginLiteral(pending, mark.bytes)
  }

  #finish(pending: Pending): void {
    const hasLiteral = this.#hasLiteral
    this.#pending = null
    this.#hasLiteral = false
    this.#heldBytes = 0
    const { name, number, text, tokens } = pending
    if (name === 'FETCH' || name === 'UIDFETCH') this.#emit(fetchResponse(name, number ?? 0, tokens.values))
    else this.#emit({ kind: 'data', name, number, text, values: tokens.values, hasLiteral })
  }

  #emit(response: Response): void {
    this.#textBytes = 0
    this.#events.response(response)
  }
}

function wordEnd(line: string, from: number): number {
  const space = line.indexOf(' ', from)
  return space < 0 ? line.length : space
}

/** "{123}" or "~{123}" at the end of a line, after a blank or a bracket; anything else in braces is text. */
function literalMark(line: string): { at: number; bytes: number } | null {
  if (line.charCodeAt(line.length - 1) !== 125) return null
  const match = /(?:^|[ (\]])(~?\{(\d{1,15})\+?\})$/.exec(line.slice(-40))
  if (match?.[1] === undefined) return null
  return { at: line.length - match[1].length, bytes: Number(match[2]) }
}
