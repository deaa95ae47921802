import {
  CRITERION_IDS,
  CRITERIA,
  isCriterion,
  judged,
  movedProofs,
  type CriterionId,
  type Judged,
  type Proof,
} from '../project/acceptance.ts'
import { addEvent, addFact, addWaiver } from '../project/store-records.ts'
import { Failure } from '../model/failure.ts'
import { accessProofs } from './acceptance-access.ts'
import { mailProofs } from './acceptance-mail.ts'
import { rulesAtWork } from './acceptance-rules.ts'
import { tenantProofs } from './acceptance-tenant.ts'
import { openProject, type ProjectAddress, type Scene } from './project-scene.ts'
import type { World } from './world.ts'

/** A criterion as it stands: what the last look found, and whether somebody lets it pass. Instants are milliseconds since 1970. */
export type AcceptanceCriterion = Omit<Judged, 'outcome'> & {
  readonly outcome: Judged['outcome'] | 'waived' | 'left-out'
  readonly at: number | null
  readonly waived: { readonly name: string; readonly reason: string; readonly at: number } | null
}

export type AcceptanceResult = {
  readonly project: string
  readonly timeZone: string
  readonly criteria: readonly AcceptanceCriterion[]
  /** Every criterion is met, waived by name, or was left out by agreement. */
  readonly accepted: boolean
}

export type AcceptanceInput = ProjectAddress &
  Pick<Scene, 'show' | 'signal' | 'onDoing'> & { /** false: what the last look found. */ readonly look: boolean }

/** Checks what was agreed for acceptance, and keeps the proofs. Sends test messages; changes nothing else. */
export async function projectAcceptance(world: World, input: AcceptanceInput): Promise<AcceptanceResult> {
  if (input.look) {
    const { store, open, state } = await openProject(world, input, { readOnly: false })
    using _ = store
    const nothing = (): void => {}
    const nobody = async (): Promise<null> => null
    await checkAcceptance({ ...input, world, open, state, waitMinutes: 0, agreed: nobody, onMailboxes: nothing, onProgress: nothing })
  }
  return told(world, input)
}

/** What is known by now. */
async function told(world: World, address: ProjectAddress): Promise<AcceptanceResult> {
  const opened = await openProject(world, address, { readOnly: true })
  using _ = opened.store
  return resultOf(opened)
}

/** Lets a criterion pass, by name. Throws `bad-input` where there is none of that name. */
export async function waiveCriterion(
  world: World,
  input: ProjectAddress & { readonly criterion: string; readonly by: string; readonly reason: string },
): Promise<AcceptanceResult> {
  const { criterion, by, reason } = input
  if (!isCriterion(criterion))
    throw new Failure('bad-input', `There is no criterion "${criterion}": there are ${CRITERION_IDS.join(', ')}.`)
  if (by.trim() === '' || reason.trim() === '')
    throw new Failure('bad-input', 'Say who lets it pass with --name, and why with --reason: both are kept for the report.')
  const { store, open } = await openProject(world, input, { readOnly: false })
  using _ = store
  const { project } = open
  addWaiver(project, { blocker: `closeout.acceptance.${criterion}`, name: by.trim(), reason: reason.trim() })
  addEvent(project, {
    kind: 'gate-waived',
    who: by.trim(),
    says: `The criterion "${CRITERIA[criterion]}" is let pass: ${reason.trim()}`,
    data: { blocker: `closeout.acceptance.${criterion}` },
  })
  return told(world, input)
}

/** Makes every look, and writes down what came of it. */
export async function checkAcceptance(scene: Scene): Promise<string> {
  const { without } = scene.open.plan.acceptance
  const tenant = await attempt(scene, 'The tenant', () => tenantProofs(scene))
  const mail = await attempt(scene, 'The mail flow', () => mailProofs(scene))
  // After the test messages, which rules act on too.
  const names = (scene.open.definition.sections.transport_rules ?? []).map(({ name }) => name)
  const atWork = await attempt(scene, 'Transport rules', () => rulesAtWork(scene, names)).then(listed)
  const proofs: Readonly<Record<CriterionId, readonly Proof[]>> = {
    access: await attempt(scene, 'Access', () => accessProofs(scene)).then(listed),
    moved: movedProofs(scene.state),
    rules: [...('failed' in tenant ? [tenant.failed] : tenant.value.rules), ...atWork],
    mail: 'failed' in mail ? [mail.failed] : mail.value.mail,
    protection: [
      ...('failed' in tenant ? [tenant.failed] : tenant.value.protection),
      ...('failed' in mail ? [mail.failed] : mail.value.protection),
    ],
  }
  const criteria = CRITERION_IDS.filter((id) => !without.includes(id)).map((id) => judged(id, proofs[id]))
  addFact(scene.open.project, 'acceptance', { criteria })
  const good = criteria.filter(({ outcome }) => outcome === 'passed').length
  const says = `${good} of ${criteria.length} criteria of acceptance are met`
  addEvent(scene.open.project, {
    kind: 'acceptance-checked',
    says,
    data: { criteria: criteria.map(({ id, outcome }) => ({ id, outcome })) },
  })
  return says
}

type Attempt<T> = { readonly value: T } | { readonly failed: Proof }

/** What cannot be looked at is not shown to be wrong. */
async function attempt<T>(scene: Scene, about: string, body: () => Promise<T>): Promise<Attempt<T>> {
  scene.onDoing(`Checking: ${about.toLowerCase()}`)
  try {
    return { value: await body() }
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'stopped' || scene.signal.aborted) throw error
    return { failed: { about, says: error.message, ok: null } }
  }
}

function listed(found: Attempt<readonly Proof[]>): readonly Proof[] {
  return 'failed' in found ? [found.failed] : found.value
}

function resultOf({ open, state }: Awaited<ReturnType<typeof openProject>>): AcceptanceResult {
  const { plan } = open
  const fact = state.facts.acceptance
  const criteria = CRITERION_IDS.map((id): AcceptanceCriterion => {
    const common = { id, title: CRITERIA[id], waived: null }
    if (plan.acceptance.without.includes(id)) return { ...common, outcome: 'left-out', says: 'left out by agreement', proofs: [], at: null }
    const seen = fact?.data.criteria.find((one) => one.id === id)
    const waiver = state.waivers.find(({ blocker }) => blocker === `closeout.acceptance.${id}`)
    const outcome = seen?.outcome ?? 'not-run'
    return {
      ...common,
      outcome: outcome !== 'passed' && waiver !== undefined ? 'waived' : outcome,
      says: seen?.says ?? 'not checked yet',
      proofs: seen?.proofs ?? [],
      at: seen === undefined ? null : (fact?.at ?? null),
      waived: waiver === undefined ? null : { name: waiver.name, reason: waiver.reason, at: waiver.at },
    }
  })
  return {
    project: plan.name,
    timeZone: plan.timeZone,
    criteria,
    accepted: criteria.every(({ outcome }) => outcome !== 'failed' && outcome !== 'not-run'),
  }
}
