import type { Inspection } from '../message/inspect.ts'
import { Failure } from '../model/failure.ts'
import type { MessageRow } from '../model/message.ts'
import type { SourceFolder } from '../source/port.ts'
import { carryLarge } from './carry-large.ts'
import type { Batch, Feed } from './feed.ts'
import { Flight } from './flight.ts'
import { FolderBooks, NO_RECEIPT, type FolderTarget } from './folder-books.ts'
import type { Lane } from './lane.ts'
import type { Outgoing } from './outgoing.ts'
import type { PassEnv } from './pass-env.ts'
import { prepare } from './prepare.ts'

/** Messages up to this size are held in memory on their way; larger ones flow. */
export const HOLD_BYTES = 1024 * 1024
/** After this many broken connections with a message under way it travels alone, after twice as many it is given up. */
export const SUSPECT_AFTER = 2

/**
 * Copies what a feed hands out from one source folder to one destination folder, over any number of lanes.
 * Write-ahead: every message is `sending` in the ledger before its first byte leaves. What became of a message after a broken
 * connection is not guessed here: it is left in `books.lost` for settling, when no lane writes to the folder any more.
 */
export class FolderCopy {
  readonly env: PassEnv
  readonly target: FolderTarget
  readonly feed: Feed
  readonly books: FolderBooks

  constructor(env: PassEnv, target: FolderTarget, feed: Feed) {
    this.env = env
    this.target = target
    this.feed = feed
    this.books = new FolderBooks(env, target)
  }

  /** Works until the feed is empty and everything has come to its end. Throws what a person must decide. */
  async runLane(lane: Lane): Promise<void> {
    const flight = new Flight()
    const always = (): boolean => true
    try {
      for (;;) {
        await this.feedLane(lane, always, flight)
        if (flight.fatal.length > 0 || (flight.empty && !lane.trouble)) break
        await flight.landing()
      }
    } finally {
      await flight.drained()
      this.books.flush()
    }
    if (flight.fatal.length > 0) throw flight.fatal[0]
  }

  /**
   * Begins batches until the feed is empty, or this lane is one too many. All of them are then asked for at the source, so that the
   * lane may open another folder while they come to their end. Several lanes may do so at once.
   */
  async feedLane(lane: Lane, stays: () => boolean, flight: Flight): Promise<void> {
    const { governor, ctx } = this.env
    const asked: Promise<void>[] = []
    while (flight.fatal.length === 0 && stays()) {
      ctx.signal.throwIfAborted()
      if (lane.trouble) await lane.recover(() => flight.drained())
      await governor.ready()
      const window = governor.window
      if (!flight.empty && (flight.messages >= window.messages || flight.bytes >= window.bytes)) {
        await flight.landing()
        continue
      }
      const batch = await this.#next(lane)
      if (batch === null) {
        if (lane.trouble) continue
        break
      }
      if (batch.alone) await flight.drained()
      const { promise, resolve } = Promise.withResolvers<void>()
      asked.push(promise)
      flight.add(batch.rows.length, batch.bytes, this.#carry(lane, batch, resolve).finally(resolve))
      if (batch.alone) await flight.drained()
    }
    await Promise.all(asked)
  }

  async #next(lane: Lane): Promise<Batch | null> {
    try {
      return await this.feed.next(() => this.openSource(lane))
    } catch (error) {
      lane.sourceBroke(error)
      return null
    }
  }

  /** The source folder on this lane, refused when its UIDVALIDITY moved under our hands. */
  async openSource(lane: Lane): ReturnType<Lane['sourceFolder']> {
    const folder = await lane.knownSourceFolder(this.target.sourceName, this.target.sourceStatus)
    if (folder.status.uidValidity !== this.target.uidValidity) {
      throw new Failure('folder-vanished', 'The folder was made anew at the source while it was copied (UIDVALIDITY changed).', {
        side: 'source',
      })
    }
    return folder
  }

  async #carry(lane: Lane, batch: Batch, asked: () => void): Promise<void> {
    const { budget, ctx } = this.env
    const held = Math.min(batch.bytes, budget.totalBytes)
    await budget.take(held, ctx.signal)
    try {
      const waiting = new Map(batch.rows.map((row) => [row.uid, row]))
      const arrived: { readonly row: MessageRow; readonly chunks: readonly Buffer[] }[] = []
      const take = (uid: number): MessageRow | undefined => {
        const row = waiting.get(uid)
        waiting.delete(uid)
        return row
      }
      try {
        const source = await this.openSource(lane)
        const reading = source.bodies([...waiting.keys()], {
          holdBytes: HOLD_BYTES,
          small: (uid, chunks) => {
            const row = take(uid)
            if (row !== undefined) arrived.push({ row, chunks })
          },
          large: async (uid, stream, bytes) => {
            const row = waiting.get(uid)
            if (row === undefined) return
            await carryLarge(this, lane, row, stream, bytes)
            waiting.delete(uid)
          },
        })
        asked()
        await reading
        for (const row of waiting.values()) await this.#leftOut(source, row, batch.alone)
      } catch (error) {
        lane.sourceBroke(error)
        for (const row of waiting.values()) this.#notRead(row, error, batch.alone)
      }
      if (arrived.length > 0) lane.sourceRetry.progress()
      await this.#write(lane, arrived)
    } finally {
      budget.give(held)
    }
  }

  async #write(lane: Lane, arrived: readonly { readonly row: MessageRow; readonly chunks: readonly Buffer[] }[]): Promise<void> {
    if (arrived.length === 0) return
    const ready: Outgoing[] = []
    for (const { row, chunks } of arrived) {
      const result = await prepare(this.env, this.target, row, chunks)
      if ('failed' in result) this.env.ledger.record({ failed: [result.failed] })
      else if ('skipped' in result) this.env.ledger.record({ skipped: [result.skipped] })
      else if (!('moved' in result)) ready.push(result)
      if (!('entry' in result)) this.env.watch.done(1, row.sizeBytes)
    }
    if (ready.length === 0) return
    let session
    try {
      session = await lane.destination()
    } catch (error) {
      lane.destinationBroke(error)
      for (const one of ready) this.feed.giveBack(one.row, false)
      return
    }
    await this.books.flushed(ready)
    this.env.step('sending-written')
    await this.env.governor.rate.take(
      ready.reduce((sum, one) => sum + one.message.bytes, 0),
      this.env.ctx.signal,
    )
    const atOnce = session.appendAtOnce
    const sends: Promise<void>[] = []
    for (let at = 0; at < ready.length; at += atOnce) sends.push(this.send(lane, ready.slice(at, at + atOnce)))
    await Promise.all(sends)
    this.env.governor.wentWell()
    // Otherwise the next window writes it down; here there may be none.
    if (this.feed.empty) await this.books.flushed()
  }

  /** APPENDs messages whose ledger rows are `sending`, and files what became of each. */
  async send(lane: Lane, group: readonly Outgoing[], inspected: (() => Inspection) | null = null): Promise<void> {
    try {
      const session = await lane.destination()
      const messages = group.map((one) => one.message)
      const [first] = messages
      if (first === undefined) return
      const receipts =
        group.length === 1
          ? [await session.append(this.target.destinationName, first)]
          : await session.appendAll(this.target.destinationName, messages)
      lane.destinationRetry.progress()
      for (const [at, one] of group.entries()) this.books.arrived(one, receipts[at] ?? NO_RECEIPT, inspected)
      this.env.governor.carried(
        group.length,
        messages.reduce((sum, message) => sum + message.bytes, 0),
      )
      this.env.step('receipt')
    } catch (error) {
      await this.#notWritten(lane, group, error)
    } finally {
      if (group.length === 1) await group[0]?.release?.()
    }
  }

  async #notWritten(lane: Lane, group: readonly Outgoing[], error: unknown): Promise<void> {
    if (!(error instanceof Failure)) throw error
    if (error.notDone && group.length > 1) {
      // MULTIAPPEND takes all or none: one by one tells which message it was.
      for (const one of group) await this.send(lane, [one])
      return
    }
    for (const { row } of group) {
      if (!error.notDone) this.books.lost.set(row.uid, row)
      else if (error.spoils === 'message') {
        this.books.refused.push({ row, failure: error })
        if (lane.refused()) lane.destinationTired()
      } else this.feed.giveBack(row, false)
    }
    if (error.spoils !== 'message') lane.destinationBroke(error)
  }

  #notRead(row: MessageRow, error: unknown, alone: boolean): void {
    if (!(error instanceof Failure)) throw error
    const notItsFault = error.spoils === 'folder' || error.spoils === 'mailbox' || error.spoils === 'project' || error.next === 'wait'
    if (notItsFault) return this.feed.giveBack(row, alone)
    const times = this.books.brokeWith(row.uid)
    if (alone && times > (error.spoils === 'message' ? SUSPECT_AFTER : 2 * SUSPECT_AFTER)) {
      const text = error.serverText === undefined ? {} : { serverText: error.serverText }
      return this.books.fail(row, new Failure('message-unreadable', error.message, { cause: error, ...text }), null)
    }
    this.feed.giveBack(row, error.spoils === 'message' || times >= SUSPECT_AFTER)
  }

  /** The server said OK and did not hand it out: asked for alone once more, then believed; deleted meanwhile is told apart. */
  async #leftOut(source: SourceFolder, row: MessageRow, alone: boolean): Promise<void> {
    if (!alone) return this.feed.giveBack(row, true)
    let exists = false
    await source.rows(row.uid, row.uid, () => (exists = true))
    if (!exists && !(await source.uids()).has(row.uid))
      return this.books.skip(row, 'message-vanished', 'Deleted at the source while we worked.')
    this.books.fail(row, new Failure('message-unreadable', 'The source lists this message, says OK and does not hand it out.'), null)
  }
}
