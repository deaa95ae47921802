import { Failure } from '../model/failure.ts'

export type Query = Readonly<Record<string, string>>

/** A path of Graph with each value in it encoded, so that no name can leave its place: graphPath`/users/${upn}/mailFolders`. Throws `bad-input` for what names nothing. */
export function graphPath(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.reduce((path, part, at) => path + segment(values[at - 1] ?? '') + part)
}

/** A text inside a `$filter` (OData 4.01 URL conventions §5.1.1.14.1). */
export function odataText(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

/** The path with the query, blanks as `%20`: not every part of Graph takes `+` for a blank. */
export function withQuery(path: string, query: Query): string {
  const pairs = Object.entries(query).map(([key, value]) => `${encodeURIComponent(key).replace('%24', '$')}=${encodeURIComponent(value)}`)
  if (pairs.length === 0) return path
  return `${path}${path.includes('?') ? '&' : '?'}${pairs.join('&')}`
}

/** What Graph counts together when it throttles: each mailbox by itself, and the directory. */
export function laneOf(path: string): string {
  const mailbox = /^\/users\/([^/?]+)\/(?:mailFolders|messages|sendMail|mailboxSettings|outlook|settings)/.exec(path)?.[1]
  return mailbox === undefined ? 'directory' : `mailbox ${mailbox.toLowerCase()}`
}

/** `..` would climb, and an empty name would turn one object into all of them. */
function segment(value: string): string {
  if (/^\.{0,2}$/.test(value.trim())) throw new Failure('bad-input', `"${value}" cannot be the name of an object in Microsoft 365.`)
  return encodeURIComponent(value)
}
