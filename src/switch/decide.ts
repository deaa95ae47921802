import { GUARDS, type Verdict } from './guard-names.ts'
import { forward, passes, RULES, verdicts, type Case } from './guards.ts'
import type { Command } from './hands.ts'
import type { Look } from './looks.ts'
import { IDLE_MS, RETRY_MS, triedAgainAt, watched, ZONE_FRESH_MS } from './pace.ts'
import { swapsOf } from './stages.ts'
import { mayMove, type Step } from './states.ts'

export type Next = {
  /** To be done now. One that moves or writes stands alone. */
  readonly commands: readonly Command[]
  /** When to ask again, in the time of the log; null: only a person, or nothing, can change anything. */
  readonly again: number | null
  /** What is in the way of the next move. */
  readonly guards: readonly Verdict[]
}

/**
 * What to do next, from what is known. Pure. `freshAfter`: a person is waiting, so that what does not hold and was seen before that is
 * looked at now.
 */
export function decide(one: Case, freshAfter: number = 0): Next {
  const { state, now } = one
  const guards = verdicts(one)
  if (state.turnedBack !== null && state.seen.snapshot !== undefined && mayMove(state.phase, 'rolling-back')) {
    const evidence = [state.seen.snapshot.seq, state.turnedBack.seq]
    return { commands: [{ do: 'move', from: state.phase, to: 'rolling-back', evidence }], again: now, guards }
  }
  const way = forward(state.phase)
  if (way === null) return { commands: [], again: null, guards }
  if (state.paused === null && guards.every(passes)) {
    const evidence = [...new Set(guards.flatMap((guard) => guard.evidence))].toSorted((a, b) => a - b)
    return { commands: [{ do: 'move', from: way.from, to: way.to, evidence }], again: now, guards }
  }
  const act = state.paused === null ? acting(one, guards, freshAfter) : { commands: [], at: null }
  if (act.commands.length > 0) return { commands: act.commands, again: now, guards }
  const times = [...looks(one, guards, freshAfter, act.zoneAt)]
  const commands = times.filter(([, at]) => at <= now).map(([look]): Command => ({ do: 'look', look }))
  const later = [...times.map(([, at]) => at), ...guards.map(({ notBefore }) => notBefore ?? Infinity), act.at ?? Infinity].filter(
    (at) => at > now,
  )
  const again = Math.min(...later)
  return { commands, again: commands.length > 0 ? now : again === Infinity ? null : again, guards }
}

type Act = { readonly commands: readonly Command[]; readonly at: number | null; readonly zoneAt?: number }

/** The write that belongs to the phase, once the zone was read a moment ago, and after any other write. */
function acting(one: Case, guards: readonly Verdict[], freshAfter: number): Act {
  const { state, now } = one
  const step = stepNow(one, guards)
  if (step === null || state.plan === null) return { commands: [], at: null }
  if (step === 'close' || step === 'open') {
    const at = triedAgainAt(state, step)
    return at <= now ? { commands: [{ do: step }], at: null } : { commands: [], at }
  }
  const at = triedAgainAt(state, `write ${step}`, freshAfter)
  if (at > now) return { commands: [], at }
  const { zone } = state.seen
  if (zone === undefined || zone.seq < state.wroteSeq || now - zone.at > ZONE_FRESH_MS) return { commands: [], at: null, zoneAt: now }
  const swaps = swapsOf(state.plan, step, state.turnedBack?.scope ?? 'swapped', zone.found, state.givenUp)
  return { commands: [{ do: 'write', step, swaps }], at: null }
}

function stepNow({ state }: Case, guards: readonly Verdict[]): Step | 'close' | 'open' | null {
  const undone = (step: Step): Step | null => ((state.steps[step]?.doneAt ?? null) === null ? step : null)
  const others = (...but: readonly string[]): boolean => guards.every((guard) => but.includes(guard.guard) || passes(guard))
  switch (state.phase) {
    case 'snapshotted':
      return undone('prepare')
    case 'prepared':
      return undone('lower')
    case 'switching':
    case 'switched-partial':
      return undone('switch')
    case 'quiet':
      if (!others('finished')) return null
      return state.closed === 'yes' ? undone('finish') : 'close'
    case 'rolling-back':
    case 'rolled-back-partial':
      // Where mail goes comes first.
      return undone('put-back') ?? reopened(state)
    case 'reverse-draining':
      return reopened(state) ?? (others('put-back') ? undone('put-back-ttl') : null)
    case 'draft':
    case 'analysed':
    case 'ttl-lowered':
    case 'ready':
    case 'switched':
    case 'draining':
    case 'finalised':
    case 'decommissioned':
    case 'restored':
      break
  }
  return null
}

/** What was closed, or was about to be, is opened again. */
function reopened({ closed }: Case['state']): 'open' | null {
  return closed === 'no' ? null : 'open'
}

/** Each look with the instant at which it is due. */
function looks(one: Case, guards: readonly Verdict[], freshAfter: number, zoneAt: number | undefined): ReadonlyMap<Look, number> {
  const { state, now } = one
  const due = new Map<Look, number>()
  const want = (look: Look, at: number): void => {
    due.set(look, Math.min(due.get(look) ?? Infinity, at))
  }
  for (const [look, everyMs] of watched(state, now)) want(look, (state.seen[look]?.startedAt ?? -Infinity) + everyMs)
  // What was just written may be served already.
  if ((state.seen.fleet?.seq ?? Infinity) < state.wroteSeq && due.has('fleet')) want('fleet', now)
  const isIdle = guards.some(
    ({ guard, holds, notBefore }) => (!holds && RULES[guard].looks.length === 0) || (notBefore !== null && notBefore > now),
  )
  for (const { guard, holds } of guards) {
    const { maxAgeMs } = GUARDS[guard]
    // What is true for a moment only is looked at last.
    if (maxAgeMs !== null && maxAgeMs < 5 * 60_000 && guards.some((other) => other.guard !== guard && !passes(other))) continue
    for (const look of RULES[guard].looks) {
      const seenAt = state.seen[look]?.startedAt
      if (seenAt === undefined) want(look, now)
      else if (!holds && seenAt < freshAfter) want(look, now)
      else if (isIdle) want(look, seenAt + Math.max(IDLE_MS, maxAgeMs ?? 0))
      // From its end: one that takes longer than the pause would be due again at once, for ever.
      else if (!holds && isFresh(seenAt, maxAgeMs, now)) want(look, (state.seen[look]?.at ?? seenAt) + RETRY_MS[look])
      else if (maxAgeMs !== null) want(look, seenAt + maxAgeMs / 2)
    }
  }
  if (zoneAt !== undefined) want('zone', zoneAt)
  // What failed has its own pace.
  for (const [look, at] of due) due.set(look, Math.max(at, triedAgainAt(state, look)))
  return due
}

function isFresh(seenAt: number, maxAgeMs: number | null, now: number): boolean {
  return maxAgeMs === null || now - seenAt <= maxAgeMs
}
