import { readSize } from './sizes.ts'
import { mailboxAt } from './address-book.ts'
import { changeObject, existing, findObject, iso } from './exchange-objects.ts'
import { storeOf } from './mailbox.ts'
import { pull } from './migration-pull.ts'
import { listOf, rowsOf, textOf, type Props } from './props.ts'
import type { ExchangeObject } from './state.ts'
import type { Events, TenantWorld } from './world.ts'

const DAY_MS = 24 * 3_600_000

type Login = { readonly login: string; readonly password: string; readonly root: string }
/** What no cmdlet shows: passwords, and which messages were brought already. In memory only. */
type Hidden = { readonly logins: Map<string, Login>; readonly seen: Map<string, Set<string>> }
const hidden = new WeakMap<TenantWorld, Hidden>()

export function rememberLogin(world: TenantWorld, { guid }: ExchangeObject, login: Login): void {
  hiddenOf(world).logins.set(guid, login)
}

/** Starts a batch, or starts it again, which tries its failed users once more. */
export function begin(world: TenantWorld, batch: ExchangeObject): void {
  const after = Date.parse(textOf(batch.props['StartAfter']))
  const waits = after > world.now()
  changeObject(world, batch, waits ? { Status: 'Waiting' } : { Status: 'Syncing', StartDateTime: iso(world.now()) })
  for (const user of usersOf(world, batch))
    user.props = {
      ...user.props,
      ...(isSynced(user) ? { Status: 'Synced' } : { Status: 'Queued', StatusSummary: 'Active', ErrorSummary: '' }),
    }
  world.schedule('migration', batch.guid, waits ? after - world.now() : world.timing.migrationStepMs)
}

export function stop(world: TenantWorld, batch: ExchangeObject): void {
  changeObject(world, batch, { Status: 'Stopped' })
  for (const user of usersOf(world, batch))
    user.props = {
      ...user.props,
      ...(user.props['StatusSummary'] === 'Synced' ? { Status: 'IncrementalStopped' } : { Status: 'Stopped', StatusSummary: 'Stopped' }),
    }
}

/** Only of users that are synced. */
export function syncNow(world: TenantWorld, batch: ExchangeObject): void {
  if (!textOf(batch.props['Status']).startsWith('Synced')) return
  changeObject(world, batch, { Status: 'IncrementalSyncing' })
  world.schedule('migration-sync', batch.guid, world.timing.migrationStepMs)
}

export const MIGRATION_EVENTS: Events = {
  migration: (world, { id }) => {
    const batch = world.state.objects.find(({ guid }) => guid === id)
    if (batch?.props['Status'] === 'Waiting') begin(world, batch)
    else if (batch?.props['Status'] === 'Syncing') run(world, batch, usersOf(world, batch))
  },
  'migration-sync': (world, { id }) => {
    const batch = world.state.objects.find(({ guid }) => guid === id)
    if (batch === undefined || !/^(?:Synced|IncrementalSyncing)/.test(textOf(batch.props['Status']))) return
    const synced = usersOf(world, batch).filter(isSynced)
    run(world, batch, synced)
  },
}

/** Mail is pulled from a server on this machine only; from elsewhere nothing comes, and all is well at once. */
function run(world: TenantWorld, batch: ExchangeObject, users: readonly ExchangeObject[]): void {
  const endpoint = findObject(world, 'MigrationEndpoint', textOf(batch.props['SourceEndpoint']))?.props ?? {}
  const real = /^(?:127\.|localhost$)/.test(textOf(endpoint['RemoteServer']))
  const found = users.filter((user) => hasMailbox(world, user))
  const again = found.every(isSynced)
  batch.props = { ...batch.props, Status: again ? 'IncrementalSyncing' : 'Syncing' }
  if (!real) {
    for (const user of found) user.props = { ...user.props, ...syncedProps(world, isSynced(user)) }
    finish(world, batch)
    return
  }
  const left = [...found]
  const lane = async (): Promise<void> => {
    for (let user = left.shift(); user !== undefined; user = left.shift()) await pullUser(world, batch, endpoint, user)
  }
  const lanes = Math.max(1, Number(endpoint[again ? 'MaxConcurrentIncrementalSyncs' : 'MaxConcurrentMigrations']) || 1)
  const work = all(Array.from({ length: Math.min(lanes, found.length) }, lane), () => {
    world.running.delete(work)
    finish(world, batch)
    world.save()
  })
  world.running.add(work)
}

async function all(works: readonly Promise<void>[], then: () => void): Promise<void> {
  await Promise.all(works)
  then()
}

async function pullUser(world: TenantWorld, batch: ExchangeObject, endpoint: Props, user: ExchangeObject): Promise<void> {
  const mailbox = mailboxAt(world, textOf(user.props['Identity']))
  const { logins, seen } = hiddenOf(world)
  const login = logins.get(user.guid) ?? { login: '', password: '', root: '' }
  if (mailbox === undefined) return
  const again = isSynced(user)
  user.props = { ...user.props, Status: again ? 'IncrementalSyncing' : 'Syncing' }
  const known = seen.get(user.guid) ?? new Set<string>()
  seen.set(user.guid, known)
  const pulled = await pull(
    {
      server: {
        host: textOf(endpoint['RemoteServer']),
        port: Number(endpoint['Port']),
        security: textOf(endpoint['Security']),
      },
      ...login,
      excluded: listOf(batch.props['ExcludeFolders']),
      store: storeOf(world, mailbox),
      maxMessageBytes: readSize(textOf(mailbox.props['MaxReceiveSize'])) ?? Infinity,
      seen: known,
    },
    world.closed.signal,
  )
  const skipped = [...rowsOf(user.props['SkippedItems']), ...pulled.skipped]
  user.props = {
    ...user.props,
    SyncedItemCount: Number(user.props['SyncedItemCount']) + pulled.synced,
    SkippedItemCount: skipped.length,
    SkippedItems: skipped,
    ...(pulled.error === null
      ? syncedProps(world, again)
      : { Status: again ? 'IncrementalFailed' : 'Failed', StatusSummary: 'Failed', ErrorSummary: pulled.error }),
  }
}

function finish(world: TenantWorld, batch: ExchangeObject): void {
  if (!textOf(batch.props['Status']).endsWith('Syncing')) return
  const failed = usersOf(world, batch).some(({ props }) => props['StatusSummary'] === 'Failed')
  const now = iso(world.now())
  batch.props = {
    InitialSyncDateTime: now,
    ...batch.props,
    Status: failed ? 'SyncedWithErrors' : 'Synced',
    LastSyncedDateTime: now,
  }
  const isDue = world.state.pending.some(({ what, id }) => what === 'migration-sync' && id === batch.guid)
  if (!isDue) world.schedule('migration-sync', batch.guid, DAY_MS)
}

function isSynced({ props }: ExchangeObject): boolean {
  return props['StatusSummary'] === 'Synced'
}

function syncedProps(world: TenantWorld, again: boolean): Props {
  return {
    Status: again ? 'IncrementalSynced' : 'Synced',
    StatusSummary: 'Synced',
    ErrorSummary: '',
    LastSuccessfulSyncTime: iso(world.now()),
  }
}

function hasMailbox(world: TenantWorld, user: ExchangeObject): boolean {
  const address = textOf(user.props['Identity'])
  if (mailboxAt(world, address) !== undefined) return true
  user.props = {
    ...user.props,
    Status: 'Failed',
    StatusSummary: 'Failed',
    ErrorSummary: `A recipient wasn't found for "${address}" on the target.`,
  }
  return false
}

export function usersOf(world: TenantWorld, batch: ExchangeObject): ExchangeObject[] {
  return existing(world, 'MigrationUser').filter(({ props }) => props['BatchId'] === batch.props['Name'])
}

function hiddenOf(world: TenantWorld): Hidden {
  const known = hidden.get(world) ?? { logins: new Map<string, Login>(), seen: new Map<string, Set<string>>() }
  hidden.set(world, known)
  return known
}
