import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realWorld } from '../app.ts'
import { startSimulator, type SimulatorOptions, type Simulator } from '../simulator/simulator.ts'
import { startTenant, type TenantClient } from '../tenant-simulator/tenant-client.fixture.ts'
import type { NativeStartInput } from './native-input.ts'
import { operationsIn } from './operations-in.ts'
import type { Addresses, Operations, Watch } from './operations.ts'

export type NativeScene = AsyncDisposable & {
  readonly tenant: TenantClient
  readonly old: Simulator
  readonly operations: Operations
  readonly addresses: Addresses
  readonly watch: Watch
  /** What is asked of the tenant alone. */
  readonly there: Pick<NativeStartInput, 'stateDir' | 'destination' | 'identity' | 'cloud' | 'signal'> & {
    readonly batches: readonly string[]
  }
  readonly start: NativeStartInput
  /** Writes the list anew, of these lines. */
  readonly list: (lines: readonly string[]) => void
  readonly pass: (ms: number) => Promise<void>
}

/**
 * An old server on this machine with `mailboxes` people, and a tenant that has a mailbox for each, which the application may open.
 * Time is the tenant's: who sleeps moves it on, and lets the batches do their work.
 */
export async function nativeScene(options: SimulatorOptions = {}): Promise<NativeScene> {
  const tenant = await startTenant({ tokenLifetimeSeconds: 10 * 86_400 })
  const { simulator } = tenant
  const old = await startSimulator({ mailboxes: 1, messages: 40, maxBytes: 20_000, ...options })
  for (const { target } of old.accounts) {
    await tenant.person(target.split('@')[0] ?? '')
    const User = simulator.world.state.apps[0]?.servicePrincipalId ?? ''
    const told = await tenant.cmdlet('Add-MailboxPermission', { Identity: target, User, AccessRights: ['FullAccess'], AutoMapping: false })
    assert.equal(told.status, 200)
  }
  simulator.advance(120_000)
  const directory = mkdtempSync(join(tmpdir(), 'cutover-native-'))
  const pass = async (ms: number): Promise<void> => {
    simulator.advance(Math.max(0, ms))
    await simulator.pulled()
  }
  const clock = {
    now: () => simulator.world.now(),
    sleep: async (ms: number, signal?: AbortSignal): Promise<void> => {
      signal?.throwIfAborted()
      await pass(ms)
    },
  }
  const mailboxesFile = join(directory, 'people.csv')
  const list = (lines: readonly string[]): void =>
    writeFileSync(mailboxesFile, `source_login,source_password,target,name\n${lines.join('\n')}\n`)
  list(old.accounts.map(({ sourceLogin, sourcePassword, target, name }) => [sourceLogin, sourcePassword, target, name].join(',')))
  const { signal } = new AbortController()
  const destination = `exchange:${simulator.url}`
  const common = { stateDir: join(directory, 'state'), destination, identity: null, cloud: 'global', signal } as const
  const addresses: Addresses = { ...common, source: old.source.url, mailboxesFile, caFile: null, only: [], env: {} }
  return {
    tenant,
    old,
    operations: operationsIn({ ...realWorld(), clock }),
    addresses,
    watch: { signal, onMailboxes: () => {}, onProgress: () => {} },
    there: { ...common, batches: [] },
    start: {
      ...addresses,
      name: 'wave',
      endpoint: null,
      maxMigrations: 20,
      maxIncremental: 10,
      excludeFolders: [],
      notify: [],
      startAfter: null,
      approve: async () => true,
      onChange: () => {},
      signal,
    },
    list,
    pass,
    [Symbol.asyncDispose]: async () => {
      await tenant[Symbol.asyncDispose]()
      await old[Symbol.asyncDispose]()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
