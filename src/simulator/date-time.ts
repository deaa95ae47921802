const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const

/** An IMAP date-time (RFC 3501 §9), one-digit days included; null when it is none. */
export function parseDateTime(text: string): Date | null {
  const match = /^ ?(\d{1,2})-([A-Za-z]{3})-(\d{4}) (\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})$/.exec(text)
  if (match === null) return null
  const [day, hour, minute, second] = [match[1], match[4], match[5], match[6]].map(Number)
  const month = MONTHS.findIndex((name) => name.toLowerCase() === match[2]?.toLowerCase())
  if (month < 0 || day === undefined || day < 1 || day > 31 || hour === undefined || hour > 23) return null
  const zoneMinutes = (Number(match[8]) * 60 + Number(match[9])) * (match[7] === '-' ? -1 : 1)
  const date = new Date(0)
  date.setUTCFullYear(Number(match[3]), month, day)
  date.setUTCHours(hour, minute ?? 0, second ?? 0)
  return new Date(date.getTime() - zoneMinutes * 60_000)
}

/** A date-time in a zone that is `zoneMinutes` east of UTC, as INTERNALDATE shows it. */
export function formatDateTime(date: Date, zoneMinutes: number): string {
  const local = new Date(date.getTime() + zoneMinutes * 60_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const time = `${two(local.getUTCHours())}:${two(local.getUTCMinutes())}:${two(local.getUTCSeconds())}`
  const day = String(local.getUTCDate()).padStart(2, ' ')
  return `${day}-${MONTHS[local.getUTCMonth()] ?? 'Jan'}-${String(local.getUTCFullYear()).padStart(4, '0')} ${time} ${formatZone(zoneMinutes)}`
}

/** A date as a message's header has it (RFC 5322 §3.3). */
export function formatHeaderDate(date: Date, zoneMinutes: number): string {
  const local = new Date(date.getTime() + zoneMinutes * 60_000)
  const weekday = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][local.getUTCDay()] ?? 'Sun'
  const time = local.toISOString().slice(11, 19)
  return `${weekday}, ${local.getUTCDate()} ${MONTHS[local.getUTCMonth()] ?? 'Jan'} ${local.getUTCFullYear()} ${time} ${formatZone(zoneMinutes)}`
}

/** A date of SEARCH, `1-Feb-2020`, as UTC midnight; null when it is none. */
export function parseDate(text: string): Date | null {
  return parseDateTime(`${text} 00:00:00 +0000`)
}

function formatZone(zoneMinutes: number): string {
  const minutes = Math.abs(zoneMinutes)
  return `${zoneMinutes < 0 ? '-' : '+'}${String(Math.floor(minutes / 60)).padStart(2, '0')}${String(minutes % 60).padStart(2, '0')}`
}
