import { isAscii } from 'node:buffer'
import { guessText } from './charset.ts'
import { decodeWords } from './encoded-word.ts'

/** One header field as it stands: all its bytes, one character for each (latin1). */
export type HeaderField = {
  /** Lower case; '' for a line that is no field (junk between fields, an mbox "From " line). */
  readonly name: string
  /** Name, colon, value, continuation lines and line ends. */
  readonly raw: string
  /** Where the value begins in `raw`. */
  readonly valueAt: number
}

/** RFC 5322 §2.2: printable US-ASCII without colon; blanks before the colon are obsolete but real. */
const NAME = /^[!-9;-~]{1,256}[ \t]*$/

/** Cuts a header block into fields, in order; joined again they are the block, without the blank line and what follows it. Linear. */
export function splitHeader(header: Buffer): readonly HeaderField[] {
  const text = header.toString('latin1')
  const fields: HeaderField[] = []
  let at = 0
  let colon = -1
  while (at < text.length) {
    let end = lineEnd(text, at)
    if (isBlankLine(text, at, end)) break
    while (end < text.length && isBlank(text.charCodeAt(end)) && !isBlankLine(text, end, lineEnd(text, end))) end = lineEnd(text, end)
    if (colon < at && colon !== text.length) {
      colon = text.indexOf(':', at)
      if (colon < 0) colon = text.length
    }
    const raw = text.slice(at, end)
    const name = colon < end ? text.slice(at, colon) : ''
    const isField = NAME.test(name)
    fields.push({ name: isField ? name.trimEnd().toLowerCase() : '', raw, valueAt: isField ? colon + 1 - at : 0 })
    at = end
  }
  return fields
}

/** The value of a field, unfolded, still as latin1 characters and encoded words. */
export function rawValue(field: HeaderField): string {
  return trimBlanks(field.raw.slice(field.valueAt).replaceAll(/\r?\n/g, '').replaceAll('\r', ' '))
}

/** Without blanks at both ends; `trim` would also take \xa0, which in latin1 is often the last byte of a UTF-8 character. */
export function trimBlanks(text: string): string {
  let from = 0
  let to = text.length
  while (from < to && isBlank(text.charCodeAt(from))) from++
  while (to > from && isBlank(text.charCodeAt(to - 1))) to--
  return text.slice(from, to)
}

/** The first value of each wanted field (lower-case names), unfolded; a later twin is ignored. */
export function firstValues(fields: readonly HeaderField[], wanted: ReadonlySet<string>): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const field of fields) if (wanted.has(field.name) && !found.has(field.name)) found.set(field.name, rawValue(field))
  return found
}

/** A raw value as text: raw 8-bit guessed, encoded words decoded, white space folded to single blanks. */
export function valueText(raw: string): string {
  return foldWhite(decodeWords(eightBitText(raw)))
}

/** latin1 characters standing for bytes, read as the text that those bytes most probably are. */
export function eightBitText(raw: string): string {
  const bytes = Buffer.from(raw, 'latin1')
  return isAscii(bytes) ? raw : guessText(bytes)
}

export function foldWhite(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at)
  return end < 0 ? text.length : end + 1
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09
}

function isBlankLine(text: string, at: number, end: number): boolean {
  return end - at <= 2 && (text[at] === '\n' || (text[at] === '\r' && text[at + 1] === '\n'))
}
