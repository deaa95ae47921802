import { Failure } from '../model/failure.ts'
import { UidSet } from '../model/uid-set.ts'
import { Feed } from './feed.ts'
import { finishFolder, patiently } from './finish-folder.ts'
import { FolderCopy } from './folder-copy.ts'
import { Governor } from './governor.ts'
import { Lane } from './lane.ts'
import { previewFolders, rememberedPaths } from './map-folders.ts'
import type { PassJob } from './pass.ts'
import { newTally, type PassEnv } from './pass-env.ts'
import { verifyGroup } from './verify-folder.ts'
import type { FolderVerification, VerifyLevel } from './verify-figures.ts'

export type VerifyJob = PassJob & {
  readonly level: VerifyLevel
  /** Called once for each message at level `content`: compare this one? */
  readonly sampled: () => boolean
  /** Copies again what is missing, then looks again. */
  readonly repair: boolean
}

export type MailboxVerification = { readonly folders: readonly FolderVerification[]; readonly repaired: number }

const LEASE_MS = 60_000

/** Verifies one mailbox folder by folder, whoever copied it. Writes nothing at either end unless `repair` is asked for. */
export async function verifyMailbox(job: VerifyJob): Promise<MailboxVerification> {
  const { ledger, mailboxId, ctx } = job
  using lease = ledger.lease(mailboxId, job.owner, LEASE_MS)
  const renewal = setInterval(() => lease.renew(), LEASE_MS / 3)
  const passId = ledger.beginPass(mailboxId, 'verify')
  const governor = new Governor(1, job.rate, ctx, job.watch)
  const env: PassEnv = { ...job, passId, governor, wire: ctx, tally: newTally(), step: () => {} }
  try {
    await using lane = new Lane(job, governor, job.options.patience, ctx)
    const result = await verifyAll(env, lane, job)
    ledger.endPass(passId, { failure: null, detail: null, figures: { level: job.level, repaired: result.repaired } })
    return result
  } catch (error) {
    if (error instanceof Failure) ledger.endPass(passId, { failure: error.code, detail: error.message, figures: null })
    throw error
  } finally {
    clearInterval(renewal)
  }
}

async function verifyAll(env: PassEnv, lane: Lane, job: VerifyJob): Promise<MailboxVerification> {
  const { ledger, mailboxId } = env
  env.watch.phase('connect', null)
  const { plan } = await previewFolders(lane, rememberedPaths(ledger.folders(mailboxId)))
  const entries = plan.folders
    .filter((planned) => planned.source.selectable)
    .map((planned) => {
      const known = ledger.folders(mailboxId).find((folder) => folder.sourceName === planned.source.name)
      const path = planned.destination?.path ?? planned.path
      const name = planned.destination?.name ?? null
      if (known !== undefined && known.destinationName === name) return known
      return ledger.putFolder(mailboxId, {
        sourceName: planned.source.name,
        sourcePath: planned.source.path,
        destinationName: name,
        destinationPath: path,
      })
    })
  const groups = [...Map.groupBy(entries, (entry) => entry.destinationName ?? `\0${entry.id}`).values()]
  env.watch.expect(
    plan.folders.reduce((sum, planned) => sum + (planned.source.status?.messages ?? 0), 0),
    0,
  )
  const results: FolderVerification[] = []
  let repaired = 0
  for (const group of groups) {
    const name = group[0]?.destinationName ?? null
    const look = (): Promise<readonly FolderVerification[]> =>
      patiently(lane, () => verifyGroup(env, lane, group, name, job.level, job.sampled))
    let found = await look()
    const missing = found.reduce((sum, one) => sum + one.missingUids.length, 0)
    if (job.repair && missing > 0 && name !== null) {
      for (const one of found) await copyAgain(env, lane, one, name)
      // What a session has open does not show what another command put there.
      await lane.dropDestination()
      found = await look()
      repaired += missing - found.reduce((sum, one) => sum + one.missingUids.length, 0)
    }
    results.push(...found)
  }
  env.watch.phase('done', null)
  return { folders: results, repaired }
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
