import type { FolderStatus } from '../model/folder.ts'
import type { ByteBudget } from '../lib/byte-budget.ts'
import type { Context } from '../lib/context.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { GroupCommit } from './group-commit.ts'
import type { Governor } from './governor.ts'
import type { PassOptions } from './options.ts'
import type { OtherWay } from './other-way.ts'

/** What every part of one pass over one mailbox shares. */
export type PassEnv = {
  readonly ledger: Ledger
  /** For what may wait a moment, so that it goes to the disk together with what others write. */
  readonly commits: GroupCommit
  readonly mailboxId: number
  readonly passId: number
  readonly options: PassOptions
  /** What was carried in the other direction; absent: nothing. */
  readonly other?: OtherWay
  /** Where the folders of the source came from, by their names there; absent: their own names and kinds decide. */
  readonly turnedRound?: ReadonlyMap<string, string>
  readonly governor: Governor
  /** Shared by all mailboxes of the process: message bytes in memory. */
  readonly budget: ByteBudget
  /** The folders of the destination as this pass found them, by name. */
  readonly destinationStatus: Map<string, FolderStatus>
  /** Where messages too large for memory pass through; files are unlinked as soon as they are open. */
  readonly spoolDir: string
  /** Aborted when the pass is to stop: nothing new is begun. */
  readonly ctx: Context
  /** What connections live under: ended only when the mailbox is no longer ours. */
  readonly wire: Context
  readonly tally: Tally
  /** What a person should know about the destination's mailbox, as sentences, each once. */
  readonly notes: Set<string>
  readonly watch: PassWatch
  /** Named instants at which a test lets the process die. Does nothing otherwise. */
  step(name: string): void
}

/** What a pass did, beyond what the ledger counts. */
export type Tally = {
  appends: number
  bytes: number
  flagsChanged: number
  moved: number
  deleted: number
  /** Copies that a person changed at the destination: not touched. */
  leftAlone: number
  /** Messages whose labels were written beside them. */
  labelled: number
  /** Messages whose flags or keywords at the source were recorded anew, whatever of them the destination shows. */
  flagsSeen: number
}

export type PassPhase = 'connect' | 'scan' | 'copy' | 'settle' | 'delta' | 'labels' | 'verify' | 'done'

/** How a pass tells where it is. Cheap; called for every window. */
export type PassWatch = {
  phase(phase: PassPhase, folder: string | null): void
  /** Messages and bytes that are to be copied, as far as is known now. */
  expect(messages: number, bytes: number): void
  done(messages: number, bytes: number): void
  waiting(untilMs: number | null): void
  /** null: what was noted before holds no longer. */
  note(text: string | null): void
}

export const newTally = (): Tally => ({
  appends: 0,
  bytes: 0,
  flagsChanged: 0,
  moved: 0,
  deleted: 0,
  leftAlone: 0,
  labelled: 0,
  flagsSeen: 0,
})
