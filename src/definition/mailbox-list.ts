import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { Failure } from '../model/failure.ts'
import { isAddress } from '../model/mail-address.ts'
import { Secret } from '../model/secret.ts'
import { original } from '../lib/csv-cell.ts'
import { csvRows } from '../lib/csv-rows.ts'
import type { CsvRow } from '../lib/csv-rows.ts'
import { entryRows } from './list-entries.ts'
import { columnsOf, TENANT_COLUMNS } from './list-columns.ts'
import type { Column, ListProblem, PasswordNeeds, TenantColumn } from './list-columns.ts'
import { secretAt, whyUnreadable } from './secret-place.ts'
import type { SecretPlaces } from './secret-place.ts'

/** One mailbox to move, as its line in the list says. */
export type MailboxLine = {
  /** Where it stands in the file, counted from 1. */
  readonly line: number
  /** What reports call it; the target where the list does not say. */
  readonly name: string
  readonly sourceLogin: string
  /** null: the list has none for it. */
  readonly sourcePassword: Secret | null
  /** Whether the list has one for it, also where it was not read. */
  readonly hasSourcePassword: boolean
  /** The one tree that is copied, instead of the mailbox of the login: "Public/Sales"; null: the mailbox. */
  readonly sourceRoot: string | null
  readonly target: string
  readonly targetPassword: Secret | null
  /** What it is (`user`, `shared`, `room`, …), where the list says. */
  readonly kind: string | null
  /** Exchange's mail alias, which a delegate signs in with. */
  readonly alias: string | null
  /** Its further addresses. */
  readonly aliases: readonly string[]
  /** Which mailboxes move together. */
  readonly batch: string | null
  /** Another address of the person, outside; null: none is known. */
  readonly privateAddress: string | null
  readonly notes: string | null
  /** The cells that the tenant is prepared by, as they stand there and not yet checked; an empty one is left out. */
  readonly tenant: Readonly<Partial<Record<TenantColumn, string>>>
}

/** Rows of these kinds stay in the list for people to see, and are no mailboxes to move. */
export const NOT_MOVED: ReadonlySet<string> = new Set(['group', 'alias', 'contact', 'public', 'system', 'skip'])

/**
 * Reads the list of mailboxes (CSV, or a cutover.yaml with `mailboxes.entries`). A password may be `env:NAME` or `file:PATH`, relative to the list. Every bad row is found: all of them
 * come with their line numbers in one `Failure('bad-input')` of several lines, in which no password stands.
 */
export async function readMailboxList(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  needs: PasswordNeeds = { source: true, target: false },
): Promise<readonly MailboxLine[]> {
  const { lines, problems } = await mailboxesIn(await listRows(path), { directory: dirname(path), env }, needs)
  if (problems.length > 0) throw failure(path, problems)
  return lines
}

export type ListRows = { readonly rows: readonly CsvRow[]; readonly problems: readonly ListProblem[] }

/** The rows of a list, or of a definition that has its mailboxes in itself; the first one names the columns. */
export async function listRows(path: string): Promise<ListRows> {
  const bytes = await bytesOf(path)
  // A definition may be called as one likes; no column is.
  const isDefinition = /\.ya?ml$/i.test(path) || /^version:\s/m.test(bytes.toString('latin1', 0, 4096))
  return isDefinition ? entryRows(bytes) : csvRows(bytes)
}

/** The mailboxes that rows speak of, and all that is wrong with them. */
export async function mailboxesIn(
  { rows, problems: unreadable }: ListRows,
  places: SecretPlaces,
  needs: PasswordNeeds,
): Promise<{ readonly lines: readonly MailboxLine[]; readonly problems: readonly ListProblem[] }> {
  const problems: ListProblem[] = [...unreadable]
  // What cannot be read has said so.
  if (rows.length === 0 && problems.length > 0) return { lines: [], problems }
  const [header, ...body] = rows
  if (header === undefined) problems.push({ line: 1, says: 'the list is empty: its first line names the columns (source_login, …)' })
  const columns = header === undefined ? [] : columnsOf(header, needs, problems)
  if (header !== undefined && body.length === 0 && problems.length === 0)
    problems.push({ line: header.line, says: 'no mailbox follows the line with the columns' })
  const lines: MailboxLine[] = []
  // Below wrong columns every row would be wrong: only the columns are reported.
  if (header !== undefined && columns.length > 0) {
    for (const row of body) {
      const line = await mailboxOf(row, columns, { ...places, needs, problems })
      if (line !== null) lines.push(line)
    }
    // Bad rows count here too: else putting them right would bring the next complaint.
    findDoubles(lines, problems)
    if (body.length > 0 && lines.length === 0 && problems.length === 0)
      problems.push({
        line: header.line,
        says: `no mailbox to move: every row is of a kind that stays behind (${[...NOT_MOVED].join(', ')})`,
      })
  }
  return { lines, problems }
}

async function bytesOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new Failure('bad-input', `The list of mailboxes cannot be read: "${path}" ${whyUnreadable(cause)}.`, { cause })
  }
}

type Reading = SecretPlaces & {
  readonly needs: PasswordNeeds
  readonly problems: ListProblem[]
}

async function mailboxOf(row: CsvRow, columns: readonly Column[], reading: Reading): Promise<MailboxLine | null> {
  const say = (says: string): void => void reading.problems.push({ line: row.line, says })
  if (row.fields.length < columns.length || row.fields.slice(columns.length).some((extra) => extra !== '')) {
    say(`${row.fields.length} fields instead of ${columns.length}: a field that holds the separator stands in quotes`)
    return null
  }
  const given = (column: Column): string => row.fields[columns.indexOf(column)] ?? ''
  // A password is what it is; anything else may have been made harmless for spreadsheets.
  const field = (column: Column): string => original(given(column)).trim()
  const kind = field('kind').toLowerCase()
  if (NOT_MOVED.has(kind)) return null
  const [sourceLogin, target] = [field('source_login'), field('target')]
  if (sourceLogin === '' && reading.needs.tenantOnly !== true) say('source_login is empty')
  if (target === '') say('target is empty')
  else if (!isAddress(target)) say('target is not an address like anna@example.org')
  const privateAddress = field('private_address')
  if (privateAddress !== '' && !isAddress(privateAddress)) say('private_address is not an address like anna@elsewhere.example')
  const sourcePassword = await passwordOf('source_password', given('source_password'), reading, say)
  const targetPassword = await passwordOf('target_password', given('target_password'), reading, say)
  return {
    line: row.line,
    name: field('name') || target,
    sourceLogin,
    sourcePassword,
    hasSourcePassword: given('source_password') !== '',
    sourceRoot: field('source_root').replace(/\/+$/, '') || null,
    target,
    targetPassword,
    kind: kind || null,
    alias: field('alias') || null,
    aliases: field('aliases')
      .split(/[\s,;]+/)
      .filter((each) => each !== ''),
    batch: field('batch') || null,
    privateAddress: privateAddress || null,
    notes: field('notes') || null,
    tenant: Object.fromEntries(TENANT_COLUMNS.flatMap((column) => (field(column) === '' ? [] : [[column, field(column)]]))),
  }
}

async function passwordOf(
  column: 'source_password' | 'target_password',
  given: string,
  reading: Reading,
  say: (says: string) => void,
): Promise<Secret | null> {
  if (reading.needs.tenantOnly === true || reading.needs.unread === true) return null
  if (given === '') {
    if (column === 'source_password' ? reading.needs.source : reading.needs.target) say(`${column} is empty`)
    return null
  }
  const found = await secretAt(given, reading)
  if (found === null) return new Secret(given)
  if ('secret' in found) return found.secret
  say(`${column} ${found.says}`)
  return new Secret('')
}

function findDoubles(lines: readonly MailboxLine[], problems: ListProblem[]): void {
  for (const [word, key] of [
    ['target', (line: MailboxLine) => line.target] as const,
    ['source_login', (line: MailboxLine) => [line.sourceLogin, ...(line.sourceRoot === null ? [] : [line.sourceRoot])].join(' ')] as const,
  ]) {
    const first = new Map<string, number>()
    for (const line of lines) {
      const folded = key(line).toLowerCase()
      if (folded === '') continue
      const earlier = first.get(folded)
      if (earlier === undefined) first.set(folded, line.line)
      else problems.push({ line: line.line, says: `${word} "${key(line)}" stands on line ${earlier} already` })
    }
  }
}

function failure(path: string, problems: readonly ListProblem[]): Failure {
  const sorted = problems.toSorted((a, b) => a.line - b.line).map((problem) => `line ${problem.line}: ${problem.says}`)
  const count = sorted.length === 1 ? 'a mistake' : `${sorted.length} mistakes`
  return new Failure('bad-input', [`The list of mailboxes ${basename(path)} has ${count}:`, ...sorted].join('\n'))
}
