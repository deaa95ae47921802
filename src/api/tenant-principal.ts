import type { JournalOptions } from '../change/open-journal.ts'
import { openJournal } from '../change/open-journal.ts'
import { runChanges } from '../change/run-changes.ts'
import type { Context } from '../lib/context.ts'
import { registered } from '../tenant/mailboxes/access.ts'
import type { TenantCall } from '../tenant/call.ts'
import type { Examined } from '../tenant/connect/connect.ts'
import { tenantHands } from '../tenant/hands.ts'
import type { TenantDoor } from './world.ts'

/** What was made shows within seconds, mostly. */
const WAIT_MS = 120_000

/**
 * Makes the application known to Exchange where it is not, by the journal, so that `tenant undo` can take it back. A sentence that says
 * what was done; null where there was nothing to do, or nothing that may be done. Throws a `Failure`.
 */
export async function makePrincipal(
  door: TenantDoor,
  { checks, names }: Examined,
  journalOptions: JournalOptions,
  ctx: Context,
): Promise<string | null> {
  const isMissing = checks.some(({ step }) => step?.kind === 'principal' && step.wrong === null)
  if (!isMissing || names.principalId === null) return null
  const displayName = names.appName ?? 'cutover'
  const change = registered(displayName, { app: { appId: names.appId, servicePrincipalId: names.principalId, displayName } })
  using journal = openJournal<TenantCall>(journalOptions)
  const { halted, statement } = await runChanges([change], {
    journal,
    hands: tenantHands(door, () => ctx.clock.now()),
    ctx,
    waitMs: WAIT_MS,
  })
  if (halted !== null) throw halted
  const open = statement.open.find(({ key }) => key === change.key)
  if (open === undefined) return `Done: ${change.says}. \`cutover tenant undo\` takes it back.`
  return `Not done: ${change.says}. ${open.failure?.text ?? open.remedy}`
}
