import { encodeWords } from './encoded-word.ts'
import { rawValue, splitHeader, valueText, type HeaderField } from './header-fields.ts'

/** What becomes of a field: its new bytes (latin1, with the line end), or the same `raw` to leave it alone; '' drops it. */
export type FieldEdit = (field: HeaderField) => string

/** Rewrites fields of a header block. Returns the very same buffer when nothing changes. */
export function editFields(header: Buffer, edit: FieldEdit): Buffer {
  const fields = splitHeader(header)
  let used = 0
  let changed = false
  const out: string[] = []
  for (const field of fields) {
    const next = edit(field)
    used += field.raw.length
    if (next !== field.raw) changed = true
    out.push(next)
  }
  if (!changed) return header
  return Buffer.concat([Buffer.from(out.join(''), 'latin1'), header.subarray(used)])
}

/** Puts one field in place of all of that name, or behind the last one; a block without a blank line gets one if it was empty. */
export function setField(header: Buffer, name: string, value: string): Buffer {
  const line = `${name}: ${value}\r\n`
  const fields = splitHeader(header)
  let placed = false
  const out: string[] = []
  let used = 0
  for (const field of fields) {
    used += field.raw.length
    if (field.name !== name.toLowerCase()) out.push(field.raw)
    else if (!placed) {
      placed = true
      out.push(line)
    }
  }
  const last = out.at(-1)
  if (last !== undefined && !last.endsWith('\n')) out.push('\r\n')
  if (!placed) out.push(line)
  const rest = header.subarray(used)
  return Buffer.concat([Buffer.from(out.join(''), 'latin1'), header.length === 0 ? Buffer.from('\r\n') : rest])
}

/** True when the block has a field of that name (lower case). */
export function hasField(header: Buffer, name: string): boolean {
  return splitHeader(header).some((field) => field.name === name)
}

/** A field in lines of at most 78 characters where blanks allow it; `words` are joined by blanks. Never longer than 900 a line. */
export function foldWords(start: string, words: readonly string[]): string {
  const out: string[] = [start]
  let column = start.length
  let firstWordAt = start.length
  for (const word of words) {
    if (column + word.length + 1 > 78 && column > firstWordAt) {
      out.push('\r\n')
      column = 0
      firstWordAt = 0
    }
    out.push(' ', word)
    column += word.length + 1
  }
  return `${out.join('')}\r\n`
}

/**
 * Folds the fields that have a physical line of `limit` bytes or more, at blanks. Where there is no blank for 800 bytes, a Subject
 * is encoded; in other fields a fold is put in by force, which adds one blank to the value: there is no other way.
 */
export function foldLongFields(header: Buffer, limit: number): Buffer {
  return editFields(header, (field) => {
    const lines = field.raw.split(/(?<=\n)/)
    const isLong = (line: string): boolean => line.replace(/\r?\n$/, '').length >= limit
    if (!lines.some(isLong)) return field.raw
    if (field.name === 'subject' && field.raw.split(/[ \t\r\n]+/).some((word) => word.length > 700)) {
      return foldWords(field.raw.slice(0, field.valueAt), encodeWords(valueText(rawValue(field))).split('\r\n '))
    }
    return lines
      .map((line) => {
        const text = line.replace(/\r?\n$/, '')
        return isLong(line) ? foldLine(text) + line.slice(text.length) : line
      })
      .join('')
  })
}

function foldLine(text: string): string {
  const out: string[] = []
  let at = 0
  while (text.length - at > 900) {
    const window = text.slice(at, at + 800)
    let cut = window.length - 1
    while (cut > 1 && !(isBlank(window[cut - 1]) && !isBlank(window[cut]))) cut--
    const solid = window.slice(0, cut - 1).trim() !== ''
    const end = solid ? at + cut - 1 : at + 800
    out.push(text.slice(at, end), solid ? '\r\n' : '\r\n ')
    at = end
  }
  out.push(text.slice(at))
  return out.join('')
}

function isBlank(char: string | undefined): boolean {
  return char === ' ' || char === '\t'
}
