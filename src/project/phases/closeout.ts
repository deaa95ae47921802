import { byPerson, byRun, byTime, idOf, named, tasksOf } from '../blockers.ts'
import type { Blocker } from '../gate.ts'
import type { ProjectState } from '../state.ts'
import type { PhaseRules, Work } from '../work.ts'

const WEEK = 7 * 24 * 3_600_000

/** It is accepted, the domains have their final records, and nothing is left to be signed. The old host may stay longer. */
export const closeout: PhaseRules = {
  name: 'closeout',
  gate: (state) => [...acceptance(state), ...domains(state), ...batches(state), ...staying(state), ...tasksOf(state, 'closeout')],
  work(state) {
    const due: Work[] = []
    if (isDue(state)) due.push({ do: 'acceptance', key: 'acceptance', says: 'Checking what was agreed for acceptance' })
    for (const { name, phase, paused } of state.domains) {
      if (paused !== null) continue
      const watch = { do: 'switch', key: `switch ${name}`, domain: name } as const
      if (phase === 'quiet')
        due.push({
          ...watch,
          says: `Carrying on the move of ${name}`,
          may: !isDue(state) && state.entered === 'closeout' ? ['finish'] : [],
        })
      if (phase === 'finalised') due.push({ ...watch, says: `Watching over the old host of ${name}`, may: ['decommission'] })
    }
    return due
  },
}

function acceptance(state: ProjectState): readonly Blocker[] {
  const { acceptance: fact } = state.facts
  if (fact === null || isDue(state))
    return [byRun('closeout.acceptance', 'What was agreed for acceptance was not checked yet.', { command: 'run' })]
  return fact.data.criteria
    .filter(({ outcome }) => outcome !== 'passed')
    .map(({ id, outcome }) =>
      byPerson(
        `closeout.acceptance.${idOf(id)}`,
        outcome === 'failed' ? `The criterion "${id}" is not met.` : `The criterion "${id}" could not be checked.`,
        { command: 'acceptance' },
      ),
    )
}

/** Not checked since the books were closed, or too long ago. */
function isDue({ facts, domains: all, closedAt, now }: ProjectState): boolean {
  const { acceptance: fact } = facts
  if (fact === null) return true
  const since = Math.max(0, ...all.map(({ quietAt }) => quietAt ?? 0))
  return closedAt === null && (fact.at < since || now - fact.at > WEEK)
}

function domains(state: ProjectState): readonly Blocker[] {
  return state.domains
    .filter(({ phase }) => phase === 'quiet')
    .map(({ name, awaits }) =>
      awaits === 'finish'
        ? byPerson(
            `closeout.finish.${idOf(name)}`,
            `Somebody has to decide to close ${name}: final records, and unknown addresses are refused.`,
            { command: 'run' },
          )
        : byRun(`closeout.finish.${idOf(name)}`, `The records of ${name} are not final yet.`, { waivable: true }),
    )
}

/** What begins later is a part of the project too. */
function batches(state: ProjectState): readonly Blocker[] {
  return state.batches.flatMap(({ name, startsAt }) =>
    startsAt !== null && startsAt > state.now
      ? [byTime(`closeout.batch.${idOf(name)}`, `The batch ${name} has not begun yet.`, { notBefore: startsAt })]
      : [],
  )
}

function staying({ mailboxes }: ProjectState): readonly Blocker[] {
  const names = mailboxes.filter(({ stays }) => stays).map(({ name }) => name)
  if (names.length === 0) return []
  return [byPerson('closeout.staying', `Still at the old side: ${named(names)}.`, { command: 'project import cutover.yaml' })]
}
