import { splitAddresses } from './address.ts'
import { decodeWords } from './encoded-word.ts'
import { eightBitText, foldWhite, rawValue, splitHeader, valueText, type HeaderField } from './header-fields.ts'
import { parseMailDate, plausibleDate } from './mail-date.ts'

/** What a header tells, decoded. Missing values are null; nothing here is fit for a terminal before `displayText`. */
export type HeaderSummary = {
  /** With its angle brackets. */
  readonly messageId: string | null
  /** As written, unfolded. */
  readonly date: string | null
  /** The Date header between 1970 and 2100, in milliseconds; null when missing, unreadable or outside. */
  readonly dateMs: number | null
  /** The first address of From, lower case; its text when it holds no address. */
  readonly from: string | null
  readonly to: readonly string[]
  readonly cc: readonly string[]
  /** '' when missing or empty. */
  readonly subject: string
  /** Lower case, without parameters; null when missing. */
  readonly contentType: string | null
  /** Reading this message may make a client send a receipt. */
  readonly hasReceiptRequest: boolean
  /** The time in the topmost Received field that has one. */
  readonly receivedMs: number | null
}

/** Fields that make clients send receipts. */
export const RECEIPT_FIELDS: ReadonlySet<string> = new Set(['disposition-notification-to', 'return-receipt-to'])

/** Reads the fields that the product needs; of twins the first counts, as with every common reader. Never throws. */
export function readHeader(header: Buffer): HeaderSummary {
  const fields = splitHeader(header)
  const value = (name: string): string | null => {
    const field = fields.find((one) => one.name === name)
    return field === undefined ? null : rawValue(field)
  }
  const date = value('date')
  const type = value('content-type')
  return {
    messageId: normalMessageId(value('message-id')),
    date: date === null ? null : foldWhite(eightBitText(date)),
    dateMs: date === null ? null : plausibleDate(parseMailDate(date)),
    from: addressesOf(value('from'))[0] ?? null,
    to: addressesOf(value('to')),
    cc: addressesOf(value('cc')),
    subject: subjectText(value('subject')),
    contentType: type === null ? null : foldWhite((type.split(';')[0] ?? '').toLowerCase()),
    hasReceiptRequest: fields.some((field) => RECEIPT_FIELDS.has(field.name)),
    receivedMs: firstReceived(fields),
  }
}

/** What stands before the last @ of a Message-ID; '' when there is none. */
export function messageIdWithoutDomain(raw: string | null): string {
  const id = (normalMessageId(raw) ?? '').replace(/^<|>$/g, '')
  const at = id.lastIndexOf('@')
  return at > 0 ? id.slice(0, at) : id
}

/** The id in angle brackets when there is one, else the trimmed value; null when there is nothing. */
export function normalMessageId(raw: string | null): string | null {
  if (raw === null) return null
  const open = raw.indexOf('<')
  const close = open < 0 ? -1 : raw.indexOf('>', open)
  const id = close > open + 1 ? raw.slice(open, close + 1) : raw
  const plain = id.replaceAll(/[ \t]+/g, '')
  return plain === '' || plain === '<>' ? null : plain
}

/** Addresses in lower case, decoded; [] for a missing value. */
export function addressesOf(raw: string | null): readonly string[] {
  if (raw === null) return []
  return splitAddresses(raw).map((one) => foldWhite(decodeWords(eightBitText(one.address))).toLowerCase())
}

export function subjectText(raw: string | null): string {
  return raw === null ? '' : valueText(raw).normalize('NFC')
}

/** Text from a message made fit for a terminal, a log or a report: no control or direction characters, at most `max` characters. */
export function displayText(text: string, max: number): string {
  const plain = text
    .slice(0, max * 4 + 100)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const characters = Array.from(plain)
  return characters.length <= max ? plain : `${characters.slice(0, Math.max(0, max - 1)).join('')}…`
}

function firstReceived(fields: readonly HeaderField[]): number | null {
  for (const field of fields) {
    if (field.name !== 'received') continue
    const text = rawValue(field)
    const ms = plausibleDate(parseMailDate(text.slice(text.lastIndexOf(';') + 1)))
    if (ms !== null) return ms
  }
  return null
}
