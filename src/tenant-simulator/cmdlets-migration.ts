import { cmdletRefusal } from './answers.ts'
import { given, isSwitchedOn, set, settingsOf, type CmdletTable } from './cmdlet.ts'
import { cmdletsOf, named } from './cmdlet-family.ts'
import { removeObject } from './exchange-objects.ts'
import { addUsers, batches, counted, migrationUsers, newBatch, readCsv } from './migration-batches.ts'
import { begin, stop, syncNow, usersOf } from './migration-run.ts'
import { textOf, without, words } from './props.ts'

/** Microsoft's own IMAP migration: batches go through their states by the clock, and pull mail from servers on this machine. */
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
    run: (call) => {
      const batch = newBatch(call)
      if (isSwitchedOn(call, 'AutoStart')) begin(call.world, batch)
      return [counted(call.world, batch)]
    },
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
      else if (isSwitchedOn(call, 'SyncNow')) syncNow(call.world, batch)
      else set(call, batch, settingsOf(call, batch.props, ['SyncNow', 'Update', 'CSVData', 'AddUsers']))
      return []
    },
  },
  'Start-MigrationBatch': {
    family: 'recipient',
    parameters: ['Identity!', 'SkipReports'],
    run: (call) => (begin(call.world, named(call, 'MigrationBatch')), []),
  },
  'Stop-MigrationBatch': {
    family: 'recipient',
    parameters: ['Identity!'],
    run: (call) => {
      stop(call.world, named(call, 'MigrationBatch'))
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
    run: (call) => migrationUsers(call).map(({ props }) => without(props, 'SkippedItems')),
  },
  'Get-MigrationUserStatistics': {
    family: 'recipient',
    parameters: ['Identity!', 'IncludeReport', 'IncludeSkippedItems', 'LimitSkippedItemsTo', 'SkipSubscription'],
    run: (call) =>
      migrationUsers(call).map(({ props }) => ({
        ...props,
        SkippedItems: isSwitchedOn(call, 'IncludeSkippedItems') ? (props['SkippedItems'] ?? []) : [],
        Report: isSwitchedOn(call, 'IncludeReport') ? 'Report: made by a simulator.' : null,
      })),
  },
}

function unreachable(host: string): string | null {
  return host.startsWith('unreachable.') ? `The connection to the server '${host}' could not be completed.` : null
}
