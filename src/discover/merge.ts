import type { Proposal } from './propose.ts'
import { LIST_COLUMNS, type ListRow, type ListTable } from './list-file.ts'

/** What `discover` wrote into the notes; a person's own words stand outside of the brackets. */
const OURS =
  /\[(?:no target|same target as|unknown domain|was |listed twice|also listed as|disabled|role account|system account|alias of|group\]|contact\]|public folder\]|left out by hand|not listed any more|note: )[^\]]*\]?/g
export const GONE = 'not listed any more'

/** The row of a proposal in the list. */
export function rowOf({ found, kind, target, flags }: Proposal): ListRow {
  return {
    name: found.name ?? '',
    source_login: found.login,
    source_password: '',
    target: target ?? '',
    kind,
    alias: found.mailAlias ?? '',
    aliases: found.aliases.join(' '),
    batch: '',
    notes: notesOf([...flags.map(({ says }) => says), ...found.remarks.map((remark) => `note: ${remark}`)]),
  }
}

function notesOf(says: readonly string[]): string {
  return says.map((each) => `[${each.replaceAll(/[[\]]/g, '')}]`).join(' ')
}

export type Merged = { readonly table: ListTable; readonly added: readonly string[]; readonly gone: readonly string[] }

/**
 * A new listing put into an existing list: what a person may have typed (passwords, targets, names, batches, kinds, notes, columns of
 * their own, the order) stays, what only the system can know is renewed, new mailboxes are added at the end. A row that is not listed any
 * more stays and is marked: nothing leaves a list of what is to be moved without a person.
 */
export function mergedList(existing: ListTable, fresh: readonly ListRow[]): Merged {
  const byLogin = new Map(fresh.map((row) => [keyOf(row), row]))
  const listed = new Set(existing.rows.filter((row) => !isTree(row)).map(keyOf))
  const gone: string[] = []
  const seen = new Set<string>()
  const kept = existing.rows.map((row) => {
    // One tree of a source as a mailbox of its own, and a login that stands there twice, are a person's own affair.
    if (isTree(row) || seen.has(keyOf(row))) return row
    seen.add(keyOf(row))
    const now = byLogin.get(keyOf(row))
    const typed = (row['notes'] ?? '').replaceAll(OURS, '').replaceAll(/\s+/g, ' ').trim()
    const notes = (ours: string): string => [ours, typed].filter((each) => each !== '').join(' ')
    if (now === undefined) {
      gone.push(row['source_login'] ?? '')
      return { ...row, notes: notes(`[${GONE}]`) }
    }
    return {
      ...row,
      name: row['name'] || (now['name'] ?? ''),
      // Proposals know what the list said: these two are the list's where it says something.
      target: now['target'] || (row['target'] ?? ''),
      kind: now['kind'] || (row['kind'] ?? ''),
      alias: now['alias'] || (row['alias'] ?? ''),
      aliases: now['aliases'] || (row['aliases'] ?? ''),
      notes: notes(now['notes'] ?? ''),
    }
  })
  const added = fresh.filter((row) => !listed.has(keyOf(row)))
  return {
    table: {
      columns: [...existing.columns, ...LIST_COLUMNS.filter((column) => !existing.columns.includes(column))],
      rows: [...kept, ...added],
      delimiter: existing.delimiter,
    },
    added: added.map((row) => row['source_login'] ?? ''),
    gone,
  }
}

/** What the list says of target and kind, for `proposals`. */
export function keptIn({ rows }: ListTable): ReadonlyMap<string, { readonly target: string; readonly kind: string }> {
  const own = rows
    .filter((row) => !isTree(row))
    .map((row) => [keyOf(row), { target: (row['target'] ?? '').trim(), kind: row['kind'] ?? '' }] as const)
  // Of a login that stands there twice the first one counts.
  return new Map(own.toReversed())
}

function isTree(row: ListRow): boolean {
  return (row['source_root'] ?? '').trim() !== ''
}

/** A forwarding may bear the name of a mailbox: it is another row. */
function keyOf(row: ListRow): string {
  const login = (row['source_login'] ?? '').trim().toLowerCase()
  return row['kind']?.trim().toLowerCase() === 'alias' ? `alias ${login}` : login
}
