import type { Context } from '../lib/context.ts'
import type { DestinationFolder, DestinationSession } from '../destination/port.ts'
import type { Destination } from '../destination/port.ts'
import type { Source, SourceFolder, SourceSession } from '../source/port.ts'
import { Failure } from '../model/failure.ts'
import type { FolderStatus } from '../model/folder.ts'
import type { Governor } from './governor.ts'
import type { Patience } from './options.ts'
import { Retry } from './patience.ts'

/** Exchange closes a session at ten refusals (Q12); we are gone at five. */
const REFUSALS_PER_SESSION = 5
/** A network that breaks so often at the same folder, and lets us sign in again each time, is not the cause. */
const BREAKS_OF_A_FOLDER = 3

export type LaneEnds = { readonly source: Source; readonly destination: Destination }

/** A pair of connections, one to each end, reopened when one breaks. Folders are opened on demand and remembered. */
export class Lane implements AsyncDisposable {
  readonly sourceRetry: Retry
  readonly destinationRetry: Retry
  readonly #ends: LaneEnds
  readonly #wire: Context
  readonly #governor: Governor
  #source: SourceSession | null = null
  /** How often opening a source folder ended the connection, by name. */
  readonly #breaks = new Map<string, number>()
  #sourceFolder: SourceFolder | null = null
  #opening: { readonly name: string; readonly folder: Promise<SourceFolder> } | null = null
  #destination: DestinationSession | null = null
  #connecting: Promise<DestinationSession> | null = null
  #connectingSource: Promise<SourceSession> | null = null
  #destinationFolder: DestinationFolder | null = null
  #refusals = 0
  #sourceTrouble: { readonly error: unknown } | null = null
  #destinationTrouble: { readonly error: unknown } | null = null
  #tired = false

  /**
   * `ctx` ends waiting and retrying; connections live under `wire`, so that a stop on request lets what is in flight come to its end.
   * `spare`: one that the mailbox can do without.
   */
  constructor(ends: LaneEnds, governor: Governor, patience: Patience, ctx: Context, wire: Context = ctx, spare = false) {
    this.#ends = ends
    this.#wire = wire
    this.#governor = governor
    this.sourceRetry = new Retry(patience, governor, ctx, spare)
    this.destinationRetry = new Retry(patience, governor, ctx, spare)
  }

  /** The source session, connected now if it was not; patient with servers that are briefly away. */
  async source(): Promise<SourceSession> {
    if (this.#source?.alive === true) return this.#source
    this.#connectingSource ??= this.#connectSource().finally(() => (this.#connectingSource = null))
    return await this.#connectingSource
  }

  async #connectSource(): Promise<SourceSession> {
    this.#sourceFolder = null
    for (;;) {
      await this.#governor.ready('source')
      try {
        this.#source = await this.#ends.source.connect(this.#wire)
        return this.#source
      } catch (error) {
        await this.sourceRetry.after(error)
      }
    }
  }

  /** A source folder, opened read-only. Opening another one ends it, so callers finish one folder first. */
  async sourceFolder(name: string): Promise<SourceFolder> {
    if (this.#sourceFolder?.name === name && this.#source?.alive === true) return this.#sourceFolder
    if (this.#opening?.name === name) return await this.#opening.folder
    const folder = this.#openSource(name)
    this.#opening = { name, folder }
    try {
      return await folder
    } finally {
      if (this.#opening?.folder === folder) this.#opening = null
    }
  }

  /** As `sourceFolder`, for one whose status is known: where the server can do it nothing waits, and others may be in use as well. */
  async knownSourceFolder(name: string, status: FolderStatus): Promise<SourceFolder> {
    const known = (await this.source()).known(name, status)
    if (known === null) return await this.sourceFolder(name)
    this.#sourceFolder = null
    return known
  }

  async #openSource(name: string): Promise<SourceFolder> {
    const session = await this.source()
    this.#sourceFolder = null
    try {
      const opened = await session.open(name)
      this.#breaks.delete(name)
      this.#sourceFolder = opened
      return opened
    } catch (error) {
      throw this.#blamed(name, session.alive, error)
    }
  }

  /** A folder that ends connection after connection when it is opened (a locked share of Zimbra) is refused, not the whole mailbox. */
  #blamed(name: string, alive: boolean, error: unknown): unknown {
    if (alive || !(error instanceof Failure) || error.code !== 'connection-lost') return error
    const breaks = (this.#breaks.get(name) ?? 0) + 1
    this.#breaks.set(name, breaks)
    if (breaks < BREAKS_OF_A_FOLDER) return error
    const { serverText } = error
    return new Failure('folder-refused', `Opening this folder ended the connection ${breaks} times.`, {
      cause: error,
      side: 'source',
      ...(serverText === undefined ? {} : { serverText }),
    })
  }

  /** Forgets what is open, so that the next use opens anew (a folder whose UIDVALIDITY moved, a broken session). */
  async dropSource(): Promise<void> {
    const session = this.#source
    this.#source = null
    this.#sourceFolder = null
    await session?.[Symbol.asyncDispose]()
  }

  async destination(): Promise<DestinationSession> {
    if (this.#destination?.alive === true) return this.#destination
    this.#connecting ??= this.#connectDestination().finally(() => (this.#connecting = null))
    return await this.#connecting
  }

  async #connectDestination(): Promise<DestinationSession> {
    this.#destinationFolder = null
    for (;;) {
      await this.#governor.ready('destination')
      try {
        this.#destination = await this.#ends.destination.connect(this.#wire)
        this.#refusals = 0
        return this.#destination
      } catch (error) {
        await this.destinationRetry.after(error)
      }
    }
  }

  async destinationFolder(name: string): Promise<DestinationFolder> {
    const session = await this.destination()
    if (this.#destinationFolder?.name === name) return this.#destinationFolder
    this.#destinationFolder = null
    this.#destinationFolder = await session.open(name)
    return this.#destinationFolder
  }

  /** As `destinationFolder`, for one whose status is known: where the server can do it nothing waits, and others may be in use as well. */
  async knownDestinationFolder(name: string, status: FolderStatus | undefined): Promise<DestinationFolder> {
    const known = status === undefined ? null : (await this.destination()).known(name, status)
    if (known === null) return await this.destinationFolder(name)
    this.#destinationFolder = null
    return known
  }

  async dropDestination(): Promise<void> {
    const session = this.#destination
    this.#destination = null
    this.#destinationFolder = null
    await session?.[Symbol.asyncDispose]()
  }

  /** Something is wrong with a connection of this lane: `recover` before the next use. */
  get trouble(): boolean {
    return this.#sourceTrouble !== null || this.#destinationTrouble !== null || this.#tired
  }

  /** A message that cannot be read is not the connection's trouble: its own ladder deals with it. */
  sourceBroke(error: unknown): void {
    if (error instanceof Failure && error.spoils === 'message') return
    this.#sourceTrouble ??= { error }
  }

  destinationBroke(error: unknown): void {
    this.#destinationTrouble ??= { error }
  }

  /** The session has seen many refusals: replaced before the server does it. */
  destinationTired(): void {
    this.#tired = true
  }

  /** Lets everything in flight end, closes what broke, and waits as the trouble demands; throws it when patience is used up. */
  async recover(drained: () => Promise<unknown>): Promise<void> {
    await drained()
    const source = this.#sourceTrouble
    const destination = this.#destinationTrouble
    const tired = this.#tired
    this.#sourceTrouble = null
    this.#destinationTrouble = null
    this.#tired = false
    if (source !== null && endsSession(source.error)) await this.dropSource()
    if (tired || (destination !== null && endsSession(destination.error))) await this.dropDestination()
    if (source !== null) await this.sourceRetry.after(source.error)
    if (destination !== null) await this.destinationRetry.after(destination.error)
  }

  /** Counts a refused command; true when the session should be replaced before the server does it. */
  refused(): boolean {
    this.#refusals++
    return this.#refusals >= REFUSALS_PER_SESSION
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // One side may still be connecting when the other has failed: it would stay open for ever.
    await Promise.allSettled([this.#connectingSource, this.#connecting])
    await Promise.allSettled([this.dropSource(), this.dropDestination()])
  }
}

/** A throttled server keeps the session; everything else that spoils the endpoint ends it. */
function endsSession(error: unknown): boolean {
  return !(error instanceof Failure) || (error.spoils === 'endpoint' && error.code !== 'throttled')
}
