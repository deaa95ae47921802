import { Failure } from '../model/failure.ts'
import { canonicalData, canonicalName, presented, txtStrings, type RecordType } from './record-set.ts'

/** How a host escapes bytes in quoted strings: by three decimal digits (RFC 1035 §5.1), or by octal ones. */
export type Escapes = 'decimal' | 'octal'

/** A record as zone files and many hosts write it, as the text of a `RecordSet`. Throws `answer-unreadable`. */
export function fromPresentation(type: RecordType, text: string, escapes: Escapes = 'decimal'): string {
  try {
    return canonicalData(type, type === 'TXT' ? joinedStrings(text, escapes) : text)
  } catch (cause) {
    throw new Failure('answer-unreadable', `The host of DNS has a record (${type}) that cannot be read.`, { cause, notDone: true })
  }
}

/** The record as hosts want it that write it like a zone file: names with their last dot, texts in quoted strings. */
export function toPresentation(type: RecordType, data: string, escapes: Escapes = 'decimal'): string {
  if (type !== 'TXT' || escapes === 'decimal') return presented(type, data)
  return txtStrings(data)
    .map((string) => `"${string.replaceAll(/[^\u0020-\u007e]|["\\]/g, (char) => octal(char))}"`)
    .join(' ')
}

function octal(char: string): string {
  return char === '"' || char === '\\' ? `\\${char}` : `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`
}

/** Strings side by side, quoted or not, as one value; one character for each byte. */
export function joinedStrings(text: string, escapes: Escapes = 'decimal'): string {
  const digits = escapes === 'octal' ? 8 : 10
  let joined = ''
  for (const [, quoted, bare] of text.matchAll(/"((?:[^"\\]|\\[\s\S])*)"|([^\s"]+)/g))
    joined += utf8Bytes(quoted ?? bare ?? '').replaceAll(/\\(\d{3})|\\([\s\S])/g, (_, code: string | undefined, char: string | undefined) =>
      code === undefined ? (char ?? '') : String.fromCharCode(Number.parseInt(code, digits) & 255),
    )
  return joined
}

/** What JSON carries as characters, one character for each byte. */
export function utf8Bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** Bytes as the characters that JSON carries. Throws `record-refused` for bytes that are no UTF-8: the host would store something else. */
export function utf8Text(bytes: string): string {
  const text = Buffer.from(bytes, 'latin1').toString('utf8')
  if (utf8Bytes(text) !== bytes)
    throw new Failure(
      'record-refused',
      'There is a text here that is no UTF-8, which this host cannot be given. Change it there by hand.',
      { notDone: true },
    )
  return text
}

/** The value as strings of at most 255 bytes, cut between characters: a JSON string cannot hold half of one. */
export function utf8Strings(bytes: string): readonly string[] {
  if (/^[\u0000-\u007f]*$/.test(bytes)) return txtStrings(bytes)
  const found: string[] = ['']
  for (const char of utf8Text(bytes)) {
    const last = found.at(-1) ?? ''
    if (Buffer.byteLength(last + char) <= 255) found[found.length - 1] = last + char
    else found.push(char)
  }
  return found
}

/** The name as hosts want it that write names within the zone; `@` for the zone itself. */
export function relativeName(name: string, zone: string): string {
  if (name === zone) return '@'
  if (!name.endsWith(`.${zone}`)) throw new Failure('bad-input', `${name} is not in the zone ${zone}.`)
  return name.slice(0, -zone.length - 1)
}

/** The whole name, from one within the zone, or with its last dot. */
export function absoluteName(name: string, zone: string): string {
  if (name.endsWith('.')) return canonicalName(name)
  return name === '@' || name === '' ? zone : canonicalName(`${name}.${zone}`)
}
