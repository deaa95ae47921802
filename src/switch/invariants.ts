import { isDeepStrictEqual } from 'node:util'
import type { SwitchEvent } from './events.ts'
import { setKey } from './fleet.ts'
import { found } from './guards-ready.ts'
import { horizon, switchedAt } from './guards-drain.ts'
import type { MovePlan } from './looks.ts'
import { ZONE_FRESH_MS } from './pace.ts'
import { reduceAll, type Copies, type SwitchState } from './reduce.ts'
import type { SwitchSettings } from './settings.ts'
import { stepsOf, swapsOf, valuesAfter, valuesAt, type Stage } from './stages.ts'
import { isStep, STEPS } from './states.ts'

/** What must never be, by the number it has in the design. */
export type Broken = {
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10' | 'I11' | 'I12'
  readonly says: string
}

const STAGES: readonly Stage[] = ['original', 'prepared', 'lowered', 'switched', 'finished']

/**
 * I5: at every stage a name has one SPF record at most, and until the end what the old one allowed stays allowed. I3: each list's
 * `before` is what the lists before it leave, so that no set changes in between without a step.
 */
export function brokenByPlan(plan: MovePlan): readonly Broken[] {
  const broken: Broken[] = []
  const names = new Set(
    stepsOf(plan)
      .flat()
      .filter(({ type }) => type === 'TXT')
      .map(setKey),
  )
  for (const name of names)
    for (const stage of STAGES) {
      const records = spfOf(plan, stage, name)
      if (records.length > 1) broken.push({ invariant: 'I5', says: `${name} would have ${records.length} SPF records (${stage}).` })
      const old = spfOf(plan, 'original', name)[0]
      if (old === undefined || stage === 'original' || stage === 'finished') continue
      const kept = termsOf(records[0] ?? '')
      const gone = termsOf(old).filter((term) => !kept.includes(term))
      // A bare mx means other hosts after the switch, so that it may be written out as the addresses it meant.
      const isSpeltOut = gone.every((term) => term === 'mx' && kept.some((other) => /^ip[46]:/.test(other)))
      if (!isSpeltOut) broken.push({ invariant: 'I5', says: `${name} would no longer allow ${gone.join(' ')} (${stage}).` })
    }
  return broken
}

function spfOf(plan: MovePlan, stage: Stage, set: string): readonly string[] {
  return (valuesAt(plan, stage).get(set)?.data ?? []).filter((text) => /^v=spf1(?: |$)/i.test(text))
}

/** What is allowed to send; the last word about everybody else is none of it. */
function termsOf(record: string): readonly string[] {
  return record
    .toLowerCase()
    .split(/\s+/)
    .slice(1)
    .map((term) => term.replace(/^\+/, ''))
    .filter((term) => term !== '' && !/^[-~?]?all$/.test(term))
}

/** What can be seen to be broken as an event is written down after what was known before it. Of mail only what the looks tell. */
export function brokenBy(before: SwitchState, event: SwitchEvent, settings: SwitchSettings): readonly Broken[] {
  const broken: Broken[] = [...byTime(before, event, settings)]
  const add = (invariant: Broken['invariant'], isBroken: boolean, says: string): void => {
    if (isBroken) broken.push({ invariant, says })
  }
  const { payload, at } = event
  const { seen } = before
  if (payload.type === 'writing') {
    add(
      'I4',
      seen.zone === undefined || at - seen.zone.at > ZONE_FRESH_MS,
      `${payload.step} is written without a fresh reading of the zone.`,
    )
    add('I8', seen.snapshot === undefined, `${payload.step} is written while nothing is kept to be put back.`)
  }
  if (payload.type === 'seen') for (const one of bySight(before, payload)) broken.push(one)
  if (payload.type === 'closing' && before.overridden.everybody === undefined) {
    const { relayed, refused } = seen.recipients === undefined ? NOBODY_ASKED : found(before, 'recipients')
    add('I6', relayed.count + refused.count > 0, 'The domain is closed while an address is missing at the new side.')
  }
  if (payload.type === 'moved') {
    const { delta, reverse } = before
    if (payload.to === 'quiet' || payload.to === 'decommissioned')
      add('I2', isOwed(delta), `It went on to ${payload.to} while late mail was not proven to be carried over.`)
    if (payload.to === 'decommissioned') add('I8', seen.snapshot === undefined, 'Nothing was ever kept to go back to.')
    if (payload.to === 'restored')
      add('I10', isOwed(reverse), 'It was called restored while mail of the new side was not proven to be back.')
  }
  return broken
}

const NOBODY_ASKED = { relayed: { count: 1 }, refused: { count: 0 } }

/** Mail that came, and no complete copy that began later. */
function isOwed({ complete, arrival, last }: Copies): boolean {
  return !complete || (last.at(-1)?.seq ?? -1) < (arrival?.seq ?? 0)
}

function bySight(before: SwitchState, payload: Extract<SwitchEvent['payload'], { type: 'seen' }>): readonly Broken[] {
  const { seen, steps, phase } = before
  const isBetween = steps.switch !== undefined && phase !== 'decommissioned'
  switch (payload.look) {
    case 'old-host':
      return isBetween && payload.found.answers === 'refuses'
        ? [{ invariant: 'I1', says: `${payload.found.host} refuses mail while caches may still name it.` }]
        : []
    case 'recipients':
      return isBetween && before.overridden.recipients === undefined && payload.found.refused.count > 0
        ? [{ invariant: 'I1', says: 'The new side refuses a known address while mail goes there.' }]
        : []
    case 'zone':
      return seen.zone !== undefined && isOutsideChanged(seen.zone.found.outside, payload.found.outside)
        ? [{ invariant: 'I3', says: 'Records that are in no step of the plan are not as they were.' }]
        : []
    case 'tenant':
      return isSelf(payload.found.relayTo, seen['mx-host']?.found.named ?? null)
        ? [{ invariant: 'I7', says: 'The new side passes unknown addresses on to itself.' }]
        : []
    case 'reverse-delta':
      return before.turnedBack === null && payload.found.carried > 0
        ? [{ invariant: 'I9', says: 'Something was put into an old mailbox although nobody turned back.' }]
        : []
    case 'analysis':
    case 'snapshot':
    case 'fleet':
    case 'resolvers':
    case 'mx-host':
    case 'lag':
    case 'source':
    case 'way-back':
    case 'probe':
    case 'delta':
      break
  }
  return []
}

function byTime(before: SwitchState, { payload, at }: SwitchEvent, settings: SwitchSettings): readonly Broken[] {
  const broken: Broken[] = at < before.at ? [{ invariant: 'I11', says: 'The time of the log went back.' }] : []
  const { plan } = before
  if (payload.type !== 'moved' || plan === null || (payload.to !== 'quiet' && payload.to !== 'decommissioned')) return broken
  const instants = [horizon({ state: before, now: at, settings }, plan)]
  if (payload.to === 'decommissioned') instants.push((switchedAt(before, plan) ?? Infinity) + settings.tailMs)
  if (instants.some((instant) => instant === null || at < instant))
    broken.push({ invariant: 'I11', says: `It went on to ${payload.to} before its time.` })
  return broken
}

/** I12: the log alone tells where it stands, and a step that is done once more has nothing left to write. */
export function brokenByReplay(events: readonly SwitchEvent[], state: SwitchState): readonly Broken[] {
  const broken: Broken[] = isDeepStrictEqual(reduceAll(events), state)
    ? []
    : [{ invariant: 'I12', says: 'The log read again tells something else than what is known.' }]
  const { plan } = state
  if (plan === null) return broken
  for (const name of Object.keys(STEPS)) {
    if (!isStep(name)) continue
    const done = valuesAfter(plan, name, 'swapped')
    const sets = stepsOf(plan)
      .flat()
      .map(({ name: at, type }) => ({ name: at, type, now: done.get(setKey({ name: at, type })) ?? null }))
    if (swapsOf(plan, name, 'swapped', { provider: '', writable: null, sets, outside: null }, []).length > 0)
      broken.push({ invariant: 'I12', says: `${name} done twice would write twice.` })
  }
  return broken
}

function isSelf(relayTo: string | null, named: string | null): boolean {
  const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '')
  return relayTo !== null && named !== null && plain(relayTo) === plain(named)
}

function isOutsideChanged(before: string | null, now: string | null): boolean {
  return before !== null && now !== null && before !== now
}
