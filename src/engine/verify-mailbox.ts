import type { Context } from '../lib/context.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import { Failure } from '../model/failure.ts'
import { UidSet } from '../model/uid-set.ts'
import { Feed } from './feed.ts'
import { finishFolder, patiently } from './finish-folder.ts'
import { FolderCopy } from './folder-copy.ts'
import { GroupCommit } from './group-commit.ts'
import { Governor } from './governor.ts'
import { holdLease } from './held-lease.ts'
import { Lane } from './lane.ts'
import { previewFolders, rememberedPaths } from './map-folders.ts'
import { asFailure, type PassJob } from './pass.ts'
import { newTally, type PassEnv } from './pass-env.ts'
import { verifyGroup } from './verify-folder.ts'
import { keepResult, markOf, restored, resultsOfBrokenRun, stillHolds, type Kept, type Marks } from './verify-resume.ts'
import type { FolderVerification, VerifyLevel } from './verify-figures.ts'

export type VerifyJob = PassJob & {
  readonly level: VerifyLevel
  /** What is compared, in a word: only results of the same scope are taken over. */
  readonly scope: string
  /** Takes nothing over from a run that was broken off. */
  readonly fresh: boolean
  /** Called once for each message at level `content`: compare this one? */
  readonly sampled: () => boolean
  /** Copies again what is missing, then looks again. */
  readonly repair: boolean
}

export type MailboxVerification = {
  readonly folders: readonly FolderVerification[]
  readonly repaired: number
  /** Folders whose result is that of a run before, which was broken off. */
  readonly takenOver: number
}

/**
 * Verifies one mailbox folder by folder, whoever copied it. Writes nothing at either end unless `repair` is asked for. What a run that
 * was broken off had verified is taken over, where STATUS tells that nothing has moved since.
 */
export async function verifyMailbox(job: VerifyJob): Promise<MailboxVerification> {
  const { ledger, mailboxId } = job
  using lease = holdLease(ledger, mailboxId, job.owner)
  job.source.remember?.(ledger.sourceNotes(mailboxId))
  const ctx: Context = { ...job.ctx, signal: AbortSignal.any([job.ctx.signal, lease.lost]) }
  // Reading may be cut off at any time; what is being written is finished first.
  const wire = job.repair ? { ...job.ctx, signal: lease.lost } : ctx
  const passId = ledger.beginPass(mailboxId, 'verify')
  const governor = new Governor(1, job.rate, ctx, job.watch)
  const env: PassEnv = {
    ...job,
    passId,
    governor,
    ctx,
    wire,
    commits: new GroupCommit(ledger),
    destinationStatus: new Map(),
    tally: newTally(),
    notes: new Set(),
    step: () => {},
  }
  try {
    await using lane = new Lane(job, governor, job.options.patience, ctx, wire)
    const result = await verifyAll(env, lane, job)
    ledger.endPass(passId, { failure: null, detail: null, figures: { level: job.level, repaired: result.repaired } })
    return result
  } catch (error) {
    const why = asFailure(error, ctx)
    if (why instanceof Failure && why.code !== 'disk-full')
      ledger.endPass(passId, { failure: why.code, detail: why.message, figures: null })
    throw why
  }
}

type Listed = { readonly entry: FolderEntry; readonly marks: Marks; readonly messages: number }

async function verifyAll(env: PassEnv, lane: Lane, job: VerifyJob): Promise<MailboxVerification> {
  env.watch.phase('connect', null)
  const listed = await patiently(lane, () => listFolders(env, lane))
  const before = job.fresh ? new Map() : resultsOfBrokenRun(env.ledger, env.mailboxId, job.level, env.ctx.clock.now())
  /** What is known of all folders that share a destination, null where one of them must be looked at. */
  const known = (group: readonly Listed[]): readonly Kept[] | null => {
    const kept = group.map(({ entry, marks }) => {
      const result = before.get(entry.id)
      const repairs = job.repair && (result?.found.missing ?? 0) > 0
      return result !== undefined && !repairs && stillHolds(result, entry, job.scope, marks) ? result : null
    })
    return kept.every((one) => one !== null) ? kept : null
  }
  const groups = [...Map.groupBy(listed, ({ entry }) => entry.destinationName ?? `\0${entry.id}`).values()].map((group) => ({
    group,
    kept: known(group),
  }))
  const todo = groups.filter(({ kept }) => kept === null).flatMap(({ group }) => group)
  env.watch.expect(
    todo.reduce((sum, { messages }) => sum + messages, 0),
    0,
  )
  const takenOver = listed.length - todo.length
  if (takenOver > 0) env.watch.note(`${takenOver} of ${listed.length} folders verified before`)
  const folders: FolderVerification[] = []
  let repaired = 0
  for (const { group, kept } of groups) {
    const done = kept === null ? await verifyAndRepair(env, lane, job, group) : { found: await takeOver(lane, group, kept), repaired: 0 }
    env.ledger.atomic(() => {
      for (const [at, { entry, marks }] of group.entries()) {
        const found = done.found[at]
        if (found !== undefined) keepResult(env.ledger, { ...job, passId: env.passId }, entry, marks, found)
      }
    })
    folders.push(...done.found)
    repaired += done.repaired
  }
  env.watch.phase('done', null)
  return { folders, repaired, takenOver }
}

/** The source folders with where they should be, and how both ends look before anything is compared. */
async function listFolders(env: PassEnv, lane: Lane): Promise<readonly Listed[]> {
  const { ledger, mailboxId } = env
  const known = new Map(ledger.folders(mailboxId).map((folder) => [folder.sourceName, folder]))
  const { plan } = await previewFolders(lane, rememberedPaths([...known.values()]))
  return plan.folders
    .filter((planned) => planned.source.selectable)
    .map(({ source, destination, path }) => {
      const before = known.get(source.name)
      const destinationName = destination?.name ?? null
      const entry =
        before?.destinationName === destinationName
          ? before
          : ledger.putFolder(mailboxId, {
              sourceName: source.name,
              sourcePath: source.path,
              destinationName,
              destinationPath: destination?.path ?? path,
            })
      return {
        entry,
        marks: { source: markOf(source.status), destination: markOf(destination?.status) },
        messages: source.status?.messages ?? 0,
      }
    })
}

async function takeOver(lane: Lane, group: readonly Listed[], kept: readonly Kept[]): Promise<readonly FolderVerification[]> {
  const found: FolderVerification[] = []
  for (const [at, { entry }] of group.entries()) {
    const one = kept[at]
    if (one !== undefined) found.push(await patiently(lane, () => restored(lane, one, entry)))
  }
  return found
}

async function verifyAndRepair(
  env: PassEnv,
  lane: Lane,
  job: VerifyJob,
  group: readonly Listed[],
): Promise<{ readonly found: readonly FolderVerification[]; readonly repaired: number }> {
  const entries = group.map(({ entry }) => entry)
  const name = entries[0]?.destinationName ?? null
  const look = (): Promise<readonly FolderVerification[]> =>
    patiently(lane, () => verifyGroup(env, lane, entries, name, job.level, job.sampled))
  const found = await look()
  const missing = found.reduce((sum, one) => sum + one.missingUids.length, 0)
  if (!job.repair || missing === 0 || name === null) return { found, repaired: 0 }
  for (const one of found) await copyAgain(env, lane, one, name)
  // What a session has open does not show what another command put there.
  await lane.dropDestination()
  const again = await look()
  return { found: again, repaired: missing - again.reduce((sum, one) => sum + one.missingUids.length, 0) }
}

/** Copies messages anew that a verification did not find at the destination. */
async function copyAgain(env: PassEnv, lane: Lane, one: FolderVerification, destinationName: string): Promise<void> {
  if (one.missingUids.length === 0) return
  const entry = env.ledger.folders(env.mailboxId).find((folder) => folder.id === one.folderId)
  if (entry === undefined) return
  const session = await lane.destination()
  const { status } = await lane.sourceFolder(entry.sourceName)
  const there = await session.status(destinationName)
  const writeFrom = Math.min(entry.writeFrom ?? Infinity, there.uidNext > 0 ? there.uidNext : 1)
  if (entry.uidValidity !== null && entry.uidValidity !== status.uidValidity) {
    throw new Failure('folder-vanished', 'The folder was made anew at the source since the last pass. Run `cutover copy` first.', {
      side: 'source',
    })
  }
  env.ledger.updateFolder(entry.id, { uidValidity: status.uidValidity, destinationUidValidity: there.uidValidity, writeFrom })
  const feed = new Feed(UidSet.of(one.missingUids), env.options.oldestFirst, () => true)
  const target = {
    folderId: entry.id,
    uidValidity: status.uidValidity,
    sourceName: entry.sourceName,
    sourceStatus: status,
    destinationName,
    limits: session.limits,
    moves: null,
  }
  const copy = new FolderCopy(env, target, feed)
  await copy.runLane(lane)
  await finishFolder(
    env,
    lane,
    copy,
    env.ledger.folders(env.mailboxId).filter((folder) => folder.destinationName === destinationName),
  )
  env.ledger.updateFolder(entry.id, { writeFrom: null })
}
