const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const FORM = /^\s*(\d{1,2})-([a-z]{3})-(\d{4})\s+(\d{1,2}):(\d{2}):(\d{2})\s*([+-]\d{4})?/i
/** Before this no IMAP server filed mail; servers write such dates when they have none (imap-sources §4.2). */
const EARLIEST_MS = Date.UTC(1985, 0, 1)
const AHEAD_MS = 2 * 24 * 3600 * 1000

/** Milliseconds since 1970 of an INTERNALDATE (RFC 9051 date-time, blank- or one-digit days too); null when it is none. */
export function parseInternalDate(text: string): number | null {
  const match = FORM.exec(text)
  if (match === null) return null
  const [, day = '', month = '', year = '', hour = '', minute = '', second = '', zone = '+0000'] = match
  const monthAt = MONTHS.indexOf(month.toLowerCase())
  if (monthAt < 0 || Number(day) < 1 || Number(day) > 31 || Number(hour) > 23 || Number(minute) > 59) return null
  const utc = Date.UTC(Number(year), monthAt, Number(day), Number(hour), Number(minute), Math.min(Number(second), 59))
  const offsetMinutes = (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5)))
  return utc - offsetMinutes * 60_000
}

/** An instant as INTERNALDATE, in UTC. */
export function formatInternalDate(ms: number): string {
  const date = new Date(ms)
  const two = (value: number): string => String(value).padStart(2, '0')
  const month = MONTHS[date.getUTCMonth()] ?? 'jan'
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  return `${two(date.getUTCDate())}-${month.charAt(0).toUpperCase()}${month.slice(1)}-${date.getUTCFullYear()} ${time} +0000`
}

/**
 * The INTERNALDATE that a message gets at the destination: the source's own when it is plausible, else the last Received,
 * else the Date header, else none (the destination takes its own time). `replaced` says that it is not the source's.
 */
export function deliveryDate(
  internalDate: string,
  header: { readonly receivedMs: number | null; readonly dateMs: number | null },
  nowMs: number,
): { readonly date: string; readonly replaced: boolean } {
  const plausible = (ms: number | null): ms is number => ms !== null && ms >= EARLIEST_MS && ms <= nowMs + AHEAD_MS
  const own = parseInternalDate(internalDate)
  // Written again rather than passed on: a second of 60, a one-digit day or a lacking zone would be refused elsewhere.
  if (plausible(own)) return { date: keepZone(internalDate) ?? formatInternalDate(own), replaced: false }
  const other = [header.receivedMs, header.dateMs].find(plausible)
  return { date: other === undefined ? '' : formatInternalDate(other), replaced: true }
}

/** The text itself where it is already in the strict form, so that the sender's zone survives. */
function keepZone(text: string): string | null {
  return /^([ 0-3]\d)-[A-Z][a-z]{2}-\d{4} [0-2]\d:[0-5]\d:[0-5]\d [+-]\d{4}$/.test(text) ? text : null
}
