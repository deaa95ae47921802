import type { Ledger } from '../ledger/ledger.ts'
import { UidSet } from '../model/uid-set.ts'

/** A message that one of our copies was made of, where it stands. */
export type Original = { readonly folder: string; readonly uidValidity: string; readonly uid: number }

/**
 * What was carried between the same two mailboxes in the other direction. A folder is named as its server lists it, and is one of the
 * side that this pass reads.
 */
export type OtherWay = {
  /** The UIDs of this folder that are our own copies. */
  copiesIn(folder: string, uidValidity: string): UidSet
  /** Of each of our own copies in this folder, by UID, the message that it was made of; where that is still known by a UID. */
  originalsOf(folder: string, uidValidity: string): ReadonlyMap<number, Original>
}

/** From the ledger of that direction. Looked up folder by folder when asked. */
export function otherWay(ledger: Ledger, mailboxId: number): OtherWay {
  const folders = ledger.folders(mailboxId)
  function* copies(name: string, uidValidity: string): Generator<{ readonly at: number; readonly original: Original }> {
    // Copies that were moved since are few, and mostly of one folder.
    const moved = ledger.strays(mailboxId, name, uidValidity).size > 0
    for (const { id, sourceName, destinationName } of folders) {
      if (destinationName !== name && !moved) continue
      for (const entry of ledger.byDestination(id, 1, 2 ** 32)) {
        const { destinationUid, destinationUidValidity, uid } = entry
        if (destinationUid === null || destinationUidValidity !== uidValidity) continue
        if ((entry.destinationName ?? destinationName) !== name) continue
        yield { at: destinationUid, original: { folder: sourceName, uidValidity: entry.uidValidity, uid } }
      }
    }
  }
  return {
    copiesIn: (folder, uidValidity) => UidSet.of(map(copies(folder, uidValidity), ({ at }) => at)),
    originalsOf(folder, uidValidity) {
      const found = new Map<number, Original>()
      for (const { at, original } of copies(folder, uidValidity)) if (original.uid > 0) found.set(at, original)
      return found
    },
  }
}

/**
 * Where the folders of a source came from, by their names there: the mapping of the other direction turned round. Folders that several
 * were merged into are left out: what they are for decides.
 */
export function turnedRound(ledger: Ledger, mailboxId: number): ReadonlyMap<string, string> {
  const all = ledger.folders(mailboxId).filter(({ goneAt, destinationName }) => goneAt === null && destinationName !== null)
  const names = new Map<string, string>()
  for (const [name, group] of Map.groupBy(all, ({ destinationName }) => destinationName ?? ''))
    if (group.length === 1) names.set(name, group[0]?.sourceName ?? '')
  return names
}

function* map<T, U>(all: Iterable<T>, of: (one: T) => U): Generator<U> {
  for (const one of all) yield of(one)
}
