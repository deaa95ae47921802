import { folderNamed } from '../../imap/list-response.ts'
import { folderStatus } from '../../imap/folder-status.ts'
import { listFolders } from '../../imap/list-folders.ts'
import type { Session } from '../../imap/session.ts'
import type { FolderStatus, ListedFolder } from '../../model/folder.ts'
import type { SpecialUse } from '../../model/special-use.ts'
import type { SourceNotes } from '../port.ts'
import { ARCHIVE } from './gmail-policy.ts'
import { Shelf } from './gmail-shelf.ts'

/** A folder as we show it: part of a shelf, or one of Gmail's that is shown as it is (Spam, Trash). */
export type Place = { readonly key: string; readonly shelf: Shelf } | { readonly real: string }

/** Gmail's own folders by their attributes, and what we call them: the user's language must not change it. */
const OWN: Readonly<Partial<Record<SpecialUse, string>>> = {
  sent: '\\Sent',
  drafts: '\\Drafts',
  all: ARCHIVE,
  junk: '\\Junk',
  trash: '\\Trash',
}
const ROLE: Readonly<Record<string, SpecialUse>> = { '\\Sent': 'sent', '\\Drafts': 'drafts', [ARCHIVE]: 'archive' }
/** The system label that a folder of Gmail shows. */
const LABEL: Readonly<Partial<Record<SpecialUse, string>>> = {
  inbox: '\\Inbox',
  sent: '\\Sent',
  drafts: '\\Draft',
  flagged: '\\Starred',
  important: '\\Important',
}
/** Gmail can be told to show only so many messages of a folder: exactly so many are a sign of it. */
const CAPS: ReadonlySet<number> = new Set([1000, 2000, 5000, 10_000])
const NOTE = 'gmail-labels'
/** So many labels that are hidden in IMAP are looked after. */
const MOST_HIDDEN = 200

/**
 * What all connections to one mailbox of Gmail share: the labels of all its messages, and the folders that we make of them. Looked at
 * anew whenever the inventory is asked for; what was seen then holds until the next time.
 */
export class GmailMailbox {
  notes: SourceNotes | null = null
  #all: Shelf | null = null
  #places = new Map<string, Place>()
  #looking: Promise<readonly ListedFolder[]> | null = null
  #warnings: readonly string[] = []

  /** What a person should know about how this mailbox is set up. */
  get warnings(): readonly string[] {
    return this.#warnings
  }

  /** Where a folder of ours really is; looks into the mailbox when nobody has done so yet. null: there is no such folder. */
  async place(session: Session, name: string): Promise<Place | null> {
    if (this.#places.size === 0) await this.look(session)
    return this.#places.get(name) ?? null
  }

  known(name: string): Place | null {
    return this.#places.get(name) ?? null
  }

  /** The inventory: our folders in the place of Gmail's, and those that are only views, which mapping leaves out with its reason. */
  async look(session: Session): Promise<readonly ListedFolder[]> {
    this.#looking ??= this.#look(session).finally(() => (this.#looking = null))
    return await this.#looking
  }

  async #look(session: Session): Promise<readonly ListedFolder[]> {
    const listed = await listFolders(session, { status: true })
    const all = listed.find((folder) => folder.specialUse === 'all' && folder.selectable)
    return all === undefined ? await this.#lookByFolder(session, listed) : await this.#lookAtAll(session, listed, all)
  }

  async #lookAtAll(session: Session, listed: readonly ListedFolder[], all: ListedFolder): Promise<readonly ListedFolder[]> {
    const shelf = this.#shelf(all.name)
    let news = await shelf.look(session, all.status)
    if ((await this.#doubts(session, shelf, listed)) !== shelf.accepted) {
      shelf.forget()
      news = await shelf.look(session, null)
      // What is still odd is Gmail's own way of counting: it is no reason to read everything anew each time.
      shelf.accepted = await this.#doubts(session, shelf, listed)
    }
    if (news) this.notes?.write(NOTE, shelf.write())
    const figures = shelf.index.folders()
    const places = new Map<string, Place>()
    const mine = (name: string, folder: ListedFolder): ListedFolder => {
      places.set(name, { key: name, shelf })
      return { ...folder, name, status: shelf.status(name, figures.get(name)) }
    }
    const folders = listed.map((folder): ListedFolder => {
      const own = folder.specialUse === null ? undefined : OWN[folder.specialUse]
      if (folder === all) return mine(ARCHIVE, archiveOf(folder))
      if (own === '\\Junk' || own === '\\Trash') {
        places.set(own, { real: folder.name })
        return { ...folder, name: own }
      }
      if (own !== undefined) return mine(own, folder)
      if (folder.specialUse === 'inbox') return mine('INBOX', folder)
      if (folder.selectable) places.set(folder.name, { real: folder.name })
      if (folder.specialUse !== null || !folder.selectable) return folder
      // Chats and the like: below Gmail's own container, and no label of any message.
      if (isBelow(all, folder) && !figures.has(folder.name)) return { ...folder, specialUse: 'flagged' }
      return mine(folder.name, folder)
    })
    // Labels that are not shown in IMAP have no folder there, and are told with the messages all the same.
    for (const name of figures.keys()) {
      if (places.has(name)) continue
      const made = folderNamed(name, all.separator, [], session.state.utf8Names)
      const role = ROLE[name]
      folders.push(mine(name, role === undefined ? made : { ...made, path: [all.path[0] ?? '', name.slice(1)], specialUse: role }))
    }
    this.#places = places
    this.#warnings = CAPS.has(all.status?.messages ?? 0) ? [capped(all.status?.messages ?? 0)] : []
    return folders
  }

  /** All Mail is hidden: each folder is read by itself, and each message in the one that is chosen for it among those that show it. */
  async #lookByFolder(session: Session, listed: readonly ListedFolder[]): Promise<readonly ListedFolder[]> {
    this.#all = null
    const shown = new Map<string, ListedFolder>()
    for (const folder of listed) {
      if (!folder.selectable) continue
      if (folder.specialUse === 'inbox') shown.set('INBOX', folder)
      else if (folder.specialUse === null) shown.set(folder.name, folder)
      else if (folder.specialUse === 'sent' || folder.specialUse === 'drafts') shown.set(OWN[folder.specialUse] ?? '', folder)
    }
    const places = new Map<string, Place>()
    const folders: ListedFolder[] = []
    for (const folder of listed) {
      const key = [...shown].find(([, one]) => one === folder)?.[0]
      if (key === undefined) {
        const own = folder.specialUse === 'junk' ? '\\Junk' : folder.specialUse === 'trash' ? '\\Trash' : null
        places.set(own ?? folder.name, { real: folder.name })
        folders.push(own === null ? folder : { ...folder, name: own })
        continue
      }
      const label = (folder.specialUse === null ? undefined : LABEL[folder.specialUse]) ?? folder.name
      const shelf = new Shelf(folder.name, { may: (name) => shown.has(name), own: label })
      await shelf.look(session, null)
      places.set(key, { key, shelf })
      folders.push({ ...folder, name: key, status: shelf.status(key, shelf.index.folders().get(key)) })
    }
    this.#places = places
    this.#warnings = [ALL_MAIL_HIDDEN]
    return folders
  }

  #shelf(name: string): Shelf {
    if (this.#all?.name === name) return this.#all
    const shelf = new Shelf(name)
    const noted = this.notes?.read(NOTE) ?? null
    if (noted !== null) shelf.read(noted)
    this.#all = shelf
    return shelf
  }

  /**
   * What speaks against our knowledge of the labels, in words; '' when nothing does. Gmail tells of each label how many messages carry
   * it. Mail that comes meanwhile is not a difference, so those that differ are asked for once more.
   */
  async #doubts(session: Session, shelf: Shelf, listed: readonly ListedFolder[]): Promise<string> {
    const counts = shelf.index.labels()
    const excess = (folder: ListedFolder, status: FolderStatus | null): number => {
      const label = folder.specialUse === null ? folder.name : LABEL[folder.specialUse]
      if (status === null || label === undefined || CAPS.has(status.messages)) return 0
      return status.messages - (counts.get(label) ?? 0)
    }
    const doubts: string[] = []
    for (const folder of listed) {
      if (!folder.selectable || excess(folder, folder.status) === 0) continue
      const now = excess(folder, await folderStatus(session, folder.name))
      if (now !== 0) doubts.push(`${folder.name} ${now}`)
    }
    const shown = new Set(listed.map((folder) => folder.name))
    const hidden = [...counts.keys()].filter((label) => !label.startsWith('\\') && !shown.has(label))
    if (!(await shelf.stillTells(session, new Set(hidden.slice(0, MOST_HIDDEN))))) doubts.push('hidden')
    return doubts.sort().join('\n')
  }
}

function isBelow(all: ListedFolder, folder: ListedFolder): boolean {
  return all.path.length > 1 && folder.path.length > 1 && folder.path[0] === all.path[0]
}

/** All Mail shows what has no other place: to us it is the archive. */
function archiveOf(all: ListedFolder): ListedFolder {
  const attributes = all.attributes.filter((attribute) => !/^\\all(mail)?$/i.test(attribute))
  return { ...all, path: [...all.path.slice(0, -1), 'Archive'], attributes, specialUse: 'archive' }
}

function capped(messages: number): string {
  return (
    `All Mail shows exactly ${messages} messages: it looks as if Gmail was told to limit the size of IMAP folders. ` +
    'Lift the limit in the settings of Gmail (Forwarding and POP/IMAP), or older mail stays behind.'
  )
}

const ALL_MAIL_HIDDEN =
  'All Mail is not shown in IMAP, so archived mail cannot be seen and stays behind. ' +
  'Tick "Show in IMAP" for All Mail in the settings of Gmail (Labels), then run again.'
