import { exchangeLimits } from '../destination/limits.ts'
import type { Destination } from '../destination/port.ts'
import { Governor } from '../engine/governor.ts'
import { Lane } from '../engine/lane.ts'
import type { Patience } from '../engine/options.ts'
import type { ByteBudget } from '../lib/byte-budget.ts'
import type { Context } from '../lib/context.ts'
import { RateLimit } from '../lib/rate-limit.ts'
import { planFolders, type FolderPlan } from '../mapping/plan-folders.ts'
import { Failure } from '../model/failure.ts'
import type { ListedFolder } from '../model/folder.ts'
import type { MailboxAbout, Source, SourceSession } from '../source/port.ts'
import { ASSUMED_DESTINATION } from './assumed-destination.ts'
import type { AssessBook, FolderLook, Pace } from './book.ts'
import type { Acceptance } from './examine.ts'
import { shareOf, type Sample } from './sample.ts'
import { FIRST_SLICE, lookAtFolder, lookPatiently, type FolderScene } from './read-folder.ts'

export type MailboxScene = {
  readonly key: string
  readonly name: string
  readonly source: Source
  readonly book: AssessBook
  readonly accepts: Acceptance
  /** All messages are listed, these are read whole. */
  readonly sample: Sample
  readonly patience: Patience
  readonly budget: ByteBudget
  readonly ctx: Context
  readonly watch: MailboxWatch
}

export type MailboxWatch = {
  folder(name: string): void
  /** Messages of the folders that are copied, as far as the server told. */
  expect(messages: number): void
  done(messages: number, bytes: number): void
  waiting(untilMs: number | null): void
  note(text: string | null): void
}

/** What was seen of one mailbox; also of one that could not be looked at to its end. */
export type MailboxLook = {
  readonly plan: FolderPlan | null
  /** By the name of the folder as the server lists it. */
  readonly folders: ReadonlyMap<string, FolderLook>
  readonly quotas: MailboxAbout['quotas']
  readonly warnings: readonly string[]
  readonly bytesPerDay: number | null
  readonly pace: Pace | null
  readonly failure: Failure | null
}

/** Folders that are looked at in one flight, where the server can do that. */
const FOLDERS_AT_ONCE = 4

/** Looks at one mailbox: its folders, all its messages by their rows, and some or all of them whole. Changes nothing. */
export async function lookAtMailbox(scene: MailboxScene): Promise<MailboxLook> {
  const { ctx, book, key, watch } = scene
  const governor = new Governor(1, new RateLimit(null, ctx.clock), ctx, watch)
  const folders = new Map<string, FolderLook>()
  const seen: { plan: FolderPlan | null; quotas: MailboxAbout['quotas']; warnings: readonly string[]; bytesPerDay: number | null } = {
    plan: null,
    quotas: null,
    warnings: [],
    bytesPerDay: null,
  }
  const began = ctx.clock.now()
  const read = { messages: 0, bytes: 0, roundTripMs: null as number | null }
  let failure: Failure | null = null
  await using lane = new Lane({ source: scene.source, destination: NOWHERE }, governor, scene.patience, ctx)
  try {
    const session = await lane.source()
    seen.bytesPerDay = session.bytesPerDay ?? null
    const listed = await session.folders()
    seen.warnings = session.warnings ?? []
    seen.plan = planFolders(listed, ASSUMED_DESTINATION, exchangeLimits(scene.accepts.maxMessageBytes), {
      sourceNamespaces: session.namespaces ?? undefined,
      sourceHoldsItems: session.holdsItems,
      also: session.wanted,
    })
    seen.quotas = await quotasOf(session, listed)
    const copied = seen.plan.folders.map(({ source }) => source).filter(({ selectable }) => selectable)
    const messages = copied.reduce((sum, { status }) => sum + (status?.messages ?? 0), 0)
    watch.expect(messages)
    const folderScene: FolderScene = {
      mailbox: key,
      name: scene.name,
      book,
      accepts: scene.accepts,
      share: shareOf(scene.sample, copied),
      choice: `${JSON.stringify(scene.sample)} ${scene.accepts.maxMessageBytes}`,
      budget: scene.budget,
      ctx,
      slice: { ...FIRST_SLICE },
      mayRead: () => mustBeAllowed(scene, seen.bytesPerDay),
      onWindow: (folder, listedNow, readNow, bytes) => {
        read.messages += readNow
        read.bytes += bytes
        if (bytes > 0) book.addTraffic(key, hourOf(ctx), bytes)
        watch.folder(folder)
        watch.done(listedNow, bytes)
      },
      onListed: (milliseconds) => void (read.roundTripMs = Math.min(read.roundTripMs ?? Infinity, milliseconds)),
    }
    failure = await lookAtAll(folderScene, lane, copied, folders)
  } catch (error) {
    failure = asFailure(error, ctx)
  }
  const milliseconds = ctx.clock.now() - began
  if (read.messages > 0) book.measured(key, { ...read, milliseconds })
  return { ...seen, folders, pace: book.pace(key), failure }
}

/** What a server does not tell of itself is no reason not to look at its mail. */
async function quotasOf(session: SourceSession, listed: readonly ListedFolder[]): Promise<MailboxAbout['quotas']> {
  try {
    return (await session.about(listed.filter(({ path }) => path.join('/').toUpperCase() === 'INBOX'))).quotas
  } catch (error) {
    if (error instanceof Failure && session.alive) return null
    throw error
  }
}

/** Folders with messages in one flight where the server can, the rest one after the other. Returns the first trouble with a single folder. */
async function lookAtAll(
  scene: FolderScene,
  lane: Lane,
  copied: readonly ListedFolder[],
  folders: Map<string, FolderLook>,
): Promise<Failure | null> {
  const session = await lane.source()
  const [first] = copied.filter(({ status }) => status !== null)
  const inFlight = first !== undefined && first.status !== null && session.known(first.name, first.status) !== null
  const left: ListedFolder[] = inFlight ? [] : [...copied]
  if (inFlight) {
    const queue = [...copied]
    const worker = async (): Promise<void> => {
      for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
        const { name, status } = folder
        scene.ctx.signal.throwIfAborted()
        try {
          if (status === null) left.push(folder)
          else folders.set(name, await lookAtFolder(scene, lane, folder, () => lane.knownSourceFolder(name, status)))
        } catch (error) {
          if (!(error instanceof Failure)) throw error
          left.push(folder)
        }
      }
    }
    const ends = await Promise.allSettled(Array.from({ length: FOLDERS_AT_ONCE }, worker))
    for (const end of ends) if (end.status === 'rejected') throw end.reason
  }
  let failure: Failure | null = null
  for (const folder of left) {
    scene.ctx.signal.throwIfAborted()
    try {
      folders.set(folder.name, await lookPatiently(scene, lane, folder))
    } catch (error) {
      if (!(error instanceof Failure) || error.spoils !== 'folder') throw error
      failure ??= new Failure(error.code, `${folder.path.join('/')}: ${error.message}`, { cause: error, side: 'source' })
    }
  }
  return failure
}

const HOUR_MS = 3_600_000
/** Of what a source hands out of a mailbox a day: the rest is left for the person, and for the copy. */
const OURS = 0.5

function hourOf({ clock }: Context): number {
  return Math.floor(clock.now() / HOUR_MS)
}

/** Gmail closes a mailbox for a day when too much of it was read: an assessment stays far away from that. */
function mustBeAllowed({ book, key, ctx }: MailboxScene, bytesPerDay: number | null): void {
  if (bytesPerDay === null || book.trafficSince(key, hourOf(ctx) - 23) < bytesPerDay * OURS) return
  const says =
    'Half of what this system hands out of a mailbox a day was read. Run it again tomorrow and it goes on, or take a smaller --sample.'
  throw new Failure('allowance-used', says, { side: 'source' })
}

function asFailure(error: unknown, ctx: Context): Failure {
  if (ctx.signal.aborted) return new Failure('stopped', 'Stopped on request.')
  if (error instanceof Failure) return error
  throw error
}

const nowhere = (): never => {
  throw new Error('an assessment has no destination')
}
/** Nothing is asked of a destination, and nothing is sent there. */
const NOWHERE: Destination = { name: 'nowhere', connect: nowhere, look: nowhere }
