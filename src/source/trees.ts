import { listTree } from '../imap/list-folders.ts'
import { isWithin, virtualNamespaces } from '../imap/namespace.ts'
import type { Session } from '../imap/session.ts'
import type { Namespace, Namespaces } from '../imap/session-state.ts'
import { Failure } from '../model/failure.ts'
import type { ListedFolder } from '../model/folder.ts'
import { atSource } from './plain-session.ts'
import type { FolderNamespaces, SourceNotes, SourceSession } from './port.ts'

/** Which trees of a server beside the person's own are copied. */
export type TreeChoice = {
  /** What other users share with this one. */
  readonly others: boolean
  /** What belongs to everybody. */
  readonly public: boolean
  /** Only this folder and what is below it, as a mailbox of its own: "Public/Sales". null: the person's own mailbox. */
  readonly root: string | null
  /** Folders of the person that usually stay behind, by name: a view, the notes of an Exchange mailbox. */
  readonly folders: readonly string[]
}

export const OWN_TREE: TreeChoice = { others: false, public: false, root: null, folders: [] }
const NOTE = 'trees'

/** What was chosen now, or in an earlier pass: a tree that was copied once is followed until the end, else it would look deleted. */
export class ChosenTrees {
  notes: SourceNotes | null = null
  readonly #now: TreeChoice

  constructor(now: TreeChoice) {
    this.#now = now
  }

  get choice(): TreeChoice {
    const before = Buffer.from(this.notes?.read(NOTE) ?? []).toString()
    const { others, public: everybodys, root, folders } = this.#now
    return { others: others || before.includes('others'), public: everybodys || before.includes('public'), root, folders }
  }

  remember(): void {
    const { others, public: everybodys } = this.choice
    if (others || everybodys) this.notes?.write(NOTE, Buffer.from([others ? 'others' : '', everybodys ? 'public' : ''].join(' ')))
  }
}

/**
 * A session that lists other users', public and virtual trees too: those that were chosen whole, with their figures; of the others the
 * level below the prefix, by name, so that a person sees that they are there and stay behind.
 */
export function withTrees(session: Session, own: SourceSession, trees: ChosenTrees): SourceSession {
  const { choice } = trees
  const { namespaces } = session.state
  const { root, folders: wanted } = choice
  if (namespaces === null && root === null && wanted.length === 0) return own
  const spaces = namespaces ?? { personal: [], others: [], shared: [] }
  const foreign = spaces.others.filter(({ prefix }) => prefix !== '')
  const virtual = virtualNamespaces(spaces)
  if (root === null && wanted.length === 0 && foreign.length + virtual.length === 0) return own
  const chosen = foreign.filter((one) => root !== null || (spaces.shared.includes(one) ? choice.public : choice.others))
  const list = async (): Promise<readonly ListedFolder[]> => {
    const lists = [...foreign, ...virtual].map((one) => {
      const listing = listTree(session, one.prefix, chosen.includes(one))
      // What was chosen must not look empty because of a refusal: its copies would follow it into Deleted Items.
      return chosen.includes(one) && root === null ? listing : tolerated(session, listing)
    })
    const [mine, ...others] = await Promise.all([own.folders(), ...lists])
    const byName = new Map((mine ?? []).map((folder) => [folder.name, folder]))
    for (const folder of others.flat()) if (!byName.has(folder.name) && isBeside(folder, foreign, virtual)) byName.set(folder.name, folder)
    const all = [...byName.values()]
    trees.remember()
    return root === null ? all : rooted(all, root, session.endpoint.host)
  }
  return {
    get alive() {
      return own.alive
    },
    namespaces: root !== null ? { personal: [''], foreign: [] } : namespaces === null ? null : told(spaces, chosen, virtual),
    wanted,
    holdsItems: own.holdsItems,
    changesMessageIds: own.changesMessageIds,
    rendersAnew: own.rendersAnew,
    get warnings() {
      return own.warnings ?? []
    },
    get receivedBytes() {
      return own.receivedBytes ?? 0
    },
    bytesPerDay: own.bytesPerDay ?? null,
    folders: () => atSource(list),
    about: (folders) => own.about(folders),
    open: (name) => own.open(name),
    known: (name, status) => own.known(name, status),
    [Symbol.asyncDispose]: () => own[Symbol.asyncDispose](),
  }
}

function told(spaces: Namespaces, chosen: readonly Namespace[], virtual: readonly Namespace[]): FolderNamespaces {
  const prefixes = (all: readonly Namespace[]): readonly string[] => all.map(({ prefix }) => prefix)
  return {
    personal: prefixes(spaces.personal.filter((one) => !virtual.includes(one))),
    foreign: prefixes(spaces.others.filter((one) => !chosen.includes(one))),
    public: prefixes(spaces.shared),
    chosen: prefixes(chosen),
    virtual: prefixes(virtual),
  }
}

function isBeside({ name }: ListedFolder, foreign: readonly Namespace[], virtual: readonly Namespace[]): boolean {
  return [...foreign, ...virtual].some((one) => isWithin(one, name))
}

/** A server that does not let us look into a tree has none for us. */
async function tolerated(session: Session, listing: Promise<readonly ListedFolder[]>): Promise<readonly ListedFolder[]> {
  try {
    return await listing
  } catch (error) {
    if (!(error instanceof Failure) || !session.alive || error.next === 'wait' || !/^(NO|BAD)\b/.test(error.serverText ?? '')) throw error
    return []
  }
}

/** The folders of one tree as those of a mailbox: its root becomes INBOX, what is below it stands at the top. */
function rooted(all: readonly ListedFolder[], root: string, host: string): readonly ListedFolder[] {
  const found = all.flatMap((folder) => {
    const levels = levelsOf(root, folder)
    return levels === null ? [] : [moved(folder, levels)]
  })
  if (found.length > 0) return found
  const tops = [...new Set(all.map((folder) => folder.path[0] ?? ''))].slice(0, 20).join(', ')
  throw new Failure('source-root-missing', `${host} shows this login no folders at or below "${root}". At the top it shows: ${tops}.`)
}

/** How many levels of the folder's path the root takes, written with "/" or with the server's separator; null: it is elsewhere. */
function levelsOf(root: string, { path, separator }: ListedFolder): number | null {
  const spellings = new Set([root.split('/'), ...(separator === null ? [] : [root.split(separator)])])
  for (const spelling of spellings) {
    const wanted = spelling.filter((level) => level !== '')
    const same = (level: string, at: number): boolean => {
      const is = path[at] ?? ''
      return is.normalize('NFC') === level.normalize('NFC') || (at === 0 && is.toUpperCase() === 'INBOX' && level.toUpperCase() === 'INBOX')
    }
    if (wanted.length > 0 && wanted.length <= path.length && wanted.every(same)) return wanted.length
  }
  return null
}

function moved(folder: ListedFolder, levels: number): ListedFolder {
  const path = folder.path.slice(levels)
  if (path.length === 0) return { ...folder, path: ['INBOX'], specialUse: 'inbox' }
  return { ...folder, path, specialUse: folder.specialUse === 'inbox' ? null : folder.specialUse }
}
