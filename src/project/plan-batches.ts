import type { Inspected } from '../definition/inspect.ts'
import type { MailboxLine } from '../definition/mailbox-list.ts'
import { nearest } from '../definition/nearest.ts'
import { instantOf } from '../lib/local-time.ts'
import { clockChange, past, type Compared, type PlanProblem } from './plan-problem.ts'

type Parts = Pick<Inspected, 'sections' | 'damaged'>

/** Every mailbox is in one batch that there is, and the dates of batches fit those of the project. */
export function batchProblems({ sections, damaged }: Parts, compared: Compared): readonly PlanProblem[] {
  if (damaged.has('batches')) return []
  return [...dates(sections, compared), ...named(sections, compared.list), ...ofList(sections, compared.list)]
}

function dates({ batches = [], project }: Parts['sections'], { now, before }: Compared): readonly PlanProblem[] {
  if (project === undefined) return []
  const { time_zone: zone, kickoff } = project
  return batches.flatMap(({ name, starts, cutover }, at): readonly PlanProblem[] => {
    const path = ['batches', at]
    const problems: PlanProblem[] = []
    if (starts !== undefined && kickoff !== undefined && starts < kickoff)
      problems.push({ at: [...path, 'starts'], says: `the batch "${name}" starts before the kickoff on ${kickoff}` })
    const until = cutover ?? project.cutover
    if (starts !== undefined && until !== undefined && starts > until.slice(0, 10))
      problems.push({ at: [...path, 'starts'], says: `the batch "${name}" starts after its cutover on ${until.slice(0, 10)}` })
    if (cutover === undefined) return problems
    const field = [...path, 'cutover']
    const night = clockChange(cutover, zone)
    if (night !== null) problems.push({ at: field, says: `the cutover of the batch "${name}" ${night}` })
    const cutoverAt = instantOf(cutover, zone)
    if (kickoff !== undefined && cutover.slice(0, 10) < kickoff)
      problems.push({ at: field, says: `the cutover of the batch "${name}" is before the kickoff on ${kickoff}` })
    const kept = before?.batches.some((batch) => batch.name === name && batch.cutoverAt === cutoverAt) ?? false
    if (cutoverAt <= now && !kept) problems.push({ at: field, says: `the cutover of the batch "${name}" ${past(cutoverAt, now, zone)}` })
    return problems
  })
}

/** What batches say of mailboxes by themselves. */
function named({ batches = [] }: Parts['sections'], list: readonly MailboxLine[] | null): readonly PlanProblem[] {
  const first = new Map<string, string>()
  const known = list === null ? null : new Set(list.map(({ target }) => target.toLowerCase()))
  return batches.flatMap(({ name, mailboxes = [] }, at) =>
    mailboxes.flatMap((address, each): readonly PlanProblem[] => {
      const path = ['batches', at, 'mailboxes', each]
      const earlier = first.get(address)
      if (earlier === undefined) first.set(address, name)
      else if (earlier === name) return [{ at: path, says: `${address} stands in the batch "${name}" twice` }]
      else return [{ at: path, says: `${address} is in two batches, "${earlier}" and "${name}"` }]
      if (known === null || known.has(address)) return []
      const near = nearest(address, known)
      const hint = near === undefined ? '' : `; did you mean ${near}?`
      return [{ at: path, says: `the batch "${name}" names ${address}, which is none of the mailboxes${hint}` }]
    }),
  )
}

/** What the list says of batches. */
function ofList({ batches }: Parts['sections'], list: readonly MailboxLine[] | null): readonly PlanProblem[] {
  const names = (batches ?? []).map(({ name }) => name)
  const byAddress = new Map((batches ?? []).flatMap(({ name, mailboxes = [] }) => mailboxes.map((address) => [address, name] as const)))
  const some = list?.some(({ batch }) => batch !== null) ?? false
  return (list ?? []).flatMap(({ line, target, batch }): readonly PlanProblem[] => {
    const other = byAddress.get(target.toLowerCase())
    if (batch !== null && other !== undefined && other !== batch)
      return [{ line, says: `${target} is in two batches, "${batch}" here and "${other}" under batches` }]
    if (batch === null) {
      // Where nobody says anything of batches all move as one.
      const isNamed = other !== undefined || names.length === 1 || (names.length === 0 && !some)
      return isNamed ? [] : [{ line, says: `${target} is in no batch: there ${are(names.length === 0 ? batchesIn(list) : names)}` }]
    }
    if (names.length === 0 || names.includes(batch)) return []
    const near = nearest(batch, names)
    return [{ line, says: `the batch "${batch}" is unknown: ${near === undefined ? `there ${are(names)}` : `did you mean "${near}"?`}` }]
  })
}

function batchesIn(list: readonly MailboxLine[] | null): readonly string[] {
  return [...new Set((list ?? []).flatMap(({ batch }) => (batch === null ? [] : [batch])))]
}

function are(names: readonly string[]): string {
  return names.length === 1 ? `is ${names[0] ?? ''}` : `are ${names.join(', ')}`
}
