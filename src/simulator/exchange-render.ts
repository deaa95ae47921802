import { createHash } from 'node:crypto'
import { formatHeaderDate } from './date-time.ts'
import type { Message } from './mail-store.ts'
import { base64Lines, encodeHeader, quotedPrintable, rewrapBase64 } from './mime-write.ts'
import { parseEntity, type Entity, type Field } from './mime-tree.ts'

/**
 * A message as Exchange hands it out: rebuilt MIME. Headers are folded anew, boundaries and transfer encodings are others,
 * Message-ID and Date are made up where they lack, line ends are normal; what it says is the same. Signed and encrypted bodies
 * stay as they are, and so does what cannot be decoded. The same message gives the same bytes each time; boundaries are others for
 * another `variant`.
 */
export function renderMessage(message: Message, variant = ''): Buffer {
  const bytes = message.content.bytes()
  const entity = parseEntity(bytes)
  const extra: string[] = []
  const has = (name: string): boolean => entity.fields.some((field) => field.name === name)
  if (!has('date')) extra.push(`Date: ${formatHeaderDate(message.internalDate, 0)}\r\n`)
  if (!has('message-id')) {
    const id = createHash('sha1').update(bytes).digest('hex').slice(0, 24)
    extra.push(`Message-ID: <${id}@prod.exchangelabs.example.test>\r\n`)
  }
  return Buffer.concat(rebuild(entity, Buffer.from(extra.join(''), 'latin1'), variant))
}

/** The pieces of an entity written anew; `extra` is added to its header. */
function rebuild(entity: Entity, extra: Buffer, variant: string): Buffer[] {
  if (isOpaque(entity)) return [extra, ...header(entity, {}), CRLF, entity.body]
  if (entity.children.length > 0) {
    const old = entity.parameters.get('boundary') ?? ''
    const boundary = `_000_${createHash('sha1')
      .update(old + variant)
      .digest('hex')
      .slice(0, 20)}_`
    const delimiter = Buffer.from(`--${boundary}\r\n`, 'latin1')
    const pieces = [extra, ...header(entity, { boundary }), CRLF]
    for (const child of entity.children) pieces.push(delimiter, ...rebuild(child, EMPTY, variant), CRLF)
    pieces.push(Buffer.from(`--${boundary}--\r\n`, 'latin1'))
    return pieces
  }
  if (entity.inner !== null) return [extra, ...header(entity, {}), CRLF, ...rebuild(entity.inner, EMPTY, variant)]
  if (entity.type !== 'text' && entity.encoding === 'base64') {
    const rewrapped = rewrapBase64(entity.body, 72)
    return [extra, ...header(entity, {}), CRLF, rewrapped ?? entity.body]
  }
  const decoded = decodeBody(entity)
  if (decoded === null) return [extra, ...header(entity, {}), CRLF, entity.body]
  const encoding = entity.type === 'text' && entity.encoding !== 'quoted-printable' ? 'quoted-printable' : 'base64'
  const body = encoding === 'base64' ? base64Lines(decoded) : quotedPrintable(decoded)
  const added = entity.fields.some((field) => field.name === 'content-transfer-encoding')
    ? EMPTY
    : Buffer.from(`Content-Transfer-Encoding: ${encoding}\r\n`, 'latin1')
  return [added, extra, ...header(entity, { encoding }), CRLF, Buffer.from(body, 'latin1')]
}

const CRLF = Buffer.from('\r\n')
const EMPTY = Buffer.alloc(0)

function isOpaque(entity: Entity): boolean {
  if (entity.type === 'multipart' && (entity.subtype === 'signed' || entity.subtype === 'encrypted')) return true
  // A multipart without a boundary that holds, or a second content type: nobody can tell what is inside.
  if (entity.type === 'multipart' && entity.children.length === 0) return true
  if (entity.fields.filter((field) => field.name === 'content-type').length > 1) return true
  if (entity.fields.some((field) => field.name === '')) return true
  return entity.type === 'message' ? entity.inner === null : /^(x-)?pkcs7-mime$/.test(entity.subtype)
}

/** The decoded body; null where it does not decode cleanly. */
function decodeBody(entity: Entity): Buffer | null {
  const text = entity.type === 'text'
  switch (entity.encoding) {
    case '7bit':
    case '8bit':
    case 'binary':
      return text ? normalLineEnds(entity.body) : entity.body
    case 'base64': {
      const packed = entity.body.toString('latin1').replace(/[\r\n]/g, '')
      return packed.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(packed) ? Buffer.from(packed, 'base64') : null
    }
    case 'quoted-printable': {
      const source = entity.body.toString('latin1')
      if (/=(?![0-9A-F]{2}|\r?\n)/.test(source) || /[^\x09\x0a\x0d\x20-\x7e]/.test(source)) return null
      const joined = source.replace(/[ \t]+(?=\r?\n)/g, '').replace(/=\r?\n/g, '')
      return Buffer.from(
        joined.replace(/=([0-9A-F]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
        'latin1',
      )
    }
    default:
      return null
  }
}

function normalLineEnds(bytes: Buffer): Buffer {
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1))
    if (bytes[at - 1] !== 13) return Buffer.from(bytes.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
  return bytes
}

function header(entity: Entity, change: { readonly boundary?: string; readonly encoding?: string }): Buffer[] {
  return entity.fields.map((field) => {
    if (field.name === 'content-type' && change.boundary !== undefined)
      return fold('Content-Type', ` ${entity.type}/${entity.subtype}; boundary="${change.boundary}"${otherParameters(entity)}`)
    if (field.name === 'content-transfer-encoding' && change.encoding !== undefined)
      return Buffer.from(`Content-Transfer-Encoding: ${change.encoding}\r\n`, 'latin1')
    return refold(field)
  })
}

function otherParameters(entity: Entity): string {
  return [...entity.parameters].flatMap(([name, value]) => (name === 'boundary' ? [] : `; ${name}="${value}"`)).join('')
}

function refold(field: Field): Buffer {
  if (field.name === '' || field.raw.includes(0)) return field.raw
  const text = field.raw.toString('latin1')
  const colon = text.indexOf(':')
  const name = text.slice(0, colon)
  if (field.name === 'subject') {
    const subject = decodeSubject(field.value)
    if (subject !== null) return Buffer.from(`${name}: ${encodeHeader(subject)}\r\n`, 'latin1')
  }
  return fold(name, text.slice(colon + 1).replace(/\r?\n/g, ''))
}

/** Breaks before a blank that something follows, so that unfolding gives the same text. */
function fold(name: string, value: string): Buffer {
  const lines: string[] = []
  let line = `${name}:`
  for (const word of value.match(/[ \t]+[^ \t]+|[^ \t]+|[ \t]+$/g) ?? []) {
    if (line.length + word.length > 76 && lines.length + line.length > name.length + 1 && word.trim() !== '' && /^[ \t]/.test(word)) {
      lines.push(line)
      line = word
    } else line += word
  }
  return Buffer.from(`${[...lines, line].join('\r\n')}\r\n`, 'latin1')
}

/** A Subject with its encoded words decoded; null when one of them cannot be. */
function decodeSubject(value: string): string | null {
  if (!value.includes('=?')) return /[\x80-\xff]/.test(value) ? decodeText(Buffer.from(value, 'latin1'), 'utf-8') : null
  let failed = false
  const text = value
    .replace(/\?=[ \t]+=\?/g, '?==?')
    .replace(/=\?([^?*\s]+)(?:\*[^?]*)?\?([BbQq])\?([^?]*)\?=/g, (_, charset: string, how: string, word: string) => {
      const bytes =
        how.toUpperCase() === 'B'
          ? Buffer.from(word, 'base64')
          : Buffer.from(
              word
                .replaceAll('_', ' ')
                .replace(/=([0-9A-Fa-f]{2})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16))),
              'latin1',
            )
      const decoded = decodeText(bytes, charset)
      if (decoded === null) failed = true
      return decoded ?? ''
    })
  return failed || text.includes('=?') || /[\x80-\xff]/.test(value) ? null : text
}

function decodeText(bytes: Buffer, charset: string): string | null {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
