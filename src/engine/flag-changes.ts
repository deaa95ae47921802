import type { Entry } from '../ledger/entry.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import type { DestinationLimits } from '../destination/port.ts'
import { canonicalFlags } from '../model/flags.ts'
import { UidSet } from '../model/uid-set.ts'
import type { Lane } from './lane.ts'
import { flagsFor, readFlags, showsOurs } from './carried-flags.ts'
import type { PassEnv } from './pass-env.ts'

/** A known message whose flags at the source are not those last carried. */
export type FlagChange = { readonly entry: Entry; readonly flags: readonly string[] }

/** Which of these rows differ from what the ledger says was carried. `\Deleted` is not carried: what is expunged is. */
export function changedFlags(
  env: PassEnv,
  folder: FolderEntry,
  rows: readonly { readonly uid: number; readonly flags: readonly string[] }[],
): readonly FlagChange[] {
  if (rows.length === 0) return []
  const byUid = new Map(rows.map((row) => [row.uid, canonicalFlags(row.flags)]))
  const changes: FlagChange[] = []
  const uids = UidSet.of(byUid.keys())
  const scattered = uids.max - (uids.ranges[0]?.[0] ?? 0) > 20 * uids.size + 1000
  const entries = scattered
    ? [...byUid.keys()].map((uid) => env.ledger.lookup(folder.id, uid)).filter((entry) => entry !== null)
    : env.ledger.entries(folder.id, uids.ranges[0]?.[0] ?? 1, uids.max)
  for (const entry of entries) {
    const flags = byUid.get(entry.uid)
    if (flags === undefined) continue
    if (entry.state === 'skipped' ? wasUndeleted(env, entry, flags) : isCopied(entry) && carried(flags).join(' ') !== entry.flags) {
      changes.push({ entry, flags: carried(flags) })
    }
  }
  return changes
}

/** The change of a copy whose message shows these flags; none when they are those that were carried. */
export function flagChange(entry: Entry, flags: readonly string[]): readonly FlagChange[] {
  return isCopied(entry) && carried(flags).join(' ') !== entry.flags ? [{ entry, flags: carried(flags) }] : []
}

function isCopied(entry: Entry): boolean {
  return entry.state === 'copied' || entry.state === 'verified'
}

/** Left out because it was marked as deleted, and the mark was taken back. */
export function wasUndeleted(env: PassEnv, entry: Entry, flags: readonly string[]): boolean {
  return entry.state === 'skipped' && entry.code === 'deleted-flag' && (env.options.includeDeleted || !flags.includes('\\Deleted'))
}

function carried(flags: readonly string[]): readonly string[] {
  return canonicalFlags(flags).filter((flag) => flag !== '\\Deleted')
}

/**
 * Carries flag changes over. A copy whose flags at the destination are not those that we put there was changed by a person:
 * it is left as it is. Returns nothing; the ledger notes the source's flags as dealt with either way.
 */
export async function carryFlags(env: PassEnv, lane: Lane, folder: FolderEntry, changes: readonly FlagChange[]): Promise<void> {
  const copies = changes.filter(({ entry }) => entry.destinationUid !== null && isCopied(entry))
  if (env.options.flags === 'keep') return await noteFlags(env, copies)
  const byFolder = Map.groupBy(copies, ({ entry }) => entry.destinationName ?? folder.destinationName ?? '')
  for (const [name, group] of byFolder) {
    env.ctx.signal.throwIfAborted()
    await carryInto(env, lane, name, group)
  }
}

async function carryInto(env: PassEnv, lane: Lane, name: string, group: readonly FlagChange[]): Promise<void> {
  const { limits } = await lane.destination()
  const opened = await lane.knownDestinationFolder(name, env.destinationStatus.get(name))
  const byUid = new Map(group.map((change) => [change.entry.destinationUid ?? 0, change]))
  const stores = new Map<string, { readonly add: readonly string[]; readonly remove: readonly string[]; readonly uids: number[] }>()
  const settled: FlagChange[] = []
  const later = (uid: number, add: readonly string[], remove: readonly string[]): void => {
    const key = `${add.join(' ')}/${remove.join(' ')}`
    const same = stores.get(key)
    if (same === undefined) stores.set(key, { add, remove, uids: [uid] })
    else same.uids.push(uid)
  }
  await opened.flagsOf(UidSet.of(byUid.keys()), (uid, now) => {
    const change = byUid.get(uid)
    if (change === undefined || change.entry.destinationUidValidity !== opened.status.uidValidity) return
    byUid.delete(uid)
    settled.push(change)
    const shown = now.filter((flag) => flag !== '\\Deleted')
    if (!showsOurs(shown, change.entry.flags, limits)) {
      env.tally.leftAlone++
      return
    }
    // A flag that is shown and owed is stored all the same: that is what makes it last.
    const stored = heldFlags(readFlags(change.entry.flags).carried, limits)
    const after = heldFlags(change.flags, limits)
    const add = after.filter((flag) => !stored.includes(flag))
    const remove = heldFlags(shown, limits).filter((flag) => !after.includes(flag))
    if (add.length + remove.length === 0) return
    later(uid, add, remove)
  })
  // Not there any more: a person moved or deleted it.
  env.tally.leftAlone += byUid.size
  settled.push(...byUid.values())
  const stored = [...stores.values()].map(async ({ add, remove, uids }) => {
    await opened.store(UidSet.of(uids), add, remove)
    env.tally.flagsChanged += uids.length
  })
  for (const end of await Promise.allSettled(stored)) if (end.status === 'rejected') throw end.reason
  env.step('flags-stored')
  await noteFlags(env, settled)
}

async function noteFlags(env: PassEnv, changes: readonly FlagChange[]): Promise<void> {
  if (changes.length === 0) return
  const told = changes.map(({ entry, flags }) => ({ folderId: entry.folderId, uid: entry.uid, flags: flags.join(' ') }))
  env.tally.flagsSeen += told.length
  await env.commits.run(() => env.ledger.record({ flags: told }))
}

function heldFlags(flags: readonly string[], limits: DestinationLimits): readonly string[] {
  return flagsFor(flags, limits, false).append
}
