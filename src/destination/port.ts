import type { Context } from '../lib/context.ts'
import type { OctetSink } from '../lib/octet-sink.ts'
import type { Failure } from '../model/failure.ts'
import type { FolderStatus, ListedFolder } from '../model/folder.ts'
import type { UidSet } from '../model/uid-set.ts'

/** What a destination accepts; mapping, inspection and repair read this. */
export type DestinationLimits = {
  readonly separator: string
  /** Folder names that differ only by case or Unicode form are one folder. */
  readonly caseInsensitiveNames: boolean
  /** Trims blanks around names, and the like: mapping does it first, so that the preview tells the truth. */
  readonly trimsNames: boolean
  /** Lower-case names that CREATE refuses or that hold something else than mail. */
  readonly reservedNames: ReadonlySet<string>
  readonly maxNameUnits: number
  readonly maxDepth: number
  /** null: no limit known. */
  readonly maxMessageBytes: number | null
  /** A physical line of this many bytes or more breaks the session; null: any length is fine. */
  readonly lineBreaksSessionBytes: number | null
  /** Keywords survive an APPEND. */
  readonly keywords: boolean
  /** Flags that APPEND forgets and STORE keeps. */
  readonly flagsByStore: readonly string[]
  /** Bytes come back exactly as sent. When false, verification compares content digests instead of bytes. */
  readonly keepsBytes: boolean
}

/** One mailbox at a destination. Nothing here expunges. */
export type Destination = {
  readonly name: string
  connect(ctx: Context): Promise<DestinationSession>
  /** Signs in, looks by EXAMINE how many messages INBOX holds, and leaves. Throws a `Failure`; 'no-rights' where there is nothing to see. */
  look(ctx: Context): Promise<{ readonly messages: number }>
  /** Where the labels of a message can be kept beside its folder, once a session has listed the folders; null or absent: nowhere, or as keywords. */
  readonly labels?: LabelShelf | null
}

/** Keeps names beside messages: categories. */
export type LabelShelf = {
  /** These names as they can be kept here, each once. Some may be left out. */
  fit(names: readonly string[]): readonly string[]
  /**
   * Adds and takes off names; what else a message has stays. Doing it twice is the same as doing it once. One answer for each, in the
   * order given; a Failure whose `spoils` is more than the message is the answer to all that were not done.
   */
  write(folder: string, copies: readonly LabelledCopy[]): Promise<readonly LabelOutcome[]>
}

/** A message at the destination, found again by its Message-ID and, where several have it, by the time it was received. */
export type LabelledCopy = {
  /** With its angle brackets. */
  readonly messageId: string
  /** INTERNALDATE in milliseconds; null where it is not known. */
  readonly receivedAt: number | null
  readonly add: readonly string[]
  readonly remove: readonly string[]
}

/** `unclear`: several have this Message-ID and none this time. */
export type LabelOutcome = 'written' | 'missing' | 'unclear' | Failure

export type DestinationSession = AsyncDisposable & {
  readonly alive: boolean
  readonly limits: DestinationLimits
  /** What a person should know about this mailbox and the folders that mail goes to, as sentences; after `folders` and `create`. */
  readonly warnings?: (used: readonly ListedFolder[]) => readonly string[]
  /** The inventory; a prefix that all personal folders share ("INBOX.") is not part of `path`. */
  folders(): Promise<readonly ListedFolder[]>
  /** Creates folders level by level, subscribes them, and returns each as the server then lists it, in the order given. Existing ones are success. */
  create(paths: readonly (readonly string[])[]): Promise<readonly ListedFolder[]>
  status(name: string): Promise<FolderStatus>
  /** Begins an APPEND; several may be in flight. Never waits for earlier ones unless the protocol demands it. */
  append(name: string, message: OutgoingMessage): Promise<Receipt>
  /** As `append` for several at once, in one command where the server can (MULTIAPPEND): then all arrive or none. */
  appendAll(name: string, messages: readonly OutgoingMessage[]): Promise<readonly Receipt[]>
  /** The most messages that `appendAll` sends in one command; 1 where it cannot. */
  readonly appendAtOnce: number
  /** Opens for reading and for `store` and `move`. One folder is open at a time. */
  open(name: string): Promise<DestinationFolder>
  /**
   * A folder whose status is known from the inventory. Nothing waits for it to be opened, and any number may be in use at once: what is
   * asked of many folders goes out in one flight. All of it fails with 'folder-vanished' when the UIDVALIDITY is another one by now.
   * null where this server is better asked one folder after the other, with `open`.
   */
  known(name: string, status: FolderStatus): DestinationFolder | null
}

export type OutgoingMessage = {
  readonly flags: readonly string[]
  /** INTERNALDATE as IMAP writes it; '' lets the server take its own time. */
  readonly internalDate: string
  readonly bytes: number
  /** The chunks, or a stream that yields exactly `bytes` bytes. */
  readonly body: readonly Buffer[] | AsyncIterable<Buffer>
}

/** Where a message landed; `uid` is null where the server does not tell. */
export type Receipt = { readonly uidValidity: string | null; readonly uid: number | null }

export type ArrivedRow = {
  readonly uid: number
  readonly sizeBytes: number
  readonly internalDate: string
  readonly flags: readonly string[]
}

export type DestinationFolder = {
  readonly name: string
  readonly status: FolderStatus
  rows(from: number, to: number, onRow: (row: ArrivedRow) => void): Promise<void>
  uids(): Promise<UidSet>
  headers(uids: UidSet, onHeader: (uid: number, header: Buffer) => void): Promise<void>
  /** Whole messages by PEEK, for content digests; several calls may be in flight. Returns the UIDs left out. */
  bodies(
    uids: readonly number[],
    onBody: (uid: number, stream: AsyncIterable<Buffer>, bytes: number) => Promise<void>,
  ): Promise<readonly number[]>
  /** As `bodies`, for those who look at every octet and keep none: nothing is held, whatever the size. */
  octets(uids: readonly number[], onMessage: (uid: number) => OctetSink): Promise<readonly number[]>
  /** The flags of some messages; those that are gone are left out. */
  flagsOf(uids: UidSet, onRow: (uid: number, flags: readonly string[]) => void): Promise<void>
  /** Adds and removes flags; silent. */
  store(uids: UidSet, add: readonly string[], remove: readonly string[]): Promise<void>
  /** Moves messages to another folder; maps old to new UID where the server tells. Where there is no MOVE: COPY, and the old one is flagged \Deleted, never expunged. */
  move(uids: UidSet, to: string): Promise<ReadonlyMap<number, number>>
}
