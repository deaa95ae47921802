import { byPerson, byRun, byTime, idOf, tasksOf } from '../blockers.ts'
import type { Blocker } from '../gate.ts'
import { alone, cutoverOf, lagOf, sideOf, type DomainState, type ProjectState } from '../state.ts'
import { unwaived } from '../waived.ts'
import type { PhaseRules, Work } from '../work.ts'
import { assess } from './assess.ts'
import { kickoff } from './kickoff.ts'
import { copies, lastTried, prestage } from './prestage.ts'
import { provision } from './provision.ts'
import { verify } from './verify.ts'

const HOUR = 3_600_000
/** So long before the cutover the records are prepared, and their times to live shortened. */
export const LEAD_MS = 7 * 24 * HOUR
const BEFORE = [kickoff, assess, provision, prestage, verify]

/** Every domain whose batches have begun is sent to the new side, at the planned time and not before, and mail was seen to arrive there. */
export const cutover: PhaseRules = {
  name: 'cutover',
  gate: (state) => [...due(state).flatMap((domain) => gateOf(state, domain)), ...tasksOf(state, 'cutover')],
  work(state) {
    return due(state).flatMap((domain): readonly Work[] => {
      const { phase, paused, name } = domain
      if (paused !== null || phase === 'restored') return []
      const at = cutoverOf(state, name)
      const isBegun = phase !== 'draft'
      const isReady = isReadyFor(state, name)
      const isNear = at !== null && state.now >= at - LEAD_MS
      if (!isBegun && !(isReady && isNear)) return []
      // Where everything is ready it is only looked at again shortly before its time.
      if (phase === 'ready' && (at === null || state.now < at - HOUR)) return []
      const isTime = at !== null && state.now >= at && isReady
      const fresh = isTime && sideOf(domain) === 'old' ? lastDeltas(state, name) : []
      const says = `Carrying on the move of ${name}`
      return [
        ...fresh,
        { do: 'switch', key: isTime ? `switch ${name} now` : `switch ${name}`, says, domain: name, may: isTime ? ['switch'] : [] },
      ]
    })
  },
}

/** Domains with a mailbox that has begun to move, or with none at all, that are not at the new side for good. */
function due(state: ProjectState): readonly DomainState[] {
  const later = new Set(state.batches.flatMap(({ name, startsAt }) => (startsAt !== null && startsAt > state.now ? [name] : [])))
  return state.domains.filter((domain) => {
    if (sideOf(domain) === 'new' && domain.phase !== 'switched') return false
    const own = state.mailboxes.filter((one) => one.domain === domain.name)
    return own.length === 0 || own.some(({ batch }) => !later.has(batch)) || domain.phase !== 'draft'
  })
}

/** Whether everything before the switch holds for this domain, whatever holds up another one. */
function isReadyFor(state: ProjectState, domain: string): boolean {
  const own = alone(state, domain)
  return laterBatches(state, domain).length === 0 && BEFORE.every(({ gate }) => unwaived(own, gate(own)).length === 0)
}

/** What is new is carried over right before the switch, so that people find it there. */
function lastDeltas(state: ProjectState, domain: string): readonly Work[] {
  const behind = state.mailboxes.filter(
    (one) =>
      one.domain === domain &&
      !one.stays &&
      one.paused === null &&
      (lagOf(one, state.now) ?? 0) > state.lagMs / 2 &&
      state.now - lastTried(one) > state.lagMs / 2,
  )
  return copies('delta', behind, null)
}

function gateOf(state: ProjectState, domain: DomainState): readonly Blocker[] {
  const { name, phase, paused, turnedBack } = domain
  const id = (what: string): string => `cutover.${what}.${idOf(name)}`
  if (paused !== null)
    return [
      byPerson(id('paused'), `The move of ${name} is paused by ${paused.name}: ${paused.reason}`, {
        command: `switch ${name} --resume --name NAME`,
        waivable: false,
      }),
    ]
  if (phase === 'restored')
    return [
      byPerson(id('restored'), `${name} was sent back to the old side by ${turnedBack?.name ?? 'somebody'}: ${turnedBack?.reason ?? ''}`, {
        command: `switch ${name} --again --name NAME`,
        waivable: false,
      }),
    ]
  if (sideOf(domain) === 'back')
    return [byRun(id('back'), `${name} is on its way back to the old side; mail of the new side is carried back until no more comes.`)]
  const at = cutoverOf(state, name)
  if (at === null)
    return [
      byPerson(id('no-date'), `No cutover of ${name} is planned. Until then deltas go on.`, {
        command: 'project postpone --to YYYY-MM-DDTHH:MM --name NAME --reason WHY',
        waivable: false,
      }),
    ]
  if (sideOf(domain) !== 'old')
    return [byRun(id('switching'), `The new records of ${name} are being written and looked for.`), ...guards(domain)]
  const batches = laterBatches(state, name).map(({ name: batch, startsAt }) =>
    byTime(id(`batch-${idOf(batch)}`), `People of the batch ${batch}, which has not begun, get their mail at ${name} too.`, {
      notBefore: startsAt,
    }),
  )
  if (state.now < at) {
    const says = `${name} is sent to the new side at its planned time; deltas go on until then.`
    const begin = state.now >= at - LEAD_MS && phase === 'draft' && isReadyFor(state, name) ? [beginning(state, domain)] : []
    return [...begin, ...batches, ...guards(domain), byTime(id('planned'), says, { notBefore: at })]
  }
  if (phase === 'draft') return [...batches, beginning(state, domain)]
  if (domain.awaits === 'switch')
    return [
      ...batches,
      byPerson(id('decide'), `Everything is ready: somebody has to decide to send the mail of ${name} to the new side.`, {
        command: 'run',
        waivable: false,
      }),
    ]
  return [...batches, byRun(id('switch'), `${name} is not at the new side yet: ${domain.phase}.`), ...guards(domain)]
}

function beginning(state: ProjectState, { name }: DomainState): Blocker {
  const id = `cutover.begin.${idOf(name)}`
  const isAgreed = state.approvals.some(({ what }) => what === `switch-begin ${name}`)
  if (isAgreed) return byRun(id, `The records of ${name} are to be prepared for the switch.`)
  return byPerson(id, `The records of ${name} are to be prepared for the switch, once somebody agreed.`, {
    command: 'run',
    waivable: false,
  })
}

/** What does not come right by waiting and looking again. */
const PERSONS: ReadonlySet<string> = new Set([
  'analysis',
  'dns-writable',
  'snapshot',
  'mx-host',
  'recipients',
  'tenant',
  'source',
  'old-host',
  'way-back',
  'drift',
  'arrival',
  'everybody',
])

/** What was looked at and does not hold; what nothing was seen of yet is no more than work. */
function guards({ name, open }: DomainState): readonly Blocker[] {
  return open
    .filter(({ guard, seen }) => seen && !guard.startsWith('approval-'))
    .map(({ guard, title, reasons, notBefore }) => {
      const says = `${name}: it does not hold yet that ${title}. ${reasons.join(' ')}`.trim()
      const id = `cutover.${guard}.${idOf(name)}`
      if (notBefore !== null) return byTime(id, says, { notBefore })
      if (!PERSONS.has(guard)) return byRun(id, says)
      return byPerson(id, says, { command: `switch ${name} --status`, waivable: false })
    })
}

/** Batches that have not begun, with people in this domain. */
function laterBatches(state: ProjectState, domain: string): readonly { readonly name: string; readonly startsAt: number }[] {
  const names = new Set(state.mailboxes.filter((one) => one.domain === domain && !one.stays).map(({ batch }) => batch))
  return state.batches.flatMap(({ name, startsAt }) =>
    names.has(name) && startsAt !== null && startsAt > state.now ? [{ name, startsAt }] : [],
  )
}
