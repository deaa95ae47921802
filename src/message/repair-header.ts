import { isAscii } from 'node:buffer'
import { encodeWords, replaceUnknownWords } from './encoded-word.ts'
import { RECEIPT_FIELDS } from './header.ts'
import { eightBitText, rawValue, splitHeader, type HeaderField } from './header-fields.ts'
import { editFields, foldWords } from './header-edit.ts'
import type { Part } from './mime-walker.ts'

/** A repair of one header block. Returns the very same buffer when there is nothing to repair. */
export type HeaderFix = (header: Buffer, part: Part) => Buffer

/** Fields whose value is addresses; their structure is never touched, only names are encoded. */
const ADDRESS_FIELDS =
  /^(?:resent-)?(?:from|sender|to|cc|bcc|reply-to)$|^(?:return-path|x-)?(?:disposition-notification|return-receipt|errors)-to$/
const PARAMETER_FIELDS = /^content-(?:type|disposition)$/
/** Fields of ids and dates: there is nothing to encode in them, a foreign byte is damage. */
const ID_FIELDS = /^(?:resent-)?(?:message-id|date)$|^(?:references|in-reply-to|mime-version|content-transfer-encoding|content-id)$/

/** `raw-header`: values with bytes above 127 are encoded (RFC 2047), the others stay as they are. */
export const encodeRawHeader: HeaderFix = (header) => (isAscii(header) ? header : editFields(header, encodeRawField))

/** `unknown-charset-word`: encoded words that cannot be decoded for certain become UTF-8. */
export const replaceUnknown: HeaderFix = (header) =>
  header.includes('=?') ? editFields(header, (field) => (field.raw.includes('=?') ? replaceUnknownWords(field.raw) : field.raw)) : header

/** `receipt-request`: of the message itself only, not of one attached to it. */
export const disarmReceipts: HeaderFix = (header, part) =>
  part.parent === null ? editFields(header, (field) => (RECEIPT_FIELDS.has(field.name) ? `X-${field.raw}` : field.raw)) : header

/** `bridge-field`. */
export const dropBridgeField: HeaderFix = (header, part) =>
  part.parent === null ? editFields(header, (field) => (field.name === 'x-pm-gluon-id' ? '' : field.raw)) : header

/** `mbox-from`. */
export const renameMboxFrom: HeaderFix = (header, part) => {
  const match = part.parent === null ? /^>?From /.exec(header.toString('latin1', 0, 6)) : null
  return match === null ? header : Buffer.concat([Buffer.from('X-Mbox-From: '), header.subarray(match[0].length)])
}

/** `header-end`: the blank line goes behind the last field; lines between fields that are none stay where they are. */
export const endHeader: HeaderFix = (header, part) => {
  if (part.parent !== null || header.length === 0) return header
  const fields = splitHeader(header)
  const last = fields.findLastIndex((field) => field.name !== '')
  if (last < 0) return header
  const text = fields
    .slice(0, last + 1)
    .map((field) => field.raw)
    .join('')
  const used = fields.reduce((sum, field) => sum + field.raw.length, 0)
  if (last === fields.length - 1 && used < header.length) return header
  return Buffer.concat([Buffer.from(text.endsWith('\n') ? `${text}\r\n` : `${text}\r\n\r\n`, 'latin1'), header.subarray(text.length)])
}

function encodeRawField(field: HeaderField): string {
  if (/^[\0-\x7f]*$/.test(field.raw)) return field.raw
  if (field.name === '') return `X-Unparsed: ${encodeText(field.raw)}\r\n`
  const start = field.raw.slice(0, field.valueAt)
  if (ID_FIELDS.test(field.name)) return field.raw.replaceAll(/[\x80-\xff]+/g, '?')
  if (PARAMETER_FIELDS.test(field.name)) return `${start} ${encodeQuoted(rawValue(field), true)}\r\n`
  if (ADDRESS_FIELDS.test(field.name)) return `${start} ${encodeQuoted(rawValue(field), false)}\r\n`
  return foldWords(start, encodeText(rawValue(field)).split('\r\n '))
}

/** From the first to the last word with foreign bytes becomes one run of encoded words, so that blanks between them survive. */
function encodeText(raw: string): string {
  const words = eightBitText(raw.replaceAll(/[\r\n\t ]+/g, ' ')).split(' ')
  const foreign = (word: string): boolean => /[^\0-\x7f]/.test(word)
  const first = words.findIndex(foreign)
  const last = words.findLastIndex(foreign)
  if (first < 0) return words.join(' ')
  const middle = words.slice(first, last + 1)
  const hasWords = middle.some((word) => word.includes('=?'))
  const encoded = hasWords ? middle.map((word) => (foreign(word) ? encodeWords(word) : word)) : [encodeWords(middle.join(' '))]
  return [...words.slice(0, first), ...encoded, ...words.slice(last + 1)].filter((word) => word !== '').join('\r\n ')
}

/** Encodes foreign words outside `<…>`, quoted strings as a whole; in parameters the quotes stay around the encoded words. */
function encodeQuoted(raw: string, keepQuotes: boolean): string {
  const text = eightBitText(raw)
  const tokens = text.match(/"(?:[^"\\]|\\.)*"?|<[^>]*>?|[^\s"<,;:()]+|\s+|./gsu) ?? []
  const out: string[] = []
  let run: string[] = []
  const flush = (): void => {
    const blanks = run.at(-1)?.trim() === '' ? (run.pop() ?? '') : ''
    if (run.length > 0) out.push(encodeWords(run.join('')))
    out.push(blanks)
    run = []
  }
  for (const token of tokens) {
    const foreign = /[^\0-\x7f]/.test(token)
    if (!foreign || token.startsWith('<')) {
      if (run.length > 0 && /^\s+$/.test(token)) run.push(token)
      else {
        flush()
        out.push(token.replaceAll(/[^\0-\x7f]/gu, '?'))
      }
    } else if (token.startsWith('"')) {
      flush()
      const inside = token.replaceAll(/^"|"$/g, '').replaceAll(/\\(.)/gs, '$1')
      const quote = keepQuotes ? '"' : ''
      out.push(quote, encodeWords(inside, keepQuotes ? ' ' : '\r\n '), quote)
    } else if (keepQuotes && token.includes('=')) {
      flush()
      const equals = token.indexOf('=') + 1
      out.push(token.slice(0, equals), '"', encodeWords(token.slice(equals), ' '), '"')
    } else run.push(token)
  }
  flush()
  return out.join('')
}
