import { dataKey, forgottenAt, LONGEST_TTL_SECONDS, type Fleet, type SetKey } from './fleet.ts'
import type { Values } from './stages.ts'

/**
 * When the last obedient cache has forgotten the old set: `switchedAt` is the moment the slowest server was first seen with the new
 * set, `loweredAt` the same for the short time to live, null where it was never shortened.
 */
export function horizonOf(times: {
  readonly switchedAt: number
  readonly loweredAt: number | null
  readonly oldTtlSeconds: number
  readonly lowTtlSeconds: number
}): number {
  const { switchedAt, loweredAt, oldTtlSeconds, lowTtlSeconds } = times
  const old = Math.min(oldTtlSeconds, LONGEST_TTL_SECONDS) * 1000
  const low = Math.min(lowTtlSeconds, LONGEST_TTL_SECONDS) * 1000
  return loweredAt === null ? switchedAt + old : Math.max(switchedAt + low, loweredAt + old)
}

type Ttl = 'free' | 'same' | 'not-longer'

export type Everywhere = {
  /** When the slowest server was first seen with these values, without interruption since; null: not all have them. */
  readonly at: number | null
  /** Seen in at least this many readings, one after the other, at every server. */
  readonly rounds: number
  readonly some: boolean
  readonly missing: readonly string[]
}

/** Which servers have these values; `ttl` asks for the same time to live too, or for one that is not longer. */
export function everywhere(fleet: Fleet | null, sets: ReadonlySet<SetKey>, values: Values, ttl: Ttl = 'free'): Everywhere {
  let [at, rounds, some] = [-Infinity, Infinity, false]
  const missing: string[] = []
  for (const [server, held] of fleet?.servers ?? [])
    for (const set of sets) {
      const value = values.get(set) ?? null
      const now = held.get(set) ?? null
      const same = now !== null && now.data === dataKey(value?.data ?? null) && lives(ttl, now.ttlSeconds, value?.ttlSeconds ?? null)
      if (!same) {
        missing.push(`${server} ${now === null ? 'has not answered about' : 'has another'} ${set}`)
        continue
      }
      some = true
      at = Math.max(at, ttl === 'free' ? now.since : now.ttlSince)
      rounds = Math.min(rounds, now.rounds)
    }
  const all = missing.length === 0 && (fleet?.servers.size ?? 0) > 0
  // Nothing to wait for is there since the fleet was first known.
  return { at: all ? Math.max(at, 0) : null, rounds: all ? rounds : 0, some: some || (all && sets.size === 0), missing }
}

function lives(ttl: Ttl, seconds: number, wanted: number | null): boolean {
  return ttl === 'free' || wanted === null || (ttl === 'same' ? seconds === wanted : seconds <= wanted)
}

/** What stood there before: as it was read first, and how long caches may have been told to keep it before that. */
export type Before = { readonly values: Values; readonly ttlSeconds: number }

/**
 * When the last obedient cache has forgotten every other value of these sets than the wanted one; null while a server still gives out
 * another, or has never answered. Counts what each server was really seen to give out, so that a time to live that somebody raised
 * meanwhile, or a server that went back, counts as well.
 */
export function forgotten(fleet: Fleet | null, sets: ReadonlySet<SetKey>, wanted: Values, before: Before): number | null {
  if (fleet === null || everywhere(fleet, sets, wanted).at === null) return null
  let at = 0
  for (const set of sets) {
    const data = dataKey(wanted.get(set)?.data ?? null)
    for (const past of fleet.past) if (past.set === set && past.data !== data) at = Math.max(at, forgottenAt(past))
    if (dataKey(before.values.get(set)?.data ?? null) !== data) at = Math.max(at, unseenUntil(fleet, set, before))
  }
  return at
}

/** When no cache can remember any of these sets with a longer time to live than it has now; null while not every server has that. */
export function shortEverywhere(fleet: Fleet | null, sets: ReadonlySet<SetKey>, lowered: Values, before: Before): number | null {
  const now = everywhere(fleet, sets, lowered, 'not-longer')
  if (fleet === null || now.at === null) return null
  let at = now.at
  for (const set of sets) {
    const low = lowered.get(set)?.ttlSeconds ?? 0
    for (const past of fleet.past) if (past.set === set && past.ttlSeconds > low) at = Math.max(at, forgottenAt(past))
    at = Math.max(at, unseenUntil(fleet, set, before))
  }
  return at
}

/** A server may have given out what was there before until it was first asked, whatever it says then. */
function unseenUntil(fleet: Fleet, set: SetKey, { values, ttlSeconds }: Before): number {
  const old = values.get(set) ?? null
  if (old === null) return 0
  const firsts = [...fleet.servers.values()].map((held) => held.get(set)?.firstAt ?? 0)
  return Math.max(0, ...firsts.map((until) => forgottenAt({ until, ttlSeconds: Math.max(old.ttlSeconds, ttlSeconds) })))
}
