import type { Proof } from '../project/acceptance.ts'
import { addFact } from '../project/store-records.ts'
import { readDefinition } from '../definition/definition.ts'
import { definedMail } from './defined.ts'
import { tenantOf, type Scene } from './project-scene.ts'
import type { MailflowResult } from './mailflow.ts'

/** A test message that has not come by then does not come. */
const PATIENCE_MS = 15 * 60_000

/** Sends test messages over every way of the mail, and tells what came of it. They are taken out again. */
export async function mailProofs(scene: Scene): Promise<{ readonly mail: readonly Proof[]; readonly protection: readonly Proof[] }> {
  const { mailflowTest } = await import('./mailflow.ts')
  const { project } = scene.open
  const { user, ...mail } = await definedMail(await readDefinition(project.definitionFile, scene.env))
  if (user === null) {
    const says = 'No mailbox for test messages is named in the definition (switch.user)'
    return { mail: [{ about: 'mail flow', says, ok: null }], protection: [] }
  }
  const result = await mailflowTest(scene.world, {
    ...tenantOf(scene),
    ...mail,
    user,
    // Mail to the old host now would be late mail, and keep the domain from coming to rest.
    oldMx: null,
    oldAccount: null,
    protection: true,
    largeBytes: null,
    windowMs: PATIENCE_MS,
    traceMs: PATIENCE_MS,
    signal: scene.signal,
    onRoute: ({ title }) => scene.onDoing(`Checking: ${title}`),
  })
  scene.signal.throwIfAborted()
  addFact(project, 'mailflow', {
    outcome: result.outcome,
    criteria: result.criteria.map(({ id, title, outcome }) => ({ id, title, outcome })),
  })
  return { mail: proofs(result, 'D'), protection: proofs(result, 'E') }
}

/** What is to be typed for `mailflow test`, and says nothing to who reads a report. */
const OPTIONS = / \((?:--[a-z-]+(?:, )?)+\)/g

/** The criteria of the list whose id begins so, as far as this test tries them. */
function proofs({ criteria, routes }: MailflowResult, letter: string): readonly Proof[] {
  return criteria
    .filter(({ id, by }) => id.startsWith(letter) && by === null)
    .map(({ id, title, outcome, routes: names }): Proof => {
      const why = routes
        .filter((one) => names.includes(one.route) && one.criterion === id && one.outcome !== 'passed')
        .flatMap(({ says }) => says)
      const ok = outcome === 'failed' ? false : outcome === 'not-run' ? null : true
      return { about: title, says: why.length === 0 ? 'tried, and it works' : why.slice(0, 3).join(' ').replaceAll(OPTIONS, ''), ok }
    })
}
