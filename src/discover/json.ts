import type { Problem } from './found.ts'

export type JsonDocument = { readonly line: number; readonly value: unknown }

/** The JSON documents of a text, one after the other as saved pages are; what is broken comes with its line. */
export function jsonDocuments(text: string): { readonly values: readonly JsonDocument[]; readonly problems: readonly Problem[] } {
  const values: JsonDocument[] = []
  const problems: Problem[] = []
  let at = 0
  let line = 1
  for (const end of ends(text)) {
    const piece = text.slice(at, end)
    const lead = piece.length - piece.trimStart().length
    const first = line + newlines(piece.slice(0, lead))
    line += newlines(piece)
    at = end
    if (piece.trim() === '') continue
    try {
      values.push({ line: first, value: JSON.parse(piece) })
    } catch (error) {
      // V8 tells the position of longer texts only.
      const message = error instanceof SyntaxError ? error.message : ''
      const position = /at position (\d+)/.exec(message)?.[1]
      const ended = /end of JSON|^Unterminated/.test(message) || Number(position ?? 0) >= piece.trimEnd().length
      if (ended) problems.push({ line: line - newlines(/\s*$/.exec(piece)?.[0] ?? ''), says: 'the JSON ends too early: it was cut off' })
      else
        problems.push({
          line: first + newlines(piece.slice(lead, position === undefined ? lead : Number(position))),
          says: 'this is not JSON',
        })
      break
    }
  }
  return { values, problems }
}

/** Where each top-level document ends. */
function* ends(text: string): Generator<number> {
  let depth = 0
  let quoted = false
  let start = 0
  for (let at = 0; at < text.length; at++) {
    const char = text[at]
    if (quoted) {
      if (char === '\\') at++
      else if (char === '"') quoted = false
    } else if (char === '"') quoted = true
    else if (char === '{' || char === '[') depth++
    else if ((char === '}' || char === ']') && --depth <= 0) {
      depth = 0
      start = at + 1
      yield start
    }
  }
  if (start < text.length) yield text.length
}

function newlines(text: string): number {
  return text.split('\n').length - 1
}

/** The objects of an array, or the one object; nothing else. */
export function objectsIn(value: unknown): readonly object[] {
  if (Array.isArray(value)) return value.filter((each: unknown) => isObject(each))
  return isObject(value) ? [value] : []
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A text at a dotted path of keys; null when there is none. Numbers are taken as text. */
export function stringAt(value: unknown, path: string): string | null {
  const found = valueAt(value, path)
  if (typeof found === 'number') return String(found)
  return typeof found === 'string' && found.trim() !== '' ? found : null
}

export function valueAt(value: unknown, path: string): unknown {
  let at: unknown = value
  for (const key of path.split('.')) at = isObject(at) ? Reflect.get(at, key) : undefined
  return at
}

export function stringsAt(value: unknown, path: string): readonly string[] {
  const found = valueAt(value, path)
  return Array.isArray(found) ? found.filter((each: unknown) => typeof each === 'string') : []
}

/** true, 1, "1", "true", "yes": panels write it in every way. */
export function isTrue(value: unknown): boolean {
  return value === true || value === 1 || (typeof value === 'string' && /^(?:1|true|yes|on)$/i.test(value.trim()))
}
