import { createHash } from 'node:crypto'
import { counted } from '../project/blockers.ts'
import type { FactData, NamedTrouble } from '../project/facts.ts'
import { addFact } from '../project/store-records.ts'
import { addressesOf, tenantOf, type Scene } from './project-scene.ts'
import type { TenantPlanResult } from './tenant-results.ts'

/** Tries to open every old mailbox, and writes down which do not open. */
export async function lookLogins(scene: Scene): Promise<string> {
  const { logins } = await import('./logins.ts')
  const addresses = await addressesOf(scene, [])
  const { mailboxes } = await logins(scene.world, { ...addresses, ...watchOf(scene), destination: null, waitMinutes: 0 })
  scene.signal.throwIfAborted()
  const failing = mailboxes.flatMap(({ name, source }): readonly NamedTrouble[] =>
    source.works ? [] : [{ about: name, says: source.failure?.message ?? 'it does not open' }],
  )
  addFact(scene.open.project, 'logins', { tried: mailboxes.length, failing })
  return `${mailboxes.length - failing.length} of ${counted(mailboxes.length, 'old mailbox', 'old mailboxes')} open`
}

/** Looks whether the tenant lets us in. Mailboxes are not opened: they may not be there yet. */
export async function lookConnect(scene: Scene): Promise<string> {
  const { tenantConnect } = await import('./tenant-connect.ts')
  const { project } = scene.open
  const { checks, stopped } = await tenantConnect(scene.world, {
    ...tenantOf(scene),
    purposes: [],
    mailboxes: [],
    waitMinutes: 0,
    apply: false,
    stateDir: project.stateDir,
    signal: scene.signal,
    onLook: () => {},
    onTried: () => {},
    onPause: () => {},
  })
  if (stopped) scene.signal.throwIfAborted()
  const needed = checks.filter(({ group, isOptional }) => group !== 'mailbox' && !isOptional)
  const of = (state: string): readonly string[] => needed.filter((one) => one.state === state).map(({ title }) => title)
  const fact = { missing: of('missing'), waiting: of('waiting') }
  addFact(project, 'connect', fact)
  return fact.missing.length + fact.waiting.length === 0
    ? 'the tenant lets us in'
    : `the tenant lacks ${counted(fact.missing.length + fact.waiting.length, 'thing')}`
}

/** Compares the tenant with the definition. Changes nothing. */
export async function lookTenant(scene: Scene): Promise<string> {
  const { tenantPlan } = await import('./tenant-plan.ts')
  const { project } = scene.open
  const plan = await tenantPlan(scene.world, { ...tenantOf(scene), stateDir: project.stateDir, signal: scene.signal, asPowerShell: false })
  return keepTenant(scene, plan)
}

/** Writes down what differs between the tenant and its definition. */
export function keepTenant({ open, state }: Scene, plan: TenantPlanResult): string {
  const fact = tenantFact(
    plan,
    state.mailboxes.map(({ target }) => target),
  )
  addFact(open.project, 'tenant', fact)
  return fact.changes === 0
    ? 'the tenant is as the definition wants it'
    : `${counted(fact.changes, 'change')} of the tenant ${fact.changes === 1 ? 'is' : 'are'} to be made`
}

/** A change that makes a mailbox, or waits for one. */
const MAKES: ReadonlySet<string> = new Set(['user', 'mailbox'])

function tenantFact({ changes, held, findings }: TenantPlanResult, targets: readonly string[]): FactData['tenant'] {
  const coming = new Set([...changes, ...held].filter(({ kind }) => MAKES.has(kind)).map(({ about }) => about.toLowerCase()))
  const blockers = findings
    .filter(({ severity }) => severity === 'blocker')
    .map(({ about, says, remedy }) => ({ about, says: `${says} ${remedy}`.trim() }))
  return {
    changes: changes.length,
    digest: tenantDigest({ changes }),
    blockers,
    mailboxes: targets.filter((target) => !coming.has(target.toLowerCase())),
  }
}

/** The same as long as the same changes would be made. */
export function tenantDigest({ changes }: Pick<TenantPlanResult, 'changes'>): string {
  return digestOf(changes.map(({ key, says }) => [key, says]))
}

export function digestOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}

/** Compares the records of the domains with what the tenant wants. Changes nothing. */
export async function lookDns(scene: Scene): Promise<string> {
  const { dnsPlan } = await import('./dns-plan.ts')
  const { project } = scene.open
  const { domains } = await dnsPlan(scene.world, { ...tenantOf(scene), stateDir: project.stateDir, signal: scene.signal, domains: [] })
  const findings = domains.flatMap(({ findings: all }) => all).filter(({ severity }) => severity === 'blocker')
  const items = domains.flatMap((one) => one.items)
  const left: Record<string, number> = {}
  for (const { phase } of items) left[phase] = (left[phase] ?? 0) + 1
  const closed = findings.filter(({ code }) => code === 'host-unread')
  addFact(project, 'dns', {
    writable: closed.length === 0,
    blockers: findings
      .filter(({ code }) => !OF_PROVISIONING.has(code))
      .map(({ about, says, remedy }) => ({ about, says: `${says} ${remedy}`.trim() })),
    left,
    digest: digestOf(items),
  })
  return closed.length === 0 ? 'the records of the domains can be changed' : 'the records cannot be read at their host'
}

/** What is put right when the tenant is prepared. */
const OF_PROVISIONING: ReadonlySet<string> = new Set(['domain-not-in-tenant', 'domain-unverified', 'tenant-mx-missing'])

/** Told of a long operation, and stopped by the run. */
export function watchOf({ signal, onMailboxes, onProgress }: Scene): Pick<Scene, 'signal' | 'onMailboxes' | 'onProgress'> {
  return { signal, onMailboxes, onProgress }
}
