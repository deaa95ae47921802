import type { Proof } from '../project/acceptance.ts'
import { tenantOf, type Scene } from './project-scene.ts'
import type { ChangeView } from './tenant-results.ts'

const RULES = 'transport rule'
const PROTECTION: ReadonlySet<string> = new Set(['protection', 'quarantine', 'dkim'])

/** Whether rules and protection stand in the tenant as the definition wants them. */
export async function tenantProofs(scene: Scene): Promise<{ readonly rules: readonly Proof[]; readonly protection: readonly Proof[] }> {
  const { tenantPlan } = await import('./tenant-plan.ts')
  const { project, definition } = scene.open
  const { changes, held } = await tenantPlan(scene.world, {
    ...tenantOf(scene),
    stateDir: project.stateDir,
    signal: scene.signal,
    asPowerShell: false,
  })
  const open = [...changes, ...held]
  const { transport_rules: rules = [], protection } = definition.sections
  const wrong = (about: string, kinds: (kind: string) => boolean): readonly ChangeView[] =>
    open.filter((one) => kinds(one.kind) && (about === '' || one.about.toLowerCase() === about.toLowerCase()))
  const ruleProofs = rules.map(({ name }): Proof => {
    const left = wrong(name, (kind) => kind === RULES)
    return {
      about: name,
      says: left.length === 0 ? 'is there as wanted, and in force' : `is not as wanted: ${left.map(({ says }) => says).join('; ')}`,
      ok: left.length === 0,
    }
  })
  const others = wrong('', (kind) => kind === RULES).filter(
    ({ about }) => !rules.some(({ name }) => name.toLowerCase() === about.toLowerCase()),
  )
  const left = wrong('', (kind) => PROTECTION.has(kind))
  return {
    rules: [
      ...ruleProofs,
      ...others.map(({ about, says }): Proof => ({ about, says, ok: false })),
      ...(rules.length === 0 && others.length === 0 ? [{ about: 'transport rules', says: 'none were agreed on', ok: true }] : []),
    ],
    protection: [
      ...left.map(({ about, says }): Proof => ({ about: about === '' ? 'protection' : about, says, ok: false })),
      ...(left.length > 0
        ? []
        : [
            {
              about: 'protection',
              says: protection === undefined ? 'is as Microsoft sets it up; nothing else was agreed on' : 'is set up as wanted',
              ok: true,
            },
          ]),
    ],
  }
}
