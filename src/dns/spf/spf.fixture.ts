import type { SpfLookup } from './tree.ts'

/** For tests: a world of records, "name TYPE" → data. Names that are not in it are not there; `!` as data is no answer. */
export function lookupIn(records: Readonly<Record<string, readonly string[]>>): SpfLookup {
  return (name, type) => {
    const data = records[`${name} ${type}`]
    if (data?.[0] === '!') return Promise.resolve({ status: 'failed', data: [] })
    return Promise.resolve(data === undefined ? { status: 'nothing', data: [] } : { status: 'found', data })
  }
}
