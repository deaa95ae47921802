/** What a listing tells of a source message. */
export type MessageRow = {
  readonly uid: number
  /** RFC822.SIZE: a hint, never a proof. */
  readonly sizeBytes: number
  /** INTERNALDATE exactly as the server wrote it ("17-Jul-1996 02:44:25 -0700"); '' where it sent none. */
  readonly internalDate: string
  readonly flags: readonly string[]
}

/** The states of a ledger entry; the database holds the same words in a CHECK constraint. */
export const MESSAGE_STATES = ['sending', 'copied', 'verified', 'skipped', 'failed', 'gone'] as const
export type MessageState = (typeof MESSAGE_STATES)[number]

/** Which move between states is allowed. `gone`: no longer at the source; it leaves the books of what was found. */
export const MESSAGE_MOVES: Readonly<Record<MessageState, readonly MessageState[]>> = {
  sending: ['sending', 'copied', 'skipped', 'failed', 'gone'],
  copied: ['verified', 'gone', 'sending'],
  verified: ['gone', 'sending', 'copied'],
  skipped: ['sending', 'gone', 'failed', 'skipped'],
  failed: ['sending', 'gone', 'skipped', 'failed'],
  gone: ['copied', 'sending', 'skipped', 'failed'],
}

/** The books of a folder, a mailbox or a project: found = copied + skipped + failed + unexplained, and unexplained must be 0. */
export type Statement = {
  readonly found: number
  readonly copied: number
  readonly skipped: number
  readonly failed: number
  readonly unexplained: number
  readonly bytes: number
}

export function addStatements(all: Iterable<Statement>): Statement {
  const sum = { found: 0, copied: 0, skipped: 0, failed: 0, unexplained: 0, bytes: 0 }
  for (const one of all) {
    sum.found += one.found
    sum.copied += one.copied
    sum.skipped += one.skipped
    sum.failed += one.failed
    sum.unexplained += one.unexplained
    sum.bytes += one.bytes
  }
  return sum
}
