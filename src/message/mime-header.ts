import { decodeCharset } from './charset.ts'
import { decodeWords } from './encoded-word.ts'
import { eightBitText, firstValues, foldWhite, trimBlanks, type HeaderField } from './header-fields.ts'

/** What a MIME part says of itself. Types, encodings and dispositions in lower case. */
export type PartHeader = {
  readonly type: string
  readonly charset: string
  /** One character for each byte; '' when missing. */
  readonly boundary: string
  /** `unknown`: a transfer encoding that nobody knows how to undo. */
  readonly encoding: 'identity' | 'quoted-printable' | 'base64' | 'unknown'
  /** Declared as binary: its line ends are content. */
  readonly isBinary: boolean
  readonly disposition: string
  /** Decoded; '' when missing. */
  readonly fileName: string
}

const FIELDS = new Set(['content-type', 'content-transfer-encoding', 'content-disposition'])
const MAX_PARAMETERS = 500

/** Reads the MIME fields of a part, however broken; `missingType` is what a part without a Content-Type is (RFC 2046 §5.1.5). */
export function readPartHeader(fields: readonly HeaderField[], missingType: string): PartHeader {
  const values = firstValues(fields, FIELDS)
  const type = parseParameters(values.get('content-type') ?? '')
  const disposition = parseParameters(values.get('content-disposition') ?? '')
  const name = disposition.parameters.get('filename') ?? type.parameters.get('name') ?? ''
  return {
    type: /^[^/\s]+\/[^/\s]+$/.test(type.value) ? type.value : missingType,
    charset: type.parameters.get('charset') ?? '',
    boundary: trimBlanks(type.parameters.get('boundary') ?? ''),
    encoding: readEncoding(values.get('content-transfer-encoding') ?? ''),
    isBinary: /^binary\b/i.test(values.get('content-transfer-encoding') ?? ''),
    disposition: disposition.value,
    fileName: foldWhite(decodeWords(name)).normalize('NFC'),
  }
}

function readEncoding(value: string): PartHeader['encoding'] {
  const token = /[a-z0-9-]+/i.exec(value)?.[0].toLowerCase() ?? ''
  if (token === 'base64' || token === 'quoted-printable') return token
  return ['', '7bit', '8bit', 'binary', '7-bit', '8-bit'].includes(token) ? 'identity' : 'unknown'
}

type Parsed = { readonly value: string; readonly parameters: ReadonlyMap<string, string> }

/** A value with parameters, RFC 2231 pieces joined and decoded; of twins the first counts. Boundaries stay latin1. */
function parseParameters(raw: string): Parsed {
  const [value = '', ...rest] = splitParameters(raw)
  const plain = new Map<string, string>()
  const pieces = new Map<string, Map<number, { text: string; encoded: boolean }>>()
  for (const item of rest.slice(0, MAX_PARAMETERS)) {
    const equals = item.indexOf('=')
    if (equals < 0) continue
    const name = trimBlanks(item.slice(0, equals)).toLowerCase()
    const text = trimBlanks(item.slice(equals + 1))
    const extended = /^([^*]+)(?:\*(\d{1,4}))?(\*)?$/.exec(name)
    if (extended === null || (extended[2] === undefined && extended[3] === undefined)) {
      if (!plain.has(name)) plain.set(name, name === 'boundary' ? text : eightBitText(text))
      continue
    }
    const base = extended[1] ?? ''
    const list = pieces.get(base) ?? new Map<number, { text: string; encoded: boolean }>()
    list.set(Number(extended[2] ?? 0), { text, encoded: extended[3] !== undefined })
    pieces.set(base, list)
  }
  for (const [name, list] of pieces) plain.set(name, joinPieces([...list].sort(([a], [b]) => a - b).map(([, piece]) => piece)))
  return { value: trimBlanks(value).toLowerCase(), parameters: plain }
}

function joinPieces(pieces: readonly { text: string; encoded: boolean }[]): string {
  const first = pieces[0]
  const tagged = first?.encoded === true ? /^([^']*)'[^']*'/.exec(first.text) : null
  const bytes = pieces.map(({ text, encoded }, index) => {
    const data = index === 0 && tagged !== null ? text.slice(tagged[0].length) : text
    const plain = encoded ? data.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : data
    return Buffer.from(plain, 'latin1')
  })
  return decodeCharset(Buffer.concat(bytes), tagged?.[1] ?? '')
}

/** Cut at semicolons outside quotes; quotes, backslashes and comments are gone from the pieces. */
function splitParameters(raw: string): readonly string[] {
  const items: string[] = []
  let item: string[] = []
  let quoted = false
  let inValue = false
  let depth = 0
  for (let at = 0; at < raw.length; at++) {
    const char = raw[at] ?? ''
    if (quoted) {
      if (char === '"') quoted = false
      else item.push(char === '\\' && (raw[at + 1] === '"' || raw[at + 1] === '\\') ? (raw[++at] ?? '') : char)
    } else if (char === '(' && !inValue) depth++
    else if (depth > 0) depth -= char === ')' ? 1 : 0
    else if (char === '"') quoted = true
    else if (char === ';') {
      items.push(item.join(''))
      item = []
      inValue = false
    } else {
      inValue ||= char === '='
      item.push(char)
    }
  }
  items.push(item.join(''))
  return items
}
