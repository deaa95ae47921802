/** The owner of a mailbox at its old server, and a book of everything that was ever there: by instance, not by content. */
import { letter, LONG_LINE, UNKNOWN_CHARSET } from '../crash/mail.ts'
import { heldContent, type Content, type Folder, type MailStore, type Message } from '../../src/simulator/mail-store.ts'
import { FLAG_SETS, FOLDER_NAMES, type Edit, type LetterKind } from './history.ts'

/** One message that was at the source at some time. Twins are two instances with the same bytes. */
export type Instance = {
  readonly key: string
  readonly bytes: Buffer
  readonly kind: LetterKind
  readonly at: number
  /** It carried `\Deleted` at some time, so that it may have been left out. */
  everMarked: boolean
  /** A pass has seen it, so it must have a copy. */
  wasSeen: boolean
  /** Something was done with it while a pass ran, so that it may have been seen in two places or in none. */
  blurred: boolean
  /** Removed from a folder that still is what it was at the last pass: its copy belongs into the trash. */
  mustBeTrash: boolean
}

export type Owner = {
  readonly store: MailStore
  readonly instances: ReadonlyMap<Content, Instance>
  edit(edit: Edit): void
  /** The same while a pass runs. */
  editInPassing(edit: Edit): void
  /** Where every message that is there now is. */
  present(): readonly { readonly instance: Instance; readonly folder: Folder; readonly message: Message }[]
  /** To be called after each pass. */
  passDone(): void
}

const DAY_MS = 86_400_000
/** The server's own folders stay. */
const FIXED = new Set(['INBOX', 'Sent', 'Trash'])

export function newOwner(store: MailStore): Owner {
  const instances = new Map<Content, Instance>()
  /** Where a pass saw it last: a folder whose UIDs were void in between counts as another one. */
  const seenIn = new Map<Instance, Folder>()
  const voided = new Set<Folder>()
  const removed: Instance[] = []
  let made = 0
  let passing = false

  const folders = (): readonly Folder[] => store.folders().filter((one) => one.selectable)
  const nthFolder = (n: number): Folder | undefined => folders()[n % folders().length]
  const present = (): ReturnType<Owner['present']> =>
    folders().flatMap((folder) =>
      folder.messages.map((message) => {
        const instance = instances.get(message.content)
        if (instance === undefined) throw new Error(`a stranger in ${folder.name}`)
        return { instance, folder, message }
      }),
    )
  const nth = (n: number): ReturnType<Owner['present']>[number] | undefined => {
    const one = present()[n % Math.max(1, present().length)]
    if (one !== undefined && passing) one.instance.blurred = true
    return one
  }
  const isMarked = (message: Message): boolean => message.flags.includes('\\Deleted')
  const freeName = (parent: Folder | undefined, n: number): string | null => {
    const base = FOLDER_NAMES[n % FOLDER_NAMES.length] ?? 'x'
    const name = parent === undefined || parent.name === 'INBOX' ? base : `${parent.name}/${base}`
    return store.folder(name) === undefined && name.split('/').length < 5 ? name : null
  }

  function add(folder: string, kind: LetterKind, flags: readonly string[], twin?: Instance): void {
    const number = ++made
    const key = twin?.key ?? (kind === 'nameless' ? `nameless ${number}` : `${kind}-${number}`)
    const bytes = twin?.bytes ?? lettersBytes(kind, key)
    const at = twin?.at ?? Date.UTC(2026, 1, 1) + number * DAY_MS
    const content = heldContent(bytes)
    const instance = { key, bytes, kind: twin?.kind ?? kind, at, everMarked: false, wasSeen: false, blurred: passing, mustBeTrash: false }
    instances.set(content, instance)
    store.addMessage(folder, content, { flags, internalDate: new Date(at) })
  }

  function edit(edit: Edit): void {
    switch (edit.do) {
      case 'add': {
        const twin = edit.kind === 'twin' ? nth(edit.folder * 7 + edit.flags)?.instance : undefined
        const kind = edit.kind === 'twin' && twin === undefined ? 'plain' : edit.kind
        return add(nthFolder(edit.folder)?.name ?? 'INBOX', kind, FLAG_SETS[edit.flags] ?? [], twin)
      }
      case 'flags': {
        const one = nth(edit.message)
        if (one !== undefined && !isMarked(one.message)) store.setFlags(one.folder.name, one.message.uid, FLAG_SETS[edit.flags] ?? [])
        return
      }
      case 'mark': {
        const one = nth(edit.message)
        if (one === undefined) return
        one.instance.everMarked = true
        const { flags } = one.message
        const marked = isMarked(one.message) ? flags.filter((flag) => flag !== '\\Deleted') : [...flags, '\\Deleted']
        return store.setFlags(one.folder.name, one.message.uid, marked)
      }
      case 'copy':
      case 'move': {
        const one = nth(edit.message)
        const to = nthFolder(edit.folder)
        if (one === undefined || to === undefined || to === one.folder) return
        if (edit.do === 'copy') return add(to.name, one.instance.kind, one.message.flags, one.instance)
        store.moveMessage(one.folder.name, one.message.uid, to.name)
        return
      }
      case 'remove': {
        const one = nth(edit.message)
        if (one === undefined) return
        removed.push(one.instance)
        return store.removeMessage(one.folder.name, one.message.uid)
      }
      case 'create': {
        const name = freeName(nthFolder(edit.folder), edit.name)
        if (name !== null) store.createFolder(name)
        return
      }
      case 'rename': {
        const folder = nthFolder(edit.folder)
        const name = freeName(undefined, edit.name)
        if (folder === undefined || name === null || FIXED.has(folder.name)) return
        for (const one of below(folder)) voided.add(one)
        return store.renameFolder(folder.name, name)
      }
      case 'drop': {
        const folder = nthFolder(edit.folder)
        if (folder === undefined || FIXED.has(folder.name) || below(folder).length > 1) return
        voided.add(folder)
        return store.deleteFolder(folder.name)
      }
      case 'revalidate': {
        const folder = nthFolder(edit.folder)
        if (folder === undefined) return
        voided.add(folder)
        return store.moveUidValidity(folder.name)
      }
    }
  }

  function below(folder: Folder): readonly Folder[] {
    return store.folders().filter((one) => one === folder || one.name.startsWith(`${folder.name}/`))
  }

  return {
    store,
    instances,
    edit,
    editInPassing(one) {
      passing = true
      edit(one)
      passing = false
    },
    present,
    passDone() {
      for (const instance of removed.splice(0)) {
        const seen = seenIn.get(instance)
        instance.mustBeTrash = !instance.blurred && seen !== undefined && store.folders().includes(seen) && !voided.has(seen)
      }
      voided.clear()
      seenIn.clear()
      for (const { instance, folder, message } of present()) {
        seenIn.set(instance, folder)
        if (!isMarked(message)) instance.wasSeen = true
      }
    },
  }
}

function lettersBytes(kind: LetterKind, key: string): Buffer {
  if (kind === 'nameless') return letter({ id: null, body: `All that tells this one is ${key}.\r\n` })
  if (kind === 'long') return letter({ id: key, body: LONG_LINE })
  if (kind === 'large') return letter({ id: key, bytes: 280_000 })
  return letter({ id: key, ...(kind === 'odd' ? { subject: UNKNOWN_CHARSET } : {}) })
}

/** Which letter these bytes are, also after a repair. */
export function keyOf(bytes: Buffer): string {
  const text = bytes.toString('latin1')
  return /^message-id: *<([^@>]+)@/im.exec(text)?.[1] ?? /(nameless \d+)/.exec(text)?.[1] ?? '?'
}
