const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
/** RFC 5322 §4.3; military letters say nothing and count as UTC. */
const ZONE_HOURS: Readonly<Record<string, number>> = {
  edt: -4,
  est: -5,
  cdt: -5,
  cst: -6,
  mdt: -6,
  mst: -7,
  pdt: -7,
  pst: -8,
  cet: 1,
  cest: 2,
  met: 1,
  mest: 2,
  bst: 1,
  jst: 9,
}

const RFC =
  /^(?:[^\d,]{0,20},?\s{0,9})?(\d{1,2})[\s-]{1,9}([a-z]{3})[a-z]{0,9}\.?[\s,-]{1,9}(\d{2,4})[\s,:]{1,9}(\d{1,2})[:.](\d{1,2})(?:[:.](\d{1,2}))?(?:\.\d{1,9})?\s{0,9}(.{0,30})/i
const ASCTIME =
  /^(?:[a-z]{3,9},?\s{1,9})?([a-z]{3})[a-z]{0,9}\s{1,9}(\d{1,2}),?\s{1,9}(\d{1,2}):(\d{2}):(\d{2})\s{1,9}(?:([a-z]{2,5}|[+-]\d{4})\s{1,9})?(\d{4})/i
const ISO = /^(\d{4})-(\d{2})-(\d{2})[T\s](\d{2}):(\d{2})(?::(\d{2}))?(?:[.,]\d{1,9})?\s?(.{0,30})/

/**
 * The instant of a Date header or INTERNALDATE in milliseconds, whole seconds; null when it cannot be told. Accepts what
 * real mail holds: two-digit years, no comma, `GMT+02:00 (CEST)`, `UT`, no zone (then UTC), asctime, ISO 8601, second 60.
 */
export function parseMailDate(text: string): number | null {
  const plain = text
    .slice(0, 200)
    .replaceAll(/\([^)]*\)/g, ' ')
    .trim()
  const rfc = RFC.exec(plain)
  if (rfc !== null) {
    const [, day = '', month = '', year = '', hour = '', minute = '', second = '0', zone = ''] = rfc
    return instant(fullYear(year), month, day, hour, minute, second, zone)
  }
  const asctime = ASCTIME.exec(plain)
  if (asctime !== null) {
    const [, month = '', day = '', hour = '', minute = '', second = '', zone = '', year = ''] = asctime
    return instant(Number(year), month, day, hour, minute, second, zone)
  }
  const iso = ISO.exec(plain)
  if (iso === null) return null
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '0', zone = ''] = iso
  return instant(Number(year), MONTHS[Number(month) - 1] ?? '', day, hour, minute, second, zone)
}

/** An instant that a mail may sensibly claim: 1970 to 2100. */
export function plausibleDate(ms: number | null): number | null {
  return ms !== null && ms >= 0 && ms < Date.UTC(2101, 0, 1) ? ms : null
}

/** RFC 5322 §3.3 in UTC: "Tue, 1 Jul 2025 09:30:00 +0000". */
export function formatMailDate(ms: number): string {
  return new Date(ms)
    .toUTCString()
    .replace(/GMT$/, '+0000')
    .replace(/^(\w+, )0/, '$1')
}

function fullYear(year: string): number {
  const number = Number(year)
  if (year.length === 2) return number < 50 ? 2000 + number : 1900 + number
  return year.length === 3 ? 1900 + number : number
}

function instant(year: number, monthName: string, day: string, hour: string, minute: string, second: string, zone: string): number | null {
  const month = MONTHS.indexOf(monthName.toLowerCase())
  if (month < 0 || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null
  const date = new Date(0)
  date.setUTCFullYear(year, month, Number(day))
  if (date.getUTCDate() !== Number(day)) return null
  date.setUTCHours(Number(hour), Number(minute), Number(second))
  return date.getTime() - zoneMinutes(zone) * 60_000
}

function zoneMinutes(zone: string): number {
  const offset = /^(?:gmt|utc?|z)?\s*([+-])(\d{1,2}):?(\d{2})?/i.exec(zone)
  if (offset !== null) {
    const [, sign, hours = '0', minutes = '0'] = offset
    const total = Number(hours) * 60 + Number(minutes)
    return total > 24 * 60 ? 0 : sign === '-' ? -total : total
  }
  const name = /^[a-z]+/i.exec(zone)?.[0].toLowerCase() ?? ''
  return (ZONE_HOURS[name] ?? 0) * 60
}
