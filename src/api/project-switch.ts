import { addEvent } from '../project/store-records.ts'
import type { Work } from '../project/work.ts'
import { agree } from './project-apply.ts'
import { digestOf } from './project-looks.ts'
import { tenantOf, type Scene } from './project-scene.ts'
import type { Question } from './project-scene.ts'
import { DECISIONS, type Decision, type SwitchResult, type SwitchView } from './switch-results.ts'

/** While records are being written and looked for, it is stayed with for so long at least, in minutes. */
const WRITING_MINUTES = 15
const WRITING: ReadonlySet<string> = new Set(['switching', 'switched-partial', 'switched', 'rolling-back', 'rolled-back-partial'])

/** Where days are waited for, minutes are no matter. */
const PACE_MS: Readonly<Record<string, number>> = {
  draining: 1_800_000,
  quiet: 1_800_000,
  finalised: 3 * 3_600_000,
  'reverse-draining': 1_800_000,
}

export type Switched = { readonly says: string; readonly again: number | null; readonly ok: boolean }

/** Carries the move of a domain on. What may not be decided yet is not asked. */
export async function carrySwitch(scene: Scene, work: Extract<Work, { do: 'switch' }>): Promise<Switched> {
  const { switchRun } = await import('./switch.ts')
  const { project } = scene.open
  const { domain } = work
  let phase = scene.state.domains.find(({ name }) => name === domain)?.phase ?? 'draft'
  const run = (waitMinutes: number): Promise<SwitchResult> =>
    switchRun(scene.world, {
      ...tenantOf(scene),
      stateDir: project.stateDir,
      signal: scene.signal,
      domain,
      source: null,
      mail: NOTHING_BESIDE_THE_DEFINITION,
      waitMinutes,
      approve: (what, view) => approved(scene, work, what, view),
      onDoing: (what) => scene.onDoing(`${domain}: ${what}`),
      onView(view) {
        if (view.phase !== phase)
          addEvent(project, { kind: 'switch-moved', says: `${domain}: ${view.says}`, data: { domain, from: phase, to: view.phase } })
        phase = view.phase
      },
    })
  let result = await run(0)
  // Half a switch is not left alone.
  if (WRITING.has(result.view.phase) && (result.ended === 'waits' || result.ended === 'refused'))
    result = await run(Math.max(WRITING_MINUTES, scene.waitMinutes))
  scene.signal.throwIfAborted()
  const { ended, failure, view } = result
  return {
    says: failure === null ? `${domain}: ${view.says}` : `${domain}: ${failure.message}`,
    again: againAt(result, scene.world.clock.now(), work.may.length > 0),
    ok: failure === null && ended !== 'elsewhere',
  }
}

const [QUARTER_MS, HOUR_MS] = [900_000, 3_600_000]

/** What nobody was asked yet may be asked soon; who said no is not asked again at once. */
function againAt({ ended, again, view }: SwitchResult, now: number, wasAsked: boolean): number | null {
  if (ended === 'over') return null
  if (again === null) return now + (ended === 'declined' && wasAsked ? HOUR_MS : QUARTER_MS)
  return Math.max(Date.parse(again), now + (PACE_MS[view.phase] ?? 0))
}

async function approved(
  scene: Scene,
  { domain, may }: Extract<Work, { do: 'switch' }>,
  what: 'begin' | Decision,
  view: SwitchView,
): Promise<string | null> {
  if (what !== 'begin' && !may.includes(what)) return null
  const steps = view.steps.filter(({ step }) => (what === 'begin' ? step === 'prepare' || step === 'lower' : step === what))
  const lines = steps.flatMap((one) => one.lines)
  const question: Question = {
    what: what === 'begin' ? `switch-begin ${domain}` : `switch-decision ${domain} ${what}`,
    digest: digestOf([what, domain, lines]),
    says: what === 'begin' ? `Prepare the records of ${domain} for the switch?` : `${sentence(DECISIONS[what])} (${domain})?`,
    lines,
  }
  if (what === 'begin') return agree(scene, question)
  // A decision is one about this moment: an earlier one does not stand for it. The switch keeps it in its own log, too.
  const name = await scene.agreed(question)
  if (name !== null)
    addEvent(scene.open.project, {
      kind: 'approved',
      who: name,
      says: question.says.replace(/\?$/, ''),
      data: { what: question.what, lines },
    })
  return name
}

/** All of it stands there. */
const NOTHING_BESIDE_THE_DEFINITION = {
  user: null,
  reflector: null,
  oldMx: null,
  oldRouting: 'unknown',
  sender: null,
  helo: null,
  ports: [],
  resolvers: [],
  caFile: null,
} as const

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
