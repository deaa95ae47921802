import type { Definition } from '../definition/definition.ts'
import { nextView } from '../project/next.ts'
import type { NextView } from '../project/next.ts'
import { begun, lagOf, type ProjectState } from '../project/state.ts'
import type { CriterionFigures, ReadinessCriterion, ReadinessData } from '../report/readiness.ts'
import { GUARDS } from '../switch/guard-names.ts'
import { passes, verdicts } from '../switch/guards.ts'
import { readLog } from '../switch/open-log.ts'
import { MOVES } from '../switch/states.ts'
import { definedSettings } from './defined.ts'
import { logOptions } from './switch-open.ts'
import type { World } from './world.ts'

/** Whether the project may be cut over, and what that is known from. Opens no socket. */
export function readinessData(world: World, state: ProjectState, domains: readonly string[], place: Place): ReadinessData {
  const view = nextView(state)
  return {
    domains,
    mailboxes: state.mailboxes.length,
    phase: view.phase,
    cutoverAt: state.cutoverAt,
    criteria: criteria(state, view),
    open: view.blockers.map(({ phase, says, needs }) => ({ phase, says, needs })),
    waived: view.waived.map(({ id, phase, says, name, reason }) => ({
      phase,
      says,
      name,
      reason,
      at: state.waivers.find(({ blocker }) => blocker === id)?.at ?? null,
    })),
    guards: state.domains.flatMap(({ name }) => guardsOf(world, name, place)),
  }
}

type Place = { readonly stateDir: string; readonly definition: Definition }

/** Those that count until the records are changed. */
const BEFORE: ReadonlySet<string> = new Set(
  MOVES.filter(({ to }) => ['analysed', 'snapshotted', 'prepared', 'ttl-lowered', 'ready', 'switching'].includes(to)).flatMap(
    ({ guards }) => guards,
  ),
)

function guardsOf(world: World, domain: string, { stateDir, definition }: Place): ReadinessData['guards'] {
  using log = readLog(logOptions(world, { stateDir, domain }))
  if (log === null || log.state().seq === 0) return []
  return verdicts({ state: log.state(), now: log.now(), settings: definedSettings(definition) })
    .filter(({ guard }) => BEFORE.has(guard))
    .map((verdict) => ({
      domain,
      guard: verdict.guard,
      title: GUARDS[verdict.guard].title,
      holds: passes(verdict),
      reasons: verdict.holds ? [] : verdict.reasons,
      at: verdict.at,
      overridden: verdict.overridden,
    }))
}

/** Blockers that a person let pass make a criterion that fails because of them one that was let pass. */
const GATES: Readonly<Record<keyof CriterionFigures, readonly string[]>> = {
  analysis: ['assess.'],
  access: ['kickoff.logins'],
  tenant: ['provision.', 'kickoff.tenant'],
  dns: ['kickoff.dns', 'assess.dns'],
  copied: ['prestage.'],
  verified: ['verify.mailbox'],
  lag: ['cutover.lag'],
  tasks: ['.task.'],
  mailflow: ['closeout.acceptance.mail'],
}

function criteria(state: ProjectState, { waived }: NextView): readonly ReadinessCriterion[] {
  const { facts, now, lagMs } = state
  const all = begun(state)
  const outcomeOf = (name: keyof CriterionFigures, isSeen: boolean, isMet: boolean): ReadinessCriterion['outcome'] => {
    if (isSeen && isMet) return 'met'
    const isWaived = waived.some(({ id }) => GATES[name].some((part) => (part.startsWith('.') ? id.includes(part) : id.startsWith(part))))
    if (isWaived) return 'waived'
    return isSeen ? 'not-met' : 'not-seen'
  }
  const about = (troubles: readonly { readonly about: string }[] | undefined): readonly string[] => [
    ...new Set((troubles ?? []).map((one) => one.about)),
  ]
  const { assessment, logins, tenant, dns, connect, mailflow } = facts
  const copied = all.filter(({ copiedAt }) => copiedAt !== null)
  const verified = all.filter((one) => one.verified !== null && one.copiedAt !== null)
  const wrong = verified.reduce(
    (sum, one) => ({
      missing: sum.missing + (one.verified?.missing ?? 0),
      different: sum.different + (one.verified?.different ?? 0),
      unexplained: sum.unexplained + (one.verified?.unexplained ?? 0),
    }),
    { missing: 0, different: 0, unexplained: 0 },
  )
  const lags = all.map((one) => ({ name: one.name, lag: lagOf(one, now) }))
  const worst = lags.reduce((most, { lag }) => Math.max(most, lag ?? 0), 0)
  const signing = state.tasks.filter(({ phase, dueAt }) => phase !== null && (dueAt === null || dueAt <= (state.cutoverAt ?? Infinity)))
  const signed = signing.filter(({ signedOff }) => signedOff !== null)
  const tenantBlockers = (tenant?.data.blockers.length ?? 0) + (connect?.data.missing.length ?? 0)
  const passed = mailflow?.data.criteria.filter(({ outcome }) => outcome === 'passed' || outcome === 'warning').length ?? 0
  const failed = mailflow?.data.criteria.filter(({ outcome }) => outcome === 'failed') ?? []
  const list: ReadinessCriterion[] = [
    {
      name: 'analysis',
      figures:
        assessment === null
          ? null
          : {
              mailboxes: assessment.data.mailboxes,
              messages: assessment.data.messages,
              blockers: assessment.data.blockers.length,
            },
      outcome: outcomeOf('analysis', assessment !== null, assessment?.data.blockers.length === 0),
      at: assessment?.at ?? null,
      names: about(assessment?.data.blockers),
    },
    {
      name: 'access',
      figures: logins === null ? null : { tried: logins.data.tried, failing: logins.data.failing.length },
      outcome: outcomeOf('access', logins !== null, logins?.data.failing.length === 0),
      at: logins?.at ?? null,
      names: about(logins?.data.failing),
    },
    {
      name: 'tenant',
      figures: tenant === null ? null : { changes: tenant.data.changes, blockers: tenantBlockers },
      outcome: outcomeOf('tenant', tenant !== null, tenant?.data.changes === 0 && tenantBlockers === 0),
      at: tenant?.at ?? null,
      names: [...about(tenant?.data.blockers), ...(connect?.data.missing ?? [])],
    },
    {
      name: 'copied',
      figures: { copied: copied.length, all: all.length },
      outcome: outcomeOf('copied', copied.length > 0, copied.length === all.length),
      at: now,
      names: copied.length === 0 ? [] : all.filter((one) => !copied.includes(one)).map(({ name }) => name),
    },
    {
      name: 'verified',
      figures: { verified: verified.length, all: all.length, ...wrong },
      outcome: outcomeOf(
        'verified',
        verified.length > 0,
        verified.length === all.length && wrong.missing + wrong.different + wrong.unexplained === 0,
      ),
      at: verified.length === 0 ? null : Math.min(...verified.map((one) => one.verified?.at ?? now)),
      names: verified.length === 0 ? [] : all.filter((one) => !verified.includes(one)).map(({ name }) => name),
    },
    {
      name: 'lag',
      figures: copied.length === 0 ? null : { lagMs: worst, limitMs: lagMs },
      outcome: outcomeOf('lag', copied.length === all.length && all.length > 0, worst <= lagMs),
      at: now,
      names: lags.filter(({ lag }) => lag !== null && lag > lagMs).map(({ name }) => name),
    },
    {
      name: 'tasks',
      figures: { signed: signed.length, all: signing.length },
      outcome: outcomeOf('tasks', true, signed.length === signing.length),
      at: now,
      names: signing.filter((task) => !signed.includes(task)).map(({ says }) => says),
    },
  ]
  if (state.domains.length > 0)
    list.splice(3, 0, {
      name: 'dns',
      figures: dns === null ? null : { blockers: dns.data.blockers.length },
      outcome: outcomeOf('dns', dns !== null, dns?.data.writable === true && dns.data.blockers.length === 0),
      at: dns?.at ?? null,
      names: about(dns?.data.blockers),
    })
  // Mail that is sent on trial shows the new side only once the domain is there: before, what was tried counts and nothing is asked for.
  if (mailflow !== null)
    list.push({
      name: 'mailflow',
      figures: { passed, failed: failed.length },
      outcome: outcomeOf('mailflow', true, failed.length === 0),
      at: mailflow.at,
      names: failed.map(({ title }) => title),
    })
  return list
}
