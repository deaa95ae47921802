import { changedBystanders } from '../dns/plan/bystanders.ts'
import { zoneLines } from '../dns/record-set.ts'
import { dataKey } from './fleet.ts'
import { found } from './guards-ready.ts'
import { everywhere, forgotten } from './horizon.ts'
import type { Case } from './guards.ts'
import { beforeAll, foreign, keysOf, routesOf, valuesAt, type Stage } from './stages.ts'
import { switchedAt } from './guards-drain.ts'
import type { SwitchState } from './reduce.ts'
import type { Phase } from './states.ts'

/** What a person should look at now. `code` for machines; `red`: mail is at risk. */
export type Attention = { readonly code: string; readonly severity: 'red' | 'yellow'; readonly says: string }

const RESOLVERS_LATE_MS = 10 * 60_000
const CLOCK_OFF_MS = 10 * 60_000

/** Computed from the log alone: what is put right disappears with the next look. */
export function attention(one: Case): readonly Attention[] {
  const { state } = one
  const all: Attention[] = []
  const add = (code: string, severity: Attention['severity'], ...says: readonly string[]): void => {
    for (const text of says) all.push({ code, severity, says: text })
  }
  for (const [what, trouble] of Object.entries(state.troubles))
    // What a person is to do is no trouble; it is shown line by line.
    if (trouble.code === 'by-hand')
      add('by-hand', 'yellow', 'Somebody has to change the records by hand; it goes on once every name server shows them.')
    else add('trouble', trouble.times >= 3 || trouble.code === 'record-changed' ? 'red' : 'yellow', `${what}: ${trouble.says}`)
  add('drift', 'red', ...drifted(state))
  add('bystanders', 'yellow', ...bystanders(state))
  const silent = state.fleet?.silent ?? []
  if (silent.length > 0) add('server-silent', 'yellow', `Name servers that do not answer: ${silent.join(', ')}.`)
  if (state.steps.switch !== undefined) {
    add('old-host', 'red', ...oldHost(state))
    add('copy', 'red', ...copies(state))
    const own = state.seen.delta?.found.own ?? 0
    if (own > 0) add('own-use', 'yellow', 'Somebody still works in an old mailbox: their program puts messages there.')
    if (state.seen.recipients !== undefined) {
      const { refused } = found(state, 'recipients')
      if (refused.count > 0)
        add('recipients', 'red', `${refused.count} addresses are refused at the new side: ${refused.first.slice(0, 5).join(', ')}.`)
    }
    add('resolvers', 'red', ...resolvers(one))
    if (state.phase === 'switched' && state.seen.probe?.found.inbound === 'failed')
      add('probe', 'red', 'The test message to the new side did not arrive.')
  }
  const wall = state.reading === null ? 0 : Math.abs(state.reading.wallMs - state.at)
  if (wall > CLOCK_OFF_MS)
    add(
      'clock',
      'yellow',
      `The clock of this machine was set: it differs by ${Math.round(wall / 60_000)} minutes from the time that has passed since the beginning.`,
    )
  return all
}

/** I3: what no step of the plan names stays as it is; where it does not, it was not us. */
function bystanders({ bystanders: first, seen, phase }: SwitchState): readonly string[] {
  const now = seen.zone?.found.outside ?? null
  if (first === null || now === null || phase === 'decommissioned') return []
  const changed = changedBystanders(first, now)
  if (changed.length === 0) return []
  const names = changed.slice(0, 5).join(', ')
  return [
    `${names} ${changed.length === 1 ? 'is' : 'are'} not as at the beginning, and no step of the switch changes that: somebody else did.`,
  ]
}

function oldHost(state: SwitchState): readonly string[] {
  if (state.seen['old-host'] === undefined || state.phase === 'decommissioned') return []
  const { host, answers, said } = found(state, 'old-host')
  if (answers === 'refuses') return [`${host} refuses mail: ${said} Late mail is sent back. Make it take mail again at once.`]
  return answers === 'silent' ? [`${host} does not answer. Late mail waits at its senders, for some hours at least.`] : []
}

function copies(state: SwitchState): readonly string[] {
  const { delta, 'reverse-delta': reverse } = state.seen
  const back = state.phase === 'reverse-draining' || state.phase === 'rolling-back' || state.phase === 'rolled-back-partial'
  const last = back ? reverse : delta
  if (last === undefined || last.found.complete) return []
  return [`The last copy ${back ? 'back to the old side' : 'of late mail'} was not complete: ${last.found.problems.slice(0, 3).join(' ')}`]
}

function resolvers({ state, now }: Case): readonly string[] {
  const { plan, seen } = state
  if (plan === null || seen.resolvers === undefined) return []
  const says = seen.resolvers.found.resolvers
    .filter(({ answers }) => answers === 'server-failed')
    .map(({ resolver }) => `The resolver ${resolver} cannot find the domain: its signatures may be wrong (DNSSEC).`)
  const at = forgotten(state.fleet, routesOf(plan), valuesAt(plan, 'switched'), beforeAll(plan))
  const isLate = at !== null && now > Math.max(at, switchedAt(state, plan) ?? Infinity) + RESOLVERS_LATE_MS && state.turnedBack === null
  const old = isLate ? seen.resolvers.found.resolvers.filter(({ answers }) => answers === 'old') : []
  return [...says, ...old.map(({ resolver }) => `The resolver ${resolver} still names the old mail host, longer than it may.`)]
}

const EXPECTED: Readonly<Partial<Record<Phase, readonly Stage[]>>> = {
  'ttl-lowered': ['lowered'],
  ready: ['lowered'],
  switching: ['lowered', 'switched'],
  'switched-partial': ['lowered', 'switched'],
  switched: ['switched'],
  draining: ['switched'],
  quiet: ['switched', 'finished'],
  finalised: ['finished'],
  'reverse-draining': ['lowered', 'prepared', 'original'],
}

/** Sets that somebody else changed, at the host or as the name servers show them. */
function drifted(state: SwitchState): readonly string[] {
  const { plan, phase } = state
  if (plan === null) return []
  const says: string[] = []
  if (state.seen.zone !== undefined && phase !== 'draft' && phase !== 'analysed')
    for (const { name, type, now } of foreign(plan, found(state, 'zone'), state.givenUp))
      says.push(`${name} ${type} was changed by somebody else; now: ${now === null ? 'nothing' : zoneLines(now).join(' | ')}`)
  const stages = EXPECTED[phase] ?? []
  if (stages.length === 0) return says
  const sets = keysOf([...plan.switch, ...plan.lower])
  for (const [server, held] of state.fleet?.servers ?? [])
    for (const set of sets) {
      const now = held.get(set) ?? null
      if (now !== null && !stages.some((stage) => dataKey(valuesAt(plan, stage).get(set)?.data ?? null) === now.data))
        says.push(`${server} answers with another ${set} than it should: ${now.data === '' ? 'nothing' : now.data.replaceAll('\n', ' | ')}`)
    }
  return says
}

/** For a person who waits: how far the servers are. */
export function serversDone(state: SwitchState, stage: Stage): { readonly done: number; readonly all: number } {
  const { plan, fleet } = state
  if (plan === null || fleet === null) return { done: 0, all: 0 }
  const names = [...fleet.servers.keys()]
  const done = names.filter((name) => {
    const one = fleet.servers.get(name)
    return (
      one !== undefined && everywhere({ ...fleet, servers: new Map([[name, one]]) }, keysOf(plan.switch), valuesAt(plan, stage)).at !== null
    )
  })
  return { done: done.length, all: names.length }
}
