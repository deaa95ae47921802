import type { SpecialUse } from './special-use.ts'

/** The cheap figures a server tells of a folder without opening it. Opaque strings where servers break the grammar. */
export type FolderStatus = {
  readonly messages: number
  /** Opaque: servers send 0 and numbers above 32 bits. */
  readonly uidValidity: string
  /** 0 where the server does not tell. */
  readonly uidNext: number
  /** null where the server has no CONDSTORE or the folder no mod-sequences. */
  readonly highestModseq: bigint | null
  /** null where the server has no STATUS=SIZE. */
  readonly sizeBytes: number | null
}

/** One folder as a server lists it. */
export type ListedFolder = {
  /** The exact bytes the server listed, one char a byte (latin1): the key, and what is sent back. */
  readonly name: string
  /** The decoded name cut at the separator; display and mapping only. */
  readonly path: readonly string[]
  readonly separator: string | null
  readonly attributes: readonly string[]
  readonly specialUse: SpecialUse | null
  /** false for containers (\Noselect, \NonExistent). */
  readonly selectable: boolean
  /** null when it came with no status (container, or the server refused). */
  readonly status: FolderStatus | null
}
