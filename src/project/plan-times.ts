import { daysLater, instantOf, localTime } from '../lib/local-time.ts'

/** What dates hang on; null: not known. */
export type Anchors = { readonly kickoffAt: number | null; readonly cutoverAt: number | null; readonly timeZone: string }

const HOUR_MS = 3_600_000

/**
 * The instant of "2026-12-01", "cutover-7d" or "kickoff+2h"; null where it hangs on a date that is not known. What is due on a day is due
 * at `atDayTime` of it; days before and after are days on the calendar, over a change of clocks too.
 */
export function dueAt(due: string, { kickoffAt, cutoverAt, timeZone }: Anchors, atDayTime = '23:59'): number | null {
  const [, anchor, sign, digits, unit] = /^(kickoff|cutover|done)(?:([+-])(\d+)([dh]))?$/.exec(due) ?? []
  if (anchor === undefined) return instantOf(`${due}T${atDayTime}`, timeZone)
  const from = anchor === 'kickoff' ? kickoffAt : anchor === 'cutover' ? cutoverAt : null
  if (from === null) return null
  const much = Number(digits ?? 0) * (sign === '-' ? -1 : 1)
  if (unit === 'h') return from + much * HOUR_MS
  if (anchor === 'cutover' && much === 0) return from
  return endOf(daysLater(from, much, timeZone), timeZone, atDayTime)
}

function endOf(at: number, timeZone: string, atDayTime: string): number {
  return instantOf(`${localTime(at, timeZone).slice(0, 10)}T${atDayTime}`, timeZone)
}
