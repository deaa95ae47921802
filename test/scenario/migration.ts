/** A migration under test: who moves from where to where, with a state directory of its own. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

import { COPY_DEFAULTS, VERIFY_DEFAULTS } from '../../src/api/defaults.ts'
import { operationsIn } from '../../src/api/operations-in.ts'
import type { Addresses, CopyInput, FoldersInput, VerifyInput } from '../../src/api/operations.ts'
import type { CopyResult, ErrorsResult, FoldersResult, MailboxOutcome, VerifyResult } from '../../src/api/results.ts'
import { realWorld } from '../../src/app.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts'

export type Person = {
  readonly name: string
  readonly sourceLogin: string
  readonly sourcePassword: string
  readonly target: string
  readonly targetPassword?: string
  readonly sourceRoot?: string
}

export type Ends = {
  readonly source: string
  readonly destination: string
  readonly people: readonly Person[]
  readonly caFile?: string
  /** Default: waits of the product pass at once, see `hastyClock`. */
  readonly clock?: Clock
}

export type Migration = AsyncDisposable & {
  /** Gone when the migration is disposed of. */
  readonly folder: string
  readonly stateDir: string
  readonly mailboxesFile: string
  copy(options?: Partial<CopyInput>): Promise<CopyResult>
  verify(options?: Partial<VerifyInput>): Promise<VerifyResult>
  folders(options?: Partial<FoldersInput>): Promise<FoldersResult>
  errors(): Promise<ErrorsResult>
  /** Arguments of a command with both ends, the list of mailboxes and the state directory. */
  args(command: string, ...more: readonly string[]): readonly string[]
}

/** Opens nothing; the operations of the real product run in this process. */
export async function migration(ends: Ends): Promise<Migration> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-scenario-'))
  const mailboxesFile = join(folder, 'people.csv')
  const stateDir = join(folder, 'state')
  await writeFile(mailboxesFile, mailboxList(ends.people))
  const operations = operationsIn({ ...realWorld(), clock: ends.clock ?? hastyClock() })
  const addresses: Addresses = {
    source: ends.source,
    destination: ends.destination,
    mailboxesFile,
    stateDir,
    caFile: ends.caFile ?? null,
    only: [],
    env: {},
    identity: null,
    cloud: 'global',
  }
  const watch = { signal: new AbortController().signal, onMailboxes: () => {}, onProgress: () => {} }
  const ca = ends.caFile === undefined ? [] : ['--ca', ends.caFile]
  return {
    folder,
    stateDir,
    mailboxesFile,
    copy: (options = {}) => operations.copy({ ...addresses, ...watch, ...COPY_DEFAULTS, ...options }),
    verify: (options = {}) => operations.verify({ ...addresses, ...watch, ...VERIFY_DEFAULTS, ...options }),
    folders: (options = {}) => operations.folders({ ...addresses, signal: watch.signal, ...options }),
    errors: () => operations.errors({ ...watch, stateDir, only: [], csvFile: null, emlDir: null, addresses: null }),
    args(command, ...more) {
      const both = ['--source', ends.source, '--destination', ends.destination]
      return [command, ...both, '--mailboxes', mailboxesFile, '--state', stateDir, ...ca, ...more]
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

export function mailboxList(people: readonly Person[]): string {
  const rows = people.map((one) =>
    [one.sourceLogin, one.sourcePassword, one.target, one.targetPassword ?? '', one.name, one.sourceRoot ?? ''].join(','),
  )
  return `source_login,source_password,target,target_password,name,source_root\n${rows.join('\n')}\n`
}

export type SimulatedMigration = AsyncDisposable & { readonly sim: Simulator; readonly move: Migration }

/**
 * A simulator with a migration from its old server into its Exchange. `ends` puts another server in the place of one of the two,
 * with the logins there in the order of the simulator's accounts.
 */
export async function simulatedMigration(
  options: SimulatorOptions = {},
  ends: {
    readonly source?: string
    readonly destination?: string
    readonly logins?: readonly Partial<Person>[]
    readonly clock?: Clock
  } = {},
): Promise<SimulatedMigration> {
  const sim = await startSimulator(options)
  const people = sim.accounts.map((account, at) => ({ ...account, ...ends.logins?.[at] }))
  const move = await migration({
    source: ends.source ?? sim.source.url,
    destination: ends.destination ?? sim.exchange.url,
    people,
    ...(ends.clock === undefined ? {} : { clock: ends.clock }),
  })
  return {
    sim,
    move,
    async [Symbol.asyncDispose]() {
      await move[Symbol.asyncDispose]()
      await sim[Symbol.asyncDispose]()
    },
  }
}

/** Waiting takes next to no time, and the clock goes as far ahead as was to be waited; it begins so far from the time of day. */
export function hastyClock(beginsMs = 0): Clock {
  let ahead = beginsMs
  return {
    now: () => Math.round(Date.now() + ahead),
    async sleep(ms, signal) {
      const until = Date.now() + ahead + ms
      await delay(Math.min(ms, 3), undefined, signal === undefined ? {} : { signal })
      ahead = Math.max(ahead, until - Date.now())
    },
  }
}

/** The outcome of the mailbox with this name. */
export function outcomeOf(result: CopyResult, name: string): MailboxOutcome {
  const found = result.mailboxes.find((one) => one.name === name)
  if (found === undefined) throw new RangeError(`no mailbox ${name} among ${result.mailboxes.map((one) => one.name).join(', ')}`)
  return found
}

export function first<T>(list: readonly T[]): T {
  const [one] = list
  if (one === undefined) throw new RangeError('nothing in the list')
  return one
}
