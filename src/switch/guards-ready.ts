import { createHash } from 'node:crypto'
import { zoneLines } from '../dns/record-set.ts'
import { setKey } from './fleet.ts'
import type { GuardName } from './guard-names.ts'
import type { Case, Rule, Said } from './guards.ts'
import { everywhere, shortEverywhere } from './horizon.ts'
import type { Looks, MovePlan, Some } from './looks.ts'
import type { SwitchState } from './reduce.ts'
import { beforeAll, foreign, keysOf, routesOf, valuesAt } from './stages.ts'
import type { Decision } from './states.ts'

type Ready =
  | 'analysis'
  | 'dns-writable'
  | 'snapshot'
  | 'prepared'
  | 'lowered'
  | 'ttl'
  | 'mx-host'
  | 'recipients'
  | 'tenant'
  | 'lag'
  | 'source'
  | 'old-host'
  | 'way-back'
  | 'drift'
  | 'approval-switch'

/** What must hold until the switch is begun. */
export const READY_RULES: Readonly<Record<Ready & GuardName, Rule>> = {
  analysis: {
    looks: ['analysis'],
    check: ({ state }) => ({ no: found(state, 'analysis').blockers, notes: found(state, 'analysis').warnings }),
  },
  'dns-writable': { looks: ['zone'], check: ({ state }) => ({ no: asList(found(state, 'zone').writable) }) },
  snapshot: {
    looks: ['snapshot'],
    check: ({ state }) => ({ no: found(state, 'snapshot').readBack ? [] : ['The picture could not be read again as it was written.'] }),
  },
  prepared: { looks: ['fleet'], check: prepared },
  lowered: { looks: ['fleet'], check: lowered },
  ttl: { looks: ['fleet'], check: ttl },
  'mx-host': { looks: ['mx-host'], check: mxHost },
  recipients: { looks: ['recipients', 'tenant'], check: recipients },
  tenant: { looks: ['tenant'], check: ({ state }) => ({ no: found(state, 'tenant').problems, notes: found(state, 'tenant').notes ?? [] }) },
  lag: { looks: ['lag'], check: lag },
  source: {
    looks: ['source'],
    check: ({ state }) => ({ no: some(found(state, 'source').unreachable, 'old mailbox cannot be read', 'old mailboxes cannot be read') }),
  },
  'old-host': { looks: ['old-host'], check: oldHost },
  'way-back': { looks: ['way-back'], check: ({ state }) => ({ no: found(state, 'way-back').problems }) },
  drift: { looks: ['zone'], check: drift },
  'approval-switch': { looks: [], check: ({ state }) => approval(state, 'switch') },
}

/** What the look found; only asked once it was carried out. */
export function found<K extends keyof Looks>(state: SwitchState, look: K): Looks[K] {
  const seen = state.seen[look]
  if (seen === undefined) throw new Error(`nothing was seen of ${look}`)
  return seen.found
}

export function withPlan(state: SwitchState, check: (plan: MovePlan) => Said): Said {
  return state.plan === null ? { no: ['There is no plan yet.'] } : check(state.plan)
}

function prepared({ state, now }: Case): Said {
  return withPlan(state, (plan) => {
    if (state.steps.prepare === undefined || state.steps.prepare.doneAt === null) return { no: ['The additions are not written yet.'] }
    const { at, missing } = everywhere(state.fleet, keysOf(plan.prepare), valuesAt(plan, 'prepared'))
    if (at === null) return { no: sentences(missing) }
    const notBefore = plan.prepare.length === 0 ? 0 : at + plan.settleMs
    return now < notBefore ? { no: ['What others keep of the old policies has not run out yet.'], notBefore } : { no: [] }
  })
}

function lowered({ state }: Case): Said {
  return withPlan(state, (plan) => {
    if (state.steps.lower === undefined || state.steps.lower.doneAt === null) return { no: ['The times to live are not shortened yet.'] }
    const { at, missing } = everywhere(state.fleet, keysOf(plan.lower), valuesAt(plan, 'lowered'), 'not-longer')
    return { no: at === null ? sentences(missing) : [] }
  })
}

function ttl({ state, now }: Case): Said {
  return withPlan(state, (plan) => {
    const values = valuesAt(plan, 'lowered')
    const at = shortEverywhere(state.fleet, routesOf(plan), values, beforeAll(plan))
    if (at === null) return { no: sentences(everywhere(state.fleet, routesOf(plan), values, 'not-longer').missing) }
    return now < at ? { no: ['Caches may still remember the records with their old, long time to live.'], notBefore: at } : { no: [] }
  })
}

function mxHost({ state }: Case): Said {
  return withPlan(state, (plan) => {
    const { named, resolves, answers, said } = found(state, 'mx-host')
    const no: string[] = []
    const planned = plan.switch.filter(({ type }) => type === 'MX').flatMap(({ after }) => after?.data ?? [])
    if (!planned.some((one) => one.split(' ')[1] === named.toLowerCase()))
      no.push(`The tenant names ${named} as its mail host, and the plan another one. Plan again.`)
    if (!resolves) no.push(`${named} has no address.`)
    else if (answers === 'refused' || answers === 'silent') no.push(`${named} does not answer on port 25: ${said}`)
    else if (answers === 'plain') no.push(`${named} offers no encryption (STARTTLS).`)
    const notes = answers === 'port-closed-here' ? ['Port 25 is closed for this machine, so that the mail host itself was not tried.'] : []
    return { no, notes }
  })
}

function recipients({ state }: Case): Said {
  const { refused, unclear, relayed, host } = found(state, 'recipients')
  const { domainType, relayTo } = found(state, 'tenant')
  const no = [
    ...some(refused, `address is refused by ${host}`, `addresses are refused by ${host}`),
    ...some(unclear, 'address could not be tried', 'addresses could not be tried'),
  ]
  const isRelaying = domainType === 'internal-relay' && relayTo !== null
  if (relayed.count > 0 && !isRelaying)
    no.push(...some(relayed, 'address is taken and passed on to nobody', 'addresses are taken and passed on to nobody'))
  const notes =
    relayed.count > 0 && isRelaying ? some(relayed, `address is passed on to ${relayTo}`, `addresses are passed on to ${relayTo}`) : []
  return { no, notes }
}

function lag({ state, settings }: Case): Said {
  const { neverCopied, notVerified, behind, lagMs, mailboxes } = found(state, 'lag')
  const no = [
    ...some(neverCopied, 'mailbox was never copied to its end', 'mailboxes were never copied to their end'),
    ...some(notVerified, 'mailbox is not verified', 'mailboxes are not verified'),
    ...some(behind, 'mailbox is behind', 'mailboxes are behind'),
  ]
  if (mailboxes === 0) no.push('No mailbox is known yet. Copy them first.')
  if (behind.count === 0 && lagMs > settings.lagMs) no.push(`Mail is ${minutes(lagMs)} behind; ${minutes(settings.lagMs)} are allowed.`)
  return { no }
}

function oldHost({ state }: Case): Said {
  const { host, routing, answers, said, delivers = null } = found(state, 'old-host')
  const no: string[] = []
  if (answers !== 'accepts')
    no.push(
      `The old host ${host} ${answers === 'refuses' ? 'refuses mail' : answers === 'defers' ? 'puts mail off' : 'does not answer'}: ${said}`,
    )
  if (routing === 'auto')
    no.push(`${host} decides by itself where mail goes, and may refuse late mail after the switch. Set its mail routing to "local".`)
  if (routing === 'elsewhere') no.push(`${host} passes mail on instead of keeping it. Set its mail routing to "local".`)
  const notes: string[] = []
  if (answers === 'accepts' && delivers === 'anything')
    notes.push(`${host} takes mail also for an address that nobody has: it has a catch-all, or passes mail on instead of keeping it.`)
  else if (routing === 'unknown')
    notes.push(
      delivers === 'itself'
        ? `${host} delivers mail of the domain itself now, as its answers show: make sure that it does so after MX has changed.`
        : `Nobody can see how ${host} routes mail: make sure that it stays as it is after MX has changed.`,
    )
  return { no, notes }
}

function drift({ state }: Case): Said {
  return withPlan(state, (plan) => ({
    no: foreign(plan, found(state, 'zone'), state.givenUp).map(
      (one) => `${setKey(one)} was changed by somebody else; now: ${one.now === null ? 'nothing' : zoneLines(one.now).join(' | ')}`,
    ),
  }))
}

/** A decision is about what was shown: where the plan has become another one, it is asked again. */
export function approval(state: SwitchState, decision: Decision): Said {
  const signed = state.decided[decision]
  if (signed === undefined) return { no: ['A person has to decide this.'] }
  if (signed.shown !== shownAs(state, decision)) return { no: ['The plan is no longer the one that was decided on.'], signed: [signed] }
  return { no: [], notes: [`Decided by ${signed.name}.`], signed: [signed] }
}

/** A digest of what a person sees and decides on. */
export function shownAs(state: SwitchState, decision: Decision | 'begin'): string {
  const { plan } = state
  const swaps = decision === 'begin' ? [plan?.prepare, plan?.lower] : decision === 'decommission' ? [] : plan?.[decision]
  return createHash('sha256')
    .update(JSON.stringify([decision, plan?.domain, swaps]))
    .digest('hex')
    .slice(0, 16)
}

export function some({ count, first }: Some, one: string, many: string): string[] {
  if (count === 0) return []
  const names = first.slice(0, 5).join(', ')
  return [`${count} ${count === 1 ? one : many}: ${names}${count > Math.min(5, first.length) ? ' …' : ''}`]
}

function asList(text: string | null): readonly string[] {
  return text === null ? [] : [text]
}

export function sentences(texts: readonly string[]): readonly string[] {
  return texts.length === 0 ? ['No name server was asked yet.'] : texts.map((text) => `${text}.`)
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} minutes`
}
