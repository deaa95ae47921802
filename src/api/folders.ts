import { Governor } from '../engine/governor.ts'
import { Lane } from '../engine/lane.ts'
import { previewFolders } from '../engine/map-folders.ts'
import { PATIENCE } from '../engine/options.ts'
import { RateLimit } from '../lib/rate-limit.ts'
import type { ListedFolder } from '../model/folder.ts'
import type { MailboxAbout, SourceSession } from '../source/port.ts'
import { forEachAtOnce } from './at-once.ts'
import { openMailboxes, type OpenMailbox } from './mailboxes.ts'
import type { FoldersInput } from './operations.ts'
import { rememberedIn } from './remembered.ts'
import type { FolderPreview, FoldersResult } from './results.ts'
import { troubleOf } from './trouble.ts'
import type { World } from './world.ts'

type Preview = FoldersResult['mailboxes'][number]

/** What `copy` would create and rename, with every reason. Creates nothing, at either end. */
export async function folders(world: World, input: FoldersInput): Promise<FoldersResult> {
  const ctx = { clock: world.clock, log: world.log, signal: input.signal }
  const mailboxes = await openMailboxes(world, input, ctx)
  const previews = new Map<OpenMailbox, Preview>()
  await forEachAtOnce(mailboxes, 4, input.signal, async (mailbox) => {
    const common = { name: mailbox.name, source: mailbox.sourceLogin, target: mailbox.target }
    const governor = new Governor(1, new RateLimit(null, world.clock), ctx, { waiting: () => {}, note: () => {} })
    await using lane = new Lane(mailbox, governor, PATIENCE, ctx)
    try {
      const { plan, source, session } = await previewFolders(lane, rememberedIn(input.stateDir, mailbox.identity))
      const listed = [...plan.folders.map((planned) => planned.source), ...plan.leftOut.map(({ folder }) => folder)]
      const told = input.details === true ? await source.about(listed) : null
      const about = (folder: ListedFolder): Pick<FolderPreview, 'about'> => (told === null ? {} : { about: aboutFolder(told, folder) })
      const copied = plan.folders.map((planned) => ({
        source: planned.source.path.join('/'),
        target: planned.path.join('/'),
        messages: planned.source.status?.messages ?? null,
        sizeBytes: planned.source.status?.sizeBytes ?? null,
        exists: planned.destination !== null,
        reasons: planned.reasons,
        ...about(planned.source),
      }))
      const leftOut = plan.leftOut.map(({ folder, reason }) => ({
        source: folder.path.join('/'),
        target: null,
        messages: folder.status?.messages ?? null,
        sizeBytes: folder.status?.sizeBytes ?? null,
        exists: false,
        reasons: [reason],
        ...about(folder),
      }))
      const used = plan.folders.flatMap(({ destination }) => destination ?? [])
      const rest = told === null ? {} : { about: { quotas: told.quotas, subscribedButGone: told.subscribedButGone } }
      previews.set(mailbox, {
        ...common,
        failure: null,
        notes: [...notesOf(source), ...(session.warnings?.(used) ?? [])],
        ...rest,
        folders: [...copied, ...leftOut],
      })
    } catch (error) {
      previews.set(mailbox, { ...common, failure: troubleOf(error), notes: [], folders: [] })
    }
  })
  return { mailboxes: mailboxes.flatMap((mailbox) => previews.get(mailbox) ?? []) }
}

function notesOf({ warnings = [], holdsItems }: SourceSession): readonly string[] {
  return holdsItems ? [...warnings, HIDDEN] : warnings
}

/** exchange-imap-quirks Q17. */
const HIDDEN =
  'Exchange does not list folders with "/" in their names over IMAP. Look for such folders in Outlook and rename them, so that they come along.'

function aboutFolder({ folders }: MailboxAbout, { name }: ListedFolder): NonNullable<FolderPreview['about']> {
  const told = folders.get(name)
  return { subscribed: told?.subscribed ?? null, myRights: told?.rights?.mine ?? null, rights: told?.rights?.all ?? null }
}
