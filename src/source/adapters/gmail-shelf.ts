import { fetchLabelChanges, fetchLabels, type LabelRow } from '../../imap/fetch-labels.ts'
import { openFolder } from '../../imap/open-folder.ts'
import { searchUids } from '../../imap/search-uids.ts'
import type { Session } from '../../imap/session.ts'
import type { FolderStatus } from '../../model/folder.ts'
import { keptOnly } from '../../model/labels.ts'
import { UidSet } from '../../model/uid-set.ts'
import { LabelIndex } from './gmail-index.ts'

/** Labels are listed so many UIDs at a time, which keeps memory flat; a listing that breaks off goes on where it was. */
const WINDOW = 4000
const MOST_WINDOWS = 500
/** Above this the flags of what changed are not kept in memory but asked for again. */
const MOST_CHANGES = 50_000

/** Before the UIDVALIDITY of our folders: UIDs under it name the same message in each of them, and in no other folder. */
const PART = 'part of '

/** The UIDVALIDITY of the folder that one of ours is part of. */
export function wholeUidValidity(uidValidity: string): string {
  return uidValidity.startsWith(PART) ? uidValidity.slice(PART.length) : uidValidity
}

/** In a folder with more different labels they do not travel: Cyrus holds a hundred keywords in a folder, and refuses the message then. */
const MOST_KEYWORDS = 40

/** How a folder of Gmail is divided among the folders that we make of it. */
export type Division = { readonly may?: (folder: string) => boolean; readonly own?: string }

type Extra = { readonly accepted: string; readonly builtAt: string; readonly moved: readonly (readonly [string, string])[] }
type Changes = { readonly since: bigint; readonly rows: ReadonlyMap<number, readonly string[]> }

/**
 * One folder of Gmail that is read, mostly All Mail, divided into folders by the labels of its messages. Brought up to date in O(changes):
 * new UIDs, and what changed since the mod-sequence; a message counts as changed when its labels do.
 */
export class Shelf {
  /** What speaks against the index and is known to mean nothing. */
  accepted = ''
  /** The folder as Gmail calls it. */
  readonly name: string
  readonly #division: Division
  #index: LabelIndex
  /** Mod-sequence at which a folder last won, lost or changed a message; for those not in here, `#builtAt`. */
  #moved = new Map<string, bigint>()
  #before: ReadonlyMap<string, bigint> = new Map()
  #builtAt = 0n
  #changes: Changes | null = null
  #crowded: ReadonlySet<string> | null = null

  constructor(name: string, division: Division = {}) {
    this.name = name
    this.#division = division
    this.#index = this.#empty()
  }

  get index(): LabelIndex {
    return this.#index
  }

  /** Everything is looked at anew next time. */
  forget(): void {
    this.#index = this.#empty()
    this.#moved = new Map()
    this.#before = new Map()
    this.#changes = null
  }

  /** Makes the index as the folder is now. `listed`: what the inventory told of it. Returns whether anything was new. */
  async look(session: Session, listed: FolderStatus | null): Promise<boolean> {
    this.#crowded = null
    this.#before = new Map(this.#moved)
    this.#changes = null
    if (listed !== null && this.#isAsListed(listed)) return false
    const { messages, uidValidity, uidNext, highestModseq } = await openFolder(session, this.name, 'examine')
    if (this.#index.uidValidity !== uidValidity || highestModseq === null) {
      this.forget()
      this.#index.uidValidity = uidValidity
      this.#index.modseq = highestModseq ?? 0n
      this.#builtAt = highestModseq ?? 0n
    }
    const now = highestModseq ?? 0n
    if (this.#index.upTo > 0 && this.#index.modseq !== now) await this.#readChanges(session, now)
    const last = uidNext > 0 ? uidNext - 1 : (await searchUids(session)).max
    const step = Math.max(WINDOW, Math.ceil(last / MOST_WINDOWS))
    while (this.#index.upTo < last) {
      const to = Math.min(last, this.#index.upTo + step)
      await fetchLabels(session, this.#index.upTo + 1, to, (row) => this.#put(row, now))
      this.#index.upTo = to
    }
    if (this.#index.size !== messages) await this.#readAgain(session, now)
    this.#index.modseq = now
    return true
  }

  /** Whether these labels are still called so: one message of each is asked. For labels that the server tells no count of. */
  async stillTells(session: Session, labels: ReadonlySet<string>): Promise<boolean> {
    const samples = this.#index.samples(labels)
    if (samples.size === 0) return true
    await openFolder(session, this.name, 'examine')
    const answers = [...samples].map(async ([label, uid]) => {
      let told: readonly string[] | null = null
      await fetchLabels(session, uid, uid, (row) => (told = row.labels))
      const now: readonly string[] = told ?? [label]
      return now.includes(label)
    })
    return (await Promise.all(answers)).every((same) => same)
  }

  /** The labels of a message that are no folder of ours, as keywords. */
  keywords(uid: number): readonly string[] {
    const choice = this.#index.of(uid)
    if (choice === null) return []
    this.#crowded ??= this.#index.crowded(MOST_KEYWORDS)
    return choice.folder !== null && this.#crowded.has(choice.folder) ? choice.keywords.map(keptOnly) : choice.keywords
  }

  /** The figures of one of our folders, in the words of a folder of a server. */
  status(folder: string, figures: { readonly messages: number; readonly last: number } | undefined): FolderStatus {
    return {
      messages: figures?.messages ?? 0,
      uidValidity: PART + this.#index.uidValidity,
      uidNext: (figures?.last ?? 0) + 1,
      highestModseq: this.#moved.get(folder) ?? this.#builtAt,
      sizeBytes: null,
    }
  }

  /** Flags of what changed in a folder since then, as far as they are at hand; null where the server must be asked. */
  changesSince(folder: string, since: bigint): ReadonlyMap<number, readonly string[]> | null {
    if (this.#changes === null) return null
    const before = this.#before.get(folder) ?? this.#builtAt
    return since >= this.#changes.since || since >= before ? this.#changes.rows : null
  }

  write(): Buffer {
    return this.#index.write({
      accepted: this.accepted,
      builtAt: String(this.#builtAt),
      moved: [...this.#moved].map(([folder, at]) => [folder, String(at)]),
    })
  }

  /** Takes over what `write` made; what is damaged counts as nothing. */
  read(bytes: Uint8Array): void {
    try {
      const { accepted, builtAt, moved } = this.#index.read(bytes) as Extra
      this.accepted = accepted
      this.#builtAt = BigInt(builtAt)
      this.#moved = new Map(moved.map(([folder, at]) => [folder, BigInt(at)]))
    } catch {
      this.forget()
    }
  }

  #empty(): LabelIndex {
    return new LabelIndex(this.#division.may, this.#division.own)
  }

  #isAsListed({ uidValidity, messages, uidNext, highestModseq }: FolderStatus): boolean {
    const index = this.#index
    return (
      index.uidValidity === uidValidity &&
      index.size === messages &&
      uidNext > 0 &&
      index.upTo === uidNext - 1 &&
      index.modseq === highestModseq
    )
  }

  async #readChanges(session: Session, now: bigint): Promise<void> {
    const { modseq: since, upTo } = this.#index
    const rows = new Map<number, readonly string[]>()
    await fetchLabelChanges(session, upTo, since, (row) => {
      this.#put(row, now)
      const folder = this.#index.of(row.uid)?.folder
      if (folder !== null && folder !== undefined) this.#moved.set(folder, now)
      if (row.flags !== null && rows.size <= MOST_CHANGES) rows.set(row.uid, row.flags)
    })
    this.#changes = rows.size > MOST_CHANGES ? null : { since, rows }
  }

  /** The numbers do not add up: some messages are gone, or a listing was not whole. */
  async #readAgain(session: Session, now: bigint): Promise<void> {
    const { upTo } = this.#index
    const present = (await searchUids(session)).minus(UidSet.ofRanges([[upTo + 1, 2 ** 32]]))
    for (const folder of this.#index.keepOnly(present)) if (folder !== null) this.#moved.set(folder, now)
    if (this.#index.size === present.size) return
    for (const uid of present) if (!this.#index.has(uid)) await fetchLabels(session, uid, uid, (row) => this.#put(row, now))
  }

  #put({ uid, labels }: LabelRow, now: bigint): void {
    for (const folder of this.#index.put(uid, labels)) if (folder !== null) this.#moved.set(folder, now)
  }
}
