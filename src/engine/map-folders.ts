import type { DestinationSession } from '../destination/port.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import { planFolders, type FolderPlan, type PlannedFolder } from '../mapping/plan-folders.ts'
import { roleOf } from '../mapping/roles.ts'
import type { ListedFolder } from '../model/folder.ts'
import type { SourceSession } from '../source/port.ts'
import type { Lane } from './lane.ts'
import type { PassEnv } from './pass-env.ts'

/** A source folder with its place at the destination, both as the servers list them. */
export type MappedFolder = { readonly planned: PlannedFolder; readonly source: ListedFolder; readonly destination: ListedFolder }

export type MappedFolders = {
  readonly plan: FolderPlan
  readonly mapped: readonly MappedFolder[]
  /** Where deleted messages go: the destination's Deleted Items. */
  readonly trashName: string | null
}

/** The mapping as it would be carried out now. Creates nothing. */
export async function previewFolders(
  lane: Lane,
  remembered: ReadonlyMap<string, readonly string[]>,
  turnedRound: ReadonlyMap<string, string> = new Map(),
): Promise<{
  readonly plan: FolderPlan
  readonly source: SourceSession
  readonly session: DestinationSession
  readonly existing: readonly ListedFolder[]
}> {
  const [{ source, from }, { session, existing }] = await Promise.all([listSource(lane), listDestination(lane)])
  const sourceNamespaces = source.namespaces ?? undefined
  const { holdsItems: sourceHoldsItems, wanted: also } = source
  return {
    plan: planFolders(from, existing, session.limits, {
      remembered: new Map([...pathsThere(turnedRound, existing), ...remembered]),
      sourceNamespaces,
      sourceHoldsItems,
      also,
    }),
    source,
    session,
    existing,
  }
}

async function listSource(lane: Lane): Promise<{ source: SourceSession; from: readonly ListedFolder[] }> {
  const source = await lane.source()
  return { source, from: await source.folders() }
}

async function listDestination(lane: Lane): Promise<{ session: DestinationSession; existing: readonly ListedFolder[] }> {
  const session = await lane.destination()
  return { session, existing: await session.folders() }
}

/** Maps every folder, keeps what an earlier pass decided, and creates what is missing: all in one go, parents first. */
export async function mapFolders(env: PassEnv, lane: Lane): Promise<MappedFolders> {
  const remembered = rememberedPaths(env.ledger.folders(env.mailboxId))
  const { plan, source, session, existing } = await previewFolders(lane, remembered, env.turnedRound)
  for (const warning of source.warnings ?? []) env.watch.note(warning)
  const wanted = plan.folders.filter((planned) => planned.destination === null)
  const trash =
    existing.find((folder) => folder.specialUse === 'trash' && folder.selectable) ??
    existing.find((folder) => folder.selectable && roleOf(folder.specialUse, folder.path) === 'trash')
  const trashPlanned = plan.folders.find((planned) => planned.role === 'trash')
  env.step('folders-planned')
  const created = wanted.length === 0 ? [] : await session.create(wanted.map((planned) => planned.path))
  env.step('folders-created')
  for (const { name, status } of [...existing, ...created]) if (status !== null) env.destinationStatus.set(name, status)
  const byPlan = new Map(wanted.map((planned, at) => [planned, created[at]]))
  const mapped: MappedFolder[] = []
  for (const planned of plan.folders) {
    const destination = planned.destination ?? byPlan.get(planned)
    if (destination === undefined) continue
    if (!planned.source.selectable) continue
    mapped.push({ planned, source: planned.source, destination })
  }
  for (const warning of session.warnings?.(mapped.map(({ destination }) => destination)) ?? []) env.notes.add(warning)
  const trashName =
    trash?.name ?? (trashPlanned === undefined ? null : (trashPlanned.destination ?? byPlan.get(trashPlanned))?.name) ?? null
  return { plan, mapped, trashName }
}

/** Where the folders are that those of the source came from; what is there no longer is placed like any other. */
function pathsThere(turnedRound: ReadonlyMap<string, string>, existing: readonly ListedFolder[]): ReadonlyMap<string, readonly string[]> {
  const byName = new Map(existing.filter(({ selectable }) => selectable).map(({ name, path }) => [name, path]))
  const paths = new Map<string, readonly string[]>()
  for (const [name, there] of turnedRound) {
    const path = byName.get(there)
    if (path !== undefined) paths.set(name, path)
  }
  return paths
}

export function rememberedPaths(folders: readonly FolderEntry[]): ReadonlyMap<string, readonly string[]> {
  const paths = new Map<string, readonly string[]>()
  for (const folder of folders) if (folder.destinationPath !== null) paths.set(folder.sourceName, folder.destinationPath)
  return paths
}
