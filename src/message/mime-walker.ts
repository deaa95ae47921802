import { splitHeader } from './header-fields.ts'
import { readPartHeader, type PartHeader } from './mime-header.ts'

/** A part of a message, numbered in the order of the bytes. */
export type Part = PartHeader & {
  readonly index: number
  readonly depth: number
  readonly parent: Part | null
  /** `container`: a multipart or an attached message whose inside is walked; everything else is a leaf. */
  readonly kind: 'leaf' | 'container'
  /** Its header is that of a message: the root, and what is inside message/rfc822. */
  readonly isMessage: boolean
  /** Below a signature or an encryption: nothing in it may change. */
  readonly sealed: boolean
}

/** What the walker tells; all buffers given to it, joined, are exactly the bytes of the message. */
export type MimeSink = {
  /** With the blank line as it stands; '' for a part that starts with its body. */
  header(part: Part, raw: Buffer): void
  /** Bytes of a leaf; the line end before a delimiter is not among them. */
  body(part: Part, bytes: Buffer): void
  /** What is no content: delimiter lines with the line end before them, and what stands before, between and behind. */
  rest(part: Part, bytes: Buffer, what: 'delimiter' | 'preamble' | 'epilogue'): void
  end(part: Part): void
}

const MAX_DEPTH = 50
const MAX_PARTS = 5000
const MAX_HEADER_BYTES = 1024 * 1024
const MAX_BOUNDARY_BYTES = 1000
/** A delimiter line with its dashes and blanks behind; longer lines are content. */
const MAX_DELIMITER_BYTES = MAX_BOUNDARY_BYTES + 1000
const BLOCK_BYTES = 16 * 1024
const LF = 0x0a
const CR = 0x0d
const DASH = 0x2d
/** A NUL in a name is damage, not the end of the header. */
const FIELD_START = /^(?:[\0!-9;-~]+[ \t]*:|>?From |\r?\n|\r?$)/

type State = 'header' | 'body' | 'preamble' | 'epilogue' | 'opaque'

/**
 * Cuts a flowing message into parts and content without holding either. Beyond the limits (depth 50, 5000 parts, headers of
 * 1 MiB) the rest is one opaque leaf. Never throws; the cost is proportional to the bytes, in memory one block and one header.
 */
export class MimeWalker {
  readonly #sink: MimeSink
  #pending: Buffer[] = []
  #pendingBytes = 0
  #wantBytes = BLOCK_BYTES
  #state: State = 'header'
  /** From the root to the part that the bytes belong to now; while a header is read, to its parent. */
  #path: Part[] = []
  #boundaries: { readonly part: Part; readonly text: string }[] = []
  #atLineStart = true
  #header: Buffer[] = []
  #headerBytes = 0
  #parts = 0

  constructor(sink: MimeSink) {
    this.#sink = sink
  }

  write(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#pending.push(chunk)
    this.#pendingBytes += chunk.length
    if (this.#pendingBytes >= this.#wantBytes) this.#run(false)
  }

  end(): void {
    this.#run(true)
    if (this.#state === 'header') this.#headerEnds(false)
    this.#leave(0)
  }

  #run(last: boolean): void {
    let data = this.#pending.length === 1 ? (this.#pending[0] ?? Buffer.alloc(0)) : Buffer.concat(this.#pending)
    for (;;) {
      const parts = this.#parts
      const used = this.#state === 'header' ? this.#readHeader(data, last) : this.#readBody(data, last)
      data = data.subarray(used)
      if ((used === 0 && parts === this.#parts) || data.length === 0) break
    }
    this.#pending = data.length === 0 ? [] : [data]
    this.#pendingBytes = data.length
    this.#wantBytes = Math.max(BLOCK_BYTES, 2 * data.length)
  }

  /** Takes one header line, or ends the header. Returns how many bytes were used, 0 for "more is needed". */
  #readHeader(data: Buffer, last: boolean): number {
    const end = data.indexOf(LF)
    const room = MAX_HEADER_BYTES - this.#headerBytes
    if (end < 0 && !last && data.length < room) return 0
    const length = Math.min(end < 0 ? data.length : end + 1, room)
    const line = data.subarray(0, length)
    const delimiter = line[0] === DASH && line[1] === DASH ? this.#delimiter(line) : null
    if (delimiter !== null) {
      this.#headerEnds(false)
      this.#cross(delimiter, line)
      return length
    }
    if (this.#headerBytes === 0 && !FIELD_START.test(line.subarray(0, 1000).toString('latin1'))) {
      this.#headerEnds(true)
      return 0
    }
    if (length > 0) this.#header.push(line)
    this.#headerBytes += length
    const blank = (length === 1 && line[0] === LF) || (length === 2 && line[0] === CR && line[1] === LF)
    if (blank || this.#headerBytes >= MAX_HEADER_BYTES) this.#headerEnds(true)
    return length
  }

  #headerEnds(complete: boolean): void {
    const raw = Buffer.concat(this.#header)
    this.#header = []
    this.#headerBytes = 0
    const parent = this.#path.at(-1) ?? null
    const isMessage = parent === null || !parent.type.startsWith('multipart/')
    const read = readPartHeader(splitHeader(raw), parent?.type === 'multipart/digest' ? 'message/rfc822' : 'text/plain')
    const depth = this.#path.length
    const isMultipart = read.type.startsWith('multipart/') && read.boundary !== '' && read.boundary.length <= MAX_BOUNDARY_BYTES
    const isAttached = (read.type === 'message/rfc822' || read.type === 'message/global') && read.encoding === 'identity'
    const container = complete && (isMultipart || isAttached) && depth < MAX_DEPTH && this.#parts < MAX_PARTS
    const part: Part = {
      ...read,
      index: this.#parts++,
      depth,
      parent,
      kind: container ? 'container' : 'leaf',
      isMessage,
      sealed: parent !== null && (parent.sealed || parent.type === 'multipart/signed' || parent.type === 'multipart/encrypted'),
    }
    this.#path.push(part)
    this.#sink.header(part, raw)
    this.#atLineStart = true
    if (!container) this.#state = this.#parts > MAX_PARTS ? 'opaque' : 'body'
    else if (isMultipart) {
      this.#boundaries.push({ part, text: read.boundary })
      this.#state = 'preamble'
    } else this.#state = 'header'
  }

  /** Hands on content up to the next delimiter. Returns how many bytes were used. */
  #readBody(data: Buffer, last: boolean): number {
    if (this.#boundaries.length === 0 || this.#state === 'opaque') {
      this.#content(data)
      return data.length
    }
    let from = 0
    for (;;) {
      const atStart = this.#atLineStart && from === 0
      if (atStart && !last && data.length < 2) return 0
      const isFirst = atStart && data[0] === DASH && data[1] === DASH
      const found = isFirst ? -1 : data.indexOf('\n--', from)
      if (!isFirst && found < 0) return this.#withoutTail(data, last)
      const start = found + 1
      const end = data.indexOf(LF, start)
      if (end < 0 && !last && data.length - start <= MAX_DELIMITER_BYTES) return this.#upTo(data, breakStart(data, found))
      const line = data.subarray(start, end < 0 ? data.length : end + 1)
      const delimiter = this.#delimiter(line)
      if (delimiter !== null) {
        const at = isFirst ? 0 : breakStart(data, found)
        this.#content(data.subarray(0, at))
        this.#cross(delimiter, data.subarray(at, start + line.length))
        return start + line.length
      }
      from = start + 2
    }
  }

  /** Everything but the end, which may be the beginning of a delimiter. */
  #withoutTail(data: Buffer, last: boolean): number {
    if (last) return this.#upTo(data, data.length)
    let keep = 0
    while (keep < 2 && data[data.length - 1 - keep] === DASH) keep++
    if (keep === 2) keep = 0
    if (data[data.length - 1 - keep] === LF) keep += data[data.length - 2 - keep] === CR ? 2 : 1
    else keep = data[data.length - 1] === CR ? 1 : 0
    return this.#upTo(data, data.length - keep)
  }

  #upTo(data: Buffer, end: number): number {
    if (end <= 0) return 0
    this.#content(data.subarray(0, end))
    this.#atLineStart = false
    return end
  }

  #content(bytes: Buffer): void {
    const part = this.#path.at(-1)
    if (bytes.length === 0 || part === undefined) return
    if (this.#state === 'preamble' || this.#state === 'epilogue') this.#sink.rest(part, bytes, this.#state)
    else this.#sink.body(part, bytes)
  }

  #delimiter(line: Buffer): { level: number; closing: boolean } | null {
    if (line.length > MAX_DELIMITER_BYTES) return null
    let end = line.length
    while (end > 2 && [LF, CR, 0x20, 0x09].includes(line[end - 1] ?? 0)) end--
    const text = line.toString('latin1', 2, end)
    for (let level = this.#boundaries.length - 1; level >= 0; level--) {
      const boundary = this.#boundaries[level]?.text
      if (text === boundary) return { level, closing: false }
      if (text === `${boundary}--`) return { level, closing: true }
    }
    return null
  }

  #cross(delimiter: { level: number; closing: boolean }, bytes: Buffer): void {
    const owner = this.#boundaries[delimiter.level]?.part
    if (owner === undefined) return
    this.#leave(owner.depth + 1)
    this.#boundaries.length = delimiter.level + (delimiter.closing ? 0 : 1)
    this.#sink.rest(owner, bytes, 'delimiter')
    this.#atLineStart = true
    if (delimiter.closing) this.#state = 'epilogue'
    else if (this.#parts < MAX_PARTS) this.#state = 'header'
    else this.#headerEnds(false)
  }

  #leave(depth: number): void {
    while (this.#path.length > depth) {
      const part = this.#path.pop()
      if (part !== undefined) this.#sink.end(part)
    }
  }
}

/** Where the line end at `lf` begins. */
function breakStart(data: Buffer, lf: number): number {
  return lf > 0 && data[lf - 1] === CR ? lf - 1 : Math.max(lf, 0)
}
