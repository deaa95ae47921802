import { Failure } from '../model/failure.ts'

/** Octets that go as a literal (RFC 3501 §4.3). A stream must yield exactly `bytes` octets. */
export type LiteralPart = { readonly bytes: number; readonly body: readonly Buffer[] | AsyncIterable<Buffer> }
/** A command is text (latin1: one char an octet) with literals in between; tag and final CRLF are the writer's. */
export type Part = string | LiteralPart

/** A string as IMAP takes it: quoted, or a literal where quoting cannot hold it. Never an atom, so nothing is mistaken for NIL. */
export function imapString(text: string, utf8 = false): Part {
  if (text.includes('\0')) throw new Failure('bad-input', 'IMAP cannot carry a NUL in a name, login or password.', { notDone: true })
  const quotable = utf8 ? /^[^\r\n]*$/.test(text) : /^[\x01-\x09\x0b\x0c\x0e-\x7f]*$/.test(text)
  if (quotable && text.length <= 1000) return `"${text.replace(/["\\]/g, '\\$&')}"`
  const chunk = Buffer.from(text, 'latin1')
  return { bytes: chunk.length, body: [chunk] }
}

/** "(\Seen \Flagged)". */
export function flagList(flags: readonly string[]): string {
  return `(${flags.join(' ')})`
}

/** A date-time as the grammar wants it: quoted, the day in two places. '' when it is no date-time at all. */
export function dateTime(internalDate: string): string {
  const match = /^\s?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d{2}:\d{2}:\d{2}) ([+-]\d{4})$/.exec(internalDate)
  if (match?.[1] === undefined) return ''
  return `"${match[1].padStart(2, ' ')}-${match[2]}-${match[3]} ${match[4]} ${match[5]}"`
}

export function literalBytes(parts: readonly Part[]): number {
  let bytes = 0
  for (const part of parts) if (typeof part !== 'string') bytes += part.bytes
  return bytes
}
