/** What a person can decide about a pass. */
export type PassOptions = {
  readonly kind: 'auto' | 'initial' | 'delta' | 'final'
  /** follow: a message deleted at the source goes to Deleted Items at the destination. keep: it stays (after cutover). */
  readonly deletions: 'follow' | 'keep'
  /** Lets a pass remove more of a folder than the guard allows. */
  readonly allowDeletions: boolean
  /** follow: flags changed at the source are changed in the copies. keep: copies keep those that they came with (after cutover). */
  readonly flags: 'follow' | 'keep'
  /**
   * Where mail comes to the destination by itself: what is new is looked for there first, among what came since. `as`: what the ledger
   * then says of it. null: nothing comes there but by us.
   */
  readonly alreadyThere: AlreadyThere | null
  readonly oldestFirst: boolean
  /** Copies messages that carry \Deleted as well. */
  readonly includeDeleted: boolean
  /** Renames read-receipt requests of unread messages, so that no receipt is sent for old mail. */
  readonly disarmReceipts: boolean
  /** null: what the destination tells. */
  readonly maxMessageBytes: number | null
  /** Subjects and senders of messages that did not travel are kept for the error report. */
  readonly subjects: boolean
  /** Labels and keywords are written where the destination can keep them beside the messages. */
  readonly labels: boolean
  /** Connection pairs for one mailbox; null: the governor decides. */
  readonly lanes: number | null
  /** Tries messages again that were refused in an earlier pass. */
  readonly retryFailed: boolean
  readonly patience: Patience
}

/** `since`: INTERNALDATE in milliseconds. `skipped`: what stands there is somebody else's, and never becomes a copy of ours. */
export type AlreadyThere = { readonly since: number; readonly as: 'copied' | 'skipped' }

/** How long the engine puts up with trouble. Tests shorten it. */
export type Patience = {
  /** First wait after a broken connection; doubles up to `maxWaitMs`. */
  readonly firstWaitMs: number
  readonly maxWaitMs: number
  /** Tries in a row without any progress before a person is asked. */
  readonly tries: number
  /** How long a freshly granted permission may take to work ("authenticated but not connected"). */
  readonly permissionMs: number
  /** How long the destination must have been quiet before what arrived is counted after a lost reply. */
  readonly quietMs: number
}

export const PATIENCE: Patience = { firstWaitMs: 1000, maxWaitMs: 60_000, tries: 8, permissionMs: 5 * 60_000, quietMs: 1500 }

export const PASS_OPTIONS: PassOptions = {
  kind: 'auto',
  deletions: 'follow',
  allowDeletions: false,
  flags: 'follow',
  alreadyThere: null,
  oldestFirst: false,
  includeDeleted: false,
  disarmReceipts: true,
  maxMessageBytes: null,
  subjects: true,
  labels: true,
  lanes: null,
  retryFailed: false,
  patience: PATIENCE,
}
