import { heldContent, type Folder, type MailStore } from './mail-store.ts'
import { Random } from './random.ts'
import { seedMessage } from './seed-message.ts'

/** What a day's work changed in a mailbox. */
export type Edits = {
  readonly added: number
  readonly flagged: number
  readonly moved: number
  readonly removed: number
  readonly renamed: string
}
export type EditOptions = {
  readonly seed: number
  readonly owner: string
  readonly added?: number
  readonly flagged?: number
  readonly moved?: number
  readonly removed?: number
  /** Renames the first ordinary folder without special use. */
  readonly rename?: boolean
}

/** Does to a mailbox what a person does between two passes: new mail, read and starred mail, mail moved and deleted. Same seed, same edits. */
export function editMailbox(store: MailStore, options: EditOptions): Edits {
  const random = new Random(options.seed, 4711)
  const flagged = repeat(options.flagged ?? 5, () => {
    const found = anyMessage(store, random)
    if (found === null) return false
    const { folder, message } = found
    const flag = random.chance(0.7) ? '\\Seen' : '\\Flagged'
    const flags = message.flags.includes(flag) ? message.flags.filter((one) => one !== flag) : [...message.flags, flag]
    store.setFlags(folder.name, message.uid, flags)
    return true
  })
  const moved = repeat(options.moved ?? 3, () => {
    const found = anyMessage(store, random)
    const target = mailFolders(store).find((folder) => folder !== found?.folder && folder.specialUse === '')
    if (found === null || target === undefined) return false
    store.moveMessage(found.folder.name, found.message.uid, target.name)
    return true
  })
  const removed = repeat(options.removed ?? 2, () => {
    const found = anyMessage(store, random)
    if (found === null) return false
    store.removeMessage(found.folder.name, found.message.uid)
    return true
  })
  const added = repeat(options.added ?? 10, (i) => {
    const date = new Date(Date.UTC(2026, 10, 1) + i * 60_000)
    const key = { seed: options.seed + 1, mailbox: 90_000, index: i }
    const bytes = seedMessage(key, { owner: options.owner, date, medianBytes: 4000, maxBytes: 200_000 })
    store.addMessage('INBOX', heldContent(bytes), { internalDate: date })
    return true
  })
  return { added, flagged, moved, removed, renamed: options.rename === true ? renameOne(store) : '' }
}

function repeat(times: number, edit: (i: number) => boolean): number {
  let done = 0
  for (let i = 0; i < times; i++) if (edit(i)) done += 1
  return done
}

function mailFolders(store: MailStore): readonly Folder[] {
  return store.folders().filter((folder) => folder.kind === 'mail' && folder.selectable)
}

function anyMessage(store: MailStore, random: Random): { folder: Folder; message: Folder['messages'][number] } | null {
  const filled = mailFolders(store).filter((folder) => folder.messages.length > 0)
  const folder = filled[random.int(filled.length)]
  const message = folder?.messages[random.int(folder.messages.length)]
  return folder === undefined || message === undefined ? null : { folder, message }
}

function renameOne(store: MailStore): string {
  const folder = mailFolders(store).find((one) => one.specialUse === '' && !/^inbox/i.test(one.name) && one.messages.length > 0)
  if (folder === undefined) return ''
  store.renameFolder(folder.name, `${folder.name} (old)`)
  return folder.name
}
