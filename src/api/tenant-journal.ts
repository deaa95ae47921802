import { writeFileSync } from 'node:fs'
import { statement } from '../change/statement.ts'
import { openJournal } from '../change/open-journal.ts'
import { Failure } from '../model/failure.ts'
import { translated } from '../report/write-whole.ts'
import type { TenantCall } from '../tenant/call.ts'
import { journalOptions, journalToRead } from './tenant-open.ts'
import type { TenantPasswordsResult, TenantStatusResult } from './tenant-results.ts'
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

/**
 * Hands the temporary passwords out, once: into a new file that only its owner may read. They are gone from the journal as soon as
 * the file is written, and stay there where it cannot be.
 */
export function tenantPasswords(world: World, input: TenantJournalInput & { readonly file: string }): TenantPasswordsResult {
  using journal = openJournal<TenantCall>(journalOptions(world.clock, input.stateDir, input.env, null))
  const all = journal.handOut((rows) => {
    const lines = rows.map(({ about, secret }) => [about, secret.reveal()].map(quoted).join(','))
    write(input.file, ['address,temporary_password', ...lines, ''].join('\r\n'))
  })
  return { file: all.length === 0 ? null : input.file, handedOut: all.length }
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text, { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw new Failure('bad-input', `"${file}" is there already and is not overwritten. Name a new file.`)
    throw translated(error, file)
  }
}

/** Neither an address nor a password that we make begins with what a spreadsheet would run. */
function quoted(cell: string): string {
  return `"${cell.replaceAll('"', '""')}"`
}
