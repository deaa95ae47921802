import { heldContent, inboxKey, MailStore, type Content, type FolderOptions, type Message, type MessageOptions } from './mail-store.ts'

/** What Gmail's own folders are called: the user's language decides; attributes tell which is which. */
export type GmailNames = {
  readonly container: string
  readonly all: string
  readonly drafts: string
  readonly important: string
  readonly sent: string
  readonly spam: string
  readonly starred: string
  readonly trash: string
}

export type Delivery = MessageOptions & { readonly labels?: readonly string[] }

/** A message as Gmail keeps it: once, with labels; each folder that shows it has a UID of its own for it. */
type Item = { readonly id: bigint; labels: Set<string>; readonly places: Map<string, number> }

const FIRST_ID = 1_278_455_344_230_334_865n

/**
 * A mailbox of Gmail. Folders are labels: a message is kept once and is shown by All Mail and by the folder of each label; Spam and Trash
 * stand apart. What is done in one folder is done to the message, whatever folder it is seen in.
 */
export class GmailStore extends MailStore {
  readonly names: GmailNames
  #items = new WeakMap<Content, Item>()
  #lastId = FIRST_ID
  /** System label → folder, and folder → label. */
  readonly #folderOf: ReadonlyMap<string, string>
  readonly #labelOf: ReadonlyMap<string, string>

  constructor(names: GmailNames) {
    super({ separator: '/', nameKey: inboxKey })
    const below = (name: string): string => `${names.container}/${name}`
    this.names = names
    this.#folderOf = new Map([
      ['\\Inbox', 'INBOX'],
      ['\\Draft', below(names.drafts)],
      ['\\Important', below(names.important)],
      ['\\Sent', below(names.sent)],
      ['\\Starred', below(names.starred)],
    ])
    this.#labelOf = new Map([...this.#folderOf].map(([label, folder]) => [folder, label]))
    super.createFolder('INBOX', { subscribed: true })
    super.createFolder(names.container, { selectable: false })
    const special = [
      [names.all, '\\All'],
      [names.drafts, '\\Drafts'],
      [names.important, '\\Important'],
      [names.sent, '\\Sent'],
      [names.spam, '\\Junk'],
      [names.starred, '\\Flagged'],
      [names.trash, '\\Trash'],
    ] as const
    for (const [name, specialUse] of special) super.createFolder(below(name), { specialUse, subscribed: true })
  }

  get all(): string {
    return `${this.names.container}/${this.names.all}`
  }

  get spam(): string {
    return `${this.names.container}/${this.names.spam}`
  }

  get trash(): string {
    return `${this.names.container}/${this.names.trash}`
  }

  /** Mail comes in: once, under all its labels. Returns it as All Mail shows it. */
  deliver(content: Content | Buffer, { labels = [], ...options }: Delivery = {}): Message {
    const { own, item } = this.#keep(content)
    const message = this.#show(this.all, own, item, options)
    for (const label of labels) this.#add(item, message, label)
    if (message.flags.includes('\\Flagged')) this.#add(item, message, '\\Starred')
    return message
  }

  override createFolder(name: string, options: FolderOptions = {}): ReturnType<MailStore['createFolder']> {
    return super.createFolder(name, { subscribed: true, ...options })
  }

  override addMessage(name: string, content: Content | Buffer, options: MessageOptions = {}): Message {
    const folder = this.folder(name)?.name ?? name
    if (folder === this.spam || folder === this.trash) {
      const { own, item } = this.#keep(content)
      return this.#show(folder, own, item, options)
    }
    const whole = this.deliver(content, { ...options, labels: folder === this.all ? [] : [this.#label(folder)] })
    return this.#shown(this.#of(whole), folder) ?? whole
  }

  /** The labels of the message with this UID in All Mail. */
  labels(uid: number): readonly string[] {
    return [...this.#of(this.#message(this.all, uid)).labels]
  }

  /** Labels are put on and taken off a message, named by its UID in All Mail. */
  relabel(uid: number, change: { readonly add?: readonly string[]; readonly remove?: readonly string[] }): void {
    const message = this.#message(this.all, uid)
    const item = this.#of(message)
    for (const label of change.remove ?? []) this.#remove(item, label)
    for (const label of change.add ?? []) this.#add(item, message, label)
    this.#touch(item)
  }

  override copyMessage(from: string, uid: number, to: string): Message {
    const message = this.#message(from, uid)
    const item = this.#of(message)
    const target = this.folder(to)?.name ?? to
    if (target === this.trash || target === this.spam) return this.#putAway(item, message, target)
    if (!item.places.has(this.all)) this.#restore(item, message)
    if (target !== this.all) this.#add(item, message, this.#label(target))
    this.#touch(item)
    return this.#shown(item, target) ?? message
  }

  override removeMessages(name: string, uids: readonly number[]): void {
    const folder = this.folder(name)?.name ?? name
    for (const uid of uids) {
      const message = this.message(folder, uid)
      if (message === undefined) continue
      const item = this.#of(message)
      if (folder === this.trash || folder === this.spam) this.#hide(item, folder)
      else if (folder !== this.all) {
        this.#remove(item, this.#label(folder))
        this.#touch(item)
      }
    }
  }

  override setFlags(name: string, uid: number, flags: readonly string[]): void {
    const message = this.#message(name, uid)
    const item = this.#of(message)
    if (item.places.has(this.all)) {
      if (flags.includes('\\Flagged')) this.#add(item, message, '\\Starred')
      else this.#remove(item, '\\Starred')
    }
    for (const [folder, own] of item.places) super.setFlags(folder, own, flags)
  }

  /** The label is renamed in all messages; their mod-sequences stay. */
  override renameFolder(from: string, to: string): void {
    super.renameFolder(from, to)
    for (const message of this.folder(this.all)?.messages ?? []) {
      const item = this.#of(message)
      const renamed = (name: string): string =>
        name === from ? to : name.startsWith(`${from}/`) ? `${to}/${name.slice(from.length + 1)}` : name
      item.labels = new Set([...item.labels].map(renamed))
      const places = [...item.places].map(([folder, uid]) => [renamed(folder), uid] as const)
      item.places.clear()
      for (const [folder, uid] of places) item.places.set(folder, uid)
    }
  }

  override deleteFolder(name: string): void {
    for (const message of this.folder(this.all)?.messages ?? []) {
      const item = this.#of(message)
      if (item.labels.delete(name)) this.#touch(item)
      item.places.delete(name)
    }
    super.deleteFolder(name)
  }

  override moveUidValidity(name: string, uidValidity?: number): void {
    super.moveUidValidity(name, uidValidity)
    const folder = this.folder(name)
    for (const message of folder?.messages ?? []) this.#of(message).places.set(folder?.name ?? name, message.uid)
  }

  /** The user unticks "Show in IMAP". */
  hide(name: string): void {
    this.setKind(name, 'unlisted')
  }

  show(name: string): void {
    this.setKind(name, 'mail')
  }

  /** X-GM-MSGID; the same in every folder. */
  idOf(message: Message): bigint {
    return this.#of(message).id
  }

  /** X-GM-LABELS as a folder tells them: its own label is left out. */
  labelsShown(message: Message, folder: string): readonly string[] {
    const own = folder === this.all ? '' : this.#label(folder)
    return [...this.#of(message).labels].filter((label) => label !== own)
  }

  /** Contents are told apart as objects, so each message gets one of its own. */
  #keep(content: Content | Buffer): { own: Content; item: Item } {
    const from = Buffer.isBuffer(content) ? heldContent(content) : content
    const own: Content = {
      get sizeBytes() {
        return from.sizeBytes
      },
      bytes: () => from.bytes(),
    }
    this.#lastId += 7n
    const item: Item = { id: this.#lastId, labels: new Set(), places: new Map() }
    this.#items.set(own, item)
    return { own, item }
  }

  #label(folder: string): string {
    return this.#labelOf.get(folder) ?? folder
  }

  #message(folder: string, uid: number): Message {
    const message = this.message(folder, uid)
    if (message === undefined) throw new RangeError(`no message ${uid} in ${folder}`)
    return message
  }

  #of(message: Message): Item {
    const item = this.#items.get(message.content)
    if (item === undefined) throw new Error('a message without an item')
    return item
  }

  #shown(item: Item, folder: string): Message | undefined {
    const uid = item.places.get(folder)
    return uid === undefined ? undefined : this.message(folder, uid)
  }

  #show(folder: string, content: Content, item: Item, options: MessageOptions): Message {
    const message = super.addMessage(folder, content, options)
    item.places.set(folder, message.uid)
    return message
  }

  #add(item: Item, { content, flags, internalDate }: Message, label: string): void {
    if (item.labels.has(label)) return
    item.labels.add(label)
    const folder = this.#folderOf.get(label) ?? label
    // Labels like \Muted have no folder.
    if (folder.startsWith('\\')) return
    super.createFolder(folder, { subscribed: true })
    this.#show(folder, content, item, { flags, internalDate })
  }

  #remove(item: Item, label: string): void {
    if (item.labels.delete(label)) this.#hide(item, this.#folderOf.get(label) ?? label)
  }

  #hide(item: Item, folder: string): void {
    const uid = item.places.get(folder)
    if (uid === undefined) return
    item.places.delete(folder)
    super.removeMessages(folder, [uid])
  }

  /** Into Trash or Spam: out of everything else. */
  #putAway(item: Item, { content, flags, internalDate }: Message, target: string): Message {
    for (const folder of item.places.keys()) this.#hide(item, folder)
    item.labels = new Set()
    return this.#show(target, content, item, { flags, internalDate })
  }

  #restore(item: Item, { content, flags, internalDate }: Message): void {
    for (const folder of item.places.keys()) this.#hide(item, folder)
    this.#show(this.all, content, item, { flags, internalDate })
  }

  /** The mod-sequence of the message in All Mail grows: something about it changed. */
  #touch(item: Item): void {
    const shown = this.#shown(item, this.all)
    if (shown !== undefined) super.setFlags(this.all, shown.uid, shown.flags)
  }
}
