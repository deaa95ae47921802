import { LineMeter } from './line-meter.ts'
import { MimeWalker, type MimeSink, type Part } from './mime-walker.ts'

export type ByteFacts = { readonly hasLongLine: boolean; readonly hasNul: boolean; readonly hasBareEnd: boolean }

/** What one look at a message tells of each part, so that the second look can write it anew. */
export type PartFacts = {
  readonly part: Part
  header: ByteFacts
  body: ByteFacts
  /** What is no content of this multipart: preamble, delimiters, epilogue. */
  rest: ByteFacts
  /** Inline PGP: the text is signed or encrypted as it stands. */
  hasPgp: boolean
  children: number
}

const PGP = '-----BEGIN PGP '

/** Looks at all parts of a message, in order. Memory grows with the parts (at most 5001), not with the bytes. `onHeader`: each header as it passes. */
export async function partFacts(
  source: AsyncIterable<Buffer>,
  longLineBytes: number,
  onHeader: (part: Part, raw: Buffer) => void = () => {},
): Promise<readonly PartFacts[]> {
  const sink = new FactSink(longLineBytes, onHeader)
  const walker = new MimeWalker(sink)
  for await (const chunk of source) walker.write(chunk)
  walker.end()
  return sink.facts
}

class FactSink implements MimeSink {
  readonly facts: PartFacts[] = []
  readonly #limit: number
  readonly #onHeader: (part: Part, raw: Buffer) => void
  readonly #probes = new Map<string, Probe>()

  constructor(limit: number, onHeader: (part: Part, raw: Buffer) => void) {
    this.#limit = limit
    this.#onHeader = onHeader
  }

  header(part: Part, raw: Buffer): void {
    this.#onHeader(part, raw)
    const none = { hasLongLine: false, hasNul: false, hasBareEnd: false }
    this.facts[part.index] = { part, header: none, body: none, rest: none, hasPgp: false, children: 0 }
    const parent = part.parent === null ? undefined : this.facts[part.parent.index]
    if (parent !== undefined) parent.children++
    this.#once(part, 'header', raw)
  }

  body(part: Part, bytes: Buffer): void {
    this.#probe(`body ${part.index}`).update(bytes)
  }

  rest(part: Part, bytes: Buffer, what: 'delimiter' | 'preamble' | 'epilogue'): void {
    if (what === 'delimiter') this.#once(part, 'rest', bytes)
    else this.#probe(`${what} ${part.index}`).update(bytes)
  }

  end(part: Part): void {
    for (const what of ['body', 'preamble', 'epilogue'] as const) {
      const probe = this.#probes.get(`${what} ${part.index}`)
      const facts = this.facts[part.index]
      if (probe === undefined || facts === undefined) continue
      this.#probes.delete(`${what} ${part.index}`)
      if (what === 'body') {
        facts.body = probe.counts()
        facts.hasPgp = probe.hasPgp
      } else facts.rest = merge(facts.rest, probe.counts())
    }
  }

  #once(part: Part, slot: 'header' | 'rest', bytes: Buffer): void {
    const facts = this.facts[part.index]
    if (facts === undefined) return
    const probe = new Probe(this.#limit)
    probe.update(bytes)
    facts[slot] = merge(facts[slot], probe.counts())
  }

  #probe(key: string): Probe {
    const probe = this.#probes.get(key) ?? new Probe(this.#limit)
    this.#probes.set(key, probe)
    return probe
  }
}

class Probe {
  readonly #lines: LineMeter
  #hasNul = false
  #hasBareEnd = false
  #last = 0
  #border = ''
  hasPgp = false

  constructor(limit: number) {
    this.#lines = new LineMeter(limit)
  }

  update(bytes: Buffer): void {
    if (bytes.length === 0) return
    this.#lines.update(bytes)
    this.#hasNul ||= bytes.includes(0)
    this.#hasBareEnd ||= hasBareEnd(bytes, this.#last)
    this.hasPgp ||= bytes.includes(PGP) || (this.#border + bytes.toString('latin1', 0, PGP.length)).includes(PGP)
    this.#last = bytes[bytes.length - 1] ?? 0
    this.#border = (this.#border + bytes.toString('latin1', Math.max(0, bytes.length - PGP.length))).slice(-PGP.length)
  }

  counts(): ByteFacts {
    return { hasLongLine: this.#lines.hasLongLine, hasNul: this.#hasNul, hasBareEnd: this.#hasBareEnd || this.#last === 0x0d }
  }
}

function hasBareEnd(bytes: Buffer, before: number): boolean {
  if (before === 0x0d && bytes[0] !== 0x0a) return true
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) {
    if ((at > 0 ? bytes[at - 1] : before) !== 0x0d) return true
  }
  for (let at = bytes.indexOf(0x0d); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0x0d, at + 1)) {
    if (bytes[at + 1] !== 0x0a) return true
  }
  return false
}

function merge(a: ByteFacts, b: ByteFacts): ByteFacts {
  return {
    hasLongLine: a.hasLongLine || b.hasLongLine,
    hasNul: a.hasNul || b.hasNul,
    hasBareEnd: a.hasBareEnd || b.hasBareEnd,
  }
}
