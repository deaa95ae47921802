/** One documented rule of Microsoft's IMAP migration, as the guide and `cutover native check` tell it. */
export type NativeLimit = { readonly name: string; readonly says: string; readonly source: string }

export const MAX_ITEMS = 500_000
/** What is documented; with the target's limit raised first, up to the highest that Exchange Online allows (seen in pilots). */
export const DOCUMENTED_MESSAGE_BYTES = 35 * 1024 * 1024
export const HIGHEST_MESSAGE_BYTES = 150 * 1024 * 1024
export const MAX_CSV_ROWS = 50_000
export const MAX_CSV_BYTES = 10 * 1024 * 1024
export const MAX_NAME = 64
export const MAX_CONCURRENCY = 100
/** No progress for that long is no reason to look for a fault yet (Microsoft: performance and best practices). */
export const PATIENCE_HOURS = 8

/** Pages of learn.microsoft.com, by the last part of their address. */
const ABOUT = 'migrating-imap-mailboxes'
const CSV = 'csv-files-for-imap-migrations'
const TROUBLE = 'troubleshoot-issues-with-imap-mailbox-migration (KB 10062)'
const BATCHES = 'manage-migration-batches'

export const NATIVE_LIMITS: readonly NativeLimit[] = [
  {
    name: 'reach',
    says: "Microsoft's servers fetch the mail: the IMAP server needs a public name and an open port, 993, or 143 by cmdlet.",
    source: 'office-365-migration-best-practices; setting-up-your-imap-server-connection',
  },
  { name: 'tls', says: 'TLS 1.2 with a certificate that Microsoft trusts.', source: 'imap-mailbox-migration-fails; New-MigrationEndpoint' },
  {
    name: 'sign-in',
    says: "A login and a password for each mailbox, or an administrator's: no OAuth, no proxy authentication.",
    source: `${CSV}; New-MigrationEndpoint`,
  },
  { name: 'mail only', says: 'Mail folders only: no contacts, calendars or tasks.', source: ABOUT },
  { name: 'items', says: '500,000 items a mailbox, the newest first: what lies beyond is the oldest mail.', source: ABOUT },
  {
    name: 'size',
    says: 'Messages up to 35 MB; up to 150 MB where MaxReceiveSize of the target was raised before the first sync (prove it in a pilot).',
    source: `${ABOUT} (35 MB); perform-g-suite-migration (the limit of the target)`,
  },
  { name: 'slash', says: 'Folders with "/" in their names are not migrated.', source: 'optimizing-imap-migrations' },
  {
    name: 'repair',
    says: 'What Exchange refuses as it stands is skipped: nothing is repaired, and skipped items hold up no batch.',
    source: 'track-prevent-data-loss-dcs',
  },
  {
    name: 'labels',
    says: "Gmail's labels are folders to it: each message comes once for every label unless [Gmail] is excluded.",
    source: TROUBLE,
  },
  {
    name: 'target',
    says: 'The target mailbox exists and has its licence; groups and contacts cannot be targets.',
    source: `${ABOUT}; ${TROUBLE}`,
  },
  { name: 'one batch', says: 'A user is in one active batch.', source: 'mecdata.it (measured by a practitioner)' },
  {
    name: 'list',
    says: 'At most 50,000 rows and 10 MB of UTF-8 in the list of a batch; 64 characters in its name.',
    source: `${CSV}; New-MigrationBatch`,
  },
  { name: 'delta', says: 'New mail follows about once a day, and at once after `cutover native sync`.', source: BATCHES },
  {
    name: 'end',
    says: 'A synced batch that nobody touches for 60 days is stopped; 90 days later it is removed.',
    source: BATCHES,
  },
  {
    name: 'policies',
    says: 'Retention and archive policies of the target act on what arrives: switch them off until all is verified.',
    source: ABOUT,
  },
]
