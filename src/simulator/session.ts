import type { Command } from './command.ts'
import { freshState, type Fault, type FaultBook, type FaultState } from './faults.ts'
import { firstAtLeast, type Folder, type MailStore, type Message } from './mail-store.ts'
import { isExchange, type Personality, type Refusal } from './personality.ts'
import type { Wire } from './wire.ts'

export type Credentials =
  | { readonly kind: 'password'; readonly login: string; readonly password: string; readonly authzid: string }
  | { readonly kind: 'token'; readonly login: string; readonly token: string }
export type SignedIn = {
  readonly address: string
  readonly store: MailStore
  readonly expiresAtMs: number | null
  /** false: the login is accepted, but no command after it (Exchange, without a right to the mailbox). */
  readonly connected?: boolean
  /** What this mailbox takes at the moment, in place of the server's limit. */
  limits?(): { readonly maxMessageBytes: number; readonly freeBytes: number }
}

/** What all connections of one server share. */
export type ServerState = {
  readonly personality: Personality
  readonly faults: FaultBook
  /** null: refused. */
  signIn(credentials: Credentials): SignedIn | null
  now(): number
  readonly maxMessageBytes: number
  readonly maxConnections: number
  /** Signed-in connections per address. */
  readonly connections: Map<string, number>
  /** Folders that somebody has SELECTed, by folder id per store: their UIDVALIDITY is settled (Courier). */
  readonly settled: WeakMap<MailStore, Set<string>>
  appends: number
  /** Connections since the start. */
  accesses: number
  /** Where appended bytes go. */
  keep(bytes: Buffer): Message['content']
}

export type Selected = {
  readonly folder: Folder
  readonly readOnly: boolean
  /** What this session shows: index + 1 is the sequence number. */
  view: Message[]
  seenExpunges: number
  seenFlags: number
  seenUidNext: number
  seenModseq: number
}

/** One connection: who is signed in, what is open, what was said. */
export class Session {
  readonly wire: Wire
  readonly server: ServerState
  /** Which connection since the start this is. */
  readonly access: number
  user: SignedIn | null = null
  /** Signed in, but the mailbox cannot be reached: every command fails. */
  connected = true
  fault: Fault = {}
  faultState: FaultState = freshState()
  selected: Selected | null = null
  readonly enabled = new Set<string>()
  errors = 0
  /** When each command was given, where a server counts that. */
  readonly recentCommands = new Map<string, readonly number[]>()
  commands = 0
  messages = 0
  ended = false
  /** Bytes to the client that its mailbox's account has been charged with. */
  countedOut = 0

  constructor(wire: Wire, server: ServerState) {
    this.wire = wire
    this.server = server
    this.access = server.accesses++
  }

  get personality(): Personality {
    return this.server.personality
  }

  get store(): MailStore {
    if (this.user === null) throw new Error('not signed in')
    return this.user.store
  }

  untagged(text: string): void {
    this.wire.write(`* ${text}\r\n`)
  }

  ok(command: Command, code = '', text = this.personality.done(command.verb)): void {
    const told = code === '' && this.fault.throttledReplies === true ? 'THROTTLED' : code
    this.wire.write(`${command.tag} OK ${told === '' ? '' : `[${told}] `}${text}\r\n`)
  }

  /** Refuses a command in the personality's words, and counts it as an error. */
  refuse(command: Command, why: Refusal, detail = command.verb): void {
    this.reply(command.tag, this.personality.refuse(why, detail))
  }

  /** A tagged reply in given words; NO and BAD count as errors of this session. */
  reply(tag: string, text: string): void {
    this.wire.write(`${tag} ${text}\r\n`)
    if (text.startsWith('BAD')) this.strike()
  }

  /** One error more; the last that the server puts up with ends the session. */
  strike(): void {
    this.errors += 1
    const { maxErrors } = this.personality
    if (maxErrors === null || this.errors < maxErrors) return
    this.bye(isExchange(this.personality) ? 'BYE Connection closed. 14' : 'BYE Too many invalid IMAP commands.')
  }

  bye(text: string): void {
    this.untagged(text)
    this.drop()
  }

  /** Hangs up without a word; what the client has sent beyond this command is not carried out. */
  drop(): void {
    this.ended = true
    this.wire.end()
  }

  /** How many messages of a folder this session sees. */
  get window(): number {
    return this.enabled.has('UIDONLY') ? Infinity : (this.personality.oddities?.windowMessages ?? Infinity)
  }

  /** `5 FETCH (UID 17 …)`, or `17 UIDFETCH (…)` where sequence numbers are switched off (RFC 9586). */
  fetched(sequence: number, message: Message, items: string): string {
    if (this.enabled.has('UIDONLY')) return `${message.uid} UIDFETCH (${items})`
    return `${sequence} FETCH (UID ${message.uid} ${items})`
  }

  select(folder: Folder, readOnly: boolean): Selected {
    this.selected = {
      folder,
      readOnly,
      view: folder.messages.slice(-this.window),
      seenExpunges: folder.expungeCount,
      seenFlags: folder.flagCount,
      seenUidNext: folder.uidNext,
      seenModseq: folder.highestModseq,
    }
    return this.selected
  }

  /** Tells what others changed in the open folder. Expunges are held back where sequence numbers are in use (RFC 3501 §7.4.1). */
  tellChanges(mayExpunge: boolean): void {
    const { selected } = this
    if (selected === null) return
    const { folder } = selected
    if (mayExpunge && folder.expungeCount !== selected.seenExpunges) {
      selected.seenExpunges = folder.expungeCount
      this.#tellExpunges(selected)
    }
    if (folder.uidNext !== selected.seenUidNext) {
      const first = firstAtLeast(folder.messages, selected.seenUidNext)
      for (const message of folder.messages.slice(first)) selected.view.push(message)
      selected.seenUidNext = folder.uidNext
      this.untagged(`${selected.view.length} EXISTS`)
      this.untagged('0 RECENT')
    }
    if (folder.flagCount !== selected.seenFlags) {
      selected.seenFlags = folder.flagCount
      for (const [i, message] of selected.view.entries())
        if (message.modseq > selected.seenModseq && !message.gone) this.untagged(this.fetched(i + 1, message, this.flagItems(message)))
    }
    selected.seenModseq = folder.highestModseq
  }

  flagItems(message: Message): string {
    const modseq = this.enabled.has('CONDSTORE') ? ` MODSEQ (${message.modseq})` : ''
    return `FLAGS (${message.flags.join(' ')})${modseq}`
  }

  #tellExpunges(selected: Selected): void {
    const gone: number[] = []
    const kept: Message[] = []
    const lines: string[] = []
    for (const [i, message] of selected.view.entries()) {
      if (message.gone) {
        gone.push(message.uid)
        lines.push(`* ${i + 1 - lines.length} EXPUNGE\r\n`)
      } else kept.push(message)
    }
    selected.view = kept
    if (gone.length === 0) return
    if (this.enabled.has('QRESYNC') || this.enabled.has('UIDONLY')) this.untagged(`VANISHED ${formatSet(gone)}`)
    else this.wire.write(lines.join(''))
  }
}

/** What is left of a command's messages where it may be about so many only: the newest, and the response code that says so (RFC 9738). */
export function withinLimit<T>(
  limit: number | undefined,
  all: readonly T[],
  uidOf: (one: T) => number,
): { readonly kept: readonly T[]; readonly code: string } {
  if (limit === undefined || all.length <= limit) return { kept: all, code: '' }
  const kept = all.slice(-limit)
  const [lowest] = kept
  return { kept, code: `MESSAGELIMIT ${limit}${lowest === undefined ? '' : ` ${uidOf(lowest)}`}` }
}

/** Ascending numbers as an IMAP set: `1:3,7`. */
export function formatSet(numbers: readonly number[]): string {
  const parts: string[] = []
  for (let i = 0; i < numbers.length;) {
    const start = numbers[i] ?? 0
    let end = start
    for (i += 1; i < numbers.length && numbers[i] === end + 1; i++) end += 1
    parts.push(start === end ? `${start}` : `${start}:${end}`)
  }
  return parts.join(',')
}

/** Ranges of an IMAP set, `*` being `last`; null when it is not one. */
export function parseSet(text: string, last: number): readonly (readonly [number, number])[] | null {
  const ranges: [number, number][] = []
  for (const part of text.split(',')) {
    const match = /^(\d+|\*)(?::(\d+|\*))?$/.exec(part)
    if (match === null) return null
    const from = match[1] === '*' ? last : Number(match[1])
    const to = match[2] === undefined ? from : match[2] === '*' ? last : Number(match[2])
    ranges.push(from <= to ? [from, to] : [to, from])
  }
  return ranges
}

/** Runs one command. The state it needs is checked before. */
export type Handler = {
  readonly needs: 'nothing' | 'sign-in' | 'folder'
  run(session: Session, command: Command): Promise<void> | void
}
export type HandlerTable = Readonly<Record<string, Handler>>

/** The positions (from 0) in the open folder's view that a set names, by UID or by sequence number; null for a wrong set. */
export function positionsOf(selected: Selected, set: string, byUid: boolean): readonly number[] | null {
  const { view } = selected
  const ranges = parseSet(set, byUid ? (view.at(-1)?.uid ?? 0) : view.length)
  if (ranges === null) return null
  const found: number[] = []
  let sorted = true
  for (const [from, to] of ranges) {
    const first = byUid ? firstAtLeast(view, from) : Math.max(from, 1) - 1
    const previous = found.at(-1)
    if (previous !== undefined && first <= previous) sorted = false
    for (let i = first; i < view.length; i++) {
      const number = byUid ? (view[i]?.uid ?? Infinity) : i + 1
      if (number > to) break
      found.push(i)
    }
  }
  return sorted ? found : [...new Set(found)].sort((a, b) => a - b)
}
