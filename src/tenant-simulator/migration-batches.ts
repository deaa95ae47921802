import { cmdletRefusal } from './answers.ts'
import { given, isSwitchedOn, settingsOf, type CmdletCall } from './cmdlet.ts'
import { alreadyExists } from './cmdlet-family.ts'
import { addObject, answersTo, existing, findObject, iso } from './exchange-objects.ts'
import { rememberLogin, usersOf } from './migration-run.ts'
import { sameText, textOf, type Props } from './props.ts'
import type { ExchangeObject } from './state.ts'
import type { TenantWorld } from './world.ts'

const MAX_ROWS = 50_000
const MAX_BYTES = 10 * 1024 * 1024
const REQUIRED = ['EmailAddress', 'UserName', 'Password']

export function batches(call: CmdletCall): ExchangeObject[] {
  const all = existing(call.world, 'MigrationBatch')
  const named = all.filter((batch) => answersTo(batch, given(call, 'Identity')))
  // An unknown name means all of them, as a missing one does.
  const asked = named.length === 0 ? all : named
  const status = given(call, 'Status')
  return asked.filter(({ props }) => status === '' || sameText(textOf(props['Status']), status))
}

export function migrationUsers(call: CmdletCall): ExchangeObject[] {
  const is = (name: string, value: Props[string] | undefined): boolean =>
    given(call, name) === '' || sameText(given(call, name), textOf(value))
  const all = existing(call.world, 'MigrationUser')
  const isKnown = all.some(({ props }) => is('Identity', props['Identity']))
  return all.filter(
    ({ props }) =>
      (!isKnown || is('Identity', props['Identity'])) &&
      is('BatchId', props['BatchId']) &&
      is('Status', props['Status']) &&
      is('StatusSummary', props['StatusSummary']),
  )
}

export function counted(world: TenantWorld, batch: ExchangeObject): Props {
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

/** Made and not started. */
export function newBatch(call: CmdletCall): ExchangeObject {
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
  return batch
}

/** The rows of the uploaded file, or the complaint of the service about it. */
export function readCsv(call: CmdletCall): Readonly<Record<string, string>>[] {
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

export function addUsers(call: CmdletCall, batch: ExchangeObject, rows: readonly Readonly<Record<string, string>>[]): void {
  const known = existing(call.world, 'MigrationUser')
  for (const { EmailAddress = '', UserName = '', Password = '', UserRoot = '' } of rows) {
    if (known.some(({ props }) => sameText(textOf(props['Identity']), EmailAddress))) {
      call.warn(`The user ${EmailAddress} is already in a migration batch.`)
      continue
    }
    const user = addObject(
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
    rememberLogin(call.world, user, { login: UserName, password: Password, root: UserRoot })
  }
}
