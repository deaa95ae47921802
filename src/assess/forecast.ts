import type { Forecast } from './assessment.ts'
import type { Pace } from './book.ts'

export type ForecastMailbox = {
  readonly name: string
  readonly messages: number
  readonly bytes: number
  readonly folders: number
  readonly pace: Pace | null
  /** What the source hands out of it within 24 hours; null: nothing is known. */
  readonly bytesPerDay: number | null
}

export type ForecastLimits = {
  readonly mailboxesAtOnce: number
  /** For all mailboxes together; null: none. */
  readonly bytesPerSecond: number | null
  /** Of 24 hours, in which something may run. */
  readonly hoursADay: number
  /** Mailboxes that were copied already: what they took beside what was reckoned says how quick this tenant is. Absent: none was. */
  readonly pilots?: readonly Pilot[]
}

/** The first copy of one mailbox, as it was. */
export type Pilot = { readonly messages: number; readonly bytes: number; readonly folders: number; readonly milliseconds: number }

/** Of one mailbox of Exchange, whatever writes to it: 150 MB in five minutes, of which a third goes in base64 (cutover-runbook §7). */
const EXCHANGE_BYTES_PER_SECOND = 1.3e9 / 3600
/** Messages that one mailbox takes, several connections together: what others reported is between 4 and 23 (exchange-imap-quirks §6). */
const EXCHANGE_MESSAGES_PER_SECOND = 8
/** What reading alone does not see: what Exchange's servers do at that hour. As a factor, e to the power of it. */
const SPREAD = { mailbox: 0.45, day: 0.3 }
const DRAWS = 400
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
/** Less than this was read tells nothing of rates. */
const ENOUGH_OF_PILOTS_MS = 60_000
const ENOUGH = { messages: 20, milliseconds: 50 }

type Bound = Forecast['limitedBy']

/**
 * How long the first copy takes: each mailbox by the slowest of what bounds it (the source as it was measured, Exchange's ceilings for
 * one mailbox), several at a time, the biggest first. Median and p90 are those of many draws in which mailboxes and days are slower or
 * quicker than that; the same input gives the same figures. Where too little was read to know the source, Exchange's ceilings alone count;
 * null where there is no mail at all.
 */
export function forecast(mailboxes: readonly ForecastMailbox[], limits: ForecastLimits): Forecast | null {
  if (mailboxes.every(({ messages }) => messages === 0)) return null
  const rates = measured(mailboxes)
  const slower = slownessOf(limits.pilots ?? [], rates, limits)
  const jobs = mailboxes
    .map((one) => jobOf(one, rates, limits))
    .map((job) => ({ ...job, ms: job.ms * slower }))
    .toSorted((a, b) => b.ms - a.ms)
  const random = draws()
  const totals: number[] = []
  const each = jobs.map((): number[] => [])
  for (let draw = 0; draw < DRAWS; draw++) {
    const day = factor(random, SPREAD.day)
    const times = jobs.map(({ ms }) => ms * day * factor(random, SPREAD.mailbox))
    for (const [at, ms] of times.entries()) each[at]?.push(ms)
    totals.push(scheduled(times, limits.mailboxesAtOnce))
  }
  const everything = mailboxes.reduce((sum, { bytes }) => sum + bytes, 0)
  const floorMs = limits.bytesPerSecond === null ? 0 : (everything / limits.bytesPerSecond) * 1000
  const stretch = 24 / Math.max(0.5, limits.hoursADay)
  const total = (share: number): number => Math.round(Math.max(quantile(totals, share), floorMs) * stretch)
  const deltas = jobs.map(({ folders }) => 2000 + folders * (rates.roundTripMs ?? 50))
  const deltaMs = scheduled(deltas, limits.mailboxesAtOnce)
  const longest = jobs[0]
  return {
    totalMs: { median: total(0.5), p90: total(0.9) },
    deltaMs: { median: Math.round(deltaMs), p90: Math.round(deltaMs * 3) },
    measured: rates,
    mailboxesAtOnce: limits.mailboxesAtOnce,
    limitedBy: limitOf(jobs, floorMs, totals, limits.mailboxesAtOnce),
    longest: longest === undefined ? null : { name: longest.name, ms: Math.round(quantile(each[0] ?? [], 0.5) * stretch) },
    mailboxes: jobs.map(({ name }, at) => ({
      name,
      median: Math.round(quantile(each[at] ?? [], 0.5) * stretch),
      p90: Math.round(quantile(each[at] ?? [], 0.9) * stretch),
    })),
    assumes: assumptions(rates, limits, slower),
  }
}

type Rates = Forecast['measured']

/** Of all mailboxes together: one alone may have stood in the way of another. */
function measured(mailboxes: readonly ForecastMailbox[]): Rates {
  const paces = mailboxes.flatMap(({ pace }) => pace ?? [])
  const milliseconds = paces.reduce((sum, pace) => sum + pace.milliseconds, 0)
  const messages = paces.reduce((sum, pace) => sum + pace.messages, 0)
  const bytes = paces.reduce((sum, pace) => sum + pace.bytes, 0)
  const trips = paces.flatMap(({ roundTripMs }) => roundTripMs ?? [])
  if (messages < ENOUGH.messages || milliseconds < ENOUGH.milliseconds)
    return { bytesPerSecond: null, messagesPerSecond: null, roundTripMs: null }
  return {
    bytesPerSecond: Math.round((bytes / milliseconds) * 1000),
    messagesPerSecond: Math.round((messages / milliseconds) * 10_000) / 10,
    roundTripMs: trips.length === 0 ? null : Math.round(Math.min(...trips)),
  }
}

/** How much longer than reckoned the pilots took; 1 where too little was copied to tell. */
function slownessOf(pilots: readonly Pilot[], rates: Rates, limits: ForecastLimits): number {
  const taken = pilots.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  if (taken < ENOUGH_OF_PILOTS_MS) return 1
  const reckoned = pilots.reduce((sum, pilot) => sum + jobOf({ ...pilot, name: '', pace: null, bytesPerDay: null }, rates, limits).ms, 0)
  return Math.min(10, Math.max(0.1, taken / reckoned))
}

type Job = { readonly name: string; readonly ms: number; readonly by: Bound; readonly folders: number }

function jobOf({ name, messages, bytes, folders, bytesPerDay }: ForecastMailbox, rates: Rates, limits: ForecastLimits): Job {
  const bounds: readonly (readonly [Bound, number])[] = [
    ['source', rates.bytesPerSecond === null ? 0 : (bytes / rates.bytesPerSecond) * 1000],
    ['exchange', (bytes / EXCHANGE_BYTES_PER_SECOND) * 1000],
    ['messages', (messages / EXCHANGE_MESSAGES_PER_SECOND) * 1000],
    ['limit', limits.bytesPerSecond === null ? 0 : (bytes / limits.bytesPerSecond) * 1000],
    // The first day's part comes at once.
    ['allowance', bytesPerDay === null ? 0 : Math.floor(bytes / bytesPerDay) * DAY_MS * (limits.hoursADay / 24)],
  ]
  const [by, ms] = bounds.reduce((worst, bound) => (bound[1] > worst[1] ? bound : worst))
  return { name, ms: ms + folders * (rates.roundTripMs ?? 50) + 5000, by, folders }
}

/** What the end hangs on: one mailbox that is longer than all the rest together allow for, or what bounds most of the work. */
function limitOf(jobs: readonly Job[], floorMs: number, totals: readonly number[], atOnce: number): Bound {
  const [first] = jobs
  if (first === undefined) return 'exchange'
  if (floorMs > quantile(totals, 0.5)) return 'limit'
  const work = jobs.reduce((sum, { ms }) => sum + ms, 0)
  if (jobs.length > 1 && first.ms > work / atOnce) return first.by === 'allowance' ? 'allowance' : 'biggest-mailbox'
  const bounds = new Map<Bound, number>()
  for (const { by, ms } of jobs) bounds.set(by, (bounds.get(by) ?? 0) + ms)
  return [...bounds].reduce((most, bound) => (bound[1] > most[1] ? bound : most))[0]
}

/** When the last of them ends, each given to whoever is free first. */
function scheduled(times: readonly number[], atOnce: number): number {
  const ends = Array.from({ length: Math.max(1, Math.min(atOnce, times.length)) }, () => 0)
  for (const ms of times) {
    let free = 0
    for (let at = 1; at < ends.length; at++) if ((ends[at] ?? 0) < (ends[free] ?? 0)) free = at
    ends[free] = (ends[free] ?? 0) + ms
  }
  return Math.max(...ends)
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
}

/** Numbers between 0 and 1 that are the same in every run. */
function draws(): () => number {
  let state = 0x2545f491
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let hash = Math.imul(state ^ (state >>> 15), 1 | state)
    hash = (hash + Math.imul(hash ^ (hash >>> 7), 61 | hash)) ^ hash
    return ((hash ^ (hash >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Log-normal around 1 (Box and Muller). */
function factor(random: () => number, spread: number): number {
  const normal = Math.sqrt(-2 * Math.log(Math.max(1e-6, random()))) * Math.cos(2 * Math.PI * random())
  return Math.exp(spread * normal)
}

function assumptions(rates: Rates, limits: ForecastLimits, slower: number): readonly string[] {
  const pilots = limits.pilots?.length ?? 0
  const says = [
    'Exchange takes at most 1.3 GB an hour into one mailbox, and about 8 messages a second; it may ask for less at busy hours.',
    `${limits.mailboxesAtOnce} mailboxes at a time, the biggest first.`,
  ]
  if (slower !== 1)
    says.push(
      `Put right by ${pilots} ${pilots === 1 ? 'mailbox' : 'mailboxes'} already copied: ${slower.toFixed(1)} times what was reckoned.`,
    )
  if (rates.bytesPerSecond === null) says.push('How quick the source is was not measured: too little was read.')
  else says.push('The source is as fast at the copy as it was while it was read.')
  if (limits.hoursADay < 24) says.push(`Nothing runs in ${Math.round(24 - limits.hoursADay)} hours of each day.`)
  return says
}
