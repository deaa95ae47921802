import type { Definition } from '../definition/definition.ts'
import { stayingNames } from '../definition/staying.ts'
import type { MailboxLine } from '../definition/mailbox-list.ts'
import { quietUntil } from '../project/blackout.ts'
import { isPhaseName, type PhaseName } from '../project/phase-names.ts'
import type { ProjectPlan } from '../project/plan.ts'
import type { ProjectState } from '../project/state.ts'
import { approvals, events, facts, signOffs, waivers } from '../project/store-records.ts'
import type { StoredProject } from '../project/store.ts'
import { definedSettings } from './defined.ts'
import { domainState } from './project-domains.ts'
import { mailboxStates } from './project-mailboxes.ts'
import type { World } from './world.ts'

/** A project of the store with what its definition says. */
export type OpenProject = {
  readonly project: StoredProject
  readonly plan: ProjectPlan
  readonly definition: Definition
  readonly list: readonly MailboxLine[]
}

/** Everything that is known of a project now. Opens no socket. */
export async function projectState(world: World, { project, plan, definition, list }: OpenProject): Promise<ProjectState> {
  const now = world.clock.now()
  const settings = definedSettings(definition)
  const { tenant, sections } = definition
  const mailboxes = mailboxStates(
    world,
    plan,
    {
      source: sections.source?.url ?? null,
      destination: tenant.service === null ? 'exchange:' : `exchange:${tenant.service}`,
      list,
      stateDir: project.stateDir,
    },
    stayingNames(definition),
  )
  const signed = signOffs(project)
  return {
    name: plan.name,
    now,
    timeZone: plan.timeZone,
    entered: enteredPhase(project),
    closedAt: events(project, 'project-closed').at(-1)?.at ?? null,
    definedAt: events(project, 'definition-imported').at(-1)?.at ?? project.createdAt,
    kickoffAt: plan.kickoffAt,
    cutoverAt: plan.cutoverAt,
    lagMs: plan.lagMs,
    deltaEveryMs: plan.transfer.deltaEveryMs,
    quietUntil: quietUntil(plan.transfer.blackouts, plan.timeZone, now),
    has: {
      source: sections.source?.url !== undefined,
      contact: plan.people.some(({ side }) => side === 'customer'),
      testMailbox: sections.switch?.user !== undefined,
      outsideMailbox: sections.switch?.reflector !== undefined,
    },
    tasks: plan.tasks.map(({ id, says, side, owner, dueAt, phase, signsOff }) => {
      const done = signed.find(({ task }) => task === id)
      return {
        id,
        says,
        side,
        owner,
        dueAt,
        phase: signsOff ? phase : null,
        signedOff: done === undefined ? null : { name: done.name, at: done.at },
      }
    }),
    batches: plan.batches.map(({ name, startsAt, cutoverAt }) => ({ name, startsAt, cutoverAt })),
    mailboxes,
    domains: movingDomains(definition).map((name) => domainState(world, project.stateDir, name, settings)),
    facts: facts(project),
    waivers: waivers(project),
    approvals: approvals(project),
  }
}

/** Those whose records are named in the definition: the others are moved by somebody else. */
function movingDomains({ sections }: Definition): readonly string[] {
  return sections.dns === undefined ? [] : (sections.dns.domains ?? sections.domains ?? []).map(({ name }) => name)
}

/** The highest phase that was entered; kickoff before anything was. */
export function enteredPhase(project: StoredProject): PhaseName {
  const { phase }: { readonly phase?: unknown } = Object(events(project, 'phase-entered').at(-1)?.data)
  return typeof phase === 'string' && isPhaseName(phase) ? phase : 'kickoff'
}
