import type { FolderStatus, ListedFolder } from '../model/folder.ts'
import type { MessageRow } from '../model/message.ts'
import type { UidSet } from '../model/uid-set.ts'
import type { Context } from '../lib/context.ts'
import type { OctetSink } from '../lib/octet-sink.ts'

/** One mailbox at a source. It cannot write: no method of this port changes anything there. */
export type Source = {
  /** Adapter and host, for reports: "imap mail.example.org". */
  readonly name: string
  /** Opens one signed-in connection. Throws a `Failure`. */
  connect(ctx: Context): Promise<SourceSession>
  /** Where the source may keep what it wants to know again in the next pass; told before the first connection. */
  remember?(notes: SourceNotes): void
  /** Signs in, looks by EXAMINE how many messages INBOX holds, and leaves. Throws a `Failure`; 'no-rights' where there is nothing to see. */
  look(ctx: Context): Promise<{ readonly messages: number }>
}

/** A few megabytes at most under each name, kept with the mailbox. */
export type SourceNotes = { read(name: string): Uint8Array | null; write(name: string, bytes: Uint8Array): void }

export type SourceSession = AsyncDisposable & {
  /** false once the connection is gone: open another. */
  readonly alive: boolean
  /** What the server says of its NAMESPACE; null where it does not. */
  readonly namespaces: FolderNamespaces | null
  /** Folders that are to be copied although their kind usually stays behind, by name. */
  readonly wanted?: readonly string[]
  /** Calendars, contacts and other folders of items stand among the folders of mail (Exchange). */
  readonly holdsItems: boolean
  /** The domain of a Message-ID changes with every access (Domino). */
  readonly changesMessageIds: boolean
  /** Two readings of a message may give other bytes that say the same (Exchange, Domino). */
  readonly rendersAnew: boolean
  /** Received so far on this connection: what a server counts that allows only so much a day. */
  readonly receivedBytes?: number
  /** What this system is known to hand out of a mailbox within 24 hours; null: nothing is known. */
  readonly bytesPerDay?: number | null
  /** The most connections that this system holds open for a mailbox; null: nothing is known. */
  readonly mostConnections?: number | null
  /** What a person should know about the settings of this mailbox, as sentences; told after `folders`. */
  readonly warnings?: readonly string[]
  /** The inventory, with a status where the server gives one, in the server's order. INBOX is always there: where it cannot be seen 'no-rights' is thrown. */
  folders(): Promise<readonly ListedFolder[]>
  /** What the server tells beside the mail, of these folders: for the assessment. Reads only. */
  about(folders: readonly ListedFolder[]): Promise<MailboxAbout>
  /** Opens read-only. The session has one folder open at a time; an earlier `SourceFolder` ends here. */
  open(name: string): Promise<SourceFolder>
  /**
   * A folder whose status is known from the inventory, read-only. Nothing waits for it to be opened, and any number may be in use at
   * once: what is asked of many folders goes out in one flight. All of it fails with 'folder-vanished' when the UIDVALIDITY is another
   * one by now. null where this server is better asked one folder after the other, with `open`.
   */
  known(name: string, status: FolderStatus): SourceFolder | null
}

/** What is known of a mailbox beside its mail. */
export type MailboxAbout = {
  /** null where the server has no quotas. Several may count the same mail: they are never added up. */
  readonly quotas: readonly Quota[] | null
  /** By the name as the server listed it. */
  readonly folders: ReadonlyMap<string, FolderAbout>
  /** Folders that the person subscribed to and that are not listed, for display. */
  readonly subscribedButGone: readonly string[]
}
export type Quota = {
  readonly root: string
  /** STORAGE is in bytes; others are counted. Empty where nothing is limited. */
  readonly resources: readonly { readonly name: string; readonly used: number; readonly limit: number }[]
}
export type FolderAbout = {
  /** null where the server does not tell. */
  readonly subscribed: boolean | null
  /** In the letters of RFC 4314; null where the server does not tell. `all` only for who may administer the folder. */
  readonly rights: {
    readonly mine: string | null
    readonly all: readonly { readonly who: string; readonly rights: string }[] | null
  } | null
}

/** Prefixes as the server wrote them. */
export type FolderNamespaces = {
  /** Of the person's own folders. */
  readonly personal: readonly string[]
  /** Of everybody else's, which stay behind. */
  readonly foreign: readonly string[]
  /** Those that belong to everybody, whether they stay behind or not. */
  readonly public?: readonly string[]
  /** Of everybody else's, which were chosen to be copied too. */
  readonly chosen?: readonly string[]
  /** Whose folders only show what is stored elsewhere. */
  readonly virtual?: readonly string[]
}

export type SourceFolder = {
  readonly name: string
  /** As told on opening. */
  readonly status: FolderStatus
  /**
   * Where a folder is only part of one of the server's (a label of Gmail): the name of that one, whose UIDs these are. Messages come into
   * such a folder with any UID, and a UID that is in another folder of the same server folder later is the same message.
   */
  readonly sharesUidsOf?: string
  /** Rows of the messages with `from` ≤ UID ≤ `to`, in the server's order. Callers cut big folders into windows. */
  rows(from: number, to: number, onRow: (row: MessageRow) => void): Promise<void>
  /** Flags of the messages with `from` ≤ UID ≤ `to`. */
  flags(from: number, to: number, onRow: (uid: number, flags: readonly string[]) => void): Promise<void>
  /**
   * Flags changed after mod-sequence `since` (CONDSTORE), and the UIDs expunged since then where the server can tell
   * (QRESYNC), null where it cannot. Only for folders whose status has a `highestModseq`.
   */
  changes(since: bigint, onRow: (uid: number, flags: readonly string[]) => void): Promise<UidSet | null>
  /** The UIDs that exist now. */
  uids(): Promise<UidSet>
  /** The header bytes (up to the blank line) of some messages; those that are gone are left out. */
  headers(uids: UidSet, onHeader: (uid: number, header: Buffer) => void): Promise<void>
  /**
   * Whole messages, by PEEK. May be called again before an earlier call has resolved: the fetches are pipelined.
   * Resolves when the server is done; UIDs the server left out are returned, so that nothing is lost silently.
   */
  bodies(uids: readonly number[], sink: BodySink): Promise<readonly number[]>
  /** As `bodies`, for those who look at every octet and keep none: nothing is held, whatever the size. */
  octets(uids: readonly number[], onMessage: (uid: number) => OctetSink): Promise<readonly number[]>
}

export type BodySink = {
  /** Messages above this many bytes come through `large`; -1: all of them, empty ones too. */
  readonly holdBytes: number
  /** A whole message, as the chunks that came; never joined. */
  small(uid: number, chunks: readonly Buffer[], bytes: number): void
  /**
   * A message of `bytes` bytes, flowing with back-pressure. The connection stands still until it is read to its end.
   * The stream throws when the connection breaks in the middle. Resolve once it is consumed or abandoned.
   */
  large(uid: number, stream: AsyncIterable<Buffer>, bytes: number): Promise<void>
}
