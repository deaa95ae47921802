import { isAscii, isUtf8 } from 'node:buffer'
import iconv from 'iconv-lite'

/** Turns bytes into text piece by piece. Never throws. */
export type TextReader = { write(bytes: Buffer): string; end(): string }

/** Labels that stand for "nobody knows": the bytes are guessed. */
const GUESSED = new Set(['', 'us-ascii', 'ascii', 'ansi_x3.4-1968', 'x-unknown', 'unknown', 'unknown-8bit', '8bit', 'default'])
/** What iconv-lite knows beside charsets. */
const NOT_CHARSETS = new Set(['hex', 'base64', 'binary', 'internal'])

/** A charset label as it is looked up: lower case, without RFC 2231's language and without quotes. */
export function charsetLabel(label: string): string {
  const plain = label
    .slice(0, 80)
    .replace(/\*.*$/, '')
    .replaceAll(/["'\s]/g, '')
    .toLowerCase()
  if (/^(iso-?8859-?1|latin-?1)$/.test(plain)) return 'windows-1252'
  return plain.replace(/^(iso-8859-8)-[ie]$/, '$1').replace(/^cp-?(125\d)$/, 'windows-$1')
}

/** True when bytes under this label can be turned into text without guessing; `us-ascii` counts as known. */
export function isKnownCharset(label: string): boolean {
  const plain = charsetLabel(label)
  if (/^(us-ascii|ascii|ansi_x3\.4-1968)$/.test(plain)) return true
  return !GUESSED.has(plain) && decoderFor(plain) !== null
}

/**
 * Decodes bytes in a labelled charset (iso-8859-1 as windows-1252, as everybody does). Unknown labels and us-ascii are
 * guessed: UTF-8 when the bytes are valid UTF-8, else windows-1252. Never throws.
 */
export function decodeCharset(bytes: Buffer, label: string): string {
  if (isAscii(bytes) && !bytes.includes(0x1b) && !/^(utf-?(7|16|32)|ucs|unicode|hz)/.test(charsetLabel(label)))
    return bytes.toString('latin1')
  const plain = charsetLabel(label)
  if (GUESSED.has(plain)) return guessText(bytes)
  if (plain === 'utf-8') return mixedText(bytes)
  const reader = decoderFor(plain)
  if (reader === null) return guessText(bytes)
  return reader.write(bytes) + reader.end()
}

/** Bytes of no stated charset: UTF-8 when valid, else windows-1252. */
export function guessText(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : iconv.decode(bytes, 'windows-1252')
}

/**
 * A streaming decoder for a labelled charset. Where `decodeCharset` guesses, this one cannot look ahead: bytes are taken
 * as UTF-8 with windows-1252 in place of every invalid byte, which gives the same text for both kinds of input.
 */
export function charsetReader(label: string): TextReader {
  const plain = charsetLabel(label)
  return (GUESSED.has(plain) ? null : decoderFor(plain)) ?? new MixedReader()
}

function decoderFor(plain: string): TextReader | null {
  if (plain === 'utf-8' || plain === 'utf8') return new MixedReader()
  if (NOT_CHARSETS.has(plain.replaceAll(/[^a-z0-9]/g, ''))) return null
  try {
    if (iconv.encodingExists(plain)) {
      const decoder = iconv.getDecoder(plain)
      return { write: (bytes) => decoder.write(bytes), end: () => decoder.end() ?? '' }
    }
    const decoder = new TextDecoder(plain)
    return { write: (bytes) => decoder.decode(bytes, { stream: true }), end: () => decoder.decode() }
  } catch {
    return null
  }
}

/** UTF-8 where it is valid, windows-1252 for each byte where it is not. */
class MixedReader {
  #rest: Buffer = Buffer.alloc(0)

  write(bytes: Buffer): string {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const keep = unfinishedBytes(all)
    this.#rest = keep === 0 ? Buffer.alloc(0) : Buffer.from(all.subarray(all.length - keep))
    return mixedText(keep === 0 ? all : all.subarray(0, all.length - keep))
  }

  end(): string {
    const rest = this.#rest
    this.#rest = Buffer.alloc(0)
    return mixedText(rest)
  }
}

/** How many bytes at the end may be the start of a UTF-8 sequence that is not complete yet. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= 3; back++) {
    const byte = bytes[bytes.length - back] ?? 0
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return sequenceLength(byte) > back ? back : 0
  }
  return 0
}

function sequenceLength(first: number): number {
  if (first >= 0xf0 && first <= 0xf4) return 4
  if (first >= 0xe0 && first <= 0xef) return 3
  return first >= 0xc2 && first <= 0xdf ? 2 : 1
}

function mixedText(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString()
  const pieces: string[] = []
  let from = 0
  let at = 0
  let isGood = true
  const flush = (nextIsGood: boolean): void => {
    if (at > from) pieces.push(isGood ? bytes.toString('utf8', from, at) : iconv.decode(bytes.subarray(from, at), 'windows-1252'))
    from = at
    isGood = nextIsGood
  }
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0
    const length = sequenceLength(byte)
    const good = byte < 0x80 || isUtf8(bytes.subarray(at, at + length))
    if (good !== isGood) flush(good)
    at += good ? length : 1
  }
  flush(true)
  return pieces.join('')
}
