import { runChanges, type RunResult } from '../change/run-changes.ts'
import { changesOf, type DnsChange } from '../dns/plan/changes.ts'
import { dnsHands } from '../dns/plan/hands.ts'
import { holdsOf, itemsOf, PHASES, swapsOf, type DnsItem, type DnsPhase, type DomainPlan, type PlanFinding } from '../dns/plan/item.ts'
import { keepPristine } from '../dns/plan/pristine.ts'
import { manualTask, taskText } from '../dns/manual/steps.ts'
import { Failure } from '../model/failure.ts'
import { dnsDirectory, dnsJournal, type DnsInput } from './dns-open.ts'
import { plannedDns, type PlannedDns, type PlannedDomain } from './dns-plan.ts'
import { forRecords, type DnsApplyResult, type DnsApproval } from './dns-results.ts'
import { changeView, type ChangeProgress } from './tenant-results.ts'
import { troubleOf } from './trouble.ts'
import type { World } from './world.ts'

export type DnsApplyInput = DnsInput & {
  readonly phase: DnsPhase
  readonly approve: (approval: DnsApproval) => Promise<boolean>
  /** How long is waited for what a person does. */
  readonly waitMinutes: number
  readonly onProgress: (progress: ChangeProgress) => void
  /** Told what a person is to do, and what is not right yet of what they did. */
  readonly onByHand: (domain: string, says: string) => void
}

/** What only makes sense once mail goes to the tenant. */
const AFTERWARDS: ReadonlySet<DnsPhase> = new Set(['tighten', 'raise-ttl', 'retire'])

/**
 * Carries one phase out, once it was approved; what was there is kept before the first write. The switch is not among them: it has
 * guards of its own. It can be stopped or killed at any time, and run again.
 */
export async function dnsApply(world: World, input: DnsApplyInput): Promise<DnsApplyResult> {
  const { phase } = input
  if (phase === 'switch')
    throw new Failure('bad-input', 'The switch itself is done by `cutover switch`, which looks first whether everything is ready for it.')
  const whole = await plannedDns(world, input)
  const held = heldIn(whole, phase)
  const ready = whole.planned.filter(({ plan }) => !held.some(({ domain }) => domain === plan.domain))
  const changes = ready.flatMap(({ plan, site }): readonly DnsChange[] => (site === null ? [] : changesOf(plan, phase, site.provider.can)))
  const keptIn = dnsDirectory(input.stateDir)
  const waits = ready.flatMap(({ plan }) =>
    plan.waits.filter(({ after }) => after === phase).map((wait) => ({ ...wait, domain: plan.domain })),
  )
  using journal = dnsJournal(world.clock, input, whole.tenantId)
  const isOpen = journal.rows().some(({ state }) => ['doing', 'waiting', 'in-doubt'].includes(state))
  const nothing = changes.length === 0 && !isOpen
  if (nothing || !(await input.approve(approvalOf(ready, changes, held, phase))))
    return { phase, approved: nothing, statement: null, held, keptIn, waits, failure: null }
  for (const one of ready) await keep(one, keptIn, changes)
  const run = await runChanges(changes, {
    journal,
    hands: dnsHands(whole.sites, { ctx: whole.ctx, waitMs: input.waitMinutes * 60_000, onByHand: input.onByHand }),
    ctx: whole.ctx,
    waitMs: input.waitMinutes * 60_000,
    onProgress: input.onProgress,
  })
  return { phase, approved: true, statement: forRecords(run.statement), held, keptIn, waits, failure: failureIn(run) }
}

/** The domains that something holds back, each with what it is. */
function heldIn({ planned }: PlannedDns, phase: DnsPhase): DnsApproval['held'] {
  return planned.flatMap(({ plan, wanted }) => {
    const early: readonly PlanFinding[] =
      AFTERWARDS.has(phase) && !plan.isSwitched
        ? [
            {
              code: 'not-switched',
              severity: 'blocker',
              about: plan.domain,
              says: `Mail for ${plan.domain} does not go to the tenant yet: ${phase} comes after the switch.`,
              remedy: '`cutover switch` does that.',
              where: wanted.where,
              holds: [phase],
            },
          ]
        : []
    const first = early.length > 0 ? null : before(plan, phase)
    const outOfTurn: readonly PlanFinding[] =
      first === null
        ? []
        : [
            {
              code: 'phase-before',
              severity: 'blocker',
              about: plan.domain,
              says: `${first.name} ${first.type} of ${plan.domain} is changed by ${first.phase} first: ${phase} comes after that.`,
              remedy: `Run \`cutover dns apply --phase ${first.phase}\`.`,
              where: wanted.where,
              holds: [phase],
            },
          ]
    const why = [...holdsOf(plan, phase), ...early, ...outOfTurn]
    return why.length === 0 ? [] : [{ domain: plan.domain, why }]
  })
}

/** What an earlier phase has still to do at a set of this one, which is planned upon what that leaves. */
function before(plan: DomainPlan, phase: DnsPhase): DnsItem | null {
  const own = itemsOf(plan, phase)
  const earlier = PHASES.slice(0, PHASES.indexOf(phase)).filter((one) => one !== 'switch')
  const items = earlier.flatMap((one) => itemsOf(plan, one))
  return items.find(({ name, type }) => own.some((one) => one.name === name && one.type === type)) ?? null
}

function approvalOf(
  ready: readonly PlannedDomain[],
  changes: readonly DnsChange[],
  held: DnsApproval['held'],
  phase: DnsPhase,
): DnsApproval {
  const byHand = ready.flatMap(({ plan, site }) => {
    const items = itemsOf(plan, phase)
    if (site === null || site.provider.can.automatic || items.length === 0) return []
    return [{ domain: plan.domain, says: taskText(manualTask(site.zone.name, swapsOf(items))) }]
  })
  return { phase, changes: changes.map(changeView), held, findings: ready.flatMap(({ plan }) => plan.findings), byHand }
}

/** Before the first write to a domain. */
async function keep({ facts, site, plan }: PlannedDomain, directory: string, changes: readonly DnsChange[]): Promise<void> {
  if (facts === null || site === null || !changes.some(({ about }) => about === plan.domain)) return
  await keepPristine(directory, plan.domain, facts.pristine, () => site.zones.backup(site.zone))
}

function failureIn({ halted }: RunResult): DnsApplyResult['failure'] {
  return halted instanceof Failure ? troubleOf(halted) : null
}
