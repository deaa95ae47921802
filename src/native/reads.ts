import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import { sizeBytes } from '../microsoft/exchange-values.ts'
import type { ForeignSkipped } from '../ledger/foreign-rows.ts'
import type { KnownEndpoint } from './plan.ts'

type Row = Readonly<Record<string, unknown>>

export type NativeBatch = {
  readonly name: string
  readonly status: string
  readonly endpoint: string
  readonly total: number
  readonly synced: number
  readonly failed: number
  readonly lastSyncedAt: number | null
}

export type NativeUser = {
  readonly address: string
  readonly batch: string
  readonly status: string
  readonly synced: number | null
  readonly skipped: number | null
  readonly lastSyncAt: number | null
  readonly error: string | null
}

/**
 * All there are: asked for by a name, these cmdlets answer an unknown or an empty one with all of them, which would be taken for it
 * (Get-MigrationBatch, Get-MigrationUser, Get-MigrationEndpoint).
 */
export async function endpointsIn(admin: ExchangeAdmin): Promise<readonly KnownEndpoint[]> {
  const { rows } = await admin.invoke('Get-MigrationEndpoint')
  return rows.map((row) => {
    const security = textIn(row['Security']).toLowerCase()
    return {
      name: nameOf(row),
      type: textIn(row['EndpointType']),
      host: textIn(row['RemoteServer']),
      port: numberIn(row['Port']) ?? 0,
      security: security === 'ssl' ? 'Ssl' : security === 'tls' ? 'Tls' : 'None',
      maxMigrations: numberIn(row['MaxConcurrentMigrations']) ?? 0,
      maxIncremental: numberIn(row['MaxConcurrentIncrementalSyncs']) ?? 0,
    }
  })
}

export async function batchesIn(admin: ExchangeAdmin): Promise<readonly NativeBatch[]> {
  const { rows } = await admin.invoke('Get-MigrationBatch')
  return rows.map((row) => ({
    name: nameOf(row),
    status: textIn(row['Status']),
    endpoint: textIn(row['SourceEndpoint']),
    total: numberIn(row['TotalCount']) ?? 0,
    synced: numberIn(row['SyncedCount']) ?? 0,
    failed: numberIn(row['FailedCount']) ?? 0,
    lastSyncedAt: timeIn(row['LastSyncedDateTime']) ?? timeIn(row['InitialSyncDateTime']),
  }))
}

/** What an endpoint or a batch is called: an identity is a text, and has been seen as an object with its name in it. */
export function nameOf(row: Row): string {
  const { Identity, Name } = row
  if (typeof Identity !== 'object' || Identity === null) return textIn(Identity) || textIn(Name)
  const inner: Row = { ...Identity }
  return textIn(inner['Name']) || textIn(inner['Id']) || textIn(Name)
}

/** The batch of a user is its name, or an identity that ends in it; where nothing is told the address decides. */
function isBatch(told: string, name: string): boolean {
  const parts = told.toLowerCase().split(/[\\/:]/)
  return told === '' || told.toLowerCase() === name.toLowerCase() || parts.includes(name.toLowerCase())
}

/** Everybody who is in a batch; of these batches only where they are named. */
export async function usersIn(admin: ExchangeAdmin, batches: readonly string[] | null): Promise<readonly NativeUser[]> {
  // One question for all batches is kinder than one each, and needs no guard.
  const users: NativeUser[] = []
  for await (const { rows } of admin.pages('Get-MigrationUser', { ResultSize: 'Unlimited' }))
    for (const row of rows) {
      const user = userOf(row)
      if (user.address !== '' && (batches === null || batches.some((name) => isBatch(user.batch, name)))) users.push(user)
    }
  return users
}

/** What one user's statistics add: the skipped items, and the words of an error. null: there is no such user any more. */
export async function statisticsOf(
  admin: ExchangeAdmin,
  address: string,
): Promise<{ readonly user: NativeUser; readonly detail: string; readonly skipped: readonly ForeignSkipped[] } | null> {
  if (address.trim() === '') throw new Error('statistics of nobody would be those of everybody')
  const { rows } = await admin.invoke('Get-MigrationUserStatistics', { Identity: address, IncludeSkippedItems: true })
  const row = rows.find((one) => userOf(one).address.toLowerCase() === address.toLowerCase())
  if (row === undefined) return null
  const detail = ['StatusDetail', 'Error', 'ErrorSummary', 'Message'].map((name) => textIn(row[name])).filter((text) => text !== '')
  return { user: userOf(row), detail: detail.join('; '), skipped: listIn(row['SkippedItems']).map(skippedOf) }
}

function userOf(row: Row): NativeUser {
  const error = textIn(row['ErrorSummary']) || textIn(row['Error'])
  return {
    address: textIn(row['MailboxEmailAddress']) || textIn(row['EmailAddress']) || textIn(row['Identity']),
    batch: textIn(row['BatchId']) || nameOf({ Identity: row['BatchId'] }),
    status: textIn(row['Status']),
    synced: numberIn(row['SyncedItemCount']) ?? numberIn(row['ItemsSynced']),
    skipped: numberIn(row['SkippedItemCount']) ?? numberIn(row['ItemsSkipped']),
    lastSyncAt: timeIn(row['LastSuccessfulSyncTime']) ?? timeIn(row['LastSubscriptionCheckTime']),
    error: error === '' ? null : error,
  }
}

/** An item that cannot be told apart from a text is that text. */
function skippedOf(item: unknown): ForeignSkipped {
  if (typeof item !== 'object' || item === null)
    return { kind: 'unknown', reason: textIn(item) || null, folder: null, subject: null, sender: null, date: null, sizeBytes: null }
  const row: Row = { ...item }
  const first = (...names: readonly string[]): string | null => names.map((name) => textIn(row[name])).find((text) => text !== '') ?? null
  return {
    kind: first('Kind', 'Type', 'BadItemKind') ?? 'unknown',
    reason: first('Failure', 'FailureMessage', 'ErrorMessage', 'Message', 'ScoringClassifications'),
    folder: first('FolderName', 'Folder', 'FolderPath'),
    subject: first('Subject'),
    sender: first('Sender'),
    date: first('DateReceived', 'DateSent'),
    sizeBytes: numberIn(row['MessageSize']) ?? sizeBytes(row['MessageSize']) ?? numberIn(row['Size']),
  }
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function textIn(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

function numberIn(value: unknown): number | null {
  const number = typeof value === 'number' ? value : typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : null
  return number !== null && Number.isSafeInteger(number) ? number : null
}

function timeIn(value: unknown): number | null {
  const text = textIn(value)
  // Without a zone it is UTC.
  const ms = text === '' ? Number.NaN : Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`)
  return Number.isNaN(ms) ? null : ms
}
