import type { ListedFolder } from '../model/folder.ts'

/** Splits a listing into one row per name, the most telling one, and the rows that only say it again. */
export function onceEach(folders: readonly ListedFolder[]): { readonly once: readonly ListedFolder[]; readonly again: ListedFolder[] } {
  const best = new Map<string, ListedFolder>()
  const again: ListedFolder[] = []
  for (const folder of folders) {
    const other = best.get(folder.name)
    if (other === undefined) best.set(folder.name, folder)
    else if (telling(folder) > telling(other)) {
      best.set(folder.name, folder)
      again.push(other)
    } else again.push(folder)
  }
  return { once: [...best.values()], again }
}

function telling(folder: ListedFolder): number {
  return (folder.selectable ? 4 : 0) + (folder.specialUse === null ? 0 : 2) + (folder.status === null ? 0 : 1)
}
