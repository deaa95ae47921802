import { Failure } from '../model/failure.ts'
import type { Person, PricePlan, Task } from '../project/plan.ts'
import { readPlan } from '../project/read-plan.ts'
import { definitions } from '../project/store-definitions.ts'
import { events, signOffs, type ProjectEvent, type SignOff } from '../project/store-records.ts'
import { openStore, type StoredProject } from '../project/store.ts'
import type { ProjectAddress } from './project-scene.ts'
import { enteredPhase } from './project-state.ts'
import { isStore, summaryOf, type ProjectSummary } from './project-store.ts'
import type { World } from './world.ts'

export type ListedProject = {
  readonly name: string
  readonly summary: ProjectSummary | null
  readonly closed: boolean
  /** Why there is no summary. */ readonly trouble: string | null
}

/** All projects of a store; one that cannot be read does not hide the others. None where there is no store. */
export async function projectList(
  world: World,
  { store: directory, env }: Omit<ProjectAddress, 'name'>,
): Promise<{ readonly projects: readonly ListedProject[] }> {
  if (!isStore(directory)) return { projects: [] }
  using store = openStore(directory, { readOnly: true, now: () => world.clock.now() })
  const projects: ListedProject[] = []
  for (const project of store.projects()) projects.push(await listed(project, env))
  return { projects }
}

async function listed(project: StoredProject, env: ProjectAddress['env']): Promise<ListedProject> {
  const closed = events(project, 'project-closed').length > 0
  try {
    const { plan } = await readPlan(project, env)
    return { name: project.name, summary: summaryOf(project, plan, enteredPhase(project)), closed, trouble: null }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { name: project.name, summary: null, closed, trouble: error.message }
  }
}

export type ProjectDetails = {
  readonly project: ProjectSummary
  readonly closed: boolean
  readonly language: string
  readonly people: readonly Person[]
  readonly price: PricePlan & { readonly total: number }
  readonly openTasks: number
  readonly tasks: number
  readonly versions: readonly { readonly version: number; readonly at: number; readonly who: string | null }[]
  /** The newest last. */
  readonly events: readonly ProjectEvent[]
}

export async function projectShow(world: World, { store: directory, name, env }: ProjectAddress): Promise<ProjectDetails> {
  using store = openStore(directory, { readOnly: true, now: () => world.clock.now() })
  const project = store.project(name)
  const { plan } = await readPlan(project, env)
  const { tasks } = tasksOf(project, plan.tasks, world.clock.now())
  return {
    project: summaryOf(project, plan, enteredPhase(project)),
    closed: events(project, 'project-closed').length > 0,
    language: plan.language,
    people: plan.people,
    price: { ...plan.price, total: priceTotal(plan.price, plan.mailboxes.length) },
    openTasks: tasks.filter(({ signedOff }) => signedOff === null).length,
    tasks: tasks.length,
    versions: definitions(project).map(({ version, at, who }) => ({ version, at, who })),
    events: events(project),
  }
}

/** What the customer is charged, in the currency of the project; costs are not part of it. */
export function priceTotal({ base, perMailbox, hours, extras }: PricePlan, mailboxes: number): number {
  const work = hours === null ? 0 : hours.planned * hours.rate
  const sum = base + perMailbox * mailboxes + work + extras.reduce((all, { amount }) => all + amount, 0)
  return Math.round(sum * 100) / 100
}

export type ListedTask = Task & { readonly signedOff: SignOff | null; readonly overdue: boolean }

export type ProjectTasks = { readonly name: string; readonly timeZone: string; readonly tasks: readonly ListedTask[] }

/** The responsibilities of both sides, those with a date first in its order. */
export async function projectTasks(world: World, { store: directory, name, env }: ProjectAddress): Promise<ProjectTasks> {
  using store = openStore(directory, { readOnly: true, now: () => world.clock.now() })
  const project = store.project(name)
  const { plan } = await readPlan(project, env)
  return { name: project.name, timeZone: plan.timeZone, ...tasksOf(project, plan.tasks, world.clock.now()) }
}

function tasksOf(project: StoredProject, tasks: readonly Task[], now: number): Pick<ProjectTasks, 'tasks'> {
  const signed = new Map(signOffs(project).map((each) => [each.task, each] as const))
  const listedTasks = tasks.map((task) => {
    const signedOff = signed.get(task.id) ?? null
    return { ...task, signedOff, overdue: signedOff === null && task.dueAt !== null && task.dueAt < now }
  })
  return { tasks: listedTasks.toSorted((a, b) => (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity)) }
}
