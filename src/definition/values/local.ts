import { isTimeZone } from '../../lib/local-time.ts'
import { nearest } from '../nearest.ts'
import type { Checked } from './checked.ts'
import { TIME_ZONES } from './time-zones.ts'

/** A day: "2026-12-04". */
export function dayOf(text: string): Checked<string> {
  const given = text.trim()
  return isDay(given) ? { value: given } : { says: 'a day that there is, written like 2026-12-04' }
}

/** A day and a time, "2026-12-04T18:00"; a blank may stand for the T. */
export function localTimeOf(text: string): Checked<string> {
  const [, day = '', time = ''] = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::00)?$/.exec(text.trim()) ?? []
  if (isDay(day) && isClock(time)) return { value: `${day}T${time}` }
  if (isDay(text.trim())) return { says: `the time is missing: ${text.trim()}T18:00` }
  if (/(?:Z|[+-]\d\d:?\d\d)$/.test(text.trim()) && text.includes(':'))
    return { says: 'a time as the clocks in time_zone show it, without Z or an offset: 2026-12-04T18:00' }
  return { says: 'a day and a time, written like 2026-12-04T18:00' }
}

/** When something is due: a day, or days and hours from the kickoff, the cutover or the end of the final copies. */
export function dueOf(text: string): Checked<string> {
  const given = text.trim().toLowerCase().replaceAll(' ', '')
  if (/^(?:kickoff|cutover|done)(?:[+-]\d{1,3}[dh])?$/.test(given)) return { value: given }
  const day = dayOf(given)
  return 'value' in day ? day : { says: 'a day like 2026-12-04, or days before or after: kickoff+3d, cutover-7d, cutover+2h' }
}

/** Hours of the day, "08:00-18:00", also over midnight. */
export function hoursOf(text: string): Checked<string> {
  const [, from = '', to = ''] = /^(\d{1,2}:\d\d)\s*-\s*(\d{1,2}:\d\d)$/.exec(text.trim()) ?? []
  const [begin, end] = [from.padStart(5, '0'), to.padStart(5, '0')]
  if (!isClock(begin) || !(isClock(end) || end === '24:00')) return { says: 'hours of the day like 08:00-18:00' }
  const until = end === '24:00' ? '00:00' : end
  return begin === until ? { says: 'they begin and end at the same minute: nothing would ever be copied' } : { value: `${begin}-${until}` }
}

/** A time zone by its IANA name. */
export function ianaZoneOf(text: string): Checked<string> {
  const given = text.trim()
  const zones = Intl.supportedValuesOf('timeZone')
  const known = zones.find((zone) => zone.toLowerCase() === given.toLowerCase())
  if (known !== undefined) return { value: known }
  if (isTimeZone(given)) return { value: given }
  const windows = Object.entries(TIME_ZONES).find(([name]) => name.toLowerCase() === given.toLowerCase())?.[1]
  const meant = windows?.split(' ')[0] ?? zones.find((zone) => city(zone) === given.toLowerCase()) ?? nearest(given, zones)
  return { says: `a place of the IANA list such as Europe/Berlin${meant === undefined ? '' : `; did you mean ${meant}?`}` }
}

function city(zone: string): string {
  return (zone.split('/').at(-1) ?? '').replaceAll('_', ' ').toLowerCase()
}

function isDay(text: string): boolean {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

function isClock(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text)
}
