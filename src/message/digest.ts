export { compareContent, type Tolerance } from './compare.ts'
import { createHash, type Hash } from 'node:crypto'
import { charsetReader } from './charset.ts'
import { addressesOf, messageIdWithoutDomain, normalMessageId, subjectText } from './header.ts'
import { firstValues, splitHeader } from './header-fields.ts'
import { parseMailDate } from './mail-date.ts'
import { MimeWalker, type MimeSink, type Part } from './mime-walker.ts'
import { TextDigest } from './text-digest.ts'
import { decoderOf, type Transform } from './transfer-encoding.ts'

/** Hashes (hex) of the decoded values; '' where there is none, or for a Date that cannot be read. */
export type HeaderDigest = {
  readonly messageId: string
  /** The same without what stands behind the @, which some servers change with every access. */
  readonly messageIdWithoutDomain: string
  readonly date: string
  readonly from: string
  readonly to: string
  readonly cc: string
  readonly subject: string
}

export type PartDigest = {
  /** `message`: the header of an attached message; its parts follow. */
  readonly kind: 'text' | 'html' | 'attachment' | 'message'
  /** The file name, decoded; '' when there is none. */
  readonly name: string
  /** Of the decoded content; for text in its normal form. */
  readonly bytes: number
  readonly sha256: string
  /** One of several forms of the same text. */
  readonly alternative: boolean
}

/** What a message says, whatever MIME it is written in. Holds hashes and file names, no text. */
export type ContentDigest = {
  readonly header: HeaderDigest
  readonly parts: readonly PartDigest[]
  /** Over all of it, hex. */
  readonly combined: string
}

/**
 * Digests the content of a message while it flows by: text decoded to Unicode and normalised, attachments decoded, attached
 * messages walked into. Equal for messages that differ only in boundaries, transfer encodings, charsets, folding, line ends.
 * Memory stays flat; never throws on any bytes, only what the stream throws.
 */
export async function contentDigest(body: AsyncIterable<Buffer>): Promise<ContentDigest> {
  const sink = new DigestSink()
  const walker = new MimeWalker(sink)
  for await (const chunk of body) walker.write(chunk)
  walker.end()
  const header = sink.messageHeader
  const parts = sink.parts
  const combined = createHash('sha256')
    .update(JSON.stringify([header, parts]))
    .digest('hex')
  return { header, parts, combined }
}

type Running = { readonly decoder: Transform; readonly meter: Meter }
type Meter = { update(bytes: Buffer): void; finish(): { readonly bytes: number; readonly sha256: string } }

const FIELDS = new Set(['message-id', 'date', 'from', 'to', 'cc', 'subject'])

class DigestSink implements MimeSink {
  messageHeader: HeaderDigest = { messageId: '', messageIdWithoutDomain: '', date: '', from: '', to: '', cc: '', subject: '' }
  readonly parts: PartDigest[] = []
  readonly #running = new Map<Part, Running>()
  readonly #divided = new WeakSet<Part>()

  header(part: Part, raw: Buffer): void {
    if (part.isMessage) {
      const digest = headerDigest(raw)
      if (part.parent === null) this.messageHeader = digest
      else this.parts.push({ kind: 'message', name: '', bytes: 0, sha256: hex(JSON.stringify(digest)), alternative: false })
    }
    if (part.kind === 'leaf') this.#running.set(part, { decoder: decoderOf(part.encoding), meter: meterOf(part) })
  }

  body(part: Part, bytes: Buffer): void {
    const running = this.#running.get(part)
    running?.meter.update(running.decoder.write(bytes))
  }

  /** A multipart without a single delimiter: what it holds is read as text. */
  rest(part: Part, bytes: Buffer, what: 'delimiter' | 'preamble' | 'epilogue'): void {
    if (what === 'delimiter') {
      this.#running.delete(part)
      this.#divided.add(part)
    } else if (what === 'preamble' && !this.#divided.has(part)) {
      const running = this.#running.get(part) ?? { decoder: decoderOf('identity'), meter: new TextDigest(charsetReader('')) }
      this.#running.set(part, running)
      running.meter.update(bytes)
    }
  }

  end(part: Part): void {
    const running = this.#running.get(part)
    if (running === undefined) return
    this.#running.delete(part)
    running.meter.update(running.decoder.end())
    const { bytes, sha256 } = running.meter.finish()
    this.parts.push({ kind: kindOf(part), name: part.fileName, bytes, sha256, alternative: part.parent?.type === 'multipart/alternative' })
  }
}

function kindOf(part: Part): 'text' | 'html' | 'attachment' {
  if (part.disposition === 'attachment' || part.fileName !== '') return 'attachment'
  if (part.type === 'text/html') return 'html'
  return part.type === 'text/plain' ? 'text' : 'attachment'
}

/** Attached text keeps its bytes but not its line ends: those belong to the transport. */
function meterOf(part: Part): Meter {
  if (kindOf(part) !== 'attachment') return new TextDigest(charsetReader(part.charset))
  return part.type.startsWith('text/') || part.type.startsWith('message/') ? new TextDigest(BYTES_AS_TEXT) : new ByteDigest()
}

const BYTES_AS_TEXT = { write: (bytes: Buffer): string => bytes.toString('latin1'), end: (): string => '' }

class ByteDigest implements Meter {
  readonly #hash: Hash = createHash('sha256')
  #bytes = 0

  update(bytes: Buffer): void {
    this.#bytes += bytes.length
    this.#hash.update(bytes)
  }

  finish(): { readonly bytes: number; readonly sha256: string } {
    return { bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }
}

function headerDigest(raw: Buffer): HeaderDigest {
  const values = firstValues(splitHeader(raw), FIELDS)
  const value = (name: string): string | null => values.get(name) ?? null
  const ms = parseMailDate(value('date') ?? '')
  return {
    messageId: hex(normalMessageId(value('message-id')) ?? ''),
    messageIdWithoutDomain: hex(messageIdWithoutDomain(value('message-id'))),
    date: hex(ms === null ? '' : String(ms)),
    from: hex(addressKey(value('from'))),
    to: hex(addressKey(value('to'))),
    cc: hex(addressKey(value('cc'))),
    subject: hex(subjectText(value('subject'))),
  }
}

function hex(text: string): string {
  return text === '' ? '' : createHash('sha256').update(text).digest('hex')
}

/** Addresses without any blank: a line that has none for ten thousand bytes gets one where it must be folded. */
function addressKey(raw: string | null): string {
  return addressesOf(raw).join(',').replaceAll(/\s+/g, '')
}
