import { createHash, randomUUID } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import type { Language } from '../simulator/exchange-mailbox.ts'
import type { MailStore } from '../simulator/mail-store.ts'
import type { Json } from './props.ts'
import type { Pending, TenantState } from './state.ts'
import type { Timing } from './timing.ts'

/** What the services refuse because there was too much of it. Figures of the real service; null: no limit. */
export type Limits = {
  readonly graphMailConcurrency: number | null
  readonly graphMailPer10Minutes: number | null
  readonly graphMailUploadBytesPer5Minutes: number | null
  readonly directoryWritesPer150Seconds: number | null
  readonly messageTracesPer5Minutes: number | null
  /** More of them from one application are taken for a loop. */
  readonly tokenRequestsPerMinute: number | null
  /** Nobody publishes this one. */
  readonly cmdletsPer5Seconds: number | null
}

export const LIMITS: Limits = {
  graphMailConcurrency: 4,
  graphMailPer10Minutes: 10_000,
  graphMailUploadBytesPer5Minutes: 150 * 1024 * 1024,
  directoryWritesPer150Seconds: 3_000,
  messageTracesPer5Minutes: 100,
  tokenRequestsPerMinute: 300,
  cmdletsPer5Seconds: 200,
}

export type WorldOptions = {
  /** Milliseconds since 1970. The tenant's clock runs along with it and can be moved on besides. */
  readonly now: () => number
  readonly timing: Timing
  readonly limits: Limits
  /** Where the state is kept; null: in memory only. */
  readonly file: string | null
  readonly language: Language
  /** The class of folders that IMAP clients make. `IPF.Imap` is seen at real mailboxes: Graph and Outlook do not show them. */
  readonly imapFolderClass: 'IPF.Note' | 'IPF.Imap'
}

/** A message to one recipient elsewhere. `smartHosts`: where a connector sends it; null: where MX says. */
export type LeavingMail = {
  readonly sender: string
  readonly recipient: string
  readonly bytes: Buffer
  readonly smartHosts: readonly string[] | null
}

/** What happens when the time of a pending thing has come. */
export type Events = Readonly<Record<string, (world: TenantWorld, event: Pending) => void>>

/** One tenant: its state, its clock, and what is still to happen. All services share it. */
export class TenantWorld {
  readonly options: WorldOptions
  readonly state: TenantState
  /** Mailboxes by guid. */
  readonly stores = new Map<string, MailStore>()
  /** Work that goes on beside the clock: mail that is being pulled from elsewhere. */
  readonly running = new Set<Promise<void>>()
  /** Aborted when the simulator ends. */
  readonly closed = new AbortController()
  /** Carries mail out of the tenant, where there is a world around it; null: it counts as delivered. */
  leaves: ((mail: LeavingMail) => void) | null = null
  readonly #events: Events
  #saved = ''
  /** While something happens by itself: the moment it was due. */
  #due: number | null = null

  constructor(options: WorldOptions, state: TenantState, events: Events) {
    this.options = options
    this.state = state
    this.#events = events
  }

  get timing(): Timing {
    return this.options.timing
  }

  now(): number {
    return this.#due ?? this.options.now() + this.state.movedMs
  }

  /** Moves the tenant's clock on, without anybody waiting. */
  advance(ms: number): void {
    this.state.movedMs += ms
    this.settle()
  }

  /** The next id: the same ones in the same order for the same seed. */
  id(): string {
    this.state.ids += 1
    return guidFrom(`${this.state.seed}:${this.state.ids}`)
  }

  schedule(what: string, id: string, delayMs: number, detail: Json = null): void {
    this.state.pending.push({ atMs: this.now() + delayMs, what, id, detail })
  }

  /** Lets everything happen whose time has come, in the order of its time. */
  settle(): void {
    for (;;) {
      const now = this.now()
      const due = this.state.pending.filter(({ atMs }) => atMs <= now).sort((a, b) => a.atMs - b.atMs)[0]
      if (due === undefined) return
      this.state.pending.splice(this.state.pending.indexOf(due), 1)
      this.#due = due.atMs
      this.#events[due.what]?.(this, due)
      this.#due = null
    }
  }

  /** Writes the state to its file, whole or not at all; nothing when nothing changed. */
  save(): void {
    const { file } = this.options
    if (file === null) return
    this.state.mail = [...this.stores].map(([guid, store]) => ({
      guid,
      folders: store.folders().map(({ id, name, kind, specialUse, selectable, subscribed }) => {
        return { id, name, kind, specialUse, selectable, subscribed }
      }),
    }))
    const text = JSON.stringify(this.state)
    if (text === this.#saved) return
    writeFileSync(`${file}.new`, text)
    renameSync(`${file}.new`, file)
    this.#saved = text
  }
}

export function guidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

/** What an earlier simulator left in the file; null when there is none. */
export function loadState(file: string): TenantState | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  const state = JSON.parse(text) as TenantState
  if (state.version !== 1) throw new RangeError(`${file}: not the state of a tenant simulator`)
  return state
}

export function emptyState(seed: string): TenantState {
  return {
    version: 1,
    seed,
    signingKey: randomUUID(),
    movedMs: 0,
    ids: 0,
    users: [],
    groups: [],
    domains: [],
    skus: [],
    apps: [],
    objects: [],
    dns: [],
    pending: [],
    organization: {},
    directoryRoles: {},
    faults: [],
    faultCounts: {},
    mail: [],
  }
}
