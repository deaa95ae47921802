import { byPerson, byRun, byTime, counted, named, tasksOf } from '../blockers.ts'
import { FRESH, seen } from '../fresh.ts'
import type { Blocker } from '../gate.ts'
import { isPassed, type ProjectState } from '../state.ts'
import type { PhaseRules, Work } from '../work.ts'

/** Who, what and when is known, and every access that was handed over lets us in. */
export const kickoff: PhaseRules = {
  name: 'kickoff',
  gate: (state) => [...plan(state), ...accesses(state), ...tasksOf(state, 'kickoff')],
  work(state) {
    const due: Work[] = []
    if (logins(state) === null && state.has.source && state.mailboxes.length > 0)
      due.push({ do: 'logins', key: 'logins', says: 'Trying to open every old mailbox' })
    if (connect(state) === null) due.push({ do: 'connect', key: 'connect', says: 'Looking whether the tenant lets us in' })
    if (dns(state) === null && state.domains.length > 0)
      due.push({ do: 'dns', key: 'dns', says: 'Looking whether the records can be changed' })
    return due
  },
}

function plan(state: ProjectState): readonly Blocker[] {
  const command = 'project import cutover.yaml'
  const open: Blocker[] = []
  if (!state.has.source)
    open.push(
      byPerson('kickoff.no-source', 'The definition does not say where the old mailboxes are (source.url).', { command, waivable: false }),
    )
  if (state.mailboxes.length === 0)
    open.push(byPerson('kickoff.no-mailboxes', 'No mailbox stands in the definition or its list.', { command, waivable: false }))
  if (state.domains.length === 0)
    open.push(
      byPerson('kickoff.no-domain', 'The definition does not say who hosts the DNS of the domains (dns): somebody else has to change MX.', {
        command,
      }),
    )
  // Postponed without a new date later on, it is the cutover that waits for one.
  if (state.cutoverAt === null && !isPassed(state, 'kickoff'))
    open.push(
      byPerson('kickoff.no-date', 'No cutover is planned.', { command: 'project postpone --to YYYY-MM-DDTHH:MM --name NAME --reason WHY' }),
    )
  if (!state.has.contact)
    open.push(
      byPerson('kickoff.no-contact', 'Nobody of the customer stands among the people: who decides, and whom do we call?', { command }),
    )
  if (!state.has.testMailbox && state.domains.length > 0)
    open.push(
      byPerson(
        'kickoff.no-test-mailbox',
        'No mailbox for test messages is named (switch.user): nobody would see mail arrive after the switch.',
        {
          command,
        },
      ),
    )
  return open
}

function accesses(state: ProjectState): readonly Blocker[] {
  const open: Blocker[] = []
  if (state.has.source && state.mailboxes.length > 0) {
    const tried = logins(state)
    if (tried === null) open.push(byRun('kickoff.logins', 'The old mailboxes were not opened yet.'))
    else if (tried.failing.length > 0)
      open.push(
        byPerson(
          'kickoff.logins-fail',
          `${counted(tried.failing.length, 'old mailbox does', 'old mailboxes do')} not open: ${named(tried.failing.map(({ about }) => about))}.`,
          { command: 'logins' },
        ),
      )
  }
  const tenant = connect(state)
  if (tenant === null) open.push(byRun('kickoff.tenant', 'Nobody looked yet whether the tenant lets us in.'))
  else {
    if (tenant.missing.length > 0)
      open.push(
        byPerson('kickoff.tenant-lacks', `The tenant lacks: ${named(tenant.missing)}.`, { command: 'tenant connect', waivable: false }),
      )
    if (tenant.waiting.length > 0)
      open.push(byTime('kickoff.tenant-waits', `Takes effect by itself: ${named(tenant.waiting)}.`, { command: 'tenant connect' }))
  }
  if (state.domains.length > 0) {
    const records = dns(state)
    if (records === null) open.push(byRun('kickoff.dns', 'Nobody looked yet whether the records of the domains can be changed.'))
    else if (!records.writable)
      open.push(
        byPerson('kickoff.dns-closed', 'The records of the domains cannot be changed with what we were given.', { command: 'dns plan' }),
      )
  }
  return open
}

/** null: to be tried. Mailboxes that come later are tried by their copy. */
function logins(state: ProjectState): { readonly failing: readonly { readonly about: string }[] } | null {
  const fact = seen(state, 'kickoff', state.facts.logins, FRESH.look)
  if (fact === null) return null
  return !isPassed(state, 'kickoff') && (fact.data.tried < state.mailboxes.length || fact.at < state.definedAt) ? null : fact.data
}

function connect(state: ProjectState): { readonly missing: readonly string[]; readonly waiting: readonly string[] } | null {
  return seen(state, 'kickoff', state.facts.connect, FRESH.look)?.data ?? null
}

function dns(state: ProjectState): { readonly writable: boolean } | null {
  return seen(state, 'kickoff', state.facts.dns, FRESH.look)?.data ?? null
}
