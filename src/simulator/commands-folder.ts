import { quote, textOf, textsOf, type Argument, type Command } from './command.ts'
import type { Folder } from './mail-store.ts'
import { decodeName, encodeName } from './modified-utf7.ts'
import { SYSTEM_FLAGS, isExchange } from './personality.ts'
import { formatSet, parseSet, type HandlerTable, type Session } from './session.ts'

/** Of the owner, RFC 4314 §4. */
const ALL_RIGHTS = 'lrswipkxtea'

/** Commands that make, change, open and close folders. */
export const FOLDER_COMMANDS: HandlerTable = {
  SELECT: { needs: 'sign-in', run: open },
  EXAMINE: { needs: 'sign-in', run: open },
  CREATE: { needs: 'sign-in', run: create },
  DELETE: {
    needs: 'sign-in',
    run: (session, command) => {
      const folder = named(session, command)
      if (folder === undefined) return
      if (isDefault(session, folder)) return session.refuse(command, 'folder-default')
      session.store.deleteFolder(folder.name)
      session.ok(command)
    },
  },
  RENAME: { needs: 'sign-in', run: rename },
  SUBSCRIBE: { needs: 'sign-in', run: (session, command) => subscribe(session, command, true) },
  UNSUBSCRIBE: { needs: 'sign-in', run: (session, command) => subscribe(session, command, false) },
  STATUS: {
    needs: 'sign-in',
    run: (session, command) => {
      const folder = named(session, command)
      if (folder === undefined) return
      const status = statusLine(session, folder, textsOf(command.arguments[1]))
      if (status === null) return session.refuse(command, 'syntax')
      session.untagged(status)
      session.ok(command)
    },
  },
  MYRIGHTS: {
    needs: 'sign-in',
    run: (session, command) => {
      const folder = named(session, command)
      if (folder === undefined) return
      session.untagged(`MYRIGHTS ${wireName(session, folder.name)} ${ALL_RIGHTS}`)
      session.ok(command)
    },
  },
  GETACL: {
    needs: 'sign-in',
    run: (session, command) => {
      const folder = named(session, command)
      if (folder === undefined) return
      session.untagged(`ACL ${wireName(session, folder.name)} ${quote(session.user?.address ?? '')} ${ALL_RIGHTS}`)
      session.ok(command)
    },
  },
  UNSELECT: { needs: 'folder', run: close },
  CLOSE: {
    needs: 'folder',
    run: (session, command) => {
      const { selected } = session
      if (selected !== null && !selected.readOnly) {
        const going = selected.view.filter((message) => !message.gone && message.flags.includes('\\Deleted'))
        if (going.length > 0)
          session.store.removeMessages(
            selected.folder.name,
            going.map((message) => message.uid),
          )
      }
      close(session, command)
    },
  },
}

function close(session: Session, command: Command): void {
  session.selected = null
  session.ok(command)
}

/** The display name in a command's argument, as this server takes it; null when there is none. */
export function folderName(session: Session, argument: Argument | undefined): string | null {
  const text = textOf(argument)
  if (text === null) return null
  const name = decodeName(text)
  if (!session.personality.trimsNames) return name
  return name
    .split('/')
    .map((level) => level.trim())
    .join('/')
}

/** The folder that a command names; without one the command is refused here. */
export function named(session: Session, command: Command, argument = command.arguments[0]): Folder | undefined {
  const name = folderName(session, argument)
  if (name === null) {
    session.refuse(command, 'syntax')
    return undefined
  }
  const folder = session.store.folder(name)
  if (folder?.selectable !== true || folder.kind === 'unlisted') {
    session.refuse(command, 'no-folder', textOf(argument) ?? '')
    return undefined
  }
  if (session.fault.lockedFolder === folder.name) {
    session.bye('BYE Zimbra IMAP4rev1 server closing connection: account is locked')
    return undefined
  }
  return folder
}

function isDefault(session: Session, folder: Folder): boolean {
  if (/^inbox$/i.test(folder.name)) return true
  return isExchange(session.personality) && (folder.specialUse !== '' || folder.kind === 'other')
}

function create(session: Session, command: Command): void {
  const { personality, store } = session
  const name = folderName(session, command.arguments[0])?.replace(new RegExp(`\\${personality.separator}$`), '') ?? null
  if (name === null || name === '') return session.refuse(command, 'syntax')
  const levels = name.split(personality.separator)
  if (levels.includes('')) return session.refuse(command, 'folder-name')
  if (personality.prefix !== '' && !name.startsWith(personality.prefix)) return session.refuse(command, 'folder-name')
  if (personality.oddities?.childlessInbox === true && levels.length > 1 && /^inbox$/i.test(levels[0] ?? ''))
    return session.refuse(command, 'folder-name')
  if (personality.reservedNames.has((levels[0] ?? '').toLowerCase())) return session.refuse(command, 'folder-reserved')
  if (isExchange(personality) && (levels.length > 300 || levels.some((level) => level.length > 255)))
    return session.refuse(command, 'folder-name')
  if (store.folder(name) !== undefined) return session.refuse(command, 'folder-exists')
  store.createFolder(name)
  session.ok(command)
}

function rename(session: Session, command: Command): void {
  const folder = named(session, command)
  if (folder === undefined) return
  const to = folderName(session, command.arguments[1])
  if (to === null || to === '') return session.refuse(command, 'syntax')
  if (isDefault(session, folder)) return session.refuse(command, 'folder-default')
  if (session.store.folder(to) !== undefined && session.store.nameKey(to) !== session.store.nameKey(folder.name))
    return session.refuse(command, 'folder-exists')
  session.store.renameFolder(folder.name, to)
  session.ok(command)
}

function subscribe(session: Session, command: Command, on: boolean): void {
  const folder = named(session, command)
  if (folder === undefined) return
  session.store.subscribe(folder.name, on)
  session.ok(command)
}

function open(session: Session, command: Command): void {
  session.selected = null
  const folder = named(session, command)
  if (folder === undefined) return
  const { personality, store, server } = session
  const readOnly = command.verb === 'EXAMINE'
  if (personality.unstableUidValidity) {
    const settled = server.settled.get(store) ?? new Set()
    server.settled.set(store, settled)
    if (!readOnly) settled.add(folder.id)
    else if (!settled.has(folder.id)) store.moveUidValidity(folder.name)
  }
  const options = textsOf(command.arguments[1]).map((word) => word.toUpperCase())
  if (options.includes('CONDSTORE')) session.enabled.add('CONDSTORE')
  const selected = session.select(folder, readOnly)
  const flags = [...SYSTEM_FLAGS, ...personality.knownKeywords].join(' ')
  session.untagged(`FLAGS (${flags})`)
  session.untagged(`OK [PERMANENTFLAGS (${readOnly ? '' : `${flags}${personality.keywords ? ' \\*' : ''}`})] Permanent flags`)
  const { existsStep = Infinity } = personality.oddities ?? {}
  for (let told = existsStep; told < selected.view.length; told += existsStep) session.untagged(`${told} EXISTS`)
  session.untagged(`${selected.view.length} EXISTS`)
  session.untagged('0 RECENT')
  const unseen = selected.view.findIndex((message) => !message.flags.includes('\\Seen'))
  if (unseen >= 0) session.untagged(`OK [UNSEEN ${unseen + 1}] Is the first unseen message`)
  session.untagged(`OK [UIDVALIDITY ${folder.uidValidity}] UIDVALIDITY value`)
  if (!readOnly || personality.uidNextOnExamine) session.untagged(`OK [UIDNEXT ${folder.uidNext}] The next unique identifier value`)
  if (session.enabled.has('CONDSTORE'))
    session.untagged(`OK [HIGHESTMODSEQ ${folder.highestModseq}]${personality.oddities?.textlessModseq === true ? '' : ' Highest'}`)
  if (session.enabled.has('QRESYNC') && options.includes('QRESYNC')) resynchronise(session, command, selected.folder)
  session.ok(command, readOnly ? 'READ-ONLY' : 'READ-WRITE')
}

/** `(QRESYNC (uidvalidity modseq [known-uids]))`, RFC 7162 §3.2.5; a wrong UIDVALIDITY is ignored. */
function resynchronise(session: Session, command: Command, folder: Folder): void {
  const [, options] = command.arguments
  const items = options?.kind === 'list' ? options.items : []
  const at = items.findIndex((item) => textOf(item)?.toUpperCase() === 'QRESYNC')
  const [uidValidity, modseq, known] = textsOf(items[at + 1])
  if (Number(uidValidity) !== folder.uidValidity || modseq === undefined) return
  const since = Number(modseq)
  const ranges = known === undefined ? null : parseSet(known, folder.uidNext - 1)
  const gone = folder.expunged
    .filter(({ uid, modseq }) => modseq > since && (ranges === null || ranges.some(([from, to]) => from <= uid && uid <= to)))
    .map(({ uid }) => uid)
    .sort((a, b) => a - b)
  if (gone.length > 0) session.untagged(`VANISHED (EARLIER) ${formatSet(gone)}`)
  for (const [i, message] of folder.messages.entries())
    if (message.modseq > since) session.untagged(session.fetched(i + 1, message, session.flagItems(message)))
}

/** A STATUS reply without its star; null when an item is not known here. */
export function statusLine(session: Session, folder: Folder, items: readonly string[]): string | null {
  const has = (capability: string): boolean => session.personality.postLogin.includes(capability)
  const values: string[] = []
  for (const item of items.map((word) => word.toUpperCase())) {
    let value: number
    if (item === 'MESSAGES') value = Math.min(folder.messages.length, session.window)
    else if (item === 'RECENT') value = 0
    else if (item === 'UIDNEXT') value = folder.uidNext
    else if (item === 'UIDVALIDITY') value = folder.uidValidity
    else if (item === 'UNSEEN') value = folder.messages.filter((message) => !message.flags.includes('\\Seen')).length
    else if (item === 'HIGHESTMODSEQ' && has('CONDSTORE')) value = folder.highestModseq
    else if (item === 'SIZE' && has('STATUS=SIZE')) value = folder.messages.reduce((sum, message) => sum + message.content.sizeBytes, 0)
    else return null
    values.push(`${item} ${value}`)
  }
  return `STATUS ${wireName(session, folder.name)} (${values.join(' ')})`
}

/** A folder's name as this server writes it; Exchange leaves names unquoted where it can, and where it should not. */
export function wireName(session: Session, name: string): string {
  const exchange = isExchange(session.personality)
  // Exchange sends names with a tab raw and without quotes.
  if (exchange && name.includes('\t')) return name.split('\t').map(encodeName).join('\t')
  const encoded = encodeName(name)
  if (exchange && /^[^ (){}%*"\\\]]+$/.test(encoded)) return encoded
  return quote(encoded)
}
