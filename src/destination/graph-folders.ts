import type { Graph } from '../microsoft/graph.ts'
import { graphPath, odataText } from '../microsoft/graph-path.ts'
import { Failure } from '../model/failure.ts'
import type { SpecialUse } from '../model/special-use.ts'

/** Names that lead to a folder in every language (microsoft365.md §3.6). `msgfolderroot` holds all others. */
const WELL_KNOWN = {
  inbox: 'inbox',
  archive: 'archive',
  drafts: 'drafts',
  junkemail: 'junk',
  sentitems: 'sent',
  deleteditems: 'trash',
} as const satisfies Readonly<Record<string, SpecialUse>>
const ROOT = 'msgfolderroot'
const INBOX = 'INBOX'

type Place = { readonly id: string; readonly path: readonly string[] }

/**
 * The folders of mail of one Exchange mailbox as its owner's programs see them. Folders of another class, such as calendars and what IMAP
 * clients made as `IPF.Imap`, are not among them.
 */
export class GraphFolders {
  readonly #graph: Graph
  /** What Graph calls the mailbox. */
  #user: string
  #ids = new Map<string, string>()
  readonly #hidden = new Set<string>()
  #wasRead = false
  #roles = new Map<SpecialUse, string>()

  constructor(graph: Graph, address: string) {
    this.#graph = graph
    this.#user = address
  }

  get user(): string {
    return this.#user
  }

  /** Something is known, though it may be of a while ago. */
  get wasRead(): boolean {
    return this.#wasRead
  }

  /** The id of the folder at this path; null where Graph shows none. */
  idOf(path: readonly string[]): string | null {
    return this.#ids.get(pathKey(path)) ?? null
  }

  /** Whether programs are to show the folder at this path; IMAP may leave those of the system away. */
  isShown(path: readonly string[]): boolean {
    const id = this.idOf(path)
    return id !== null && !this.#hidden.has(id)
  }

  /** The role of the folder at this path, whatever it is called. */
  roleOf(path: readonly string[]): SpecialUse | null {
    const id = this.idOf(path)
    for (const [role, its] of this.#roles) if (id !== null && its === id) return role
    return null
  }

  /** Whether a folder of this role was found at all. */
  knows(role: SpecialUse): boolean {
    return this.#roles.has(role)
  }

  /** Reads all of it anew. Throws a `Failure`. */
  async read(): Promise<void> {
    const wellKnown = await this.#wellKnown()
    const root = wellKnown.get(ROOT)
    if (root === undefined) throw new Failure('answer-unreadable', 'Microsoft Graph names no root of the folders.')
    const roles = new Map<SpecialUse, string>()
    for (const [name, role] of Object.entries(WELL_KNOWN)) {
      const id = wellKnown.get(name)
      if (id !== undefined) roles.set(role, id)
    }
    const inbox = roles.get('inbox')
    const ids = new Map<string, string>(inbox === undefined ? [] : [[pathKey([INBOX]), inbox]])
    const seen = new Set([root])
    for (let level: readonly Place[] = [{ id: root, path: [] }]; level.length > 0;) {
      const below = await this.#children(level.map(({ id }) => id))
      const next: Place[] = []
      for (const { id, path } of level) {
        for (const child of below.get(id) ?? []) {
          if (seen.has(child.id)) continue
          seen.add(child.id)
          // IMAP calls it so in every language.
          const place = { id: child.id, path: child.id === inbox ? [INBOX] : [...path, child.name] }
          ids.set(pathKey(place.path), child.id)
          if (child.isHidden) this.#hidden.add(child.id)
          if (child.hasFolders) next.push(place)
        }
      }
      level = next
    }
    this.#ids = ids
    this.#roles = roles
    this.#wasRead = true
  }

  /**
   * Creates what is missing on the way to each path as folders of mail, level by level. What Graph does not take, or says is there though it
   * shows none, is left: `idOf` tells. Returns the paths of what was made. Throws a `Failure`.
   */
  async create(paths: readonly (readonly string[])[]): Promise<readonly (readonly string[])[]> {
    const made: (readonly string[])[] = []
    const deepest = paths.reduce((most, path) => Math.max(most, path.length), 0)
    for (let depth = 1; depth <= deepest; depth++) {
      const wanted = new Map<string, readonly string[]>()
      for (const path of paths) {
        const part = path.slice(0, depth)
        const parent = part.slice(0, -1)
        if (path.length < depth || this.idOf(part) !== null || pathKey(part) === pathKey([INBOX])) continue
        if (parent.length === 0 || this.idOf(parent) !== null) wanted.set(pathKey(part), part)
      }
      made.push(...(await this.#createLevel([...wanted.values()])))
    }
    return made
  }

  async #createLevel(paths: readonly (readonly string[])[]): Promise<readonly (readonly string[])[]> {
    if (paths.length === 0) return []
    const parentOf = (path: readonly string[]): string => this.idOf(path.slice(0, -1)) ?? ROOT
    const answers = await this.#graph.batch(
      paths.map((path, at) => ({
        id: `${at}`,
        method: 'POST',
        path: graphPath`/users/${this.#user}/mailFolders/${parentOf(path)}/childFolders`,
        body: { displayName: path.at(-1) ?? '' },
        // The second time it says that it exists.
        repeatable: true,
      })),
    )
    const made: (readonly string[])[] = []
    const look: (readonly string[])[] = []
    let doubt: Failure | null = null
    for (const [at, path] of paths.entries()) {
      const answer = answers.get(`${at}`)
      if (answer?.ok === true) {
        this.#ids.set(pathKey(path), textOf(answer.reply.body['id']))
        made.push(path)
      } else if (answer?.failure.code === 'object-exists') look.push(path)
      else if (answer?.failure.notDone === false) {
        look.push(path)
        doubt ??= answer.failure
      } else if (answer?.failure.code !== 'request-refused') throw answer?.failure ?? new Failure('answer-unreadable', 'No answer.')
    }
    const found = await this.#children([...new Set(look.map(parentOf))])
    for (const path of look) {
      const one = found.get(parentOf(path))?.find(({ name }) => pathKey([name]) === pathKey(path.slice(-1)))
      if (one !== undefined) {
        this.#ids.set(pathKey(path), one.id)
        if (one.isHidden) this.#hidden.add(one.id)
      } else if (doubt !== null) throw doubt
    }
    return made
  }

  /** Ids by well-known name. A mailbox need not have all of them. */
  async #wellKnown(): Promise<ReadonlyMap<string, string>> {
    const names = [ROOT, ...Object.keys(WELL_KNOWN)]
    const ask = () =>
      this.#graph.batch(
        names.map((name) => ({
          id: name,
          method: 'GET',
          path: graphPath`/users/${this.#user}/mailFolders/${name}`,
          query: { $select: 'id,displayName,parentFolderId' },
        })),
      )
    let answers = await ask()
    const failure = failureOf(answers.get(ROOT))
    if (failure?.code === 'object-unknown') {
      const id = await this.#userId()
      if (id === null) throw failure
      this.#user = id
      answers = await ask()
    }
    const ids = new Map<string, string>()
    for (const [name, answer] of answers) {
      if (answer.ok) ids.set(name, textOf(answer.reply.body['id']))
      else if (name === ROOT || answer.failure.code !== 'object-unknown') throw answer.failure
    }
    return ids
  }

  /** The user that has this address where it is not the name of sign-in. */
  async #userId(): Promise<string | null> {
    const address = this.#user.toLowerCase()
    const filter = `proxyAddresses/any(p:p eq ${odataText(`smtp:${address}`)})`
    try {
      for await (const row of this.#graph.rows('/users', { query: { $filter: filter, $select: 'id' } })) return textOf(row['id'])
      return null
    } catch (error) {
      if (error instanceof Failure && error.code !== 'stopped') return null
      throw error
    }
  }

  /** By the parents' ids; one that is gone by now has none. */
  async #children(parents: readonly string[]): Promise<ReadonlyMap<string, readonly Child[]>> {
    const query = { includeHiddenFolders: 'true', $top: '250', $select: 'id,displayName,childFolderCount,isHidden' }
    const pathOf = (id: string): string => graphPath`/users/${this.#user}/mailFolders/${id}/childFolders`
    const answers =
      parents.length === 0
        ? new Map<string, never>()
        : await this.#graph.batch(parents.map((id, at) => ({ id: `${at}`, method: 'GET', path: pathOf(id), query })))
    const found = new Map<string, readonly Child[]>()
    for (const [at, id] of parents.entries()) {
      const answer = answers.get(`${at}`)
      if (answer?.ok !== true) {
        const failure = failureOf(answer)
        if (failure?.code !== 'object-unknown') throw failure ?? new Failure('answer-unreadable', 'No answer.')
        continue
      }
      const { value, '@odata.nextLink': more } = answer.reply.body
      const rows = more === undefined ? (Array.isArray(value) ? value : []) : await Array.fromAsync(this.#graph.rows(pathOf(id), { query }))
      found.set(id, rows.map(childOf))
    }
    return found
  }
}

type Child = { readonly id: string; readonly name: string; readonly hasFolders: boolean; readonly isHidden: boolean }

function childOf(row: Readonly<Record<string, unknown>>): Child {
  return {
    id: textOf(row['id']),
    name: textOf(row['displayName']),
    hasFolders: row['childFolderCount'] !== 0,
    isHidden: row['isHidden'] === true,
  }
}

type Answer = { readonly ok: true } | { readonly ok: false; readonly failure: Failure }

function failureOf(answer: Answer | undefined): Failure | null {
  return answer?.ok === false ? answer.failure : null
}

/** How Exchange tells names apart: blanks around them, case and Unicode form do not count (microsoft365.md §2.4). */
export function pathKey(path: readonly string[]): string {
  return path.map((part) => part.trim().normalize('NFC').toLowerCase()).join('\u0000')
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
