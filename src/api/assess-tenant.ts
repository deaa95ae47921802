import type { AssessedMailbox, AssessedTenant, AssessRank, LicenceNeed } from '../assess/assessment.ts'
import { licenceNeeds } from '../assess/licences.ts'
import { Failure } from '../model/failure.ts'
import { readDirectory } from '../tenant/directory-read.ts'
import type { AssessInput } from './assess.ts'
import type { OpenAssessment } from './assess-open.ts'
import { tenantConnect } from './tenant-connect.ts'
import { openTenant, type TenantInput } from './tenant-open.ts'
import { tenantPlan } from './tenant-plan.ts'
import type { World } from './world.ts'

const RANKS: Readonly<Record<'blocker' | 'warning' | 'note', AssessRank>> = { blocker: 'block', warning: 'warn', note: 'note' }

export type TenantLook = {
  readonly tenant: AssessedTenant
  /** By target, in lower case, what was read of the mailboxes. null where the tenant did not tell of its licences. */
  readonly licences: (sizes: ReadonlyMap<string, AssessedMailbox>) => readonly LicenceNeed[] | null
}

/** Whether the tenant lets us in, what would be changed in it, and which licences it has. Changes nothing; its trouble is told. */
export async function lookAtTenant(world: World, input: AssessInput, open: OpenAssessment): Promise<TenantLook | null> {
  const { definitionFile, mailboxesFile, stateDir } = open
  if (definitionFile === null) return null
  const show = input.show ?? ((): void => {})
  const address = { definitionFile, identity: null, cloud: null, service: null, mailboxesFile, env: input.env, show }
  const common: TenantInput = { ...address, stateDir, signal: input.signal }
  try {
    const nothing = (): void => {}
    const connected = await tenantConnect(world, {
      ...common,
      // The mailboxes themselves are not there yet.
      purposes: ['plan', 'apply'],
      mailboxes: [],
      waitMinutes: 0,
      apply: false,
      onLook: nothing,
      onTried: nothing,
      onPause: nothing,
    })
    const checks = connected.checks.filter(
      ({ group, state, warns, isOptional }) => group !== 'mailbox' && ((state !== 'ok' && !isOptional) || warns),
    )
    const steps = connected.steps.map(({ says }) => says)
    const told = { id: connected.tenantId, checks: checks.map(({ title, state, says }) => ({ title, state, says })), steps }
    if (connected.tenantId === null) return { tenant: { ...told, changes: null, findings: [], failure: null }, licences: () => null }
    return await compared(world, common, told)
  } catch (error) {
    if (!(error instanceof Failure) || input.signal.aborted) throw error
    return { tenant: { id: null, checks: [], steps: [], changes: null, findings: [], failure: onOneLine(error) }, licences: () => null }
  }
}

async function compared(world: World, input: TenantInput, told: Pick<AssessedTenant, 'id' | 'checks' | 'steps'>): Promise<TenantLook> {
  try {
    const plan = await tenantPlan(world, { ...input, asPowerShell: false })
    const findings = plan.findings.map(({ severity, about, says }) => ({ rank: RANKS[severity], about, says }))
    const { door, wanted, ctx } = await openTenant(world, input)
    const directory = await readDirectory(door.graph, ctx)
    const licences = (sizes: ReadonlyMap<string, AssessedMailbox>): readonly LicenceNeed[] =>
      licenceNeeds(
        wanted.wanted.mailboxes.map(({ address, licences: wants, kind }) => {
          const read = sizes.get(address.toLowerCase())
          return { address, kind, licences: wants, name: read?.name ?? address, bytes: read?.bytes ?? null }
        }),
        directory,
      )
    return { tenant: { ...told, changes: plan.changes.length, findings, failure: null }, licences }
  } catch (error) {
    if (!(error instanceof Failure) || input.signal.aborted) throw error
    // What is missing stands among the checks: the plan needs it too.
    const failure = told.checks.length > 0 ? null : onOneLine(error)
    return { tenant: { ...told, changes: null, findings: [], failure }, licences: () => null }
  }
}

/** The mistakes of a definition come on a line each. */
function onOneLine({ message }: Failure): string {
  return message.replaceAll(/\s*\n\s*/g, ' ')
}
