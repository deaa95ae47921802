/** The bytes of a message, made when they are asked for. */
export type Content = { readonly sizeBytes: number; bytes(): Buffer }

export type Message = {
  readonly uid: number
  readonly internalDate: Date
  readonly content: Content
  readonly flags: readonly string[]
  readonly modseq: number
  /** Expunged or moved away; sessions that still show it see this. */
  readonly gone: boolean
  /** Exchange: `\Flagged` came by APPEND only, so that other protocols do not see it. */
  readonly flaggedOnlyByAppend: boolean
}
type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export type FolderKind = 'mail' | 'other' | 'unlisted'

export type Folder = {
  readonly id: string
  readonly name: string
  readonly uidValidity: number
  readonly uidNext: number
  readonly highestModseq: number
  readonly messages: readonly Message[]
  readonly subscribed: boolean
  readonly selectable: boolean
  /** Special-use attribute with its backslash, or ''. */
  readonly specialUse: string
  /** What it holds: only `mail` folders hold mail, and no client hears of one that is `unlisted`. */
  readonly kind: FolderKind
  /** UIDs that went, with the mod-sequence of their going (RFC 7162). */
  readonly expunged: readonly { readonly uid: number; readonly modseq: number }[]
  /** Grow by one with each change of their kind; sessions compare them to find out what to tell. */
  readonly expungeCount: number
  readonly flagCount: number
}
type OwnFolder = Omit<Mutable<Folder>, 'messages' | 'expunged'> & {
  messages: Mutable<Message>[]
  expunged: { uid: number; modseq: number }[]
}

export type FolderOptions = {
  readonly specialUse?: string
  readonly kind?: FolderKind
  readonly selectable?: boolean
  readonly subscribed?: boolean
}
export type MessageOptions = { readonly flags?: readonly string[]; readonly internalDate?: Date; readonly flaggedOnlyByAppend?: boolean }

export type MailStoreOptions = {
  readonly separator: string
  /** Two names with the same key are the same folder. */
  readonly nameKey?: (name: string) => string
  /** The UIDVALIDITY of the n-th folder made here. */
  readonly uidValidity?: (n: number) => number
  /** LIST shows no special-use attributes. */
  readonly hidesSpecialUse?: boolean
}

/** One mailbox as a server keeps it. Names are display names (Unicode), joined by the server's separator. */
export class MailStore {
  readonly separator: string
  readonly nameKey: (name: string) => string
  readonly hidesSpecialUse: boolean
  #folders = new Map<string, OwnFolder>()
  #made = 0
  #uidValidity: (n: number) => number

  constructor(options: MailStoreOptions) {
    this.separator = options.separator
    this.nameKey = options.nameKey ?? inboxKey
    this.hidesSpecialUse = options.hidesSpecialUse ?? false
    this.#uidValidity = options.uidValidity ?? ((n) => 1_500_000_000 + n)
  }

  folders(): readonly Folder[] {
    return [...this.#folders.values()]
  }

  folder(name: string): Folder | undefined {
    return this.#folders.get(this.nameKey(name))
  }

  /** Makes a folder and the parents it lacks; an existing one is returned as it is. */
  createFolder(name: string, options: FolderOptions = {}): Folder {
    const existing = this.folder(name)
    if (existing !== undefined) return existing
    const parent = name.slice(0, Math.max(0, name.lastIndexOf(this.separator)))
    if (parent !== '') this.createFolder(parent)
    this.#made += 1
    const folder: OwnFolder = {
      id: `folder-${this.#made}`,
      name,
      uidValidity: this.#uidValidity(this.#made),
      uidNext: 1,
      highestModseq: 1,
      messages: [],
      subscribed: options.subscribed ?? false,
      selectable: options.selectable ?? true,
      specialUse: options.specialUse ?? '',
      kind: options.kind ?? 'mail',
      expunged: [],
      expungeCount: 0,
      flagCount: 0,
    }
    this.#folders.set(this.nameKey(name), folder)
    return folder
  }

  deleteFolder(name: string): void {
    const folder = this.#own(name)
    this.#folders.delete(this.nameKey(name))
    for (const message of folder.messages) message.gone = true
    folder.expungeCount += 1
    folder.messages = []
  }

  /** Renames a folder with all below it; ids, UIDs and messages stay. */
  renameFolder(from: string, to: string): void {
    this.#own(from)
    const below = from + this.separator
    const all = [...this.#folders.values()]
    this.#folders.clear()
    for (const folder of all) {
      if (this.nameKey(folder.name) === this.nameKey(from)) folder.name = to
      else if (folder.name.startsWith(below)) folder.name = to + this.separator + folder.name.slice(below.length)
      this.#folders.set(this.nameKey(folder.name), folder)
    }
  }

  subscribe(name: string, subscribed: boolean): void {
    this.#own(name).subscribed = subscribed
  }

  /** The folder's UIDs are void from now on: the same messages get new ones under a new UIDVALIDITY. */
  moveUidValidity(name: string, uidValidity?: number): void {
    const folder = this.#own(name)
    folder.uidValidity = uidValidity ?? folder.uidValidity + 1
    folder.messages = folder.messages.map((message, i) => Object.assign({}, message, { uid: i + 1 }))
    folder.uidNext = folder.messages.length + 1
    folder.expunged = []
  }

  addMessage(name: string, content: Content | Buffer, options: MessageOptions = {}): Message {
    const folder = this.#own(name)
    folder.highestModseq += 1
    const message: Mutable<Message> = {
      uid: folder.uidNext,
      internalDate: options.internalDate ?? new Date(),
      content: Buffer.isBuffer(content) ? heldContent(content) : content,
      flags: options.flags ?? [],
      modseq: folder.highestModseq,
      gone: false,
      flaggedOnlyByAppend: options.flaggedOnlyByAppend ?? false,
    }
    folder.uidNext += 1
    folder.messages.push(message)
    return message
  }

  message(name: string, uid: number): Message | undefined {
    const { messages } = this.#own(name)
    return messages[indexOfUid(messages, uid)]
  }

  removeMessage(name: string, uid: number): void {
    this.removeMessages(name, [uid])
  }

  removeMessages(name: string, uids: readonly number[]): void {
    const folder = this.#own(name)
    const going = new Set(uids)
    folder.messages = folder.messages.filter((message) => {
      if (!going.has(message.uid)) return true
      folder.highestModseq += 1
      message.gone = true
      message.modseq = folder.highestModseq
      folder.expunged.push({ uid: message.uid, modseq: folder.highestModseq })
      return false
    })
    folder.expungeCount += 1
  }

  copyMessage(from: string, uid: number, to: string): Message {
    const message = this.message(from, uid)
    if (message === undefined) throw new RangeError(`no message ${uid} in ${from}`)
    const { flags, internalDate, flaggedOnlyByAppend } = message
    return this.addMessage(to, message.content, { flags, internalDate, flaggedOnlyByAppend })
  }

  moveMessage(from: string, uid: number, to: string): Message {
    const moved = this.copyMessage(from, uid, to)
    this.removeMessage(from, uid)
    return moved
  }

  setFlags(name: string, uid: number, flags: readonly string[]): void {
    const folder = this.#own(name)
    const message = folder.messages[indexOfUid(folder.messages, uid)]
    if (message === undefined) throw new RangeError(`no message ${uid} in ${name}`)
    folder.highestModseq += 1
    folder.flagCount += 1
    message.flags = flags
    message.modseq = folder.highestModseq
    message.flaggedOnlyByAppend = false
  }

  setKind(name: string, kind: FolderKind): void {
    this.#own(name).kind = kind
  }

  setSpecialUse(name: string, specialUse: string): void {
    this.#own(name).specialUse = specialUse
  }

  #own(name: string): OwnFolder {
    const folder = this.#folders.get(this.nameKey(name))
    if (folder === undefined) throw new RangeError(`no folder ${name}`)
    return folder
  }
}

export function heldContent(bytes: Buffer): Content {
  return { sizeBytes: bytes.length, bytes: () => bytes }
}

/** INBOX is one folder however it is spelled (RFC 3501 §5.1); everything else is as it is. */
export function inboxKey(name: string): string {
  return /^inbox$/i.test(name) ? 'INBOX' : name
}

/** Index of the message with this UID, or -1. Messages are in UID order. */
export function indexOfUid(messages: readonly Message[], uid: number): number {
  const at = firstAtLeast(messages, uid)
  return messages[at]?.uid === uid ? at : -1
}

/** Index of the first message whose UID is at least `uid`; the length when there is none. */
export function firstAtLeast(messages: readonly Message[], uid: number): number {
  let low = 0
  let high = messages.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((messages[middle]?.uid ?? Infinity) < uid) low = middle + 1
    else high = middle
  }
  return low
}
