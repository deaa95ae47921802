/** A day and a time as a clock on the wall shows them, "2026-12-04T18:00"; which instant that is, a time zone says. */
export type LocalTime = string

const LOCAL = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)$/
const DAY_MS = 86_400_000

/**
 * The instants (milliseconds since 1970) at which clocks in the zone (IANA) show this: one, or none and two in the nights when clocks
 * are put forward and back; the earlier one stands first.
 */
export function instantsOf(local: LocalTime, timeZone: string): readonly number[] {
  const asUtc = utcOf(local)
  // No zone is further from UTC than 14 hours; what holds a day before and after covers every change of clocks between.
  const offsets = new Set([asUtc - DAY_MS, asUtc, asUtc + DAY_MS].map((at) => offsetAt(at, timeZone)))
  return [...offsets]
    .map((offset) => asUtc - offset)
    .filter((at) => localTime(at, timeZone) === local)
    .toSorted((a, b) => a - b)
}

/** The instant, where clocks are put back the earlier one; a time that is left out when they are put forward is moved on by as much. */
export function instantOf(local: LocalTime, timeZone: string): number {
  const [first] = instantsOf(local, timeZone)
  const asUtc = utcOf(local)
  return first ?? asUtc - offsetAt(asUtc - DAY_MS, timeZone)
}

/** What clocks in the zone show at an instant. */
export function localTime(at: number, timeZone: string): LocalTime {
  return new Date(at + offsetAt(at, timeZone)).toISOString().slice(0, 16)
}

/** So many days later by the clock on the wall: over a change of clocks that is an hour more or less. */
export function daysLater(at: number, days: number, timeZone: string): number {
  const local = new Date(utcOf(localTime(at, timeZone)) + days * DAY_MS).toISOString().slice(0, 16)
  return instantOf(local, timeZone)
}

/** "Fri, 4 Dec 2026, 18:00" in English; an instant as people read it there. */
export function timeText(at: number, timeZone: string): string {
  const day = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' })
  return `${day.format(at)}, ${localTime(at, timeZone).slice(11)}`
}

/** Whether there is such a zone. */
export function isTimeZone(name: string): boolean {
  try {
    // Offsets (+01:00) are taken too, and are none: they know no summer.
    return /^[A-Za-z]/.test(name) && new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

function utcOf(local: LocalTime): number {
  const [, year, month, day, hour, minute] = LOCAL.exec(local) ?? []
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute))
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** How far clocks in the zone are ahead of UTC, in whole minutes, as milliseconds. */
function offsetAt(at: number, timeZone: string): number {
  let format = formats.get(timeZone)
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    })
    formats.set(timeZone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute) - Math.floor(at / 60_000) * 60_000
}
