import { parseEntity, type Entity } from './mime-tree.ts'

/** What stands in the brackets of `BODY[…]` (RFC 3501 §6.4.5). */
export type Section = {
  readonly part: readonly number[]
  readonly what: '' | 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME'
  readonly fields: readonly string[]
}

export function parseSection(text: string): Section | null {
  const match = /^((?:\d+)(?:\.\d+)*)?\.?(HEADER\.FIELDS\.NOT|HEADER\.FIELDS|HEADER|TEXT|MIME)?(?: \(([^)]*)\))?$/i.exec(text)
  if (match === null) return null
  const what = (match[2] ?? '').toUpperCase()
  const fields = (match[3] ?? '').split(' ').map((name) => name.replaceAll('"', '').toLowerCase())
  const part = match[1] === undefined ? [] : match[1].split('.').map(Number)
  if (what === 'MIME' && part.length === 0) return null
  return { part, what: isWhat(what) ? what : '', fields }
}

function isWhat(text: string): text is Section['what'] {
  return ['', 'HEADER', 'HEADER.FIELDS', 'HEADER.FIELDS.NOT', 'TEXT', 'MIME'].includes(text)
}

/** The bytes of a section; null when the message has no such part. */
export function readSection(bytes: Buffer, section: Section): Buffer | null {
  if (section.part.length === 0 && section.what === '') return bytes
  let entity = section.part.length === 0 ? parseEntity(bytes, 1000) : parseEntity(bytes)
  for (const [depth, number] of section.part.entries()) {
    // Part numbers look through a message/rfc822; part 1 of what is no multipart is its body.
    const container: Entity = depth > 0 && entity.inner !== null ? entity.inner : entity
    const child = container.children[number - 1]
    if (child !== undefined) entity = child
    else if (number === 1 && container.children.length === 0) entity = container
    else return null
  }
  if (section.part.length > 0) {
    if (section.what === '') return entity.body
    if (section.what === 'MIME') return entity.header
    if (entity.inner !== null) entity = entity.inner
  }
  if (section.what === 'TEXT') return entity.body
  if (section.what === 'HEADER') return entity.header
  const wanted = section.what === 'HEADER.FIELDS'
  const raw = entity.fields.filter((field) => section.fields.includes(field.name) === wanted).map((field) => field.raw)
  return Buffer.concat([...raw, Buffer.from('\r\n')])
}
