/** A project on the simulators, in a time in which nobody waits: its definition, its store, and `run` again and again. */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { projectRun, type ProjectRunInput, type ProjectRunResult } from '../../src/api/project-run.ts'
import { openProject, type Question } from '../../src/api/project-scene.ts'
import type { OpenProject } from '../../src/api/project-state.ts'
import type { SimulatedProject } from '../../src/api/world.ts'
import { nextView, type NextView } from '../../src/project/next.ts'
import type { ProjectState } from '../../src/project/state.ts'
import { addEvent, addSignOff } from '../../src/project/store-records.ts'
import { openStore, type StoredProject } from '../../src/project/store.ts'
import { simulatedProject } from '../../src/simulated-project.ts'

export const BEGIN = Date.UTC(2026, 10, 23, 8)
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
export { MINUTE, HOUR, DAY }

const LONGER: Readonly<Record<string, number>> = { cutover: HOUR, final: 6 * HOUR, reconcile: HOUR, closeout: HOUR }

export type ProjectRig = AsyncDisposable & {
  readonly company: SimulatedProject
  readonly project: StoredProject
  readonly asked: readonly Question[]
  /** Takes this definition, as a person would bring a changed one in. */
  define(change: (yaml: string) => string, list?: (csv: string) => string): Promise<void>
  run(more?: Partial<ProjectRunInput>): Promise<ProjectRunResult>
  /** Runs, lets time pass and mail come, until it holds. */
  drive(until: (result: ProjectRunResult) => boolean, more?: Partial<ProjectRunInput>): Promise<ProjectRunResult>
  next(): Promise<NextView>
  state(): Promise<ProjectState>
  /** Does something with the project in its store. */
  within<T>(body: (open: OpenProject) => T): Promise<T>
  signOff(...tasks: readonly string[]): Promise<void>
}

export async function projectRig(
  options: { readonly mailboxes?: number; readonly messages?: number; readonly listed?: number } = {},
): Promise<ProjectRig> {
  await using stack = new AsyncDisposableStack()
  const company = stack.use(
    await simulatedProject({ mailboxes: options.mailboxes ?? 2, messages: options.messages ?? 6, seed: 7, now: BEGIN }),
  )
  const { world, env } = company
  const store = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'cutover-project-'))
  stack.defer(() => rm(store, { recursive: true, force: true }))
  using opened = openStore(store, { now: () => world.clock.now() })
  const project = opened.add('example')
  await mkdir(dirname(project.definitionFile), { recursive: true })
  let yaml = `${company.definition}${PROJECT}`
  let list = company.mailboxes
  const listed = options.listed
  if (listed !== undefined)
    list = `${list
      .trim()
      .split('\n')
      .slice(0, listed + 1)
      .join('\n')}\n`
  const write = async (): Promise<void> => {
    await writeFile(project.definitionFile, yaml)
    await writeFile(project.mailboxesFile, list)
  }
  await write()
  const asked: Question[] = []
  const address = { store, name: 'example', env }
  const within: ProjectRig['within'] = async (body) => {
    const { store: held, open } = await openProject(world, address, { readOnly: false })
    try {
      return body(open)
    } finally {
      held.close()
    }
  }
  await within(({ project: one }) => addEvent(one, { kind: 'definition-imported', says: 'The definition was brought in' }))
  const run: ProjectRig['run'] = (more = {}) =>
    projectRun(world, {
      ...address,
      waitMinutes: 0,
      until: null,
      reportsAtEnd: false,
      show: () => {},
      signal: new AbortController().signal,
      approve: async (question) => {
        asked.push(question)
        return 'Anna'
      },
      onDoing: () => {},
      onMailboxes: () => {},
      onProgress: () => {},
      onDone: (step) => {
        if (process.env['SHOW'] !== undefined)
          console.log(new Date(step.at).toISOString().slice(0, 16), step.phase.padEnd(9), step.ok ? ' ' : '!', step.says)
      },
      ...more,
    })
  const state: ProjectRig['state'] = async () => {
    const found = await openProject(world, address, { readOnly: true })
    found.store.close()
    return found.state
  }
  const kept = stack.move()
  return {
    company,
    project,
    asked,
    run,
    state,
    within,
    next: async () => nextView(await state()),
    async define(change, changeList = (csv) => csv) {
      yaml = change(yaml)
      list = changeList(list)
      await write()
      await within(({ project: one }) => addEvent(one, { kind: 'definition-imported', says: 'The definition was brought in again' }))
    },
    async drive(until, more) {
      for (let round = 0; round < 300; round++) {
        const result = await run(more)
        if (until(result)) return result
        if (round % 3 === 0 && round < 30) await company.arrive()
        const now = world.clock.now()
        // Where nothing but time is missing, it passes in larger steps.
        const least = LONGER[result.view.phase] ?? MINUTE
        await world.clock.sleep(Math.max(Math.min((result.again ?? now + HOUR) - now, 24 * HOUR), least))
      }
      throw new Error(`it never came: ${JSON.stringify(nextView(await state()), null, 1)}`)
    },
    signOff: (...tasks) =>
      within(({ project: one }) => {
        for (const task of tasks) addSignOff(one, { task, name: 'Ben' })
      }),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

const PROJECT = `project:
  name: example
  customer: Example Ltd
  time_zone: Europe/Berlin
  kickoff: 2026-11-23
  cutover: 2026-11-24T18:00
transfer: { deltas_every_hours: 24 }
people:
  - { name: Ben, address: ben@partner.test, side: customer, role: decides }
  - { name: Anna, address: anna@mover.test, side: us, role: carries it out }
`
