import { Failure } from '../model/failure.ts'

/** What a person allows; null lifts a limit, and what is absent says nothing about it. A rate of 0 is a pause. */
export type Limits = {
  readonly bytesPerSecond?: number | null
  /** Connection pairs for one mailbox. */
  readonly connections?: number | null
  /** What one mailbox may hand out within 24 hours; absent: what its system is known to allow. */
  readonly bytesPerDay?: number | null
}

/** `between`: hours of this machine's local day, "08:00-18:00", also over midnight; null: always. */
export type LimitRule = Limits & { readonly between: string | null }

const HOURS = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/
const DAY = 24 * 60

/** "8:00 - 18:00" as it is kept: "08:00-18:00". Throws `bad-input` with a sentence. */
export function parseHours(text: string): string {
  const match = HOURS.exec(text.trim())
  const [, fromHour = '', fromMinute = '', toHour = '', toMinute = ''] = match ?? []
  const from = minutes(fromHour, fromMinute)
  const to = minutes(toHour, toMinute)
  if (match === null || from === null || to === null || from === DAY)
    throw new Failure('bad-input', `"${text}" are no hours of the day: write them like 08:00-18:00.`)
  if (from === to)
    throw new Failure('bad-input', `The hours ${text} begin and end at the same minute. For the whole day leave --between out.`)
  return `${clockTime(from)}-${clockTime(to)}`
}

/**
 * What holds at this moment: what a rule for the present hour says goes before the general one. Of rules that overlap the one
 * given last wins.
 */
export function inForce(rules: readonly LimitRule[], nowMs: number): Limits {
  const general = rules.filter((rule) => rule.between === null)
  const hourly = rules.filter((rule) => rule.between !== null && holdsAt(rule.between, nowMs))
  let limits: Limits = {}
  for (const { between: _, ...said } of [...general, ...hourly]) limits = { ...limits, ...said }
  return limits
}

export function holdsAt(between: string, nowMs: number): boolean {
  const match = HOURS.exec(between)
  const [, fromHour = '', fromMinute = '', toHour = '', toMinute = ''] = match ?? []
  const from = minutes(fromHour, fromMinute) ?? 0
  const to = minutes(toHour, toMinute) ?? 0
  const local = new Date(nowMs)
  const now = local.getHours() * 60 + local.getMinutes()
  return from < to ? now >= from && now < to : now >= from || now < to
}

/** The rules with what is said now: into the rule for the same hours where there is one, which becomes the latest. */
export function withRule(rules: readonly LimitRule[], rule: LimitRule): readonly LimitRule[] {
  const before = rules.find((one) => one.between === rule.between)
  return [...rules.filter((one) => one !== before), { ...before, ...rule }]
}

function minutes(hour: string, minute: string): number | null {
  const all = Number(hour) * 60 + Number(minute)
  return hour === '' || Number(minute) > 59 || all > DAY ? null : all
}

function clockTime(minutesOfDay: number): string {
  return [Math.floor(minutesOfDay / 60), minutesOfDay % 60].map((part) => String(part).padStart(2, '0')).join(':')
}
