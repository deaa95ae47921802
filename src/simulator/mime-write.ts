/** Header text outside ASCII as encoded words (RFC 2047), folded; ASCII stays as it is. */
export function encodeHeader(text: string, encoding: 'B' | 'Q' = 'B'): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  const words: string[] = []
  let piece = ''
  for (const char of text) {
    if (Buffer.byteLength(piece + char) > (encoding === 'B' ? 42 : 18)) {
      words.push(piece)
      piece = ''
    }
    piece += char
  }
  words.push(piece)
  return words
    .map((word) => `=?utf-8?${encoding}?${encoding === 'B' ? Buffer.from(word).toString('base64') : quoteWord(word)}?=`)
    .join('\r\n ')
}

function quoteWord(word: string): string {
  return [...Buffer.from(word)].map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : byte === 32 ? '_' : hex(byte))).join('')
}

function isPlain(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122)
}

function hex(byte: number): string {
  return `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

/** Base64 in lines of `width` characters, CRLF between them and at the end. */
export function base64Lines(bytes: Buffer, width = 76): string {
  const text = bytes.toString('base64')
  const lines: string[] = []
  for (let at = 0; at < text.length; at += width) lines.push(text.slice(at, at + width))
  return lines.length === 0 ? '' : `${lines.join('\r\n')}\r\n`
}

/** Quoted-printable that decodes to exactly these bytes; CRLF stays a line end, anything else odd is escaped. */
export function quotedPrintable(bytes: Buffer): string {
  const lines: string[] = []
  const text = bytes.toString('latin1')
  for (const line of text.split('\r\n')) {
    const escaped = line.replace(/[^\x20-\x3c\x3e-\x7e\t]|[ \t]$/g, (char) => hex(char.charCodeAt(0)))
    let at = 0
    while (escaped.length - at > 76) {
      let end = at + 75
      const equals = escaped.lastIndexOf('=', end - 1)
      if (equals > end - 3) end = equals
      lines.push(`${escaped.slice(at, end)}=`)
      at = end
    }
    lines.push(escaped.slice(at))
  }
  return lines.join('\r\n')
}

const BASE64 = new Uint8Array(256).map((_, byte) => (isPlain(byte) || byte === 43 || byte === 47 ? 1 : 0))

/** The same base64 in lines of another width; null where it is not clean base64. */
export function rewrapBase64(body: Buffer, width: number): Buffer | null {
  const packed = Buffer.allocUnsafe(body.length)
  let length = 0
  let padding = 0
  for (const byte of body) {
    if (byte === 13 || byte === 10) continue
    if (byte === 61) padding += 1
    else if (BASE64[byte] !== 1 || padding > 0) return null
    packed[length] = byte
    length += 1
  }
  if (padding > 2 || length % 4 !== 0) return null
  const lines = Math.ceil(length / width)
  const result = Buffer.allocUnsafe(length + lines * 2)
  for (let i = 0; i < lines; i++) {
    const at = i * (width + 2)
    const copied = packed.copy(result, at, i * width, Math.min(length, (i + 1) * width))
    result[at + copied] = 13
    result[at + copied + 1] = 10
  }
  return result
}
