import { instantOf, localTime } from '../lib/local-time.ts'

const DAY = 24 * 60
const DAY_MS = 86_400_000

/** Until when nothing may run, by the clocks of the project; null: it may run now. Hours that touch each other are one stretch. */
export function quietUntil(blackouts: readonly string[], timeZone: string, now: number): number | null {
  let end = now
  // Two turns for each are enough: what follows on itself would be the whole day.
  for (let turn = 0; turn <= 2 * blackouts.length && end - now < DAY_MS; turn++) {
    const later = blackouts.flatMap((hours) => endOf(hours, timeZone, end) ?? [])
    if (later.length === 0) break
    end = Math.max(...later)
  }
  return end === now ? null : end
}

/** When the next hours of quiet begin; null: there are none. `now` is outside of all of them. */
export function quietFrom(blackouts: readonly string[], timeZone: string, now: number): number | null {
  const starts = blackouts.map((hours) => next(hoursOf(hours).from, timeZone, now))
  return starts.length === 0 ? null : Math.min(...starts)
}

/** The end of these hours, where `at` is within them. */
function endOf(hours: string, timeZone: string, at: number): number | null {
  const { from, to } = hoursOf(hours)
  const minute = minuteOf(localTime(at, timeZone).slice(11))
  const isIn = from < to ? minute >= from && minute < to : minute >= from || minute < to
  return isIn ? next(to, timeZone, at) : null
}

/** The next instant after `after` at which clocks show this minute of the day. */
function next(minute: number, timeZone: string, after: number): number {
  const time = `${String(Math.floor((minute % DAY) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
  for (let days = 0; days < 3; days++) {
    const at = instantOf(`${localTime(after + days * DAY_MS, timeZone).slice(0, 10)}T${time}`, timeZone)
    if (at > after) return at
  }
  return after + DAY_MS
}

function hoursOf(text: string): { readonly from: number; readonly to: number } {
  const [from = '', to = ''] = text.split('-')
  return { from: minuteOf(from.trim()), to: minuteOf(to.trim()) }
}

function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}
