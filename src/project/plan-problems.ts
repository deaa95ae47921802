import { STANDARD_TASKS } from './standard-tasks.ts'
import type { Inspected } from '../definition/inspect.ts'
import { nearest } from '../definition/nearest.ts'
import type { Path } from '../definition/yaml-file.ts'
import { instantOf } from '../lib/local-time.ts'
import { batchProblems } from './plan-batches.ts'
import { clockChange, past, type Compared, type PlanProblem } from './plan-problem.ts'

/** What contradicts itself in the plan of a project, as far as it was understood. Pure; its order is that of the file where it matters. */
export function planProblems(inspected: Pick<Inspected, 'sections' | 'damaged'>, compared: Compared): readonly PlanProblem[] {
  return [
    ...dateProblems(inspected, compared),
    ...batchProblems(inspected, compared),
    ...taskProblems(inspected),
    ...messageProblems(inspected),
    ...transferProblems(inspected),
    ...addressProblems(inspected, compared),
  ]
}

function dateProblems({ sections, damaged }: Pick<Inspected, 'sections' | 'damaged'>, { now, before }: Compared): readonly PlanProblem[] {
  const { project } = sections
  if (project === undefined) {
    if (damaged.has('project') || damaged.has('')) return []
    return [{ at: ['project'], key: true, says: 'project is missing: a project has at least name, customer and time_zone' }]
  }
  const { cutover, kickoff, time_zone: zone } = project
  const problems: PlanProblem[] = []
  const { lag_minutes: lag } = project
  const switched = sections.switch?.lag_minutes
  // 30 is what stands there where nobody says anything.
  if (lag !== undefined && switched !== undefined && lag !== switched && switched !== 30)
    problems.push({
      at: ['project', 'lag_minutes'],
      says: `project.lag_minutes is ${lag} and switch.lag_minutes is ${switched}: say it once`,
    })
  if (cutover === undefined) return problems
  const at = ['project', 'cutover']
  const night = clockChange(cutover, zone)
  if (night !== null) problems.push({ at, says: `project.cutover ${night}` })
  const cutoverAt = instantOf(cutover, zone)
  if (kickoff !== undefined && cutoverAt < instantOf(`${kickoff}T00:00`, zone))
    problems.push({ at, says: `project.cutover is before the kickoff on ${kickoff}` })
  if (cutoverAt <= now && before?.cutoverAt !== cutoverAt) problems.push({ at, says: `project.cutover ${past(cutoverAt, now, zone)}` })
  return problems
}

function taskProblems({ sections, damaged }: Pick<Inspected, 'sections' | 'damaged'>): readonly PlanProblem[] {
  const { tasks, people } = sections
  const standard = STANDARD_TASKS.map(({ id }) => id)
  const without = tasks?.without ?? []
  const unknown = without.flatMap((id, at): readonly PlanProblem[] =>
    standard.includes(id)
      ? []
      : [{ at: ['tasks', 'without', at], says: `tasks.without is "${id}": ${noSuch('standard task', id, standard)}` }],
  )
  const entries = (tasks?.entries ?? []).flatMap((entry, at): readonly PlanProblem[] => {
    const path = ['tasks', 'entries', at]
    const problems: PlanProblem[] = []
    if (without.includes(entry.id))
      problems.push({ at: [...path, 'id'], says: `the task ${entry.id} stands under tasks.without too: it is one or the other` })
    if (!standard.includes(entry.id)) {
      const near = nearest(entry.id, standard)
      const hint = near === undefined ? 'it is none of the standard list' : `it is none of the standard list; did you mean ${near}?`
      const lacks = [entry.says === undefined ? 'says' : '', entry.side === undefined ? 'side' : ''].filter((field) => field !== '')
      if (lacks.length > 0) problems.push({ at: [...path, 'id'], says: `the task ${entry.id} needs ${lacks.join(' and ')}: ${hint}` })
    }
    if (entry.signs_off === false && entry.phase !== undefined)
      problems.push({
        at: [...path, 'signs_off'],
        says: `the task ${entry.id} holds up ${entry.phase} and nobody signs it off: leave one of them out`,
      })
    const names = (people ?? []).map(({ name }) => name)
    if (entry.owner !== undefined && !damaged.has('people') && !names.includes(entry.owner))
      problems.push({
        at: [...path, 'owner'],
        says: `the owner "${entry.owner}" is none of people: ${noSuch('person', entry.owner, names)}`,
      })
    return problems
  })
  return [...unknown, ...entries]
}

function noSuch(kind: string, given: string, known: readonly string[]): string {
  const near = nearest(given, known)
  if (near !== undefined) return `did you mean ${near}?`
  return known.length === 0 ? `no ${kind} stands there` : `there ${known.length === 1 ? 'is' : 'are'} ${known.join(', ')}`
}

function messageProblems({ sections }: Pick<Inspected, 'sections'>): readonly PlanProblem[] {
  const { messages } = sections
  if (messages === undefined) return []
  const { by, smtp } = messages
  if (by === 'smtp' && smtp === undefined)
    return [{ at: ['messages'], key: true, says: 'messages.smtp is missing: with `by: smtp` it says which mail host takes them' }]
  if (by === 'graph' && smtp !== undefined)
    return [{ at: ['messages', 'smtp'], key: true, says: 'messages.smtp and `by: graph` contradict each other: leave one of them out' }]
  if (smtp !== undefined && (smtp.login === undefined) !== (smtp.secret === undefined))
    return [{ at: ['messages', 'smtp'], key: true, says: 'messages.smtp needs both login and secret, or neither' }]
  return []
}

function transferProblems({ sections }: Pick<Inspected, 'sections'>): readonly PlanProblem[] {
  const { between = [] } = sections.transfer ?? {}
  const minutes = new Set<number>()
  for (const hours of between) {
    const [from = 0, to = 0] = hours.split('-').map((time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)))
    for (let at = from; at !== to % 1440; at = (at + 1) % 1440) minutes.add(at)
  }
  if (minutes.size < 1440) return []
  return [{ at: ['transfer', 'between'], key: true, says: 'transfer.between leaves no time of the day: nothing would ever be copied' }]
}

function addressProblems({ sections }: Pick<Inspected, 'sections'>, { list }: Compared): readonly PlanProblem[] {
  if (list === null) return []
  const known = new Set(list.flatMap(({ target, aliases }) => [target, ...aliases]).map((address) => address.toLowerCase()))
  const check = (at: Path, addresses: readonly string[] | undefined): readonly PlanProblem[] =>
    (addresses ?? []).flatMap((address, each) => {
      if (known.has(address)) return []
      const near = nearest(address, known)
      return [
        {
          at: [...at, each],
          says: `${at.join('.')} names ${address}, which is none of the mailboxes${near === undefined ? '' : `; did you mean ${near}?`}`,
        },
      ]
    })
  return [
    ...check(['project', 'risks', 'vip'], sections.project?.risks?.vip),
    // Shared mailboxes of the definition itself get no messages either way.
    ...check(
      ['messages', 'opt_out'],
      sections.messages?.opt_out?.filter((address) => !(sections.shared ?? []).some((shared) => shared.address === address)),
    ),
  ]
}
