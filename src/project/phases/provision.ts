import { byPerson, byRun, byTime, counted, found, named, tasksOf } from '../blockers.ts'
import { FRESH, seen } from '../fresh.ts'
import type { Blocker } from '../gate.ts'
import { begun, type ProjectState } from '../state.ts'
import type { PhaseRules, Work } from '../work.ts'

/** The tenant is as the definition wants it, and everybody has a mailbox there. */
export const provision: PhaseRules = {
  name: 'provision',
  gate: (state) => [...tenant(state), ...tasksOf(state, 'provision')],
  work(state) {
    const fact = compared(state)
    const { tenant: last } = state.facts
    const look: Work = { do: 'tenant', key: 'tenant', says: 'Comparing the tenant with the definition' }
    // A definition that came after the look may want something else.
    if (fact === null || (last !== null && last.at < state.definedAt)) return [look]
    if (fact.changes > 0) return [{ do: 'apply-tenant', key: `apply-tenant ${fact.digest}`, says: 'Preparing the tenant' }]
    return missing(state, fact.mailboxes).length > 0 ? [look] : []
  },
}

function tenant(state: ProjectState): readonly Blocker[] {
  const fact = compared(state)
  if (fact === null) return [byRun('provision.look', 'The tenant was not compared with the definition yet.')]
  const lacking = missing(state, fact.mailboxes)
  const open: Blocker[] = [...found('provision', fact.blockers, 'tenant plan')]
  if (fact.changes > 0) {
    const says = `${counted(fact.changes, 'change')} of the tenant ${fact.changes === 1 ? 'is' : 'are'} to be made${lacking.length > 0 ? `, for ${named(lacking)} too` : ''}`
    const isAgreed = state.approvals.some(({ what, digest }) => what === 'tenant' && digest === fact.digest)
    open.push(
      isAgreed
        ? byRun('provision.changes', `${says}.`)
        : byPerson('provision.changes', `${says}, once somebody agreed to them.`, { command: 'run' }),
    )
  } else if (lacking.length > 0)
    open.push(
      byTime('provision.mailboxes', `${counted(lacking.length, 'mailbox is', 'mailboxes are')} not in the tenant yet: ${named(lacking)}.`, {
        command: 'run',
      }),
    )
  return open
}

function compared(state: ProjectState): NonNullable<ProjectState['facts']['tenant']>['data'] | null {
  return seen(state, 'provision', state.facts.tenant, FRESH.look)?.data ?? null
}

function missing(state: ProjectState, there: readonly string[]): readonly string[] {
  const known = new Set(there.map((one) => one.toLowerCase()))
  return begun(state).flatMap(({ target }) => (known.has(target.toLowerCase()) ? [] : [target]))
}
