/** One header field, as raw bytes (folds and line end included) and as unfolded text in Latin-1. */
export type Field = { readonly name: string; readonly raw: Buffer; readonly value: string }

/** One entity of a message: its header, its body, and what is inside. */
export type Entity = {
  readonly fields: readonly Field[]
  /** The header block with the blank line that ends it, if there is one. */
  readonly header: Buffer
  readonly body: Buffer
  readonly type: string
  readonly subtype: string
  readonly parameters: ReadonlyMap<string, string>
  readonly encoding: string
  /** Parts of a multipart; empty where there is no boundary to be found. */
  readonly children: readonly Entity[]
  readonly preamble: Buffer
  readonly epilogue: Buffer
  /** The message inside a message/rfc822. */
  readonly inner: Entity | null
}

const MAX_DEPTH = 40

/** Reads the structure of a message. Never throws: what is broken is a leaf. */
export function parseEntity(bytes: Buffer, depth = 0, fallbackType = 'text/plain'): Entity {
  const headerEnd = endOfHeader(bytes)
  const header = bytes.subarray(0, headerEnd)
  const body = bytes.subarray(headerEnd)
  const fields = parseFields(header)
  const value = (name: string): string => fields.find((field) => field.name === name)?.value ?? ''
  const content = parseParameterised(value('content-type') === '' ? fallbackType : value('content-type'))
  const [type = 'text', subtype = 'plain'] = /^[^\s/]+\/[^\s/]+$/.test(content.value) ? content.value.toLowerCase().split('/') : []
  const encoding = (/^[\w-]+/.exec(value('content-transfer-encoding').trim())?.[0] ?? '7bit').toLowerCase()
  const boundary = content.parameters.get('boundary') ?? ''
  const leaf = { fields, header, body, type, subtype, parameters: content.parameters, encoding, preamble: EMPTY, epilogue: EMPTY }
  if (depth >= MAX_DEPTH) return { ...leaf, children: [], inner: null }
  if (type === 'multipart' && boundary !== '') {
    const split = splitMultipart(body, boundary)
    const childType = subtype === 'digest' ? 'message/rfc822' : 'text/plain'
    if (split !== null)
      return {
        ...leaf,
        preamble: split.preamble,
        epilogue: split.epilogue,
        children: split.parts.map((part) => parseEntity(part, depth + 1, childType)),
        inner: null,
      }
  }
  const inner = type === 'message' && subtype === 'rfc822' && /^(7bit|8bit|binary)$/.test(encoding) ? parseEntity(body, depth + 1) : null
  return { ...leaf, children: [], inner }
}

const EMPTY = Buffer.alloc(0)

/** Where the body begins: after the first empty line. A message that begins without a field has no header. */
function endOfHeader(bytes: Buffer): number {
  if (!/^(?:From [^\n]*\n)?[!-9;-~]+[ \t]*:/.test(bytes.toString('latin1', 0, Math.min(bytes.length, 1000)))) {
    if (bytes[0] === 10) return 1
    return bytes[0] === 13 && bytes[1] === 10 ? 2 : 0
  }
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    if (bytes[at + 1] === 10) return at + 2
    if (bytes[at + 1] === 13 && bytes[at + 2] === 10) return at + 3
  }
  return bytes.length
}

function parseFields(header: Buffer): readonly Field[] {
  const fields: Field[] = []
  let start = 0
  while (start < header.length) {
    let end = header.indexOf(10, start)
    while (end >= 0 && (header[end + 1] === 32 || header[end + 1] === 9)) end = header.indexOf(10, end + 1)
    const next = end < 0 ? header.length : end + 1
    const raw = header.subarray(start, next)
    const text = raw.toString('latin1')
    const colon = text.indexOf(':')
    // A field's name has no blanks: what has is the line before an mbox message, or garbage.
    if (colon > 0 && !/\s/.test(text.slice(0, colon).trimEnd())) {
      const value = text.slice(colon + 1).replace(/\r?\n(?=[ \t])/g, '')
      fields.push({ name: text.slice(0, colon).trim().toLowerCase(), raw, value: value.replace(/\r?\n$/, '').trim() })
    } else if (text.trim() !== '') fields.push({ name: '', raw, value: text.trim() })
    start = next
  }
  return fields
}

/** A value with parameters, as Content-Type and Content-Disposition have them (RFC 2045 §5.1). Names are lower case. */
export function parseParameterised(text: string): { readonly value: string; readonly parameters: ReadonlyMap<string, string> } {
  const parameters = new Map<string, string>()
  const value = (/^[^;]*/.exec(text)?.[0] ?? '').trim()
  for (const match of text.slice(value.length).matchAll(/;\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))/g)) {
    const name = (match[1] ?? '').toLowerCase()
    if (!parameters.has(name)) parameters.set(name, match[2]?.replace(/\\(.)/g, '$1') ?? (match[3] ?? '').trim())
  }
  return { value, parameters }
}

function splitMultipart(body: Buffer, boundary: string): { parts: Buffer[]; preamble: Buffer; epilogue: Buffer } | null {
  const marker = Buffer.from(`--${boundary.trimEnd()}`, 'latin1')
  const parts: Buffer[] = []
  let preamble: Buffer = EMPTY
  let start = -1
  for (let at = body.indexOf(marker); at >= 0; at = body.indexOf(marker, at + marker.length)) {
    if (at > 0 && body[at - 1] !== 10) continue
    const lineEnd = body.indexOf(10, at)
    const tail = body.toString('latin1', at + marker.length, lineEnd < 0 ? body.length : lineEnd).trimEnd()
    if (tail !== '' && tail !== '--') continue
    const before = at === 0 ? 0 : at - (body[at - 2] === 13 ? 2 : 1)
    if (start < 0) preamble = body.subarray(0, Math.max(0, before))
    else parts.push(body.subarray(start, Math.max(start, before)))
    start = lineEnd < 0 ? body.length : lineEnd + 1
    if (tail === '--') return { parts, preamble, epilogue: body.subarray(start) }
  }
  if (start < 0) return null
  parts.push(body.subarray(start))
  return { parts, preamble, epilogue: EMPTY }
}
