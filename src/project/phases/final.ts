import { byTime, idOf, tasksOf } from '../blockers.ts'
import type { PhaseRules } from '../work.ts'

/** No late mail comes to the old side any more. The switch itself watches for it and carries it over. */
export const final: PhaseRules = {
  name: 'final',
  gate: (state) => [
    ...state.domains
      .filter(({ phase }) => phase === 'draining')
      .map(({ name, open }) => {
        const latest = Math.max(...open.flatMap(({ notBefore }) => notBefore ?? []))
        const why = open.filter(({ seen }) => seen).flatMap(({ reasons }) => reasons)
        const says = `Mail for ${name} may still come to the old side, and is carried over. ${why.slice(0, 3).join(' ')}`.trim()
        return byTime(`final.drain.${idOf(name)}`, says, { notBefore: Number.isFinite(latest) ? latest : null, command: 'run' })
      }),
    ...tasksOf(state, 'final'),
  ],
  work: (state) =>
    state.domains
      .filter(({ phase, paused }) => phase === 'draining' && paused === null)
      .map(({ name }) => ({ do: 'switch', key: `switch ${name}`, says: `Watching for late mail of ${name}`, domain: name, may: [] })),
}
