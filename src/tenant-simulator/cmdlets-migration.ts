import { cmdletRefusal } from './answers.ts'
import { mailboxAt } from './address-book.ts'
import { given, isSwitchedOn, set, settingsOf, type CmdletCall, type CmdletTable } from './cmdlet.ts'
import { alreadyExists, cmdletsOf, named } from './cmdlet-family.ts'
import { addObject, changeObject, existing, findObject, iso, removeObject } from './exchange-objects.ts'
import { sameText, textOf, type Props, words } from './props.ts'
import type { ExchangeObject } from './state.ts'
import type { Events, TenantWorld } from './world.ts'

const MAX_ROWS = 50_000
const MAX_BYTES = 10 * 1024 * 1024
const REQUIRED = ['EmailAddress', 'UserName', 'Password']

/** Microsoft's own IMAP migration, in outline: batches go through their states by the clock and copy nothing. */
export const MIGRATION_CMDLETS: CmdletTable = {
  'Test-MigrationServerAvailability': {
    family: 'recipient',
    parameters: ['IMAP', 'RemoteServer!', 'Port!', 'Security', 'AcceptUntrustedCertificates'],
    enums: { Security: ['None', 'Ssl', 'Tls'] },
    run: (call) => {
      const problem = unreachable(given(call, 'RemoteServer'))
      return [{ Result: problem === null ? 'Success' : 'Failed', Message: problem ?? '', SupportsCutover: false, ErrorDetail: '' }]
    },
  },
  ...cmdletsOf({
    noun: 'MigrationEndpoint',
    family: 'recipient',
    verbs: ['Get', 'New', 'Set', 'Remove'],
    parameters: [
      ...words('Name! IMAP RemoteServer! Port Security MaxConcurrentMigrations MaxConcurrentIncrementalSyncs SkipVerification'),
      ...words('AcceptUntrustedCertificates Credentials'),
    ],
    enums: { Security: ['None', 'Ssl', 'Tls'] },
    defaults: {
      EndpointType: 'IMAP',
      Port: 993,
      Security: 'Ssl',
      Authentication: 'Basic',
      MaxConcurrentMigrations: 20,
      MaxConcurrentIncrementalSyncs: 10,
    },
    check: (call, wanted, endpoint) => {
      const all = { ...endpoint?.props, ...wanted }
      if (Number(all['MaxConcurrentIncrementalSyncs']) > Number(all['MaxConcurrentMigrations']))
        throw cmdletRefusal(
          400,
          'ArgumentException',
          'MaxConcurrentIncrementalSyncs must be less than or equal to MaxConcurrentMigrations.',
        )
      const problem = isSwitchedOn(call, 'SkipVerification') ? null : unreachable(textOf(all['RemoteServer']))
      if (problem !== null) throw cmdletRefusal(400, 'MigrationTransientException', problem)
    },
  }),
  'New-MigrationBatch': {
    family: 'recipient',
    parameters: [
      ...words('Name! SourceEndpoint! CSVData! AutoStart AutoComplete CompleteAfter ExcludeFolders IncludeFolders ContentFilter'),
      ...words('NotificationEmails ReportInterval StartAfter TimeZone SkipReports AllowUnknownColumnsInCsv Locale'),
    ],
    run: newBatch,
  },
  'Get-MigrationBatch': {
    family: 'recipient',
    parameters: ['Identity', 'Status', 'IncludeReport', 'Diagnostic', 'ResultSize'],
    run: (call) => batches(call).map((batch) => counted(call.world, batch)),
  },
  'Set-MigrationBatch': {
    family: 'recipient',
    parameters: [
      'Identity!',
      'NotificationEmails',
      'ReportInterval',
      'SyncNow',
      'Update',
      'AddUsers',
      'CSVData',
      'CompleteAfter',
      'StartAfter',
    ],
    run: (call) => {
      const batch = named(call, 'MigrationBatch')
      if (isSwitchedOn(call, 'AddUsers')) addUsers(call, batch, readCsv(call))
      else set(call, batch, settingsOf(call, batch.props, ['SyncNow', 'Update', 'CSVData', 'AddUsers']))
      return []
    },
  },
  'Start-MigrationBatch': {
    family: 'recipient',
    parameters: ['Identity!', 'SkipReports'],
    run: (call) => (start(call.world, named(call, 'MigrationBatch')), []),
  },
  'Stop-MigrationBatch': {
    family: 'recipient',
    parameters: ['Identity!'],
    run: (call) => {
      set(call, named(call, 'MigrationBatch'), { Status: 'Stopped' })
      return []
    },
  },
  'Complete-MigrationBatch': {
    family: 'recipient',
    parameters: ['Identity!', 'NotificationEmails', 'SyncAndComplete'],
    run: () => {
      throw cmdletRefusal(
        400,
        'MigrationPermanentException',
        "A batch of this type is removed when it is no longer needed; it can't be completed.",
      )
    },
  },
  'Remove-MigrationBatch': {
    family: 'recipient',
    parameters: ['Identity!'],
    run: (call) => {
      const batch = named(call, 'MigrationBatch')
      for (const user of usersOf(call.world, batch)) removeObject(call.world, user)
      removeObject(call.world, batch)
      return []
    },
  },
  'Get-MigrationUser': {
    family: 'recipient',
    parameters: ['Identity', 'BatchId', 'Status', 'StatusSummary', 'ResultSize'],
    run: (call) => migrationUsers(call).map(({ props }) => props),
  },
  'Get-MigrationUserStatistics': {
    family: 'recipient',
    parameters: ['Identity!', 'IncludeReport', 'IncludeSkippedItems', 'LimitSkippedItemsTo', 'SkipSubscription'],
    run: (call) =>
      migrationUsers(call).map(({ props }) => ({
        ...props,
        SkippedItems: [],
        Report: isSwitchedOn(call, 'IncludeReport') ? 'Report: nothing was copied here.' : null,
      })),
  },
}

function unreachable(host: string): string | null {
  return host.startsWith('unreachable.') ? `The connection to the server '${host}' could not be completed.` : null
}

function batches(call: CmdletCall): ExchangeObject[] {
  const all = existing(call.world, 'MigrationBatch')
  const asked = given(call, 'Identity') === '' ? all : [named(call, 'MigrationBatch')]
  const status = given(call, 'Status')
  return asked.filter(({ props }) => status === '' || sameText(textOf(props['Status']), status))
}

function usersOf(world: TenantWorld, batch: ExchangeObject): ExchangeObject[] {
  return existing(world, 'MigrationUser').filter(({ props }) => props['BatchId'] === batch.props['Name'])
}

function migrationUsers(call: CmdletCall): ExchangeObject[] {
  const is = (name: string, value: Props[string] | undefined): boolean =>
    given(call, name) === '' || sameText(given(call, name), textOf(value))
  return existing(call.world, 'MigrationUser').filter(
    ({ props }) =>
      is('Identity', props['Identity']) &&
      is('BatchId', props['BatchId']) &&
      is('Status', props['Status']) &&
      is('StatusSummary', props['StatusSummary']),
  )
}

function counted(world: TenantWorld, batch: ExchangeObject): Props {
  const users = usersOf(world, batch).map(({ props }) => textOf(props['StatusSummary']))
  const count = (summary: string): number => users.filter((one) => one === summary).length
  return {
    ...batch.props,
    TotalCount: users.length,
    ActiveCount: count('Active'),
    SyncedCount: count('Synced'),
    FinalizedCount: 0,
    FailedCount: count('Failed'),
    StoppedCount: count('Stopped'),
  }
}

function newBatch(call: CmdletCall): Props[] {
  const { world } = call
  const name = given(call, 'Name')
  if (name.length > 64) throw cmdletRefusal(400, 'ArgumentException', 'The name of a migration batch has at most 64 characters.')
  if (existing(world, 'MigrationBatch').some(({ props }) => sameText(textOf(props['Name']), name))) throw alreadyExists(name)
  if (findObject(world, 'MigrationEndpoint', given(call, 'SourceEndpoint')) === undefined)
    throw cmdletRefusal(
      404,
      'MigrationEndpointNotFoundException',
      `The migration endpoint '${given(call, 'SourceEndpoint')}' couldn't be found.`,
    )
  const rows = readCsv(call)
  const batch = addObject(world, 'MigrationBatch', {
    ...settingsOf(call, {}, ['CSVData', 'AutoStart']),
    Identity: name,
    Name: name,
    MigrationType: 'IMAP',
    Direction: 'Onboarding',
    Status: 'Created',
    CreationDateTime: iso(world.now()),
  })
  addUsers(call, batch, rows)
  if (isSwitchedOn(call, 'AutoStart')) start(world, batch)
  return [counted(world, batch)]
}

/** The rows of the uploaded file, or the complaint of the service about it. */
function readCsv(call: CmdletCall): Readonly<Record<string, string>>[] {
  const bytes = Buffer.from(given(call, 'CSVData'), 'base64')
  const wrong = (text: string): Error => cmdletRefusal(400, 'MigrationCSVParsingException', text)
  if (bytes.length === 0) throw wrong("The upload file can't be empty.")
  if (bytes.length > MAX_BYTES) throw wrong('The CSV file is larger than 10 MB.')
  const lines = bytes
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .filter((line) => line !== '')
  const cells = (line: string): string[] =>
    [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) => (match[1] ?? match[2] ?? '').replaceAll('""', '"'))
  const head = cells(lines[0] ?? '')
  const missing = REQUIRED.find((name) => !head.includes(name))
  if (missing !== undefined) throw wrong(`The column ${missing} is missing from the CSV file.`)
  const unknown = head.find((name) => ![...REQUIRED, 'UserRoot'].includes(name))
  if (unknown !== undefined && !isSwitchedOn(call, 'AllowUnknownColumnsInCsv')) throw wrong(`The column ${unknown} isn't known.`)
  if (lines.length - 1 > MAX_ROWS) throw wrong('The CSV file has more than 50,000 rows.')
  return lines.slice(1).map((line, i) => {
    const row = cells(line)
    if (row.length !== head.length) throw wrong(`Row ${i + 1} has the wrong number of columns. Expected number: ${head.length}.`)
    return Object.fromEntries(head.map((name, at) => [name, row[at] ?? '']))
  })
}

function addUsers(call: CmdletCall, batch: ExchangeObject, rows: readonly Readonly<Record<string, string>>[]): void {
  const known = existing(call.world, 'MigrationUser')
  for (const { EmailAddress = '' } of rows) {
    if (known.some(({ props }) => sameText(textOf(props['Identity']), EmailAddress))) {
      call.warn(`The user ${EmailAddress} is already in a migration batch.`)
      continue
    }
    addObject(
      call.world,
      'MigrationUser',
      {
        Identity: EmailAddress,
        MailboxEmailAddress: EmailAddress,
        BatchId: textOf(batch.props['Name']),
        Status: 'Queued',
        StatusSummary: 'Active',
        SyncedItemCount: 0,
        SkippedItemCount: 0,
      },
      true,
    )
  }
}

function start(world: TenantWorld, batch: ExchangeObject): void {
  changeObject(world, batch, { Status: 'Syncing', StartDateTime: iso(world.now()) })
  world.schedule('migration', batch.guid, world.timing.migrationStepMs)
}

export const MIGRATION_EVENTS: Events = {
  migration: (world, { id }) => {
    const batch = world.state.objects.find(({ guid }) => guid === id)
    if (batch?.props['Status'] !== 'Syncing') return
    let failed = false
    for (const user of usersOf(world, batch)) {
      const missing = mailboxAt(world, textOf(user.props['Identity'])) === undefined
      failed ||= missing
      user.props = {
        ...user.props,
        ...(missing
          ? {
              Status: 'Failed',
              StatusSummary: 'Failed',
              ErrorSummary: `A recipient wasn't found for "${textOf(user.props['Identity'])}" on the target.`,
            }
          : { Status: 'Synced', StatusSummary: 'Synced', LastSuccessfulSyncTime: iso(world.now()) }),
      }
    }
    batch.props = { ...batch.props, Status: failed ? 'SyncedWithErrors' : 'Synced', InitialSyncDateTime: iso(world.now()) }
  },
}
