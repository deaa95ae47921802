/** How one mailbox misbehaves. Counts run over the whole life of the simulator unless they say "per connection". */
export type Fault = {
  /** Every login is refused. */
  readonly refusesLogin?: boolean
  /** Every n-th APPEND is answered by the throttle text instead of being carried out; NO and BAD in turn, or one of them. */
  readonly throttle?: { readonly every: number; readonly ms: number; readonly form?: 'NO' | 'BAD'; readonly disconnect?: boolean }
  /**
   * An allowance that fills up again: an APPEND beyond it is answered by the throttle text, with the time until half of the burst is
   * there again. Each such answer counts as an error of the session, and ten errors end it.
   */
  readonly budget?: { readonly bytesPerSecond: number; readonly burstBytes: number }
  /** Every n-th FETCH is answered by the throttle text, as NO and BAD in turn. */
  readonly throttlesFetch?: { readonly every: number; readonly ms: number }
  /** The connection is cut after this many messages were fetched or appended, per connection. */
  readonly dropsAfterMessages?: number
  /** For every n-th APPEND: stored, and the connection cut before the tagged reply. */
  readonly dropsAfterCommitEvery?: number
  /** The k-th APPEND (from 1) since the fault was set: stored, and the connection cut before the tagged reply. */
  readonly dropsAfterCommitAt?: number
  /** For every n-th APPEND: the connection is cut in the middle of the literal; nothing is stored. */
  readonly dropsMidLiteralEvery?: number
  /** The connection breaks after this many bytes from, or to, the client; `once` spares later connections. */
  readonly cutAfterBytesIn?: number
  readonly cutAfterBytesOut?: number
  readonly once?: boolean
  /** Each new connection finds every folder with a new UIDVALIDITY and new UIDs. */
  readonly uidValidityMoves?: boolean
  /** Signed in, but "not connected": for the first n logins, or always. */
  readonly notConnectedLogins?: number
  /** Every APPEND finds the mailbox full. */
  readonly full?: boolean
  readonly maxMessageBytes?: number
  /** What happens to a message over the limit: a tagged NO (default), or the untagged BAD without any tagged reply. */
  readonly oversize?: 'tagged' | 'untagged'
  /** Messages that contain this text are refused. */
  readonly refusesText?: string
  /** Messages that contain this text break the connection; nothing is stored. */
  readonly dropsOnText?: string
  /** The token dies after this many commands, per connection. */
  readonly tokenCommands?: number
  /** Each command waits this long. */
  readonly delayMs?: number
  /** APPENDUID and COPYUID are left out. */
  readonly noAppendUid?: boolean
  /** Every n-th command is answered by `Server Unavailable. 15` with neither tag nor star, and the connection ends. */
  readonly unavailableEvery?: number
  /** After this many commands, per connection, the server says nothing more and does not hang up. */
  readonly stallsAfterCommands?: number
  /** Opening this folder, or asking for its status, ends the connection (a locked account behind a shared folder of Zimbra). */
  readonly lockedFolder?: string
  /** UIDs that are listed but never handed out: FETCH says OK and leaves them out. */
  readonly hidesUids?: readonly number[]
  /** Every tagged OK says that it was slowed down (Gmail). */
  readonly throttledReplies?: boolean
  /** Once so many bytes were handed out, every command is refused: the account exceeded its bandwidth (Gmail). */
  readonly bandwidthBytes?: number
  /** Most connections of this mailbox at a time. */
  readonly connections?: number
}

const ALWAYS = 1_000_000_000

/** The marker that `virus@` mailboxes refuse; the nasty case `virus-marker` contains it. */
export const VIRUS_MARKER = 'X-Simulated-Virus: yes'

type ByLocalPart = readonly [RegExp, (match: RegExpExecArray) => Fault, ('source' | 'exchange')?]

/** Some make sense at one side only: a token is Exchange's, a moving UIDVALIDITY the old server's. */
const BY_LOCAL_PART: readonly ByLocalPart[] = [
  [/^throttled$/, () => ({ throttle: { every: 7, ms: 30 } })],
  [/^badpassword$/, () => ({ refusesLogin: true }), 'source'],
  [/^drops-at-(\d+)$/, (match) => ({ dropsAfterMessages: Number(match[1]) })],
  [/^drops-after-literal$/, () => ({ dropsAfterCommitEvery: 25 })],
  [/^drops-mid-literal$/, () => ({ dropsMidLiteralEvery: 25 })],
  [/^uidvalidity-moves$/, () => ({ uidValidityMoves: true }), 'source'],
  [/^denied$/, () => ({ notConnectedLogins: ALWAYS }), 'exchange'],
  [/^late-permission$/, () => ({ notConnectedLogins: 3 }), 'exchange'],
  [/^full$/, () => ({ full: true })],
  [/^tiny-limit$/, () => ({ maxMessageBytes: 20 * 1024 })],
  [/^untagged-limit$/, () => ({ maxMessageBytes: 20 * 1024, oversize: 'untagged' })],
  [/^virus$/, () => ({ refusesText: VIRUS_MARKER })],
  [/^expires$/, () => ({ tokenCommands: 40 }), 'exchange'],
  [/^slow$/, () => ({ delayMs: 20 })],
  [/^unavailable$/, () => ({ unavailableEvery: 30 })],
  [/^soft-throttled$/, () => ({ throttledReplies: true }), 'source'],
  [/^overquota$/, () => ({ bandwidthBytes: 200_000 }), 'source'],
  [/^connections-(\d+)$/, (match) => ({ connections: Number(match[1]) }), 'source'],
  [/^no-appenduid$/, () => ({ noAppendUid: true })],
]

/** What the simulator counts of one mailbox, for its faults. */
export type FaultState = {
  appends: number
  fetches: number
  logins: number
  commands: number
  throttled: number
  cutDone: boolean
  balance: Balance | null
  /** To the client, over all connections. */
  bytesOut: number
}

/** Of a mailbox that nobody has used. */
export function freshState(): FaultState {
  return { appends: 0, fetches: 0, logins: 0, commands: 0, throttled: 0, cutDone: false, balance: null, bytesOut: 0 }
}

/** What is left of a budget, and when that was so. */
export type Balance = { readonly bytes: number; readonly atMs: number }

/** Which mailbox has which fault: by the local part of its address, or as a test set it. */
export class FaultBook {
  #set = new Map<string, Fault>()
  #states = new Map<string, FaultState>()

  /** Gives a mailbox a fault, in place of the one its address has; counting starts anew. */
  set(address: string, fault: Fault): void {
    const key = address.toLowerCase()
    this.#set.set(key, fault)
    this.#states.delete(key)
  }

  /** Takes every fault from a mailbox, also the one of its address. */
  clear(address: string): void {
    this.set(address, {})
  }

  of(address: string, side?: 'source' | 'exchange'): Fault {
    return this.#set.get(address.toLowerCase()) ?? faultOfAddress(address, side) ?? {}
  }

  state(address: string): FaultState {
    const key = address.toLowerCase()
    const state = this.#states.get(key) ?? freshState()
    this.#states.set(key, state)
    return state
  }
}

/** The fault that an address has by its name, at one side or anywhere; null for none. */
export function faultOfAddress(address: string, side?: 'source' | 'exchange'): Fault | null {
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@'))).toLowerCase()
  for (const [pattern, make, only] of BY_LOCAL_PART) {
    const match = pattern.exec(local)
    if (match !== null) return side === undefined || only === undefined || only === side ? make(match) : {}
  }
  return null
}
