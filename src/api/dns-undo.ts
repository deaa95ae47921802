import { statement } from '../change/statement.ts'
import { toUndo, undoChanges } from '../change/undo-changes.ts'
import { dnsHands } from '../dns/plan/hands.ts'
import { endPristine } from '../dns/plan/pristine.ts'
import { readLog } from '../switch/open-log.ts'
import { Failure } from '../model/failure.ts'
import type { DnsApplyInput } from './dns-apply.ts'
import { dnsDirectory, dnsJournal, dnsJournalToRead, openDomains, type DnsInput } from './dns-open.ts'
import { forRecords, type DnsStatusResult, type DnsUndoResult } from './dns-results.ts'
import { logOptions } from './switch-open.ts'
import { changeView, type ChangeView } from './tenant-results.ts'
import { troubleOf } from './trouble.ts'
import type { World } from './world.ts'

export type DnsUndoInput = DnsInput &
  Pick<DnsApplyInput, 'onProgress' | 'onByHand' | 'waitMinutes'> & {
    readonly approve: (changes: readonly ChangeView[]) => Promise<boolean>
  }

/**
 * Puts back what stood there before `dnsApply`, newest first: the sets as they were found, with their times to live. What somebody
 * else has changed since is left, and told, and so is a domain whose switch is under way. Signs in to hosts of DNS only.
 */
export async function dnsUndo(world: World, input: DnsUndoInput): Promise<DnsUndoResult> {
  const { ctx, sites, chosen } = await openDomains(world, input, { secrets: false })
  using journal = dnsJournal(world.clock, input, null)
  const domains = new Set(chosen.map(({ wanted }) => wanted.domain))
  const all = toUndo(journal.rows()).filter(({ change }) => domains.has(change.about))
  const held = [...new Set(all.map(({ change }) => change.about))].flatMap((domain) => heldBySwitch(world, input.stateDir, domain))
  const rows = all.filter(({ change }) => !held.some(({ domain }) => domain === change.about))
  if (rows.length === 0 || !(await input.approve(rows.map(({ change }) => changeView(change)))))
    return { approved: rows.length === 0, held, statement: null, failure: null }
  const waitMs = input.waitMinutes * 60_000
  const ids = new Set(rows.map(({ id }) => id))
  const result = await undoChanges({
    journal,
    hands: dnsHands(sites, { ctx, waitMs, onByHand: input.onByHand }),
    ctx,
    waitMs,
    onProgress: input.onProgress,
    only: ({ id }) => ids.has(id),
  })
  const standing = new Set(toUndo(journal.rows()).map(({ change }) => change.about))
  const left = new Set(result.statement.open.map(({ about }) => about))
  for (const domain of new Set(rows.map(({ change }) => change.about)))
    if (!standing.has(domain) && !left.has(domain)) await endPristine(dnsDirectory(input.stateDir), domain, world.clock.now())
  return { approved: true, held, statement: result.statement, failure: result.halted instanceof Failure ? troubleOf(result.halted) : null }
}

/** A switch that is under way stands on what `dnsApply` did, and has changed the same sets since. */
function heldBySwitch(world: World, stateDir: string, domain: string): DnsUndoResult['held'] {
  using log = readLog(logOptions(world, { stateDir, domain }))
  const phase = log?.state().phase ?? 'draft'
  if (phase === 'draft' || phase === 'analysed' || phase === 'restored') return []
  const remedy =
    phase === 'decommissioned'
      ? 'What is no longer wanted is changed at the host of DNS.'
      : `Run \`cutover switch ${domain} --rollback\` until it says "restored"; undo takes back what is left then.`
  return [{ domain, says: `The switch of ${domain} is at "${phase}" and stands on these records.`, remedy }]
}

/** What was done to the records from this state directory. Asks nobody. */
export function dnsStatus(world: World, input: Pick<DnsInput, 'stateDir' | 'env'>): DnsStatusResult {
  const journal = dnsJournalToRead(world.clock, input)
  if (journal === null) return { stateDir: input.stateDir, runs: [], statement: null, changes: [] }
  using open = journal
  const rows = open.rows()
  return {
    stateDir: input.stateDir,
    runs: open.runs().map(({ id, kind, beganAtMs, endedAtMs }) => ({
      id,
      kind,
      beganAt: new Date(beganAtMs).toISOString(),
      endedAt: endedAtMs === null ? null : new Date(endedAtMs).toISOString(),
    })),
    statement: forRecords(statement(rows)),
    changes: rows.map(({ change: { about, kind, says }, state, changedAtMs }) => ({
      domain: about,
      phase: kind,
      says,
      state,
      changedAt: new Date(changedAtMs).toISOString(),
    })),
  }
}
