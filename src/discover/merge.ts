import type { Proposal } from './propose.ts'
import { LIST_COLUMNS, type ListRow, type ListTable } from './list-file.ts'

/** What `discover` wrote into the notes; a person's own words stand outside of the brackets. */
const OURS =
  /\[(?:no target|same target as|unknown domain|was |listed twice|also listed as|disabled|role account|system account|alias of|group\]|contact\]|public folder\]|not listed any more|note: )[^\]]*\]?/g
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
  const gone: string[] = []
  const kept = existing.rows.map((row) => {
    const now = byLogin.get(keyOf(row))
    byLogin.delete(keyOf(row))
    const typed = (row['notes'] ?? '').replaceAll(OURS, '').replaceAll(/\s+/g, ' ').trim()
    const notes = (ours: string): string => [ours, typed].filter((each) => each !== '').join(' ')
    if (now === undefined) {
      gone.push(row['source_login'] ?? '')
      return { ...row, notes: notes(`[${GONE}]`) }
    }
    return {
      ...row,
      name: row['name'] || (now['name'] ?? ''),
      target: row['target'] || (now['target'] ?? ''),
      kind: row['kind'] || (now['kind'] ?? ''),
      alias: now['alias'] || (row['alias'] ?? ''),
      aliases: now['aliases'] || (row['aliases'] ?? ''),
      notes: notes(now['notes'] ?? ''),
    }
  })
  const added = [...byLogin.values()]
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

function keyOf(row: ListRow): string {
  return (row['source_login'] ?? '').trim().toLowerCase()
}
