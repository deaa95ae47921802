import { counted } from '../project/blockers.ts'
import { addApproval, addEvent } from '../project/store-records.ts'
import { digestOf, keepTenant, lookTenant, tenantDigest } from './project-looks.ts'
import { tenantOf, type Question, type Scene } from './project-scene.ts'
import type { ChangeView, TenantApplyResult, TenantPlanResult } from './tenant-results.ts'

/** While the record that proves a domain is not published, waiting for it is of no use. */
const SHORT_MINUTES = 1

/**
 * Prepares the tenant, once somebody agreed to what they were shown; publishes the records that prove new domains in between. What is
 * left afterwards of what was agreed to is agreed to.
 */
export async function applyTenant(scene: Scene): Promise<string> {
  const agreement = new Agreement(scene)
  const { tenantPlan } = await import('./tenant-plan.ts')
  const place = { ...tenantOf(scene), stateDir: scene.open.project.stateDir, signal: scene.signal }
  const hasNew = unproven(await tenantPlan(scene.world, { ...place, asPowerShell: false })).length > 0
  const first = await apply(scene, agreement, hasNew ? SHORT_MINUTES : scene.waitMinutes)
  if (!first.approved) return 'nobody agreed to the changes of the tenant'
  const proofs = first.plan === null ? [] : unproven(first.plan)
  const last = proofs.length > 0 && (await publish(scene, proofs)) ? await apply(scene, agreement, scene.waitMinutes) : first
  if (last.plan === null) await lookTenant(scene)
  else {
    keepTenant(scene, last.plan)
    agreement.rest(last.plan)
  }
  const left = last.plan?.changes.length ?? 0
  const done = last.statement ?? first.statement
  addEvent(scene.open.project, {
    kind: 'tenant-changed',
    who: agreement.name,
    says: left === 0 ? 'The tenant was prepared' : `The tenant was changed; ${counted(left, 'change')} left`,
    data: { statement: done, left },
  })
  if (last.failure !== null) return `the tenant: ${last.failure.message}`
  return left === 0
    ? 'the tenant is as the definition wants it'
    : `${counted(left, 'change')} of the tenant left: what takes its time, or failed`
}

async function apply(scene: Scene, agreement: Agreement, waitMinutes: number): Promise<TenantApplyResult> {
  const { tenantApply } = await import('./tenant-apply.ts')
  return tenantApply(scene.world, {
    ...tenantOf(scene),
    stateDir: scene.open.project.stateDir,
    signal: scene.signal,
    approve: (plan) => agreement.to(plan),
    waitMinutes,
    onProgress: ({ says, state }) => scene.onDoing(`${says} (${state})`),
    onReading: () => scene.onDoing('Comparing the tenant again'),
  })
}

/** Domains of the definition that wait for their record. */
function unproven({ changes }: TenantPlanResult): readonly string[] {
  return changes.flatMap(({ key, about }) => (key.startsWith('domain-verified ') ? [about] : []))
}

/** Adds the records that prove domains. true: something may have been published. */
async function publish(scene: Scene, domains: readonly string[]): Promise<boolean> {
  const own = domains.filter((one) => scene.state.domains.some(({ name }) => name === one))
  if (own.length === 0) return true
  const { dnsApply } = await import('./dns-apply.ts')
  const result = await dnsApply(scene.world, {
    ...tenantOf(scene),
    stateDir: scene.open.project.stateDir,
    signal: scene.signal,
    domains: own,
    phase: 'prepare',
    approve: async ({ changes, byHand }) =>
      (await agree(scene, {
        what: 'dns-prepare',
        digest: digestOf(changes.map(({ key, says }) => [key, says])),
        says: `Publish the records that prove ${own.join(', ')}, and those that can stand beside the old ones?`,
        lines: [...changes.map(({ says }) => says), ...byHand.map(({ domain, says }) => `${domain}: ${says}`)],
      })) !== null,
    waitMinutes: scene.waitMinutes,
    onProgress: ({ says }) => scene.onDoing(says),
    onByHand: (domain, says) => scene.onDoing(`${domain}: ${says}`),
  })
  return result.approved
}

/** Asks, unless the very same was agreed to before; writes the answer down. */
export async function agree(scene: Scene, question: Question): Promise<string | null> {
  const { what, digest } = question
  const before = scene.state.approvals.find((one) => one.what === what && one.digest === digest)
  if (before !== undefined) return before.name
  const name = await scene.agreed(question)
  if (name !== null) {
    const { project } = scene.open
    addApproval(project, { what, digest, name })
    addEvent(project, {
      kind: 'approved',
      who: name,
      says: question.says.replace(/\?$/, ''),
      data: { what, digest, lines: question.lines },
    })
  }
  return name
}

/** What somebody agreed to, change by change: a plan that has become shorter is not asked about again. */
class Agreement {
  name: string | null = null
  readonly #scene: Scene
  readonly #changes = new Set<string>()

  constructor(scene: Scene) {
    this.#scene = scene
  }

  async to(plan: TenantPlanResult): Promise<boolean> {
    if (this.name !== null && this.#holds(plan)) return true
    const { changes } = plan
    const name = await agree(this.#scene, {
      what: 'tenant',
      digest: tenantDigest(plan),
      says: `Make ${changes.length === 1 ? 'this change' : `these ${changes.length} changes`} of the tenant?`,
      lines: changes.map(lineOf),
    })
    if (name === null) return false
    this.name = name
    for (const { key } of changes) this.#changes.add(key)
    return true
  }

  /** Keeps that what is left was agreed to as well. */
  rest(plan: TenantPlanResult): void {
    if (this.name === null || plan.changes.length === 0 || !this.#holds(plan)) return
    addApproval(this.#scene.open.project, { what: 'tenant', digest: tenantDigest(plan), name: this.name })
  }

  #holds({ changes }: TenantPlanResult): boolean {
    return changes.every(({ key }) => this.#changes.has(key))
  }
}

function lineOf({ says, cannotUndo }: ChangeView): string {
  return cannotUndo === null ? says : `${says} (cannot be taken back: ${cannotUndo})`
}
