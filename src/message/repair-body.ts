import { charsetLabel } from './charset.ts'
import type { PartFacts } from './body-facts.ts'
import { normalLineEnds } from './line-ends.ts'
import { foldLongFields, hasField, setField } from './header-edit.ts'
import type { Part } from './mime-walker.ts'
import type { PartWork } from './rewrite.ts'
import { Base64Encoder, Base64Wrapper, decoderOf, QuotedPrintableEncoder, type Transform } from './transfer-encoding.ts'

/** The works by part index; `wrap` when the message cannot be repaired without touching what is signed or not understood. */
export type BodyPlan = ReadonlyMap<number, PartWork> | 'wrap'

const NONE = Buffer.alloc(0)

/** `long-lines`: no physical line of `limit` bytes or more is left; what the parts decode to stays the same. */
export function planLongLines(facts: readonly PartFacts[], limit: number): BodyPlan {
  const works = new Map<number, PartWork>()
  for (const { part, header, body, rest, hasPgp, children } of facts) {
    if (!header.hasLongLine && !body.hasLongLine && !rest.hasLongLine) continue
    if (part.sealed || (rest.hasLongLine && children === 0)) return 'wrap'
    const fold = (raw: Buffer): Buffer => (header.hasLongLine ? foldLongFields(raw, limit) : raw)
    const passed = rest.hasLongLine ? { preamble: new LineFolder(), epilogue: new LineFolder() } : {}
    const work = body.hasLongLine ? (hasPgp ? null : recode(part)) : {}
    if (work === null) return 'wrap'
    works.set(part.index, { ...passed, ...work, header: (raw) => fold(work.header?.(raw) ?? raw) })
  }
  return works
}

/** `nul`: text gets blanks in place of NULs, other content is re-encoded and keeps them, a run at the end is dropped. */
export function planNul(facts: readonly PartFacts[]): BodyPlan {
  const works = new Map<number, PartWork>()
  for (const { part, header, body, rest, hasPgp } of facts) {
    if (!header.hasNul && !body.hasNul && !rest.hasNul) continue
    if (part.sealed || (body.hasNul && hasPgp)) return 'wrap'
    const clean = rest.hasNul ? { preamble: new NulEraser(''), epilogue: new NulEraser('') } : {}
    const fill = part.encoding === 'base64' ? '' : ' '
    const keeps = part.encoding === 'identity' && (!isTextual(part) || isWide(part))
    const recoded = keeps ? toBase64(part) : { body: new NulEraser(fill) }
    works.set(part.index, { header: eraseNul, ...clean, ...(body.hasNul ? withHeader(recoded, eraseNul) : {}) })
  }
  return works
}

/** `line-ends`: bare CR and LF become CRLF. Signed content stays as it is, binary content is re-encoded. */
export function planLineEnds(facts: readonly PartFacts[]): BodyPlan {
  const works = new Map<number, PartWork>()
  for (const { part, header, body, rest, hasPgp } of facts) {
    const bareBody = body.hasBareEnd && !hasPgp
    if (part.sealed || !(header.hasBareEnd || bareBody || rest.hasBareEnd)) continue
    const ends = rest.hasBareEnd ? { preamble: new LineEnds('\r\n'), epilogue: new LineEnds('\r\n'), delimiter: crlfLines } : {}
    const binary = part.isBinary && !isTextual(part)
    const recoded = binary ? toBase64(part) : { body: new LineEnds(part.encoding === 'base64' ? '' : '\r\n', part.parent === null) }
    works.set(part.index, { header: crlfHeader, ...ends, ...(bareBody ? withHeader(recoded, crlfHeader) : {}) })
  }
  return works
}

function recode(part: Part): PartWork | null {
  if (part.encoding === 'base64') return { body: new Base64Wrapper() }
  if (part.encoding === 'quoted-printable') return { body: chain(decoderOf('quoted-printable'), new QuotedPrintableEncoder()) }
  if (part.encoding === 'unknown' || part.type === 'message/partial' || /^(?:multipart\/|message\/(?:rfc822|global)$)/.test(part.type))
    return null
  if (part.type.startsWith('message/')) return { body: new LineFolder() }
  if (!part.type.startsWith('text/') || isWide(part)) return toBase64(part)
  return { header: (raw) => encodingField(raw, part, 'quoted-printable'), body: new QuotedPrintableEncoder() }
}

function toBase64(part: Part): PartWork {
  return { header: (raw) => encodingField(raw, part, 'base64'), body: new Base64Encoder() }
}

/** RFC 2045 §4: a transfer encoding counts only in a message that says that it is MIME. */
function encodingField(raw: Buffer, part: Part, encoding: string): Buffer {
  const marked = part.isMessage && !hasField(raw, 'mime-version') ? setField(raw, 'MIME-Version', '1.0') : raw
  return setField(marked, 'Content-Transfer-Encoding', encoding)
}

function withHeader(work: PartWork, fix: (raw: Buffer) => Buffer): PartWork {
  return { ...work, header: (raw) => fix(work.header?.(raw) ?? raw) }
}

/** Text, and containers that were not understood: they are read by lines. */
function isTextual(part: Part): boolean {
  return /^(?:text|multipart|message)\//.test(part.type)
}

/** Characters of two or four bytes: a NUL is half of one. */
function isWide(part: Part): boolean {
  return /^(?:utf-?(?:16|32)|ucs-?[24]|unicode|csunicode)/.test(charsetLabel(part.charset))
}

function chain(first: Transform, second: Transform): Transform {
  return { write: (chunk) => second.write(first.write(chunk)), end: () => Buffer.concat([second.write(first.end()), second.end()]) }
}

function eraseNul(raw: Buffer): Buffer {
  return raw.includes(0) ? Buffer.from(raw.toString('latin1').replaceAll('\0', ''), 'latin1') : raw
}

function crlfLines(raw: Buffer): Buffer {
  return Buffer.from(normalLineEnds(raw.toString('latin1'), '\r\n', '\r\n'), 'latin1')
}

function crlfHeader(raw: Buffer): Buffer {
  return Buffer.from(normalLineEnds(raw.toString('latin1'), '\r\n', ' '), 'latin1')
}

/** Replaces NULs; a run at the end vanishes. */
class NulEraser implements Transform {
  readonly #fill: string
  #waiting = 0

  constructor(fill: string) {
    this.#fill = fill
  }

  write(chunk: Buffer): Buffer {
    let end = chunk.length
    while (end > 0 && chunk[end - 1] === 0) end--
    if (end === 0) {
      this.#waiting += chunk.length
      return NONE
    }
    const before = Buffer.from(this.#fill.repeat(Math.min(this.#waiting, 1024 * 1024)))
    const text = chunk.toString('latin1', 0, end)
    this.#waiting = chunk.length - end
    return Buffer.concat([before, Buffer.from(text.replaceAll('\0', this.#fill), 'latin1')])
  }

  end(): Buffer {
    this.#waiting = 0
    return NONE
  }
}

/** Breaks lines of more than 900 bytes; a new line starts with a blank, so that it is never taken for a delimiter or a field. */
class LineFolder implements Transform {
  #column = 0

  write(chunk: Buffer): Buffer {
    const out: Buffer[] = []
    let at = 0
    let lf = chunk.indexOf(0x0a)
    while (at < chunk.length) {
      if (lf >= 0 && lf < at) lf = chunk.indexOf(0x0a, at)
      const lineEnd = lf < 0 ? chunk.length : lf + 1
      if (this.#column >= 900 && chunk[at] !== 0x0a && chunk[at] !== 0x0d) {
        out.push(Buffer.from('\r\n '))
        this.#column = 1
      }
      const end = Math.min(lineEnd, at + Math.max(900 - this.#column, 1))
      out.push(chunk.subarray(at, end))
      this.#column = lf >= 0 && end === lineEnd ? 0 : this.#column + end - at
      at = end
    }
    return Buffer.concat(out)
  }

  end(): Buffer {
    return NONE
  }
}

/** CR CR LF, LF and (as `lone`) CR become one line end each. */
class LineEnds implements Transform {
  readonly #lone: string
  readonly #endsMessage: boolean
  #waiting = 0

  constructor(lone: string, endsMessage = false) {
    this.#lone = lone
    this.#endsMessage = endsMessage
  }

  write(chunk: Buffer): Buffer {
    let end = chunk.length
    while (end > 0 && chunk[end - 1] === 0x0d) end--
    const kept = chunk.length - end
    if (end === 0) {
      this.#waiting += kept
      return NONE
    }
    const first = chunk.findIndex((byte) => byte !== 0x0d)
    const before = chunk[first] === 0x0a ? '' : this.#lone.repeat(Math.min(this.#waiting, 1024 * 1024))
    this.#waiting = kept
    const text = normalLineEnds(chunk.toString('latin1', 0, end), '\r\n', this.#lone)
    return Buffer.from(before + text, 'latin1')
  }

  end(): Buffer {
    const left = this.#waiting > 0 && this.#endsMessage ? this.#lone : ''
    this.#waiting = 0
    return Buffer.from(left)
  }
}
