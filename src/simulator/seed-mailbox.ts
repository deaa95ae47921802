import type { Content, MailStore } from './mail-store.ts'
import { nastyMessages } from './nasty-messages.ts'
import type { Personality } from './personality.ts'
import { Random } from './random.ts'
import { seedMessage, type SeedKey, type SeedOptions } from './seed-message.ts'

export type MailboxSeed = {
  readonly seed: number
  readonly mailbox: number
  readonly owner: string
  readonly messages: number
  readonly medianBytes: number
  readonly maxBytes: number
  /** Adds the nasty cases, each in the folder `Odd`. */
  readonly nasty: boolean
}

type SeedFolder = { readonly path: readonly string[]; readonly share: number; readonly specialUse?: string }

/** Folders as people have them; levels of a path are joined by the server's separator. `share` is the part of the messages. */
const COMMON: readonly SeedFolder[] = [
  { path: ['INBOX'], share: 40 },
  { path: ['Drafts'], share: 1, specialUse: '\\Drafts' },
  { path: ['Trash'], share: 4, specialUse: '\\Trash' },
  { path: ['Junk'], share: 3, specialUse: '\\Junk' },
]
const STYLES: readonly (readonly SeedFolder[])[] = [
  [
    { path: ['Sent'], share: 20, specialUse: '\\Sent' },
    { path: ['Sent', '2019'], share: 3 },
    { path: ['Projects'], share: 5 },
    { path: ['Projects', 'Harbour'], share: 8 },
    { path: ['Projects', 'Harbour', 'Drawings'], share: 4 },
    { path: ['R&D Ünïté'], share: 3 },
    { path: ['Archive'], share: 6, specialUse: '\\Archive' },
    { path: ['Empty'], share: 0 },
  ],
  [
    { path: ['Gesendet'], share: 20, specialUse: '\\Sent' },
    { path: ['Aufträge'], share: 6 },
    { path: ['Aufträge', 'Müller & Söhne'], share: 6 },
    { path: ['Persönlich'], share: 4 },
    { path: ['Rechnungen'], share: 5 },
    { path: ['rechnungen'], share: 2 },
    { path: ['Files'], share: 2 },
    { path: ['Kalender'], share: 1 },
  ],
  [
    { path: ['Envoyés'], share: 20, specialUse: '\\Sent' },
    { path: ['Clients'], share: 6 },
    { path: ['Clients', 'Société générale'], share: 5 },
    { path: ['Congés ⛱ d’été'], share: 2 },
    { path: ['À classer '], share: 4 },
    { path: ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J'], share: 2 },
  ],
  [
    { path: ['Sent Messages'], share: 18, specialUse: '\\Sent' },
    { path: ['日本語'], share: 6 },
    { path: ['日本語', '請求書'], share: 4 },
    { path: ['100% "quoted"'], share: 2 },
    { path: ['42'], share: 2 },
    { path: ['Caf\u00e9'], share: 2 },
    { path: ['Cafe\u0301'], share: 2 },
    { path: ['star*name'], share: 1 },
  ],
]

const NEWEST = Date.UTC(2026, 9, 30, 12)
const SPAN_MS = 12 * 365.25 * 86_400_000
const FLAG_SETS: readonly [readonly string[], ...(readonly string[])[]] = [
  ['\\Seen'],
  ['\\Seen'],
  ['\\Seen'],
  ['\\Seen', '\\Answered'],
  [],
  ['\\Seen', '\\Flagged'],
  ['\\Seen', '$Forwarded'],
  ['\\Seen', '$label1'],
  ['\\Flagged'],
]

/** Fills a source mailbox: same seed, same folders, messages, flags and dates. Message bytes are made when they are read. */
export function seedMailbox(store: MailStore, personality: Personality, seed: MailboxSeed): void {
  const random = new Random(seed.seed, seed.mailbox, 99)
  personality.oddities?.furnish?.(store, seed.mailbox)
  const folders = inItsWords([...COMMON, ...(STYLES[seed.mailbox % STYLES.length] ?? [])], personality, seed.mailbox).filter(
    // Where the server has something else of this name, nobody has mail in it.
    ({ path }) => (store.folder(folderPath(personality, path))?.kind ?? 'mail') === 'mail',
  )
  const weights = folders.reduce((sum, folder) => sum + folder.share, 0)
  let index = 0
  let promised = 0
  for (const folder of folders) {
    const name = folderPath(personality, folder.path)
    store.createFolder(name, { specialUse: folder.specialUse ?? '', subscribed: true })
    promised += folder.share
    for (const until = Math.round((seed.messages * promised) / weights); index < until; index++) {
      const date = new Date(
        Math.floor((NEWEST - SPAN_MS * (1 - index / Math.max(1, seed.messages)) - random.int(86_400_000)) / 1000) * 1000,
      )
      const flags = folder.specialUse === '\\Drafts' ? ['\\Seen', '\\Draft'] : random.pick(FLAG_SETS)
      const options = { owner: seed.owner, date, medianBytes: seed.medianBytes, maxBytes: seed.maxBytes }
      store.addMessage(name, seededContent({ seed: seed.seed, mailbox: seed.mailbox, index }, options), { flags, internalDate: date })
    }
  }
  if (seed.nasty) addNasty(store, personality)
}

/** The special folders by the names that this server gives them, and what is below them. */
function inItsWords(folders: readonly SeedFolder[], personality: Personality, mailbox: number): readonly SeedFolder[] {
  const { specialNames, inboxName = 'INBOX' } = personality.oddities ?? {}
  const names = specialNames?.(mailbox) ?? {}
  const renamed = new Map([['INBOX', inboxName]])
  for (const { path, specialUse } of folders) {
    const name = names[specialUse ?? '']
    if (path.length === 1 && name !== undefined) renamed.set(path[0] ?? '', name)
  }
  return folders.map((folder) => {
    const [first = '', ...below] = folder.path
    return { ...folder, path: [renamed.get(first) ?? first, ...below] }
  })
}

function addNasty(store: MailStore, personality: Personality): void {
  const odd = folderPath(personality, ['Odd'])
  const copies = [odd, folderPath(personality, ['Odd', 'Copies']), folderPath(personality, ['Odd', 'More copies'])]
  for (const name of copies) store.createFolder(name, { subscribed: true })
  for (const message of nastyMessages()) {
    const times = message.name === 'identical-twice' ? 2 : 1
    const targets = message.name === 'in-three-folders' ? copies : [odd]
    for (const name of targets)
      for (let i = 0; i < times; i++) store.addMessage(name, message.bytes(), { flags: message.flags, internalDate: message.internalDate })
  }
}

/** A folder's name on a server of this kind. */
export function folderPath(personality: Personality, path: readonly string[]): string {
  const name = path
    .map((level) => (personality.separator === '/' ? level : level.replaceAll(personality.separator, '_')))
    .map((level) => (personality.trimsNames ? level.trim() : level))
    .join(personality.separator)
  return /^inbox$/i.test(name) ? name : personality.prefix + name
}

function seededContent(key: SeedKey, options: SeedOptions): Content {
  let size = -1
  return {
    get sizeBytes() {
      if (size < 0) size = seedMessage(key, options).length
      return size
    },
    bytes: () => seedMessage(key, options),
  }
}
