import type { FetchResponse, Literal, Token } from './response.ts'
import { isLiteral, isNil, isQuoted, textOf } from './response.ts'

/** Reads the items of a FETCH answer: any order, any case, unknown ones skipped, a value that is missing taken as NIL. */
export function fetchResponse(name: string, number: number, values: readonly Token[]): FetchResponse {
  const items = typeof values[0] === 'object' && Array.isArray(values[0]) ? (values[0] as readonly Token[]) : values
  let uid = name === 'UIDFETCH' ? number : 0
  let flags: readonly string[] | null = null
  let internalDate: string | null = null
  let sizeBytes: number | null = null
  let labels: readonly string[] | null = null
  let section: string | null = null
  let body: Literal | null = null
  let at = 0
  while (at < items.length) {
    const key = items[at++]
    if (typeof key !== 'string') continue
    const item = key.toUpperCase()
    const value = items[at]
    if (item.startsWith('BODY[') || item.startsWith('BINARY[') || item === 'RFC822' || item === 'RFC822.HEADER') {
      section = item
      // Yandex leaves the value out: then what follows is the next item
      if (typeof value === 'string' && !isNil(value)) continue
      body = octets(value)
    } else if (item === 'UID') uid = number32(value)
    else if (item === 'FLAGS') flags = flagsOf(value)
    else if (item === 'INTERNALDATE') internalDate = textOf(value) ?? ''
    else if (item === 'RFC822.SIZE') sizeBytes = number32(value)
    else if (item === 'X-GM-LABELS') labels = labelsOf(value)
    at++
  }
  return { kind: 'fetch', uid, flags, internalDate, sizeBytes, labels, section, body }
}

/** The UID told so far in an answer that is still coming in; 0 when it was not told yet. */
export function uidSoFar(name: string, number: number | null, open: readonly Token[]): number {
  if (name === 'UIDFETCH') return number ?? 0
  for (let i = 0; i + 1 < open.length; i++) {
    const key = open[i]
    if (typeof key === 'string' && key.length === 3 && key.toUpperCase() === 'UID') return number32(open[i + 1])
  }
  return 0
}

function octets(value: Token | undefined): Literal | null {
  if (isLiteral(value)) return value
  if (isQuoted(value)) {
    const chunk = Buffer.from(value.quoted, 'latin1')
    return { bytes: chunk.length, chunks: chunk.length === 0 ? [] : [chunk], taken: false }
  }
  return null
}

/** 0 for what is no positive number; mail.ru writes 9.3736e+06. */
function number32(value: Token | undefined): number {
  const number = Number(textOf(value) ?? '')
  return Number.isFinite(number) && number > 0 ? Math.round(number) : 0
}

function flagsOf(value: Token | undefined): readonly string[] {
  if (typeof value !== 'object' || !Array.isArray(value)) return []
  const flags: string[] = []
  for (const token of value as readonly Token[]) {
    const flag = textOf(token)
    if (flag !== null && flag !== '') flags.push(flag)
  }
  return flags
}

/** A label may be called NIL. */
function labelsOf(value: Token | undefined): readonly string[] {
  if (typeof value !== 'object' || !Array.isArray(value)) return []
  return (value as readonly Token[]).flatMap((token) => (typeof token === 'string' ? token : (textOf(token) ?? [])))
}
