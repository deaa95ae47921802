import { MimeWalker, type Part } from './mime-walker.ts'
import type { Transform } from './transfer-encoding.ts'

/** What becomes of one part; what is not named passes byte for byte. */
export type PartWork = {
  readonly header?: (raw: Buffer) => Buffer
  readonly body?: Transform
  /** For preamble and epilogue; delimiters pass through `delimiter`. */
  readonly preamble?: Transform
  readonly epilogue?: Transform
  readonly delimiter?: (raw: Buffer) => Buffer
}

/** Writes a message anew while it flows by. `workOf` is asked once for each part, in order. */
export async function* rewrite(source: AsyncIterable<Buffer>, workOf: (part: Part) => PartWork): AsyncGenerator<Buffer> {
  let out: Buffer[] = []
  const works = new Map<Part, PartWork>()
  const walker = new MimeWalker({
    header(part, raw) {
      const work = workOf(part)
      works.set(part, work)
      out.push(work.header === undefined ? raw : work.header(raw))
    },
    body(part, bytes) {
      out.push(works.get(part)?.body?.write(bytes) ?? bytes)
    },
    rest(part, bytes, what) {
      const work = works.get(part)
      if (what !== 'delimiter') {
        out.push(work?.[what]?.write(bytes) ?? bytes)
        return
      }
      out.push(work?.preamble?.end() ?? Buffer.alloc(0), work?.delimiter?.(bytes) ?? bytes)
    },
    end(part) {
      const work = works.get(part)
      for (const transform of [work?.body, work?.epilogue]) if (transform !== undefined) out.push(transform.end())
      works.delete(part)
    },
  })
  for await (const chunk of source) {
    walker.write(chunk)
    if (out.length === 0) continue
    yield Buffer.concat(out)
    out = []
  }
  walker.end()
  if (out.length > 0) yield Buffer.concat(out)
}

/** True when a repair of header blocks would change something in this message. */
export async function changesHeaders(source: AsyncIterable<Buffer>, fix: (raw: Buffer, part: Part) => Buffer): Promise<boolean> {
  let changes = false
  const nothing = (): void => {}
  const header = (part: Part, raw: Buffer): void => {
    changes ||= !part.sealed && fix(raw, part) !== raw
  }
  const walker = new MimeWalker({ header, body: nothing, rest: nothing, end: nothing })
  for await (const chunk of source) {
    walker.write(chunk)
    if (changes) return true
  }
  walker.end()
  return changes
}
