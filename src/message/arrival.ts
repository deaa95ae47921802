import { rawValue, splitHeader } from './header-fields.ts'
import { parseMailDate, plausibleDate } from './mail-date.ts'

/**
 * How a message came into a mailbox. inbound: by SMTP from elsewhere. local: made or delivered on the server itself (a website, cron, a
 * colleague who sends through it). own: put there by a program of its user, or by a move of older mail.
 */
export type ArrivalKind = 'inbound' | 'local' | 'own'

export type ArrivalSides = {
  /** What was received and filed before is old mail; what was received before and filed since was put there. Milliseconds. */
  readonly since: number
  /** Names of the hosts of this side, lower case: its MX, its IMAP server. */
  readonly ours: readonly string[]
  /** Names, or ends of names after a dot, of the hosts of the other side: what they received was put here by somebody. */
  readonly theirs: readonly string[]
}

type Hop = { readonly from: string | null; readonly by: string; readonly with: string; readonly at: number | null }

/** Fields that a delivery leaves behind even where it writes no Received. */
const DELIVERY_FIELDS = new Set(['return-path', 'delivered-to', 'x-original-to', 'envelope-to'])
/** RFC 3848 and RFC 6531: the A stands for AUTH. HTTP: a webmail. */
const SUBMITTED = /^(?:(?:utf8)?e?smtps?a|asmtp|https?)$/i
const HOPS = 20

/**
 * Tells from the header how a message came, by its Received fields (RFC 5321 §4.4). Where that cannot be told it is taken for
 * mail that came: a doubt lengthens the wait for quiet, it never shortens it. `at`: INTERNALDATE in milliseconds, null where unknown.
 * `ownFolder`: of drafts or of what was sent. null: it was there before.
 */
export function arrivalKind(header: Buffer, at: number | null, ownFolder: boolean, sides: ArrivalSides): ArrivalKind | null {
  const fields = splitHeader(header)
  const hops = fields
    .filter(({ name }) => name === 'received')
    .slice(0, HOPS)
    .map((field) => hopOf(rawValue(field)))
  const [top] = hops
  const times = [at, top?.at ?? null].filter((ms) => ms !== null)
  if (times.length > 0 && times.every((ms) => ms < sides.since)) return null
  if (ownFolder) return 'own'
  if (top === undefined) return fields.some(({ name }) => DELIVERY_FIELDS.has(name)) ? 'local' : 'own'
  if (isOneOf(top.by, sides.theirs)) return 'own'
  const received = top.at ?? at
  if (received !== null && received < sides.since) return 'own'
  for (const hop of hops) {
    const inside = hop.from === null || hop.from === hop.by || isHere(hop.from) || isOneOf(hop.from, sides.ours)
    if (!inside) return SUBMITTED.test(hop.with) ? 'local' : 'inbound'
  }
  return 'local'
}

/** Addresses and names by which a host speaks to itself. */
function isHere(name: string): boolean {
  return name === 'localhost' || name.startsWith('localhost.') || /^\[?(?:127\.|::1|ipv6:::1)/.test(name)
}

function isOneOf(name: string, names: readonly string[]): boolean {
  return names.some((one) => name === one || name.endsWith(`.${one}`))
}

function hopOf(text: string): Hop {
  const semicolon = text.lastIndexOf(';')
  const clauses = withoutComments(semicolon < 0 ? text : text.slice(0, semicolon))
  const word = (name: string): string | null => new RegExp(`(?:^|\\s)${name}\\s+([^\\s;]+)`, 'i').exec(clauses)?.[1]?.toLowerCase() ?? null
  return {
    from: word('from')?.replace(/\.$/, '') ?? null,
    by: word('by')?.replace(/\.$/, '') ?? '',
    with: word('with') ?? '',
    at: semicolon < 0 ? null : plausibleDate(parseMailDate(text.slice(semicolon + 1))),
  }
}

/** RFC 5322 §3.2.2: comments may stand in each other. */
function withoutComments(text: string): string {
  let depth = 0
  let plain = ''
  for (const char of text.slice(0, 2000)) {
    if (char === '(') depth++
    if (depth === 0) plain += char
    if (char === ')' && depth > 0) depth--
    if (depth === 0 && char === ')') plain += ' '
  }
  return plain
}
