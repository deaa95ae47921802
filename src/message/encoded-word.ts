import { decodeCharset, isKnownCharset } from './charset.ts'

const WORD = /=\?([^?\s]{1,80})\?([bBqQ])\?([^?\r\n]*)\?=/g
/** RFC 2047 §2: no encoded word is longer than 75 characters; 45 bytes of UTF-8 make 60 of base64. */
const BYTES_IN_A_WORD = 45

type Word = { readonly start: number; readonly end: number; readonly charset: string; readonly bytes: Buffer }

/**
 * Decodes RFC 2047 encoded words. Neighbours of one charset are joined before decoding, as senders cut characters in two;
 * white space between encoded words is dropped. Unknown charsets are guessed. Never throws.
 */
export function decodeWords(text: string): string {
  if (!text.includes('=?')) return text
  const pieces: string[] = []
  let at = 0
  let run: Word[] = []
  const flush = (): void => {
    const first = run[0]
    if (first === undefined) return
    pieces.push(decodeCharset(Buffer.concat(run.map((word) => word.bytes)), first.charset))
    run = []
  }
  for (const word of words(text)) {
    const between = text.slice(at, word.start)
    const last = run.at(-1)
    if (last === undefined || !/^\s*$/.test(between)) {
      flush()
      pieces.push(between)
    } else if (last.charset !== word.charset) flush()
    run.push(word)
    at = word.end
  }
  flush()
  pieces.push(text.slice(at))
  return pieces.join('')
}

/** Encodes text as RFC 2047 words of UTF-8 in base64, cut between characters; several are separated by `fold`. */
export function encodeWords(text: string, fold = '\r\n '): string {
  const words: string[] = []
  let piece = ''
  let size = 0
  for (const char of text.toWellFormed()) {
    const bytes = Buffer.byteLength(char)
    if (size + bytes > BYTES_IN_A_WORD) {
      words.push(piece)
      piece = ''
      size = 0
    }
    piece += char
    size += bytes
  }
  if (piece !== '') words.push(piece)
  return words.map((word) => `=?UTF-8?B?${Buffer.from(word).toString('base64')}?=`).join(fold)
}

/** Replaces encoded words that nobody can decode for certain (unknown charset, broken base64) by UTF-8 ones of the best guess. */
export function replaceUnknownWords(text: string): string {
  return text.replaceAll(WORD, (word: string, charset: string, how: string, data: string) => {
    const broken = how.toLowerCase() === 'b' && !/^[A-Za-z0-9+/]*={0,2}$/.test(data)
    if (!broken && isKnownCharset(charset)) return word
    return encodeWords(decodeCharset(wordBytes(how, data), charset))
  })
}

function* words(text: string): Generator<Word> {
  for (const match of text.matchAll(WORD)) {
    const [whole, charset = '', how = '', data = ''] = match
    const bytes = wordBytes(how, data)
    yield { start: match.index, end: match.index + whole.length, charset: charset.toLowerCase(), bytes }
  }
}

function wordBytes(how: string, data: string): Buffer {
  if (how === 'b' || how === 'B') return Buffer.from(data.replaceAll(/[^A-Za-z0-9+/]/g, ''), 'base64')
  const raw = Buffer.from(data)
  const out = Buffer.alloc(raw.length)
  let to = 0
  for (let at = 0; at < raw.length; at++) {
    const byte = raw[at] ?? 0
    const high = hexDigit(raw[at + 1])
    const low = hexDigit(raw[at + 2])
    if (byte === 0x3d && high >= 0 && low >= 0) {
      out[to++] = high * 16 + low
      at += 2
    } else out[to++] = byte === 0x5f ? 0x20 : byte
  }
  return out.subarray(0, to)
}

/** The value of a hexadecimal digit's byte, -1 for anything else. */
export function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}
