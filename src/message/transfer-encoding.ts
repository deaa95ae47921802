import { hexDigit } from './encoded-word.ts'
import type { PartHeader } from './mime-header.ts'

/** Bytes in, bytes out, in any pieces; the result does not depend on where the pieces were cut. Never throws. */
export type Transform = { write(chunk: Buffer): Buffer; end(): Buffer }

const NONE = Buffer.alloc(0)
const LF = 0x0a
const CR = 0x0d
const SPACE = 0x20
const TAB = 0x09
const EQUALS = 0x3d
const HEX = Buffer.from('0123456789ABCDEF')
/** Blanks at a line end are transport padding, but nobody pads with more than this. */
const MAX_PADDING = 4096

/** Undoes a transfer encoding; what cannot be undone is passed on. */
export function decoderOf(encoding: PartHeader['encoding']): Transform {
  if (encoding === 'base64') return new Base64Decoder()
  return encoding === 'quoted-printable' ? new QuotedPrintableDecoder() : { write: (chunk) => chunk, end: () => NONE }
}

/** RFC 2045 §6.8: characters outside the alphabet are ignored, padding ends a group and not the data. */
class Base64Decoder implements Transform {
  #rest = ''

  write(chunk: Buffer): Buffer {
    const groups = (this.#rest + chunk.toString('latin1').replaceAll(/[^A-Za-z0-9+/=]+/g, '')).split('=')
    const last = groups.pop() ?? ''
    const whole = last.length - (last.length % 4)
    this.#rest = last.slice(whole)
    if (groups.length === 0) return Buffer.from(last.slice(0, whole), 'base64')
    const done = groups.filter((group) => group !== '').map((group) => Buffer.from(group, 'base64'))
    return Buffer.concat([...done, Buffer.from(last.slice(0, whole), 'base64')])
  }

  end(): Buffer {
    const rest = this.#rest
    this.#rest = ''
    return Buffer.from(rest, 'base64')
  }
}

/** RFC 2045 §6.7: soft line breaks and padding vanish; a `=` that means nothing stays as it is. */
class QuotedPrintableDecoder implements Transform {
  #rest: Buffer = NONE

  write(chunk: Buffer): Buffer {
    return this.#decode(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]), false)
  }

  end(): Buffer {
    return this.#decode(this.#rest, true)
  }

  #decode(data: Buffer, last: boolean): Buffer {
    const out = Buffer.allocUnsafe(data.length)
    let to = 0
    let at = 0
    while (at < data.length) {
      const byte = data[at] ?? 0
      if (byte !== EQUALS && byte !== SPACE && byte !== TAB) {
        out[to++] = byte
        at++
        continue
      }
      let next = at + 1
      while (next < data.length && next - at <= MAX_PADDING && (data[next] === SPACE || data[next] === TAB)) next++
      const atEnd = next >= data.length
      const unsure =
        atEnd || (data[next] === CR && next + 1 >= data.length) || (byte === EQUALS && next === at + 1 && at + 2 >= data.length)
      if (unsure && !last && next - at <= MAX_PADDING) break
      const lineEnd = data[next] === LF ? 1 : data[next] === CR && data[next + 1] === LF ? 2 : 0
      if (byte === EQUALS) {
        const value = hexDigit(data[at + 1]) * 16 + hexDigit(data[at + 2])
        if (lineEnd > 0) at = next + lineEnd
        else if (hexDigit(data[at + 1]) >= 0 && hexDigit(data[at + 2]) >= 0) {
          out[to++] = value
          at += 3
        } else if (atEnd && last) at = next
        else {
          out[to++] = byte
          at++
        }
      } else if (lineEnd > 0 || (atEnd && last)) at = next
      else {
        data.copy(out, to, at, next)
        to += next - at
        at = next
      }
    }
    this.#rest = at < data.length ? Buffer.from(data.subarray(at)) : NONE
    return out.subarray(0, to)
  }
}

/** Writes quoted-printable in lines of at most 76 bytes; CRLF stays a line end, a bare CR or LF is encoded as the byte it is. */
export class QuotedPrintableEncoder implements Transform {
  #rest: Buffer = NONE
  #column = 0

  write(chunk: Buffer): Buffer {
    return this.#encode(this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]), false)
  }

  end(): Buffer {
    return this.#encode(this.#rest, true)
  }

  #encode(data: Buffer, last: boolean): Buffer {
    const out = Buffer.allocUnsafe(data.length * 4 + 8)
    let to = 0
    let at = 0
    for (; at < data.length; at++) {
      const byte = data[at] ?? 0
      if (!last && at + 2 >= data.length && (byte === CR || byte === SPACE || byte === TAB)) break
      if (byte === CR && data[at + 1] === LF) {
        out[to++] = CR
        out[to++] = LF
        this.#column = 0
        at++
        continue
      }
      const beforeEnd = at + 1 >= data.length || (data[at + 1] === CR && data[at + 2] === LF)
      const plain = (byte > SPACE && byte < 0x7f && byte !== EQUALS) || ((byte === SPACE || byte === TAB) && !beforeEnd)
      if (this.#column + (plain ? 1 : 3) > 75) {
        out[to++] = EQUALS
        out[to++] = CR
        out[to++] = LF
        this.#column = 0
      }
      const starts = this.#column === 0 && (byte === 0x2d || byte === 0x2e || byte === 0x46)
      if (plain && !starts) {
        out[to++] = byte
        this.#column++
        continue
      }
      out[to++] = EQUALS
      out[to++] = HEX[byte >> 4] ?? 0
      out[to++] = HEX[byte & 15] ?? 0
      this.#column += 3
    }
    this.#rest = at < data.length ? Buffer.from(data.subarray(at)) : NONE
    return Buffer.from(out.subarray(0, to))
  }
}

/** Writes base64 in lines of 76 characters, without a line end after the last. */
export class Base64Encoder implements Transform {
  readonly #lines = new LineWrapper()
  #rest: Buffer = NONE

  write(chunk: Buffer): Buffer {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const whole = data.length - (data.length % 3)
    this.#rest = Buffer.from(data.subarray(whole))
    return this.#lines.write(data.toString('base64', 0, whole))
  }

  end(): Buffer {
    return this.#lines.write(this.#rest.toString('base64'))
  }
}

/** Wraps base64 anew without decoding it; what is not of its alphabet means nothing (RFC 2045 §6.8) and is dropped. */
export class Base64Wrapper implements Transform {
  readonly #lines = new LineWrapper()

  write(chunk: Buffer): Buffer {
    return this.#lines.write(chunk.toString('latin1').replaceAll(/[^A-Za-z0-9+/=]+/g, ''))
  }

  end(): Buffer {
    return NONE
  }
}

class LineWrapper {
  #column = 0

  write(text: string): Buffer {
    const lines: string[] = []
    let at = 0
    while (at < text.length) {
      if (this.#column === 76) {
        lines.push('\r\n')
        this.#column = 0
      }
      const piece = text.slice(at, at + 76 - this.#column)
      lines.push(piece)
      this.#column += piece.length
      at += piece.length
    }
    return Buffer.from(lines.join(''), 'latin1')
  }
}
