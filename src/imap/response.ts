/** What a server says, decoded. Text is latin1: one char an octet, nothing lost. */

/** Octets of a message or a string, as the slices that came in; empty `chunks` when a sink took them. */
export type Literal = { readonly bytes: number; readonly chunks: readonly Buffer[]; readonly taken: boolean }
export type Quoted = { readonly quoted: string }
/** An atom is a plain string; NIL is the atom "NIL" and left to the reader, as a folder may be called so. */
export type Token = string | Quoted | Literal | readonly Token[]

export type Status = 'OK' | 'NO' | 'BAD' | 'BYE' | 'PREAUTH'

/** `tag` is null when untagged. `code` is the response code in upper case, '' when there is none. */
export type StatusResponse = {
  readonly kind: 'status'
  readonly tag: string | null
  readonly status: Status
  readonly code: string
  readonly codeText: string
  readonly text: string
}
export type ContinueResponse = { readonly kind: 'continue'; readonly text: string }
/** An answer to FETCH, or UIDFETCH (RFC 9586). What was not in it is null; `uid` is 0 when unknown. */
export type FetchResponse = {
  readonly kind: 'fetch'
  readonly uid: number
  readonly flags: readonly string[] | null
  readonly internalDate: string | null
  readonly sizeBytes: number | null
  /** X-GM-LABELS, as the server wrote them: modified UTF-7, system labels with their backslash. */
  readonly labels: readonly string[] | null
  /** "BODY[]", "BODY[HEADER]" …, in upper case. */
  readonly section: string | null
  /** null for NIL or nothing. */
  readonly body: Literal | null
}
/** Any other untagged data: `text` is what follows the name on the first line, `values` the same as tokens. */
export type DataResponse = {
  readonly kind: 'data'
  readonly name: string
  readonly number: number | null
  readonly text: string
  readonly values: readonly Token[]
  readonly hasLiteral: boolean
}
/** A line that is no IMAP at all. */
export type GarbageResponse = { readonly kind: 'garbage'; readonly text: string }

export type Untagged = FetchResponse | DataResponse | StatusResponse
export type Response = StatusResponse | ContinueResponse | FetchResponse | DataResponse | GarbageResponse

export function isLiteral(token: Token | undefined): token is Literal {
  return typeof token === 'object' && 'chunks' in token
}

export function isQuoted(token: Token | undefined): token is Quoted {
  return typeof token === 'object' && 'quoted' in token
}

export function isNil(token: Token | undefined): boolean {
  return typeof token === 'string' && token.toUpperCase() === 'NIL'
}

/** The text of an atom, quoted string or literal; null for NIL, a list or nothing. */
export function textOf(token: Token | undefined): string | null {
  if (token === undefined || isNil(token)) return null
  if (typeof token === 'string') return token
  if (isQuoted(token)) return token.quoted
  if (isLiteral(token)) return Buffer.concat(token.chunks).toString('latin1')
  return null
}
