import { nearest } from '../nearest.ts'
import type { Checked } from './checked.ts'
import { TIME_ZONES } from './time-zones.ts'

/** A time zone by its Windows name. */
export function timeZoneOf(text: string): Checked<string> {
  const given = text.trim()
  const folded = given.toLowerCase()
  const names = Object.keys(TIME_ZONES)
  const known = names.find((name) => name.toLowerCase() === folded)
  if (known !== undefined) return { value: known }
  const meant = names.find((name) => TIME_ZONES[name]?.split(' ').some((zone) => zone.toLowerCase() === folded)) ?? nearest(given, names)
  return { says: `a Windows name such as W. Europe Standard Time${meant === undefined ? '' : `; did you mean ${meant}?`}` }
}
