import type { PartFacts } from './body-facts.ts'
import { encodeWords } from './encoded-word.ts'
import { editFields, foldWords, setField } from './header-edit.ts'
import { rawValue, splitHeader, trimBlanks, valueText, type HeaderField } from './header-fields.ts'
import type { HeaderFix } from './repair-header.ts'

/** Limits of messages that Exchange takes, as measured by others (reference exchange-imap-quirks §3). */
export const SHAPE = {
  lineBytes: 998,
  depth: 30,
  subParts: 250,
  fileNameUnits: 255,
  references: 485,
  referenceBytes: 40_000,
  subjectUnits: 255,
  addressUnits: 1950,
  sameNameBytes: 64 * 1024,
} as const

const KEPT_BYTES = 8 * 1024
const ADDRESSES = new Set(['to', 'cc', 'bcc'])

/** True when the structure itself exceeds the limits: only wrapping helps. */
export function exceedsStructure(facts: readonly PartFacts[]): boolean {
  return facts.some(({ part, children }) => part.depth > SHAPE.depth || children > SHAPE.subParts)
}

/** `shape`: what exceeds the limits is cut; the cut Subject and addresses stay readable in X- fields. */
export const trimShape: HeaderFix = (header, part) => {
  const trimmed = dropRepeated(editFields(header, trimField))
  if (part.fileName.length <= SHAPE.fileNameUnits || part.kind !== 'leaf') return trimmed
  const charset = /^[\w.:+-]{1,60}$/.test(part.charset) ? `; charset=${part.charset}` : ''
  const typed = setField(trimmed, 'Content-Type', `${/^[\w.+-]+\/[\w.+-]+$/.test(part.type) ? part.type : 'text/plain'}${charset}`)
  const disposition = part.disposition === 'inline' ? 'inline' : 'attachment'
  return setField(typed, 'Content-Disposition', `${disposition};\r\n filename="${encodeWords(shortName(part.fileName), '\r\n ')}"`)
}

function trimField(field: HeaderField): string {
  if (field.name === 'subject') return trimSubject(field)
  if (field.name === 'references' || field.name === 'in-reply-to') return trimReferences(field)
  if (ADDRESSES.has(field.name)) return trimAddresses(field)
  if (field.name === 'content-type') return field.raw.replace(/multipart\/appledouble/i, 'multipart/mixed')
  if (!/^(?:x-|received$|arc-)/.test(field.name) || field.raw.length <= SHAPE.sameNameBytes) return field.raw
  return foldWords(
    field.raw.slice(0, field.valueAt),
    rawValue(field)
      .slice(0, KEPT_BYTES)
      .split(/[ \t]+/),
  )
}

function trimSubject(field: HeaderField): string {
  const subject = valueText(rawValue(field))
  if (subject.length <= SHAPE.subjectUnits) return field.raw
  const short = cut(subject, SHAPE.subjectUnits - 1)
  const words = foldWords('Subject:', encodeWords(`${short}…`).split('\r\n '))
  const original = foldWords('X-Original-Subject:', encodeWords(cut(subject, KEPT_BYTES)).split('\r\n '))
  return words + original
}

function trimReferences(field: HeaderField): string {
  const ids = rawValue(field).match(/<[^<>\s]{1,900}>/g) ?? []
  if (ids.length <= SHAPE.references && field.raw.length <= SHAPE.referenceBytes) return field.raw
  const [first = ''] = ids
  const kept: string[] = []
  let bytes = first.length + 100
  for (const id of ids.slice(1).toReversed()) {
    bytes += id.length + 3
    if (kept.length >= SHAPE.references - 1 || bytes > SHAPE.referenceBytes) break
    kept.unshift(id)
  }
  return foldWords(field.raw.slice(0, field.valueAt), first === '' ? [] : [first, ...kept])
}

/** The whole value moves to X-Broken-…; what is short enough stays. */
function trimAddresses(field: HeaderField): string {
  const all = splitCommas(rawValue(field))
  const kept = all.filter((one) => one.length <= SHAPE.addressUnits)
  if (kept.length === all.length) return field.raw
  const start = field.raw.slice(0, field.valueAt)
  const words = kept.map((one, index) => (index < kept.length - 1 ? `${trimBlanks(one)},` : trimBlanks(one)))
  const broken = `X-Broken-${start}${field.raw.slice(field.valueAt)}`
  return (words.length === 0 ? '' : foldWords(start, words)) + broken
}

function splitCommas(value: string): readonly string[] {
  const pieces: string[] = []
  let from = 0
  let quoted = false
  for (let at = 0; at < value.length; at++) {
    const char = value[at]
    if (char === '\\' && quoted) at++
    else if (char === '"') quoted = !quoted
    else if (char === ',' && !quoted) {
      pieces.push(value.slice(from, at))
      from = at + 1
    }
  }
  return [...pieces, value.slice(from)]
}

/** Of the same trace field for more than 64 KiB, the newest and the oldest 8 KiB stay. */
function dropRepeated(header: Buffer): Buffer {
  const sizes = new Map<string, number>()
  for (const field of splitHeader(header)) {
    if (/^(?:x-|received$|arc-)/.test(field.name)) sizes.set(field.name, (sizes.get(field.name) ?? 0) + field.raw.length)
  }
  const seen = new Map<string, number>()
  return editFields(header, (field) => {
    const total = sizes.get(field.name) ?? 0
    if (total <= SHAPE.sameNameBytes) return field.raw
    const before = seen.get(field.name) ?? 0
    seen.set(field.name, before + field.raw.length)
    return before + field.raw.length <= KEPT_BYTES || total - before <= KEPT_BYTES ? field.raw : ''
  })
}

function shortName(name: string): string {
  const dot = name.lastIndexOf('.')
  const extension = name.length - dot <= 12 ? name.slice(dot) : ''
  return cut(name, 200 - extension.length) + extension
}

function cut(text: string, units: number): string {
  return text.slice(0, units).replace(/[\ud800-\udbff]$/, '')
}
