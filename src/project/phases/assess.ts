import { byRun, found, tasksOf } from '../blockers.ts'
import { FRESH, seen } from '../fresh.ts'
import type { ProjectState } from '../state.ts'
import type { PhaseRules, Work } from '../work.ts'

/** The old system and the records were looked at, and nothing that was found stands in the way. */
export const assess: PhaseRules = {
  name: 'assess',
  gate(state) {
    const analysis = assessment(state)
    const { dns } = state.facts
    return [
      ...(analysis === null
        ? [byRun('assess.look', 'The old system was not analysed yet.')]
        : found('assess', analysis.data.blockers, 'assess')),
      ...(dns === null ? [] : found('assess.dns', dns.data.blockers, 'dns plan')),
      ...tasksOf(state, 'assess'),
    ]
  },
  work: (state): readonly Work[] =>
    assessment(state) === null && state.has.source ? [{ do: 'assess', key: 'assess', says: 'Analysing the old system' }] : [],
}

function assessment(state: ProjectState): ProjectState['facts']['assessment'] {
  return seen(state, 'assess', state.facts.assessment, FRESH.assessment)
}
