import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addSignOff } from '../project/store-records.ts'
import type { PhaseName } from '../project/phase-names.ts'
import type { NextView } from '../project/next.ts'
import { projectImport } from './project-import.ts'
import { projectRun, type RunStep } from './project-run.ts'
import { openProject, type ProjectAddress } from './project-scene.ts'
import { makeReports, type ReportsInput } from './reports.ts'
import { projectSection } from './rehearsed-definition.ts'
import type { SimulatedProject, World } from './world.ts'

export type RehearseWholeInput = {
  readonly mailboxes: number
  readonly messages: number
  readonly seed: number
  /** Where store and reports are left; null: a new temporary folder. */
  readonly directory: string | null
  readonly signal: AbortSignal
  /** After each thing that was done. */
  readonly onStep: (step: RehearsedStep) => void
  readonly onDoing: (says: string) => void
}

export type RehearsedStep = RunStep & {
  /** Real seconds since the rehearsal began. */
  readonly seconds: number
}

export type RehearsedProject = {
  /** The project came to its end, the books are closed, and every message that was sent arrived once. */
  readonly ok: boolean
  readonly directory: string
  readonly store: string
  readonly seconds: number
  /** Of the simulated time, in milliseconds since 1970. */
  readonly beganAt: number
  readonly endedAt: number
  readonly timeZone: string
  readonly steps: readonly RehearsedStep[]
  readonly view: NextView
  readonly mail: ReturnType<SimulatedProject['arrivals']>
  /** In the folder `reports`. */
  readonly reports: readonly { readonly report: string; readonly title: string; readonly files: number }[]
}

const WHO = 'Rehearsal'
const HOUR = 3_600_000
/** Where nothing but time is missing it passes in larger steps. */
const LONGER: Readonly<Partial<Record<PhaseName, number>>> = { final: 3 * HOUR, reconcile: 6 * HOUR, closeout: 12 * HOUR }
/** Far more than it takes: a gate that never opens must not keep a person waiting. */
const MOST_ROUNDS = 400

/**
 * A whole project on simulators, in a time in which nobody waits: from import to closeout, with mail that keeps arriving by SMTP. What a
 * person decides is decided by the rehearsal. Touches nothing outside this machine; leaves its store and its reports behind.
 */
export async function rehearseWhole(real: World, input: RehearseWholeInput): Promise<RehearsedProject> {
  const began = real.clock.now()
  const { mailboxes, messages, seed, signal } = input
  const beganAt = nextMonday(began)
  await using sim = await real.startProjectSimulator({ mailboxes, messages, seed, now: beganAt })
  const { world } = sim
  const directory = input.directory ?? (await mkdtemp(join(tmpdir(), 'cutover-rehearsal-')))
  const place = await importedInto(directory, sim, beganAt)
  const steps: RehearsedStep[] = []
  const tell = (step: RunStep): void => {
    // The same again says nothing.
    if (steps.at(-1)?.says === step.says) return
    const timed = { ...step, seconds: (real.clock.now() - began) / 1000 }
    steps.push(timed)
    input.onStep(timed)
  }
  const reports = async (names: ReportsInput['reports']): Promise<RehearsedProject['reports']> => {
    const made = await makeReports(world, {
      ...place,
      reports: names,
      formats: ['html', 'pdf', 'csv', 'json'],
      to: join(directory, 'reports'),
      language: null,
      manifestFile: null,
      spent: null,
      signal,
      onReport: (report) => input.onDoing(`Writing the report: ${report}`),
    })
    return made.reports.map(({ report, title, files }) => ({ report, title, files: files.length }))
  }
  let view: NextView | null = null
  const made: RehearsedProject['reports'][number][] = []
  for (let round = 0; round < MOST_ROUNDS; round++) {
    signal.throwIfAborted()
    const result = await projectRun(world, {
      ...place,
      show: () => {},
      signal,
      onDoing: (says) => input.onDoing(says),
      onMailboxes: () => {},
      onProgress: () => {},
      waitMinutes: 0,
      until: null,
      reportsAtEnd: false,
      approve: async () => WHO,
      onDone: tell,
    })
    view = result.view
    if (view.closed) break
    // What the go is decided by.
    if (view.entered === 'verify' && made.length === 0) made.push(...(await reports(['readiness'])))
    if (await signedOff(world, place)) continue
    // While nobody looks people go on working, and others write to them.
    if (round % 2 === 0 && round < 60) await sim.arrive()
    const next = result.again ?? world.clock.now() + HOUR
    const isIdle = view.blockers.every(({ needs }) => needs === 'time')
    await world.clock.sleep(Math.max(next - world.clock.now(), isIdle ? (LONGER[view.entered] ?? 0) : 0, 1000), signal)
  }
  if (view === null) throw new Error('nothing was rehearsed')
  const mail = sim.arrivals()
  made.push(...(await reports([])))
  return {
    ok: view.closed && mail.missing + mail.doubled === 0,
    directory,
    store: place.store,
    seconds: (real.clock.now() - began) / 1000,
    beganAt,
    endedAt: world.clock.now(),
    timeZone: view.timeZone,
    steps,
    view,
    mail,
    reports: made,
  }
}

/** In the week that comes, so that the plan reads as one. */
function nextMonday(now: number): number {
  const day = new Date(now)
  const ahead = (8 - day.getUTCDay()) % 7 || 7
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + ahead, 8)
}

async function importedInto(directory: string, sim: SimulatedProject, beganAt: number): Promise<ProjectAddress> {
  const given = join(directory, 'given')
  await mkdir(given, { recursive: true })
  const file = join(given, 'cutover.yaml')
  await writeFile(join(given, 'mailboxes.csv'), sim.mailboxes)
  await writeFile(file, `${sim.definition}${projectSection(sim, beganAt)}`)
  const place = { store: join(directory, 'projects'), name: null, env: sim.env }
  await projectImport(sim.world, { ...place, file, who: WHO, check: false })
  return place
}

/** What waits for a person's word gets it; whether there was anything. */
async function signedOff(world: World, place: ProjectAddress): Promise<boolean> {
  const { store, open, state } = await openProject(world, place, { readOnly: false })
  using _ = store
  // What is on the list only to be known is done by its day.
  const isDue = (dueAt: number | null): boolean => dueAt !== null && dueAt <= state.now
  const unsigned = state.tasks.filter(({ signedOff }) => signedOff === null)
  const waiting = unsigned.filter(({ phase, dueAt }) => (phase === null ? isDue(dueAt) : phase === state.entered))
  for (const { id } of waiting) addSignOff(open.project, { task: id, name: WHO, note: 'as rehearsed' })
  return waiting.length > 0
}
