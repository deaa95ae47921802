import { withValue } from '../definition/document.ts'
import { inspectBytes } from '../definition/inspect.ts'
import { mailboxesIn } from '../definition/mailbox-list.ts'
import { nearest } from '../definition/nearest.ts'
import { localTimeOf } from '../definition/values/local.ts'
import { csvRows } from '../lib/csv-rows.ts'
import { timeText } from '../lib/local-time.ts'
import { Failure } from '../model/failure.ts'
import { cutoverChange } from '../project/definition-diff.ts'
import { nextView } from '../project/next.ts'
import { planProblems } from '../project/plan-problems.ts'
import { readPlan, type ReadPlan } from '../project/read-plan.ts'
import { addDefinition, newestDefinition, writeFiles } from '../project/store-definitions.ts'
import { addEvent, addSignOff, addWaiver, signOffs, waivers } from '../project/store-records.ts'
import { openStore, type StoredProject } from '../project/store.ts'
import { stateOfKept } from './project-definition.ts'
import type { ProjectAddress } from './project-scene.ts'
import { projectState } from './project-state.ts'
import type { World } from './world.ts'

/** Who says it: it is kept for the reports. */
type Said = ProjectAddress & { readonly who: string }

export type SignOffInput = Said & { readonly tasks: readonly string[]; readonly note: string | null; readonly withdraw: boolean }
export type SignOffResult = {
  readonly name: string
  readonly tasks: readonly { readonly id: string; readonly says: string; readonly changed: boolean }[]
  readonly open: number
}

/** Somebody vouches for tasks, or takes that back. All of them or none: an unknown one is `bad-input`. */
export async function projectSignOff(world: World, { tasks, note, withdraw, ...said }: SignOffInput): Promise<SignOffResult> {
  return inProject(world, said, ({ project, plan }, who) => {
    const ids = plan.tasks.map(({ id }) => id)
    const unknown = tasks.filter((id) => !ids.includes(id))
    if (unknown.length > 0) throw new Failure('bad-input', unknown.map((id) => unknownTask(id, ids)).join(' '))
    const wanted = plan.tasks.filter(({ id }) => tasks.includes(id))
    return project.db.transaction(() => {
      const signed = new Set(signOffs(project).map(({ task }) => task))
      const done = wanted.map(({ id, says }) => {
        const changed = signed.has(id) === withdraw
        if (!changed) return { id, says, changed }
        addSignOff(project, { task: id, name: who, note, withdrawn: withdraw })
        const kind = withdraw ? 'sign-off-withdrawn' : 'task-signed-off'
        addEvent(project, { kind, who, says: `${withdraw ? 'No longer signed off' : 'Signed off'}: ${says}`, data: { task: id, note } })
        return { id, says, changed }
      })
      const left = new Set(signOffs(project).map(({ task }) => task))
      return { name: project.name, tasks: done, open: plan.tasks.filter(({ id, signsOff }) => signsOff && !left.has(id)).length }
    })
  })
}

function unknownTask(id: string, ids: readonly string[]): string {
  const near = nearest(id, ids)
  return near === undefined
    ? `There is no task "${id}": \`cutover project tasks\` lists them.`
    : `There is no task "${id}": did you mean ${near}?`
}

export type WaiveInput = Said & { readonly blocker: string; readonly reason: string; readonly withdraw: boolean }
export type WaiveResult = { readonly name: string; readonly blocker: string; readonly says: string | null; readonly changed: boolean }

/** Somebody lets a blocker pass, or no longer. Only one that is there now, and that may be let pass; else `bad-input`. */
export async function projectWaive(world: World, { blocker, reason, withdraw, ...said }: WaiveInput): Promise<WaiveResult> {
  return inProject(world, said, async (opened, who) => {
    const { project } = opened
    const given = waivers(project).some((each) => each.blocker === blocker)
    if (withdraw) {
      if (!given) throw new Failure('bad-input', `Nobody lets "${blocker}" pass: there is nothing to take back.`)
      addWaiver(project, { blocker, name: who, reason, withdrawn: true })
      addEvent(project, { kind: 'waiver-withdrawn', who, says: `No longer let pass: ${blocker}`, data: { blocker, reason } })
      return { name: project.name, blocker, says: null, changed: true }
    }
    if (reason.trim() === '') throw new Failure('bad-input', 'Why is it let pass? Give --reason: it stands in the reports.')
    if (given) return { name: project.name, blocker, says: null, changed: false }
    const { blockers } = nextView(await projectState(world, opened))
    const found = blockers.find(({ id }) => id === blocker)
    const open = blockers.filter(({ waivable }) => waivable).map(({ id }) => id)
    if (found === undefined) {
      const near = nearest(
        blocker,
        blockers.map(({ id }) => id),
      )
      const there =
        open.length === 0 ? 'nothing that could be let pass is open now' : `open now ${open.length === 1 ? 'is' : 'are'} ${open.join(', ')}`
      throw new Failure('bad-input', `"${blocker}" is not in the way now: ${near === undefined ? there : `did you mean ${near}?`}`)
    }
    if (!found.waivable) throw new Failure('bad-input', `"${blocker}" cannot be let pass, by nobody: ${found.says}`)
    addWaiver(project, { blocker, name: who, reason: reason.trim() })
    addEvent(project, { kind: 'gate-waived', who, says: `Let pass: ${found.says}`, data: { blocker, reason: reason.trim() } })
    return { name: project.name, blocker, says: found.says, changed: true }
  })
}

export type PostponeInput = Said & {
  /** As clocks show it where the project is, "2026-12-11T18:00"; null: without a date. */
  readonly to: string | null
  /** null: the cutover of the project. */
  readonly batch: string | null
  readonly reason: string
}
export type PostponeResult = {
  readonly name: string
  readonly timeZone: string
  readonly from: number | null
  readonly to: number | null
  readonly says: string | null
}

/** Gives the cutover another date in the definition, for as long as is wanted. Not once the domain is at the new side. */
export async function projectPostpone(world: World, { to, batch, reason, ...said }: PostponeInput): Promise<PostponeResult> {
  return inProject(world, said, async (opened, who) => {
    const { project, plan, definition } = opened
    const local = to === null ? null : localTimeOf(to)
    if (local !== null && 'says' in local) throw new Failure('bad-input', `"${to ?? ''}" is no time: ${local.says}.`)
    const gone = (await projectState(world, opened)).domains.find(({ switchedAt }) => switchedAt !== null)
    if (gone?.switchedAt !== undefined && gone.switchedAt !== null && batch === null)
      throw new Failure(
        'bad-input',
        `${gone.name} is at the new side since ${timeText(gone.switchedAt, plan.timeZone)}: there is nothing to postpone. \`cutover switch ${gone.name} --rollback\` goes back.`,
      )
    const at = (definition.sections.batches ?? []).findIndex(({ name }) => name === batch)
    if (batch !== null && at < 0)
      throw new Failure(
        'bad-input',
        `There is no batch "${batch}" under batches in the definition: there are ${plan.batches.map(({ name }) => name).join(', ')}.`,
      )
    const kept = newestDefinition(project)
    if (kept === null) throw new Failure('bad-input', `The project ${project.name} has no definition yet.`)
    const yaml = withValue(kept.yaml, batch === null ? ['project', 'cutover'] : ['batches', at, 'cutover'], local?.value)
    await check(world, project, { yaml, list: kept.list, before: plan })
    const after = await stateOfKept(project, { yaml, list: kept.list })
    if (after === null) throw new Error('a definition is wrong once a date in it is another one')
    const [from, now] =
      batch === null
        ? [plan.cutoverAt, after.plan.cutoverAt]
        : [plan.batches[at]?.cutoverAt ?? null, after.plan.batches[at]?.cutoverAt ?? null]
    const says = cutoverChange({ cutoverAt: from, timeZone: plan.timeZone }, { cutoverAt: now, timeZone: plan.timeZone })
    const told = says === null || batch === null ? says : `${says} (batch ${batch})`
    if (told !== null)
      project.db.transaction(() => {
        addDefinition(project, { yaml, list: kept.list, who })
        const sentence = `${told.slice(0, 1).toUpperCase()}${told.slice(1)}`
        addEvent(project, { kind: 'cutover-postponed', who, says: sentence, data: { from, to: now, batch, reason: reason.trim() } })
      })
    writeFiles(project)
    return { name: project.name, timeZone: plan.timeZone, from, to: now, says: told }
  })
}

async function check(
  world: World,
  project: StoredProject,
  { yaml, list, before }: { readonly yaml: string; readonly list: string; readonly before: ReadPlan['plan'] },
): Promise<void> {
  const inspected = inspectBytes(Buffer.from(yaml), project.definitionFile)
  const needs = { source: false, target: false, unread: true }
  const { lines } = list === '' ? { lines: [] } : await mailboxesIn(csvRows(Buffer.from(list)), { directory: '', env: {} }, needs)
  const [first] = planProblems(inspected, { now: world.clock.now(), before, list: lines })
  if (first !== undefined) throw new Failure('bad-input', `${first.says}.`)
}

async function inProject<T>(
  world: World,
  { store: directory, name, env, who }: Said,
  body: (opened: ReadPlan & { readonly project: StoredProject }, who: string) => T | Promise<T>,
): Promise<T> {
  if (who.trim() === '') throw new Failure('bad-input', 'Who says so? Give --name: it is kept for the reports.')
  using store = openStore(directory, { readOnly: false, now: () => world.clock.now() })
  const project = store.project(name)
  return await body({ project, ...(await readPlan(project, env)) }, who.trim())
}
