import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Assessment } from '../assess/assessment.ts'
import { readDefinition } from '../definition/definition.ts'
import { Failure } from '../model/failure.ts'
import type { AssessmentFact } from '../project/facts.ts'
import { projectPlan } from '../project/plan-of.ts'
import { addEvent, addFact } from '../project/store-records.ts'
import { openStore, STORE_FILE } from '../project/store.ts'
import type { World } from './world.ts'

/** Where a project of the store has its files, and where its assessment is written down. */
export async function storedPlace(
  world: World,
  { store, name }: { readonly store: string; readonly name: string | null },
): Promise<{
  readonly definitionFile: string
  readonly stateDir: string
  readonly cutoverAt: number | null
  readonly keep: (assessment: Assessment) => void
}> {
  const now = (): number => world.clock.now()
  if (name === null && !existsSync(join(store, STORE_FILE)))
    throw new Failure('bad-input', 'Which mailboxes? Give -f cutover.yaml, or --source and --mailboxes, or --project NAME.')
  using opened = openStore(store, { readOnly: true, now })
  const { name: found, definitionFile, stateDir } = opened.project(name)
  const definition = await readDefinition(definitionFile, {}, { secrets: false })
  return {
    definitionFile,
    stateDir,
    cutoverAt: projectPlan(definition, []).cutoverAt,
    keep(assessment) {
      if (assessment.stopped) return
      using again = openStore(store, { now })
      const project = again.project(found)
      addFact(project, 'assessment', assessmentFact(assessment))
      const { mailboxes, messages } = assessment.totals
      addEvent(project, { kind: 'assessed', says: `The old side was analysed: ${mailboxes} mailboxes, ${messages} messages` })
    },
  }
}

/** Writes down, for the timeline, what a rehearsal with the real mail has shown. */
export function noteRehearsal(
  world: World,
  { store, name }: { readonly store: string; readonly name: string | null },
  { found, failed, sample }: { readonly found: number; readonly failed: number; readonly sample: string },
): void {
  using opened = openStore(store, { now: () => world.clock.now() })
  const part = sample === 'full' ? '' : `, a sample of ${sample}`
  const says = `The copy was rehearsed with the real mail: ${found} messages${part}, ${failed} of them refused`
  addEvent(opened.project(name), { kind: 'rehearsed', says })
}

/** DNS and the tenant have facts of their own. */
const OWN_PARTS: ReadonlySet<string> = new Set(['source', 'mailboxes', 'messages', 'folders', 'licences', 'schedule'])

/** What the gates know of an assessment. */
export function assessmentFact({ totals, findings, forecast }: Assessment): AssessmentFact {
  return {
    mailboxes: totals.mailboxes,
    messages: totals.messages,
    bytes: totals.bytes,
    blockers: findings.filter(({ rank, part }) => rank === 'block' && OWN_PARTS.has(part)).map(({ about, says }) => ({ about, says })),
    forecastMs: forecast === null ? null : forecast.totalMs,
  }
}
