import type { DestinationLimits } from '../destination/port.ts'
import type { CopiedEntry } from '../ledger/batch.ts'
import { ALREADY_THERE } from '../ledger/entry.ts'
import type { FolderEntry } from '../ledger/folder-rows.ts'
import { compareContent, contentDigest, type ContentDigest, type Tolerance } from '../message/digest.ts'
import { readHeader } from '../message/header.ts'
import type { MessageRow } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import type { SourceFolder } from '../source/port.ts'
import { adoptedEntry, lacksOne } from './adopt.ts'
import { parseInternalDate } from './dates.ts'
import type { Lane } from './lane.ts'
import type { AlreadyThere } from './options.ts'
import type { Original } from './other-way.ts'
import type { PassEnv } from './pass-env.ts'
import { identitiesOf } from './reidentify.ts'
import { Strangers, type Stranger } from './strangers.ts'

/** Rows and headers asked for in one go. */
const WINDOW = 2000
const DETAIL = 'The same message stands at the destination already.'

/** Finds, in one pass, which new messages stand at the destination already although we did not put them there. */
export class Twins {
  readonly #env: PassEnv
  readonly #terms: AlreadyThere | null
  readonly #strangers: Strangers | null
  /** By folder: when a connection breaks, all is asked again, and what was written stands. */
  readonly #taken = new Map<number, Set<number>>()
  readonly #looked = new Map<number, UidSet>()

  constructor(env: PassEnv) {
    this.#env = env
    this.#terms = env.options.alreadyThere
    this.#strangers = this.#terms === null ? null : new Strangers(env, this.#terms.since)
  }

  /** false where all that stands at the destination is ours: then nothing is looked for. */
  get arePossible(): boolean {
    return this.#terms !== null || this.#env.other !== undefined
  }

  /** Messages of this folder that were looked at by what they say: those that were not taken are at the destination in no other way. */
  lookedAt(folderId: number): UidSet {
    return this.#looked.get(folderId) ?? UidSet.empty
  }

  /**
   * Of these new messages of a folder, those that need no copy: what they are copies of stands at the destination (they were carried
   * the other way), or the old server forwarded them, or both sides got them. The latter are told by their fingerprint and then by
   * what they say, part by part: two messages that only share a Message-ID are two. Writes them into the ledger and returns their UIDs.
   */
  async take(lane: Lane, entry: FolderEntry, uidValidity: string, uids: UidSet): Promise<UidSet> {
    const taken = this.#taken.get(entry.id) ?? new Set<number>()
    this.#taken.set(entry.id, taken)
    const originals = this.#env.other?.originalsOf(entry.sourceName, uidValidity) ?? new Map<number, Original>()
    const known = UidSet.of([...originals.keys()].filter((uid) => uids.has(uid) && !taken.has(uid)))
    if (known.size > 0) await this.#takeOriginals(lane, entry, uidValidity, known, originals)
    const { since } = this.#terms ?? { since: Infinity }
    const left = uids.minus(UidSet.of(taken))
    for (const window of since === Infinity ? [] : left.windows(WINDOW)) {
      const rows = await rowsOf(await lane.sourceFolder(entry.sourceName), window)
      const recent = [...rows.values()].filter(({ internalDate }) => (parseInternalDate(internalDate) ?? since) >= since)
      if (recent.length === 0) continue
      const look = UidSet.of(recent.map(({ uid }) => uid))
      await this.#takeAlike(lane, entry, uidValidity, rows, look)
      this.#looked.set(entry.id, this.lookedAt(entry.id).union(look))
    }
    return UidSet.of(taken)
  }

  async #takeOriginals(
    lane: Lane,
    entry: FolderEntry,
    uidValidity: string,
    uids: UidSet,
    originals: ReadonlyMap<number, Original>,
  ): Promise<void> {
    const folder = await lane.sourceFolder(entry.sourceName)
    const rows = await rowsOf(folder, uids)
    for (const window of uids.windows(WINDOW)) {
      const told: (() => void)[] = []
      await identitiesOf(folder, window, (uid, found) => {
        const [row, original] = [rows.get(uid), originals.get(uid)]
        if (row !== undefined && original !== undefined) told.push(() => this.#file(entry, uidValidity, row, found, original, {}))
      })
      this.#env.ledger.atomic(() => {
        for (const file of told) file()
      })
      this.#env.step('already-there')
    }
  }

  async #takeAlike(
    lane: Lane,
    entry: FolderEntry,
    uidValidity: string,
    rows: ReadonlyMap<number, MessageRow>,
    uids: UidSet,
  ): Promise<void> {
    const folder = await lane.sourceFolder(entry.sourceName)
    const prints: { readonly uid: number; readonly strict: Buffer; readonly loose: Buffer; readonly lacks: boolean }[] = []
    await identitiesOf(folder, uids, (uid, { strict, loose, thin }, header) => {
      if (!thin) prints.push({ uid, strict, loose, lacks: lacksOne(readHeader(header)) })
    })
    for (const print of prints) {
      const row = rows.get(print.uid)
      const alike = (await this.#strangers?.like(lane, print.strict)) ?? []
      // The way there may have added what it lacks.
      const strangers = print.lacks ? [...alike, ...((await this.#strangers?.like(lane, print.loose)) ?? [])] : alike
      if (row === undefined || strangers.length === 0) continue
      const same = await this.#sameAs(lane, entry.sourceName, print.uid, strangers)
      if (same === null) continue
      this.#strangers?.take(same)
      this.#file(entry, uidValidity, row, print, same, { cameByItself: true })
      this.#env.step('already-there')
    }
  }

  /** The first that says the same, and is nobody else's. */
  async #sameAs(lane: Lane, sourceName: string, uid: number, strangers: readonly Stranger[]): Promise<Stranger | null> {
    const session = await lane.source()
    const { limits } = await lane.destination()
    const tolerance = { ...toleranceOfTwins(limits, session), messageIdDomain: session.changesMessageIds }
    const wanted = await digestAt(await lane.sourceFolder(sourceName), uid)
    if (wanted === null) return null
    for (const stranger of strangers) {
      const folder = await lane.destinationFolder(stranger.folder)
      const digest: { found: ContentDigest | null } = { found: null }
      if (folder.status.uidValidity === stranger.uidValidity)
        await folder.bodies([stranger.uid], async (_, stream) => void (digest.found = await contentDigest(stream)))
      if (digest.found !== null && compareContent(wanted, digest.found, tolerance).length === 0) return stranger
    }
    return null
  }

  #file(
    folder: FolderEntry,
    uidValidity: string,
    row: MessageRow,
    identity: { readonly strict: Buffer; readonly loose: Buffer },
    there: Original,
    how: Pick<CopiedEntry, 'cameByItself'>,
  ): void {
    const { ledger, options } = this.#env
    if (options.alreadyThere?.as === 'skipped') {
      const { uid, sizeBytes, internalDate } = row
      const flags = row.flags.join(' ')
      ledger.record({
        skipped: [
          { folderId: folder.id, uidValidity, uid, sizeBytes, internalDate, flags, code: ALREADY_THERE, detail: DETAIL, note: null },
        ],
      })
    } else {
      const elsewhere = there.folder === folder.destinationName ? {} : { destinationFolderName: there.folder }
      const receipt = { folderId: folder.id, uid: row.uid, destinationUidValidity: there.uidValidity, destinationUid: there.uid }
      ledger.record({ sending: [adoptedEntry(folder, uidValidity, row, identity)], copied: [{ ...receipt, ...elsewhere, ...how }] })
    }
    this.#taken.get(folder.id)?.add(row.uid)
  }
}

/** What two copies of one mail may have different that did not take the same way. */
export function toleranceOfTwins(limits: DestinationLimits, source: { readonly rendersAnew: boolean }): Tolerance {
  return { plainAlternative: !limits.keepsBytes || source.rendersAnew }
}

async function rowsOf(folder: SourceFolder, uids: UidSet): Promise<ReadonlyMap<number, MessageRow>> {
  const rows = new Map<number, MessageRow>()
  await folder.rows(uids.ranges[0]?.[0] ?? 1, uids.max, (row) => {
    if (uids.has(row.uid)) rows.set(row.uid, row)
  })
  return rows
}

async function digestAt(folder: SourceFolder, uid: number): Promise<ContentDigest | null> {
  const digest: { found: ContentDigest | null } = { found: null }
  await folder.bodies([uid], {
    holdBytes: -1,
    small: () => {},
    large: async (_, stream) => void (digest.found = await contentDigest(stream)),
  })
  return digest.found
}
