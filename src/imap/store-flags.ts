import type { UidSet } from '../model/uid-set.ts'
import { commandSets } from './command-sets.ts'
import { flagList } from './encoder.ts'
import type { Session } from './session.ts'

/** Adds and removes flags in the open folder, silently. Pieces of a large set are in flight together. */
export async function storeFlags(session: Session, uids: UidSet, add: readonly string[], remove: readonly string[]): Promise<void> {
  const stores: Promise<unknown>[] = []
  for (const set of commandSets(session, uids)) {
    if (add.length > 0) stores.push(store(session, `${set.toString()} +FLAGS.SILENT ${flagList(add)}`))
    if (remove.length > 0) stores.push(store(session, `${set.toString()} -FLAGS.SILENT ${flagList(remove)}`))
  }
  const ends = await Promise.allSettled(stores)
  for (const end of ends) if (end.status === 'rejected') throw end.reason
}

function store(session: Session, what: string): Promise<unknown> {
  return session.run({ verb: 'UID STORE', parts: [`UID STORE ${what}`] })
}
