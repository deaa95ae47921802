import { Failure } from '../model/failure.ts'
import { MAX_CONCURRENCY } from './limits.ts'
import type { Batch } from './csv.ts'
import type { ListRef, NativeChange } from './native-call.ts'

/** The old server as Microsoft reaches it. */
export type Server = { readonly host: string; readonly port: number; readonly security: 'Ssl' | 'Tls' | 'None' }

export type WantedEndpoint = Server & {
  /** null: one that is equal is taken, else one is made by the name of the host. */
  readonly name: string | null
  readonly maxMigrations: number
  readonly maxIncremental: number
}

export type KnownEndpoint = Server & {
  readonly name: string
  readonly type: string
  readonly maxMigrations: number
  readonly maxIncremental: number
}

export type BatchSettings = {
  readonly excludeFolders: readonly string[]
  readonly notify: readonly string[]
  /** ISO 8601, UTC; null: at once. */
  readonly startAfter: string | null
}

/** The endpoint to use, and the change that makes it; null where an equal one is there. */
export function endpointFor(
  wanted: WantedEndpoint,
  known: readonly KnownEndpoint[],
): { readonly name: string; readonly change: NativeChange | null } {
  checkConcurrency(wanted)
  const isEqual = (one: KnownEndpoint): boolean =>
    one.type.toLowerCase() === 'imap' &&
    one.host.toLowerCase() === wanted.host.toLowerCase() &&
    one.port === wanted.port &&
    one.security === wanted.security &&
    one.maxMigrations === wanted.maxMigrations &&
    one.maxIncremental === wanted.maxIncremental
  const name = wanted.name ?? known.find(isEqual)?.name ?? freeName(`cutover ${wanted.host}`, known)
  const taken = known.find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (taken === undefined) return { name, change: newEndpoint(name, wanted) }
  if (isEqual(taken)) return { name: taken.name, change: null }
  throw new Failure(
    'object-exists',
    `The migration endpoint "${taken.name}" exists with other settings: ${described(taken)}, wanted are ${described(wanted)}.`,
  )
}

export function batchChange(batch: Batch, endpoint: string, settings: BatchSettings): NativeChange {
  const { name, rows } = batch
  const list: ListRef = { kind: 'list', batch: name, rows: rows.length }
  const { excludeFolders, notify, startAfter } = settings
  const parts = [
    `${rows.length} ${rows.length === 1 ? 'mailbox' : 'mailboxes'}`,
    `by the endpoint "${endpoint}"`,
    ...(excludeFolders.length === 0 ? [] : [`leaving out ${excludeFolders.map((folder) => `"${folder}"`).join(', ')}`]),
    startAfter === null ? 'beginning at once' : `beginning after ${startAfter} UTC`,
  ]
  return {
    key: `migration-batch ${name.toLowerCase()}`,
    kind: 'migration-batch',
    about: name,
    says: `Let Microsoft copy ${parts.join(', ')}: batch "${name}"`,
    after: [endpointKey(endpoint)],
    look: { call: { cmdlet: 'Get-MigrationBatch', parameters: {} }, find: { property: 'Identity', equals: name } },
    expect: { is: 'there', id: 'Identity' },
    calls: [
      {
        cmdlet: 'New-MigrationBatch',
        parameters: {
          Name: name,
          SourceEndpoint: endpoint,
          CSVData: list,
          AutoStart: true,
          TimeZone: 'UTC',
          ...(excludeFolders.length === 0 ? {} : { ExcludeFolders: excludeFolders }),
          ...(notify.length === 0 ? {} : { NotificationEmails: notify }),
          ...(startAfter === null ? {} : { StartAfter: startAfter }),
        },
      },
    ],
    undo: [{ cmdlet: 'Remove-MigrationBatch', parameters: { Identity: name, Confirm: false } }],
    takes: 'minutes',
  }
}

/** Once told it is done: it holds while the batch is at it, too. Nothing to take back. */
export function syncChange(name: string, at: string): NativeChange {
  return {
    ...actOn(name, at, 'sync', `Let the batch "${name}" fetch the new mail of all its copied mailboxes now`),
    expect: { is: 'set', values: { SyncBegun: { to: true, as: 'exact' } } },
    calls: [{ cmdlet: 'Set-MigrationBatch', parameters: { Identity: name, SyncNow: true } }],
    undo: { cannot: 'Mail that was fetched stays.' },
    takes: 'seconds',
  }
}

/** Tries the failed mailboxes of a batch again, too. */
export function restartChange(name: string, at: string): NativeChange {
  return {
    ...actOn(name, at, 'restart', `Start the batch "${name}" again`),
    expect: { is: 'set', values: { Started: { to: true, as: 'exact' } } },
    calls: [{ cmdlet: 'Start-MigrationBatch', parameters: { Identity: name } }],
    undo: [{ cmdlet: 'Stop-MigrationBatch', parameters: { Identity: name, Confirm: false } }],
    takes: 'seconds',
  }
}

/** What can be done to a batch that is there. */
export function stopChange(name: string, at: string): NativeChange {
  return {
    ...actOn(name, at, 'stop', `Stop the batch "${name}": nothing more is copied, also no new mail, until it is started again`),
    expect: { is: 'set', values: { Status: { to: 'Stopped', as: 'text' } } },
    calls: [{ cmdlet: 'Stop-MigrationBatch', parameters: { Identity: name, Confirm: false } }],
    undo: [{ cmdlet: 'Start-MigrationBatch', parameters: { Identity: name } }],
  }
}

export function removeChange(name: string, at: string): NativeChange {
  return {
    ...actOn(name, at, 'remove', `Remove the batch "${name}": what was copied stays, new mail no longer follows`),
    expect: { is: 'gone' },
    calls: [{ cmdlet: 'Remove-MigrationBatch', parameters: { Identity: name, Confirm: false } }],
    undo: { cannot: 'A batch that was removed is made anew with `cutover native start`; Microsoft then looks at every message again.' },
  }
}

/** `at`: the moment, as what is done to a batch may be done again on another day. */
function actOn(
  name: string,
  at: string,
  act: string,
  says: string,
): Pick<NativeChange, 'key' | 'kind' | 'about' | 'says' | 'after' | 'look' | 'takes'> {
  return {
    key: `migration-batch-${act} ${name.toLowerCase()} ${at}`,
    kind: `migration-batch-${act}`,
    about: name,
    says,
    after: [],
    look: { call: { cmdlet: 'Get-MigrationBatch', parameters: {} }, find: { property: 'Identity', equals: name } },
    takes: 'minutes',
  }
}

function newEndpoint(name: string, { host, port, security, maxMigrations, maxIncremental }: WantedEndpoint): NativeChange {
  return {
    key: endpointKey(name),
    kind: 'migration-endpoint',
    about: name,
    says: `Make the migration endpoint "${name}": IMAP at ${host}:${port} (${SECURITY[security]}), ${maxMigrations} mailboxes at once, ${maxIncremental} when they follow`,
    after: [],
    look: { call: { cmdlet: 'Get-MigrationEndpoint', parameters: {} }, find: { property: 'Identity', equals: name } },
    expect: { is: 'there', id: 'Identity' },
    calls: [
      {
        cmdlet: 'New-MigrationEndpoint',
        parameters: {
          Name: name,
          IMAP: true,
          RemoteServer: host,
          Port: port,
          Security: security,
          MaxConcurrentMigrations: maxMigrations,
          MaxConcurrentIncrementalSyncs: maxIncremental,
        },
      },
    ],
    undo: [{ cmdlet: 'Remove-MigrationEndpoint', parameters: { Identity: name, Confirm: false } }],
    takes: 'seconds',
  }
}

const SECURITY: Readonly<Record<Server['security'], string>> = { Ssl: 'TLS', Tls: 'STARTTLS', None: 'not encrypted' }

function described({ host, port, security, maxMigrations, maxIncremental }: Omit<WantedEndpoint, 'name'>): string {
  return `${host}:${port}, ${SECURITY[security]}, ${maxMigrations} and ${maxIncremental} at once`
}

function endpointKey(name: string): string {
  return `migration-endpoint ${name.toLowerCase()}`
}

/** Letters that no cmdlet minds; another number where the name is taken by an endpoint that is not ours to change. */
function freeName(wanted: string, known: readonly KnownEndpoint[]): string {
  const taken = new Set(known.map(({ name }) => name.toLowerCase()))
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted} ${n}`
    if (!taken.has(name.toLowerCase())) return name
  }
}

function checkConcurrency({ maxMigrations, maxIncremental }: WantedEndpoint): void {
  for (const [what, value] of Object.entries({ 'mailboxes at once': maxMigrations, 'syncs at once': maxIncremental }))
    if (!Number.isSafeInteger(value) || value < 1 || value > MAX_CONCURRENCY)
      throw new Failure('bad-input', `The number of ${what} is from 1 to ${MAX_CONCURRENCY}.`)
  if (maxIncremental > maxMigrations) throw new Failure('bad-input', 'Not more mailboxes can follow at once than are copied at once.')
}
