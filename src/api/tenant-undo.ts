import type { Journal } from '../change/journal.ts'
import type { JournalRow } from '../change/journal-row.ts'
import { toUndo, undoChanges } from '../change/undo-changes.ts'
import { Failure } from '../model/failure.ts'
import { textIn } from '../microsoft/wire-json.ts'
import type { TenantCall } from '../tenant/call.ts'
import { tenantHands } from '../tenant/hands.ts'
import { forEachAtOnce } from './at-once.ts'
import { journalOf, openTenant, type TenantInput } from './tenant-open.ts'
import { changeView, type ChangeProgress, type ChangeView, type TenantUndoResult } from './tenant-results.ts'
import { troubleOf } from './trouble.ts'
import type { TenantDoor, World } from './world.ts'

export type TenantUndoInput = TenantInput & {
  /** `migration`: only what was changed for the time of the migration (sizes, retention, protocols). */
  readonly what: 'all' | 'migration'
  /** Mailboxes that mail has been moved into are taken back too: their mail is then deleted after 30 days. */
  readonly withMail: boolean
  readonly approve: (changes: readonly ChangeView[], withMail: TenantUndoResult['withMail']) => Promise<boolean>
  readonly onProgress: (progress: ChangeProgress) => void
}

type Row = JournalRow<TenantCall>

/** Takes back what `tenant apply` did from this state directory, newest first, and nothing else. It can be run again where it was stopped. */
export async function tenantUndo(world: World, input: TenantUndoInput): Promise<TenantUndoResult> {
  const tenant = await openTenant(world, input)
  const { door, ctx } = tenant
  using journal = journalOf(tenant, input)
  const wanted = toUndo(journal.rows()).filter(({ change }) => input.what === 'all' || change.kind === 'migration')
  const filled = await mailboxesWithMail(door, wanted, input.signal)
  const keep = input.withMail ? new Set<string>() : new Set(filled.map(({ address }) => address))
  const rows = wanted.filter((row) => !(endsMailbox(row) && keep.has(row.change.about.toLowerCase())))
  // What came by itself goes by itself.
  const views = rows.flatMap(({ change }) => (change.calls.length === 0 ? [] : [changeView(change)])).toReversed()
  const withMail = input.withMail ? [] : filled
  if (rows.length === 0 || !(await input.approve(views, withMail)))
    return { approved: rows.length === 0, statement: null, cannot: [], withMail, failure: null }
  const result = await undone(journal, rows, { hands: tenantHands(door, () => ctx.clock.now()), ctx, onProgress: input.onProgress })
  return {
    approved: true,
    statement: result.statement,
    cannot: result.cannot.map(({ about, says, why }) => ({ about, says, why })),
    withMail,
    failure: result.halted instanceof Failure ? troubleOf(result.halted) : null,
  }
}

function undone(
  journal: Journal<TenantCall>,
  rows: readonly Row[],
  options: Omit<Parameters<typeof undoChanges<TenantCall>>[0], 'journal' | 'only'>,
) {
  const ids = new Set(rows.map(({ id }) => id))
  return undoChanges({ journal, ...options, only: ({ id }) => ids.has(id) })
}

/** Whether taking it back takes the mailbox away, with all that is in it. */
function endsMailbox({ change }: Row): boolean {
  const text = JSON.stringify(change.undo)
  return change.kind === 'user' || change.kind === 'licence'
    ? !Array.isArray(change.undo) || change.undo.length > 0
    : /"Remove-Mailbox"/.test(text)
}

/** Mailboxes that would be taken away and are no longer empty. */
async function mailboxesWithMail(door: TenantDoor, rows: readonly Row[], signal: AbortSignal): Promise<TenantUndoResult['withMail']> {
  const addresses = [...new Set(rows.filter(endsMailbox).map(({ change }) => change.about.toLowerCase()))]
  const filled: { address: string; items: number }[] = []
  await forEachAtOnce(addresses, 4, signal, async (address) => {
    const items = await itemsIn(door, address)
    if (items > 0) filled.push({ address, items })
  })
  signal.throwIfAborted()
  return filled.toSorted((a, b) => a.address.localeCompare(b.address))
}

/** Calendars and the like count too: what a person put there is as dear as mail. */
async function itemsIn({ admin }: TenantDoor, address: string): Promise<number> {
  try {
    const { rows } = await admin.invoke('Get-MailboxStatistics', { Identity: address })
    const count = rows[0]?.['ItemCount']
    return typeof count === 'number' ? count : Number(textIn(count)) || 0
  } catch (error) {
    if (error instanceof Failure && error.code === 'object-unknown') return 0
    throw error
  }
}
