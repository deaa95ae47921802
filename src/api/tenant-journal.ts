import { statement } from '../change/statement.ts'
import { journalToRead } from './tenant-open.ts'
import type { TenantStatusResult } from './tenant-results.ts'
import type { World } from './world.ts'

export type TenantJournalInput = { readonly stateDir: string; readonly env: Readonly<Record<string, string | undefined>> }

/** What was done to the tenant from this state directory. Signs in nowhere. */
export function tenantStatus(world: World, input: TenantJournalInput): TenantStatusResult {
  const journal = journalToRead(world, input)
  if (journal === null) return { stateDir: input.stateDir, runs: [], statement: null, changes: [], passwordsWaiting: 0 }
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
    statement: statement(rows),
    changes: rows.map(({ change: { about, kind, says }, state, changedAtMs }) => ({
      about,
      kind,
      says,
      state,
      changedAt: new Date(changedAtMs).toISOString(),
    })),
    passwordsWaiting: open.secretsWaiting(),
  }
}
