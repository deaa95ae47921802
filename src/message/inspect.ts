import { isAscii } from 'node:buffer'
import { createHash } from 'node:crypto'
import { LineMeter } from './line-meter.ts'

/** What one cheap pass over a message's bytes tells. The buffers are views of the chunks where possible: copy what is kept for long. */
export type Inspection = {
  readonly bytes: number
  readonly sha256: Buffer
  /** Up to and including the blank line; everything when there is none; at most 1 MiB. */
  readonly header: Buffer
  /** The blank line was found within 1 MiB. */
  readonly headerComplete: boolean
  readonly hasNul: boolean
  /** A physical line of `longLineBytes` bytes or more, its CRLF not counted. */
  readonly hasLongLine: boolean
  readonly eightBitHeader: boolean
  /** The first line is an mbox separator ("From " or ">From "). */
  readonly startsWithMboxFrom: boolean
  /** The first line, after an mbox separator, is a header field. */
  readonly hasHeader: boolean
  /** The first bytes after the header, at most 4 KiB. */
  readonly bodySample: Buffer
  /** The last bytes of the message, at most 1 KiB. */
  readonly tail: Buffer
}

const HEADER_BYTES = 1024 * 1024
const SAMPLE_BYTES = 4096
const TAIL_BYTES = 1024
const LF = 0x0a
const NONE = Buffer.alloc(0)

export function inspect(chunks: readonly Buffer[], options: { longLineBytes: number | null }): Inspection {
  const inspector = new Inspector(options)
  for (const chunk of chunks) inspector.update(chunk)
  return inspector.finish()
}

/** Looks at a message while it flows by, in chunks of any size; the result does not depend on where the chunks were cut. */
export class Inspector {
  readonly #hash = createHash('sha256')
  readonly #lines: LineMeter | null
  #bytes = 0
  #hasNul = false
  #headerDone = false
  #headerComplete = false
  #headerPieces: Buffer[] = []
  #headerBytes = 0
  /** The last bytes before the current chunk, for a blank line across a border; a message begins at the start of a line. */
  #border: Buffer = Buffer.from([LF])
  #samplePieces: Buffer[] = []
  #sampleBytes = 0
  #tailPieces: Buffer[] = []
  #tailBytes = 0

  constructor(options: { longLineBytes: number | null }) {
    this.#lines = options.longLineBytes === null ? null : new LineMeter(options.longLineBytes)
  }

  update(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#bytes += chunk.length
    this.#hash.update(chunk)
    if (!this.#hasNul && chunk.includes(0)) this.#hasNul = true
    this.#lines?.update(chunk)
    if (!this.#headerDone) this.#header(chunk)
    else if (this.#sampleBytes < SAMPLE_BYTES) this.#sample(chunk)
    this.#keepTail(chunk)
  }

  finish(): Inspection {
    const header = join(this.#headerPieces)
    const first = firstLines(header)
    return {
      bytes: this.#bytes,
      sha256: this.#hash.digest(),
      header,
      headerComplete: this.#headerComplete,
      hasNul: this.#hasNul,
      hasLongLine: this.#lines?.hasLongLine ?? false,
      eightBitHeader: !isAscii(header),
      startsWithMboxFrom: /^>?From /.test(first),
      hasHeader: /^(?:>?From [^\n]*\n)?[!-9;-~]+[ \t]*:/.test(first),
      bodySample: join(this.#samplePieces),
      tail: lastBytes(join(this.#tailPieces), TAIL_BYTES),
    }
  }

  #header(chunk: Buffer): void {
    const end = this.#headerEnd(chunk)
    const room = HEADER_BYTES - this.#headerBytes
    const take = Math.min(end < 0 ? chunk.length : end, room)
    const piece = chunk.subarray(0, take)
    if (take > 0) this.#headerPieces.push(this.#headerPieces.length === 0 ? piece : Buffer.from(piece))
    this.#headerBytes += take
    if (end < 0 && take === chunk.length && this.#headerBytes < HEADER_BYTES) {
      this.#border = lastBytes(Buffer.concat([this.#border, lastBytes(chunk, 3)]), 3)
      return
    }
    this.#headerDone = true
    this.#headerComplete = end >= 0 && end <= room
    this.#sample(chunk.subarray(take))
  }

  /** Where in the chunk the header's blank line ends, -1 when it does not. */
  #headerEnd(chunk: Buffer): number {
    const border = this.#border.length
    const probe = Buffer.concat([this.#border, chunk.subarray(0, 3)])
    const across = blankLineEnd(probe)
    if (across > border) return across - border
    return blankLineEnd(chunk.subarray(0, HEADER_BYTES - this.#headerBytes + 3))
  }

  #sample(chunk: Buffer): void {
    const piece = chunk.subarray(0, SAMPLE_BYTES - this.#sampleBytes)
    if (piece.length === 0) return
    this.#samplePieces.push(this.#samplePieces.length === 0 ? piece : Buffer.from(piece))
    this.#sampleBytes += piece.length
  }

  #keepTail(chunk: Buffer): void {
    if (chunk.length >= TAIL_BYTES) {
      this.#tailPieces = [lastBytes(chunk, TAIL_BYTES)]
      this.#tailBytes = TAIL_BYTES
      return
    }
    this.#tailPieces.push(chunk)
    this.#tailBytes += chunk.length
    if (this.#tailBytes > 4 * TAIL_BYTES) {
      this.#tailPieces = [Buffer.from(lastBytes(Buffer.concat(this.#tailPieces), TAIL_BYTES))]
      this.#tailBytes = TAIL_BYTES
    }
  }
}

/** The end of the first blank line that follows a line end, -1 when there is none. */
function blankLineEnd(bytes: Buffer): number {
  const crlf = bytes.indexOf('\n\r\n')
  const lf = (crlf < 0 ? bytes : bytes.subarray(0, crlf + 1)).indexOf('\n\n')
  if (lf >= 0) return lf + 2
  return crlf < 0 ? -1 : crlf + 3
}

function firstLines(header: Buffer): string {
  const firstEnd = header.indexOf(LF)
  const secondEnd = firstEnd < 0 ? -1 : header.indexOf(LF, firstEnd + 1)
  return header
    .subarray(0, secondEnd < 0 ? header.length : secondEnd)
    .subarray(0, 4096)
    .toString('latin1')
}

function lastBytes(bytes: Buffer, count: number): Buffer {
  return bytes.length <= count ? bytes : bytes.subarray(bytes.length - count)
}

function join(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? (pieces[0] ?? NONE) : Buffer.concat(pieces)
}
