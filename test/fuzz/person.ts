/** The same person at the new mailbox, and a book of what was done there: nothing of it may ever be undone. */
import { letter } from '../crash/mail.ts'
import { heldContent, type Content, type Folder, type MailStore, type Message } from '../../src/simulator/mail-store.ts'
import { FOLDER_NAMES, type Touch } from './history.ts'
import { keyOf } from './owner.ts'

/** How the person left a message: in which folder with which flags; null where it was deleted for good. */
export type Left = { readonly folderId: string; readonly flags: readonly string[] } | null

export type Person = {
  readonly store: MailStore
  readonly own: ReadonlyMap<Content, Left>
  /** Copies that we brought and the person touched. */
  readonly touched: ReadonlyMap<Content, Left>
  touch(touch: Touch): void
  /** What the person did is what the source did as well: from now on it follows the source again. */
  agree(content: Content): void
  /** Messages of which some copy was touched at some time. */
  readonly everTouched: ReadonlySet<string>
}

type Place = { readonly folder: Folder; readonly message: Message }

/** Touches only messages with a name of their own, so that it can be said of each what must have become of it. */
export function newPerson(store: MailStore): Person {
  const own = new Map<Content, Left>()
  const touched = new Map<Content, Left>()
  const everTouched = new Set<string>()
  let made = 0

  const folders = (): readonly Folder[] => store.folders().filter((one) => one.selectable && one.kind === 'mail')
  const nthFolder = (n: number): Folder | undefined => folders()[n % folders().length]
  const nth = (n: number): Place | undefined => {
    const all = folders().flatMap((folder) => folder.messages.map((message) => ({ folder, message })))
    const named = all.filter(({ message }) => !keyOf(message.content.bytes()).startsWith('nameless'))
    return named[n % Math.max(1, named.length)]
  }
  const left = ({ folder, message }: Place): void => {
    const book = own.has(message.content) ? own : touched
    book.set(message.content, { folderId: folder.id, flags: message.flags })
  }

  return {
    store,
    own,
    touched,
    everTouched,
    agree(content) {
      touched.delete(content)
      everTouched.add(keyOf(content.bytes()))
    },
    touch(touch) {
      switch (touch.touch) {
        case 'add': {
          const folder = nthFolder(touch.folder)
          if (folder === undefined) return
          const content = heldContent(letter({ id: `own-${++made}` }))
          own.set(content, null)
          return left({ folder, message: store.addMessage(folder.name, content, { flags: ['\\Seen'] }) })
        }
        case 'flags': {
          const one = nth(touch.message)
          if (one === undefined) return
          // Never a set that the source could have: that would be no touch at all.
          const flags = one.message.flags.includes('\\Answered') ? ['\\Draft'] : ['\\Answered', '\\Draft']
          store.setFlags(one.folder.name, one.message.uid, flags)
          return left(one)
        }
        case 'move': {
          const one = nth(touch.message)
          const to = nthFolder(touch.folder)
          if (one === undefined || to === undefined || to === one.folder) return
          return left({ folder: to, message: store.moveMessage(one.folder.name, one.message.uid, to.name) })
        }
        case 'remove': {
          const one = nth(touch.message)
          if (one === undefined) return
          store.removeMessage(one.folder.name, one.message.uid)
          const book = own.has(one.message.content) ? own : touched
          book.set(one.message.content, null)
          return
        }
        case 'create': {
          const name = FOLDER_NAMES[touch.name % FOLDER_NAMES.length]?.trim() ?? ''
          if (store.folder(name) === undefined) store.createFolder(name)
          return
        }
        case 'rename': {
          const folder = nthFolder(touch.folder)
          if (folder === undefined || folder.specialUse !== '' || isDefault(folder)) return
          const name = `Renamed ${++made}`
          const before = store.folders().filter((one) => one === folder || one.name.startsWith(`${folder.name}/`))
          store.renameFolder(folder.name, name)
          for (const one of before) for (const message of one.messages) left({ folder: one, message })
        }
      }
    },
  }
}

function isDefault(folder: Folder): boolean {
  return ['INBOX', 'Sent', 'Trash', 'Archiv'].includes(folder.name)
}
