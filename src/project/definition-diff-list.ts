import type { Column } from '../definition/list-columns.ts'
import type { ListRecord } from '../definition/list-table.ts'

/** "3 mailboxes added: a, b, c", and so on. Mailboxes are told apart by their address at the new side. */
export function mailboxChanges(before: readonly ListRecord[], after: readonly ListRecord[]): readonly string[] {
  const [old, now] = [byTarget(before), byTarget(after)]
  const added = [...now.keys()].filter((target) => !old.has(target))
  const gone = [...old.keys()].filter((target) => !now.has(target))
  const changed = [...now].flatMap(([target, record]) => {
    const earlier = old.get(target)
    const columns = earlier === undefined ? [] : differing(earlier, record)
    return columns.length === 0 ? [] : [`${target} (${columns.map((column) => column.replaceAll('_', ' ')).join(', ')})`]
  })
  const told = [...counted(added, 'added'), ...counted(gone, 'taken out'), ...counted(changed, 'changed')]
  const isOrder = told.length === 0 && [...old.keys()].join() !== [...now.keys()].join()
  return isOrder ? ['mailboxes: in another order'] : told
}

function byTarget(records: readonly ListRecord[]): ReadonlyMap<string, ListRecord> {
  return new Map(
    records.map((record) => [(record.get('target') ?? record.get('source_login') ?? record.get('name') ?? '').toLowerCase(), record]),
  )
}

function differing(before: ListRecord, after: ListRecord): readonly Column[] {
  return [...new Set([...before.keys(), ...after.keys()])].filter((column) => before.get(column) !== after.get(column))
}

function counted(names: readonly string[], what: string): readonly string[] {
  if (names.length === 0) return []
  const shown = names.slice(0, 3).join(', ')
  const more = names.length > 3 ? ` and ${names.length - 3} more` : ''
  return [`${names.length === 1 ? '1 mailbox' : `${names.length} mailboxes`} ${what}: ${shown}${more}`]
}
