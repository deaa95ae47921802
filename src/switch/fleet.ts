import type { Looks, Served } from './looks.ts'

/** Resolvers keep nothing longer than that (RFC 8767 §4, and the limits built into them). */
export const LONGEST_TTL_SECONDS = 7 * 86_400

/** `name type`. */
export type SetKey = string
/** The data of a set as one text, the same whatever the order; '' for "there is none". */
export type DataKey = string

/**
 * One value of one set at one server: since when it was seen there without interruption, and since when with this time to live.
 * `firstAt`: when the server first said anything about the set.
 */
type Held = {
  readonly data: DataKey
  readonly ttlSeconds: number
  readonly since: number
  readonly ttlSince: number
  readonly firstAt: number
  readonly rounds: number
}

/** A value that a server may have given out until then, to be remembered that long. */
export type Exposure = { readonly set: SetKey; readonly data: DataKey; readonly ttlSeconds: number; readonly until: number }

export type Fleet = {
  readonly seq: number
  readonly at: number
  /** By server, by set; null: it has not answered yet. A server that falls silent keeps what it said last. */
  readonly servers: ReadonlyMap<string, ReadonlyMap<SetKey, Held | null>>
  readonly silent: readonly string[]
  /** What no server says any more. */
  readonly past: readonly Exposure[]
}

export function setKey({ name, type }: { readonly name: string; readonly type: string }): SetKey {
  return `${name} ${type}`
}

export function dataKey(data: readonly string[] | null): DataKey {
  return data === null ? '' : data.toSorted().join('\n')
}

/** Folds one reading of all servers into what is known of them. */
export function readFleet(before: Fleet | null, found: Looks['fleet'], at: number, seq: number): Fleet {
  const past = [...(before?.past ?? [])]
  const servers = new Map<string, ReadonlyMap<SetKey, Held | null>>()
  const silent: string[] = []
  const leave = (set: SetKey, held: Held): void => {
    past.push({ set, data: held.data, ttlSeconds: held.ttlSeconds, until: at })
  }
  for (const { server, sets } of found.servers) {
    const known = before?.servers.get(server)
    const now = new Map<SetKey, Held | null>(known ?? [])
    for (const served of sets) {
      const set = setKey(served)
      const last = known?.get(set) ?? null
      const held = heldNow(served, last, at)
      if (held === null && !silent.includes(server)) silent.push(server)
      if (held !== null && last !== null && (held.data !== last.data || held.ttlSeconds !== last.ttlSeconds)) leave(set, last)
      now.set(set, held ?? last)
    }
    servers.set(server, now)
  }
  // One that left the list may still be asked by who remembers it: until now it counts as having answered.
  for (const [server, sets] of before?.servers ?? [])
    if (!servers.has(server)) for (const [set, held] of sets) if (held !== null) leave(set, held)
  return { seq, at, servers, silent, past: lasting(past) }
}

function heldNow(served: Served, last: Held | null, at: number): Held | null {
  if (served.status === 'silent' || served.status === 'failed') return null
  const data = served.status === 'absent' ? '' : dataKey(served.data)
  const same = last !== null && last.data === data
  return {
    data,
    ttlSeconds: served.ttlSeconds,
    since: same ? last.since : at,
    ttlSince: same && last.ttlSeconds === served.ttlSeconds ? last.ttlSince : at,
    firstAt: last?.firstAt ?? at,
    rounds: same ? last.rounds + 1 : 1,
  }
}

/** Of what was given out of the same value with the same time to live only the last. */
function lasting(past: readonly Exposure[]): readonly Exposure[] {
  const longest = new Map<string, Exposure>()
  for (const one of past) {
    const key = `${one.ttlSeconds} ${one.set}\n${one.data}`
    const other = longest.get(key)
    if (other === undefined || forgottenAt(other) < forgottenAt(one)) longest.set(key, one)
  }
  return [...longest.values()]
}

export function forgottenAt({ until, ttlSeconds }: Pick<Exposure, 'until' | 'ttlSeconds'>): number {
  return until + Math.min(ttlSeconds, LONGEST_TTL_SECONDS) * 1000
}
