import { createHash } from 'node:crypto'
import { encodeWords } from './encoded-word.ts'
import { foldWords } from './header-edit.ts'
import { firstValues, rawValue, splitHeader, trimBlanks, valueText } from './header-fields.ts'
import { splitAddresses } from './address.ts'
import { displayText, normalMessageId } from './header.ts'
import { Inspector } from './inspect.ts'
import { formatMailDate, parseMailDate, plausibleDate } from './mail-date.ts'
import type { MessageBytes } from './message-bytes.ts'
import type { HeaderFix } from './repair-header.ts'
import { Base64Encoder } from './transfer-encoding.ts'

/** What a repair may need to know beside the bytes. */
export type Origin = { readonly uid: number; readonly internalDate: string; readonly note?: string }

const MARK = 'X-Migrated-Repair'
const NOBODY = 'unknown <unknown@migration.invalid>'
const KEPT = new Set(['from', 'to', 'cc', 'date', 'subject', 'message-id', 'in-reply-to', 'references'])

/** `no-header`: what a message needs to be one, put in front of what is there. The Message-ID is a hash of the bytes: the same every time. */
export function addHeader(origin: Origin, sha256: Buffer): HeaderFix {
  return (header, part) => {
    if (part.parent !== null || splitHeader(header).some((field) => field.name !== '' && field.name !== 'x-mbox-from')) return header
    const fields = `From: ${NOBODY}\r\n${dateField(null, origin)}Message-ID: ${ownId(sha256)}\r\n${MARK}: no-header\r\n`
    return Buffer.concat([Buffer.from(fields), header.length === 0 ? Buffer.from('\r\n') : header])
  }
}

/** `empty`: a message that says that there was none. */
export function stub(origin: Origin): Buffer {
  const id = ownId(createHash('sha256').update(`empty ${origin.uid} ${origin.internalDate}`).digest())
  return Buffer.from(
    `From: ${NOBODY}\r\n${dateField(null, origin)}Subject: (empty message)\r\nMessage-ID: ${id}\r\n${MARK}: empty\r\n` +
      'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n' +
      'The old server lists this message, but there is nothing in it: not one byte.\r\n',
  )
}

/** `wrapped`: the original, byte for byte, as an attachment of a short note. null when it is wrapped already. */
export async function wrap(message: MessageBytes, origin: Origin): Promise<(() => AsyncIterable<Buffer>) | null> {
  const inspector = new Inspector({ longLineBytes: null })
  for await (const chunk of message.chunks()) inspector.update(chunk)
  const { header, sha256 } = inspector.finish()
  const fields = splitHeader(header)
  if (fields.some((field) => field.name === MARK.toLowerCase() && rawValue(field) === 'wrapped')) return null
  const boundary = `cutover-${sha256.toString('hex').slice(0, 40)}`
  const values = firstValues(fields, KEPT)
  const cover = `${coverFields(values, origin, sha256)}${MARK}: wrapped\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n`
  const why = origin.note === undefined ? '' : `\r\nThe new server said: ${displayText(origin.note, 300)}\r\n`
  const note =
    `--${boundary}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n` +
    `${base64(`The new mail server did not accept this message as it was.\r\nIt is attached here whole and unchanged: open original.eml to read it.\r\n${why}`)}\r\n`
  const attachment =
    `--${boundary}\r\nContent-Type: application/octet-stream; name="original.eml"\r\n` +
    'Content-Disposition: attachment; filename="original.eml"\r\nContent-Transfer-Encoding: base64\r\n\r\n'
  return async function* () {
    yield Buffer.from(cover + note + attachment)
    const encoder = new Base64Encoder()
    for await (const chunk of message.chunks()) yield encoder.write(chunk)
    yield Buffer.concat([encoder.end(), Buffer.from(`\r\n--${boundary}--\r\n`)])
  }
}

/** The fields by which a message is found, sorted and answered, written anew in plain ASCII. */
function coverFields(values: ReadonlyMap<string, string>, origin: Origin, sha256: Buffer): string {
  const id = normalMessageId(values.get('message-id') ?? null)
  const subject = valueText(values.get('subject') ?? '').replaceAll(/\p{Cc}+/gu, ' ')
  const ids = ['in-reply-to', 'references'].map((name) => {
    const found = (values.get(name) ?? '').match(/<[!-;=?-~]{1,900}>/g) ?? []
    const kept = found.length > 40 ? [...found.slice(0, 1), ...found.slice(-39)] : found
    return kept.length === 0 ? '' : foldWords(name === 'references' ? 'References:' : 'In-Reply-To:', kept)
  })
  return [
    addressField('From:', values.get('from') ?? null) ?? `From: ${NOBODY}\r\n`,
    addressField('To:', values.get('to') ?? null) ?? '',
    addressField('Cc:', values.get('cc') ?? null) ?? '',
    dateField(values.get('date') ?? null, origin),
    values.has('subject') ? foldWords('Subject:', asciiWords(cut(subject, 250))) : '',
    `Message-ID: ${id !== null && /^<[!-;=?-~]{1,900}>$/.test(id) ? id : ownId(sha256)}\r\n`,
    ...ids,
  ].join('')
}

function addressField(start: string, raw: string | null): string | null {
  const good = splitAddresses(raw ?? '')
    .slice(0, 200)
    .filter(({ address }) => /^[!#-'*+\-./0-9=?A-Z^-~]{1,64}@[\w.:[\]-]{1,255}$/.test(address))
    .map(({ name, address }) => {
      const shown = cut(valueText(name).replaceAll(/\p{Cc}+/gu, ' '), 120)
      return shown === '' ? `<${address}>` : `${encodeWords(shown)} <${address}>`
    })
  return good.length === 0
    ? null
    : foldWords(
        start,
        good.map((one, index) => (index < good.length - 1 ? `${one},` : one)),
      )
}

/** The Date as it was where it can be read, else the time of arrival; '' when neither is known. */
function dateField(raw: string | null, origin: Origin): string {
  const ms = (raw === null ? null : plausibleDate(parseMailDate(raw))) ?? plausibleDate(parseMailDate(origin.internalDate))
  return ms === null ? '' : `Date: ${formatMailDate(ms)}\r\n`
}

function asciiWords(text: string): readonly string[] {
  const plain = trimBlanks(text)
  if (/^[ -~]*$/.test(plain) && !plain.includes('=?') && !/[^ ]{70}/.test(plain)) return plain === '' ? [] : plain.split(/ +/)
  return encodeWords(plain).split('\r\n ')
}

function base64(text: string): string {
  return Buffer.from(text)
    .toString('base64')
    .replaceAll(/(.{76})(?=.)/g, '$1\r\n')
}

function ownId(sha256: Buffer): string {
  return `<${sha256.toString('hex').slice(0, 40)}@migration.invalid>`
}

function cut(text: string, units: number): string {
  return text.slice(0, units).replace(/[\ud800-\udbff]$/, '')
}
