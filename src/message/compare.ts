import { displayText } from './header.ts'
import type { ContentDigest, HeaderDigest, PartDigest } from './digest.ts'

export type Tolerance = {
  /** The destination may make the plain form of a message from its HTML form anew. */
  readonly plainAlternative?: boolean
  /** The source changes the domain of Message-IDs with every access (Domino). */
  readonly messageIdDomain?: boolean
}

const NAMES: Readonly<Record<Exclude<keyof HeaderDigest, 'messageIdWithoutDomain'>, string>> = {
  messageId: 'Message-ID',
  date: 'Date',
  from: 'From',
  to: 'To',
  cc: 'Cc',
  subject: 'Subject',
}
const MAX_DIFFERENCES = 20

/**
 * The differences in plain words, [] when the copy says what the source says. A Message-ID or a Date that the source did not
 * have may have been made up by the destination; empty text parts and names given to nameless attachments do not count.
 */
export function compareContent(source: ContentDigest, copy: ContentDigest, tolerance: Tolerance = {}): readonly string[] {
  const found: string[] = []
  for (const [key, name] of Object.entries(NAMES)) {
    if (!(key in source.header)) continue
    const field = key as keyof HeaderDigest
    const before = source.header[field]
    if (field === 'messageId' && tolerance.messageIdDomain === true && sameLocalId(source.header, copy.header)) continue
    if (before === copy.header[field] || (before === '' && (field === 'messageId' || field === 'date'))) continue
    found.push(copy.header[field] === '' ? `${name} is missing` : `${name} differs`)
  }
  const keep = (part: PartDigest): boolean => part.bytes > 0 || part.kind === 'message' || (part.kind === 'attachment' && part.name !== '')
  const wanted = source.parts.filter(keep)
  const there = copy.parts.filter(keep)
  if (wanted.length !== there.length) found.push(`${count(wanted)} at the source, ${count(there)} in the copy`)
  for (let at = 0; at < Math.min(wanted.length, there.length); at++) {
    const [before, after] = [wanted[at], there[at]]
    if (before !== undefined && after !== undefined) found.push(...comparePart(at + 1, before, after, tolerance))
  }
  return found.length > MAX_DIFFERENCES ? [...found.slice(0, MAX_DIFFERENCES), `and ${found.length - MAX_DIFFERENCES} more`] : found
}

function sameLocalId(a: HeaderDigest, b: HeaderDigest): boolean {
  return a.messageIdWithoutDomain === b.messageIdWithoutDomain
}

function comparePart(number: number, before: PartDigest, after: PartDigest, tolerance: Tolerance): readonly string[] {
  const what = `part ${number} (${before.kind}${before.name === '' ? '' : ` ${displayText(before.name, 60)}`})`
  if (before.kind !== after.kind) return [`${what} is ${after.kind} in the copy`]
  const found: string[] = []
  const mayDiffer = tolerance.plainAlternative === true && before.kind === 'text' && before.alternative
  if (before.sha256 !== after.sha256 && !mayDiffer) {
    found.push(
      before.bytes === after.bytes ? `${what} differs` : `${what} differs: ${before.bytes} bytes at the source, ${after.bytes} in the copy`,
    )
  }
  if (before.name !== '' && before.name !== after.name) found.push(`${what} has another name in the copy`)
  return found
}

function count(parts: readonly PartDigest[]): string {
  return parts.length === 1 ? '1 part' : `${parts.length} parts`
}
