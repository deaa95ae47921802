import { createHash } from 'node:crypto'
import type { TextReader } from './charset.ts'
import { normalLineEnds } from './line-ends.ts'

/** Text is cut for NFC at the latest here. */
const MAX_WAITING = 64 * 1024
/**
 * The hash of a text as people read it: Unicode in NFC, line ends as LF, no white space at the end of lines or of the text. It
 * flows: memory stays small whatever the length.
 */
export class TextDigest {
  readonly #reader: TextReader
  readonly #hash = createHash('sha256')
  #bytes = 0
  #waiting = ''
  /** White space that counts only when something follows. */
  #blankLines = 0
  #blanks = ''

  constructor(reader: TextReader) {
    this.#reader = reader
  }

  update(bytes: Buffer): void {
    this.#take(this.#reader.write(bytes), false)
  }

  finish(): { readonly bytes: number; readonly sha256: string } {
    this.#take(this.#reader.end(), true)
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  #take(text: string, last: boolean): void {
    const all = (this.#waiting + text).replaceAll('\ufeff', '')
    const cut = last ? all.length : cutAt(all)
    this.#waiting = all.slice(cut)
    this.#add(all.slice(0, cut).normalize('NFC'))
  }

  #add(text: string): void {
    const lines = normalLineEnds(text, '\n', '\n').split('\n')
    const out: string[] = []
    lines.forEach((line, index) => {
      if (index > 0) {
        this.#blankLines++
        this.#blanks = ''
      }
      const end = solidEnd(line)
      if (end > 0) {
        while (this.#blankLines > MAX_WAITING) {
          this.#emit(out.splice(0).join('') + '\n'.repeat(MAX_WAITING))
          this.#blankLines -= MAX_WAITING
        }
        out.push('\n'.repeat(this.#blankLines))
        this.#blankLines = 0
        out.push(this.#blanks, line.slice(0, end))
        this.#blanks = ''
      }
      if (this.#blanks.length < MAX_WAITING) this.#blanks += line.slice(end)
    })
    this.#emit(out.join(''))
  }

  #emit(text: string): void {
    this.#bytes += Buffer.byteLength(text)
    this.#hash.update(text)
  }
}

/**
 * Where the text can be cut without changing what it normalises to: before the last ASCII character, with which nothing before
 * it combines, and not behind a CR, which may be half of a line end. By force where there is none for too long.
 */
function cutAt(text: string): number {
  let cut = text.length - 1
  while (cut > 0 && (text.charCodeAt(cut) > 0x7f || text[cut] === '\r' || text[cut - 1] === '\r')) cut--
  if (text.length - cut <= MAX_WAITING) return Math.max(cut, 0)
  const forced = text.length - 1
  return /[\udc00-\udfff]/.test(text[forced] ?? '') ? forced - 1 : forced
}

function solidEnd(line: string): number {
  let end = line.length
  while (end > 0 && ' \t\u00a0\0'.includes(line[end - 1] ?? '')) end--
  return end
}
