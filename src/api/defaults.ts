import type { CopyInput, VerifyInput } from './operations.ts'

/** What a pass does when nobody says anything else. */
export const COPY_DEFAULTS = {
  pass: 'auto',
  deletions: 'follow',
  allowDeletions: false,
  oldestFirst: false,
  connections: null,
  mailboxesAtOnce: null,
  maxMessageBytes: null,
  keepReceiptRequests: false,
  includeDeleted: false,
  retryFailed: false,
  subjects: true,
  bytesPerSecond: null,
} as const satisfies Partial<CopyInput>

/** The most thorough verification, which writes no files and repairs nothing. */
export const VERIFY_DEFAULTS = {
  level: 'content',
  sample: null,
  repair: false,
  manifestFile: null,
  csvFile: null,
  htmlFile: null,
} as const satisfies Partial<VerifyInput>
