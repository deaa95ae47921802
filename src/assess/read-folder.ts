import { identify } from '../engine/outgoing.ts'
import { patiently } from '../engine/finish-folder.ts'
import type { Lane } from '../engine/lane.ts'
import type { ByteBudget } from '../lib/byte-budget.ts'
import type { Context } from '../lib/context.ts'
import type { FolderStatus, ListedFolder } from '../model/folder.ts'
import type { MessageRow } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import type { SourceFolder } from '../source/port.ts'
import type { AssessBook, FolderLook, Seen } from './book.ts'
import { isChosen, seedOf } from './chance.ts'
import { addRow, isMarkedDeleted, noFigures } from './folder-figures.ts'
import type { Acceptance } from './examine.ts'
import { readMessages } from './read-messages.ts'

/** What all folders of a mailbox share while it is looked at. */
export type FolderScene = {
  readonly mailbox: string
  /** What its sample is drawn by. */
  readonly name: string
  readonly book: AssessBook
  readonly accepts: Acceptance
  /** Of the messages, 0–1. */
  readonly share: number
  /** What was asked for: another choice is another look. */
  readonly choice: string
  readonly budget: ByteBudget
  readonly ctx: Context
  /** Throws 'allowance-used' where nothing more may be read of this mailbox today. */
  readonly mayRead: () => void
  /** After each window: messages listed and bytes read in it. */
  readonly onWindow: (folder: string, messages: number, readMessages: number, bytes: number) => void
  /** How much is written down together; smaller after each break of the connection. */
  readonly slice: Slice
  /** How long a listing of one window took, for the time of a round trip. */
  readonly onListed: (milliseconds: number) => void
}

export type Slice = { messages: number; bytes: number }
export const FIRST_SLICE: Slice = { messages: 256, bytes: 32_000_000 }
const LEAST_SLICE: Slice = { messages: 4, bytes: 1_000_000 }

/** Rows of so many messages are asked for in one go. */
const WINDOW = 4000
/** A window whose bodies are read whole is written down more often. */
const FULL_WINDOW = 1000
/** Beyond this, doubles are no longer asked for by their headers. */
const MOST_ALIKE = 20_000
const HEADERS_AT_ONCE = 500

/** Looks at a folder from where an earlier look ended. What was looked at is in the book, also when this throws. */
export async function lookAtFolder(
  scene: FolderScene,
  lane: Lane,
  listed: ListedFolder,
  open: () => Promise<SourceFolder>,
): Promise<FolderLook> {
  const { mailbox, book, choice } = scene
  const key = listed.name
  const earlier = book.look(mailbox, key, choice)
  if (earlier?.complete === true && listed.status !== null && isSame(earlier, listed.status)) return earlier
  const folder = await open()
  const { status } = folder
  if (earlier?.complete === true && isSame(earlier, status)) return earlier
  let look = earlier
  if (look === null || look.complete || look.uidValidity !== status.uidValidity) {
    look = { uidValidity: status.uidValidity, uidNext: 0, messages: 0, nextUid: 1, complete: false, figures: noFigures(), doubles: null }
    book.begin(mailbox, key, choice, look)
  }
  for (const window of await windows(scene, folder, look.nextUid)) {
    look = await lookAtWindow(scene, lane, folder, key, look, window)
  }
  const doubles = await countDoubles(scene, folder, key)
  const done: FolderLook = { ...look, uidNext: status.uidNext, messages: status.messages, complete: true, doubles }
  book.add(mailbox, key, done, [])
  return done
}

function isSame(look: FolderLook, status: FolderStatus): boolean {
  return (
    look.uidValidity === status.uidValidity && look.messages === status.messages && status.uidNext > 0 && look.uidNext === status.uidNext
  )
}

async function windows(scene: FolderScene, folder: SourceFolder, from: number): Promise<readonly (readonly [number, number])[]> {
  const { status } = folder
  if (status.messages === 0) return []
  const last = status.uidNext > 0 ? status.uidNext - 1 : 2 ** 32 - 1
  const size = scene.share >= 1 ? FULL_WINDOW : WINDOW
  // Without gaps in the UIDs nothing has to be asked for.
  if (status.messages <= size && from === 1) return [[1, last]]
  const uids = (await folder.uids()).minus(UidSet.ofRanges([...(from > 1 ? [[1, from - 1] as const] : []), [last + 1, 2 ** 32] as const]))
  return [...uids.windows(size)].map((window) => [window.ranges[0]?.[0] ?? 1, window.max] as const)
}

async function lookAtWindow(
  scene: FolderScene,
  lane: Lane,
  folder: SourceFolder,
  key: string,
  before: FolderLook,
  [from, to]: readonly [number, number],
): Promise<FolderLook> {
  const { ctx, accepts } = scene
  ctx.signal.throwIfAborted()
  const began = ctx.clock.now()
  const rows = new Map<number, MessageRow>()
  // The same UID twice, or none, is a server's mistake: the first counts.
  await folder.rows(from, to, (row) => void (row.uid >= from && row.uid <= to && !rows.has(row.uid) && rows.set(row.uid, row)))
  scene.onListed(ctx.clock.now() - began)
  const seed = seedOf(`${scene.name} ${key} ${folder.status.uidValidity}`)
  const isRead = (row: MessageRow): boolean =>
    !isMarkedDeleted(row) && row.sizeBytes <= accepts.maxMessageBytes && isChosen(seed, row.uid, scene.share)
  let look = before
  for (const slice of slicesOf(
    [...rows.values()].toSorted((a, b) => a.uid - b.uid),
    isRead,
    scene.slice,
  )) {
    ctx.signal.throwIfAborted()
    look = await lookAtSlice(scene, folder, key, look, slice, isRead)
    lane.sourceRetry.progress()
  }
  const done: FolderLook = { ...look, nextUid: to + 1 }
  scene.book.add(scene.mailbox, key, done, [])
  return done
}

/** Rows that are written down together: as many as are read within moments, whatever their sizes. */
function slicesOf(rows: readonly MessageRow[], isRead: (row: MessageRow) => boolean, limit: Slice): readonly (readonly MessageRow[])[] {
  const slices: MessageRow[][] = [[]]
  let [messages, bytes] = [0, 0]
  for (const row of rows) {
    if (isRead(row)) {
      if (messages > 0 && (messages >= limit.messages || bytes + row.sizeBytes > limit.bytes)) {
        slices.push([])
        messages = 0
        bytes = 0
      }
      messages++
      bytes += row.sizeBytes
    }
    slices.at(-1)?.push(row)
  }
  return slices
}

/** What a slice adds is in the book, or nothing of it. Where the connection breaks in it, the next one is smaller. */
async function lookAtSlice(
  scene: FolderScene,
  folder: SourceFolder,
  key: string,
  before: FolderLook,
  rows: readonly MessageRow[],
  isRead: (row: MessageRow) => boolean,
): Promise<FolderLook> {
  const { ctx, accepts, share, slice } = scene
  if (rows.some(isRead)) scene.mayRead()
  const figures = structuredClone(before.figures)
  const { readMessages: messages, readBytes: bytes } = figures
  for (const row of rows) addRow(figures, row, ctx.clock.now(), accepts.maxMessageBytes)
  let digests: ReadonlyMap<number, Buffer>
  try {
    digests = await readMessages(scene, folder, rows.filter(isRead), figures)
  } catch (error) {
    slice.messages = Math.max(LEAST_SLICE.messages, Math.ceil(slice.messages / 2))
    slice.bytes = Math.max(LEAST_SLICE.bytes, Math.ceil(slice.bytes / 2))
    throw error
  }
  const living = rows.filter((row) => !isMarkedDeleted(row))
  const look: FolderLook = { ...before, figures, nextUid: (rows.at(-1)?.uid ?? before.nextUid - 1) + 1 }
  scene.book.add(scene.mailbox, key, look, share >= 1 ? bySha(living, digests) : byListing(living))
  scene.onWindow(key, rows.length, figures.readMessages - messages, figures.readBytes - bytes)
  return look
}

function bySha(rows: readonly MessageRow[], digests: ReadonlyMap<number, Buffer>): readonly Seen[] {
  return rows.flatMap(({ uid, sizeBytes }) => {
    const digest = digests.get(uid)
    return digest === undefined ? [] : [{ uid, key: digest.readUIntBE(0, 6), bytes: sizeBytes }]
  })
}

/** Copies of a message share its size, and mostly the time of receipt. */
function byListing(rows: readonly MessageRow[]): readonly Seen[] {
  return rows.map(({ uid, sizeBytes, internalDate }) => ({ uid, key: seedOf(`${sizeBytes} ${internalDate}`), bytes: sizeBytes }))
}

/** By content where every message was read; else those whose size and time of receipt are the same are asked for their headers. */
async function countDoubles(scene: FolderScene, folder: SourceFolder, key: string): Promise<{ messages: number; bytes: number }> {
  const alike = scene.book.alike(scene.mailbox, key)
  if (scene.share >= 1) return doublesIn(alike, ({ key }) => String(key))
  const asked = alike.slice(0, MOST_ALIKE)
  const identities = new Map<number, string>()
  for (let at = 0; at < asked.length; at += HEADERS_AT_ONCE) {
    scene.ctx.signal.throwIfAborted()
    const some = asked.slice(at, at + HEADERS_AT_ONCE)
    await folder.headers(UidSet.of(some.map(({ uid }) => uid)), (uid, header) => {
      identities.set(uid, identify({ header, bodySample: Buffer.alloc(0) }).strict.toString('hex'))
    })
  }
  const confirmed = asked.filter(({ uid }) => identities.has(uid))
  return doublesIn(confirmed, ({ uid, key }) => `${key} ${identities.get(uid) ?? ''}`)
}

function doublesIn(some: readonly Seen[], keyOf: (one: Seen) => string): { messages: number; bytes: number } {
  const first = new Set<string>()
  const doubles = { messages: 0, bytes: 0 }
  for (const one of some) {
    const key = keyOf(one)
    if (!first.has(key)) first.add(key)
    else {
      doubles.messages++
      doubles.bytes += one.bytes
    }
  }
  return doubles
}

/** As `lookAtFolder`, again after trouble with the connection, as long as patience lasts. */
export async function lookPatiently(scene: FolderScene, lane: Lane, listed: ListedFolder): Promise<FolderLook> {
  return await patiently(lane, () => lookAtFolder(scene, lane, listed, () => lane.sourceFolder(listed.name)))
}
