import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { realWorld } from '../app.ts'
import { Secret } from '../model/secret.ts'
import { mailboxAt } from '../tenant-simulator/address-book.ts'
import { addObject } from '../tenant-simulator/exchange-objects.ts'
import { startTenant, type TenantClient } from '../tenant-simulator/tenant-client.fixture.ts'
import type { TenantSimulatorOptions } from '../tenant-simulator/tenant-simulator.ts'
import type { ExchangeIdentity } from './operations.ts'
import type { ConnectCheck, ConnectInput, ConnectResult } from './tenant-connect.ts'
import { tenantConnect } from './tenant-connect.ts'
import type { World } from './world.ts'

/** For tests: a simulated tenant whose clock moves when cutover waits, and `connect` to it. */
export class Onboarding implements AsyncDisposable {
  readonly client: TenantClient
  readonly stateDir = mkdtempSync(join(tmpdir(), 'cutover-connect-'))
  readonly pauses: number[] = []
  readonly looks: ConnectResult[] = []
  readonly world: World

  constructor(client: TenantClient) {
    this.client = client
    const { simulator } = client
    this.world = {
      ...realWorld(),
      clock: {
        now: () => simulator.world.now(),
        sleep: async (ms, signal) => {
          signal?.throwIfAborted()
          simulator.advance(ms)
        },
      },
    }
  }

  get identity(): ExchangeIdentity & { kind: 'secret' } {
    const { tenantId, clientId, clientSecret } = this.client.simulator
    return { kind: 'secret', tenant: tenantId, clientId, clientSecret: new Secret(clientSecret) }
  }

  connect(input: Partial<ConnectInput> = {}): Promise<ConnectResult> {
    return tenantConnect(this.world, {
      definitionFile: null,
      identity: this.identity,
      cloud: null,
      mailboxesFile: null,
      env: {},
      show: () => {},
      service: this.client.simulator.url,
      purposes: [],
      mailboxes: [],
      waitMinutes: 0,
      apply: false,
      stateDir: this.stateDir,
      signal: new AbortController().signal,
      onLook: (result) => this.looks.push(result),
      onTried: () => {},
      onPause: ({ pauseMs }) => this.pauses.push(pauseMs),
      ...input,
    })
  }

  /** Takes grants away from the application: names of permissions, `role`, `principal`. */
  without(...names: readonly string[]): void {
    const { world } = this.client.simulator
    const [app] = world.state.apps
    if (app === undefined) throw new Error('no application')
    app.appRoles = app.appRoles.filter(({ value }) => !names.includes(value))
    if (names.includes('role')) app.directoryRoles = []
    if (names.includes('principal')) world.state.objects = world.state.objects.filter(({ kind }) => kind !== 'ServicePrincipal')
  }

  /** Gives the application Full Access, as `tenant apply` would. */
  async grant(mailbox: string): Promise<void> {
    const User = this.client.simulator.world.state.apps[0]?.servicePrincipalId ?? ''
    await this.client.cmdlet('Add-MailboxPermission', { Identity: mailbox, User, AccessRights: ['FullAccess'], AutoMapping: false })
  }

  /** The same from inside, in effect at once: for where a test cannot wait for an answer. */
  giveAtOnce(mailbox: string): void {
    const { world } = this.client.simulator
    const found = mailboxAt(world, mailbox)
    const principal = world.state.objects.find(({ kind }) => kind === 'ServicePrincipal')
    if (found === undefined || principal === undefined) throw new Error(`no mailbox ${mailbox}`)
    const row = { Identity: mailbox, User: principal.guid, AccessRights: ['FullAccess'], IsInherited: false, Deny: false }
    addObject(world, 'MailboxPermission', { ...row, Mailbox: found.guid, UserId: principal.guid }, true)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.stateDir, { recursive: true, force: true })
    await this.client[Symbol.asyncDispose]()
  }
}

export async function onboarding(options: TenantSimulatorOptions = {}): Promise<Onboarding> {
  return new Onboarding(await startTenant(options))
}

export function byId({ checks }: ConnectResult, id: string): ConnectCheck {
  const found = checks.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no check ${id}: ${checks.map((one) => one.id).join(', ')}`)
  return found
}

/** The ids of the checks in this state. */
export function those({ checks }: ConnectResult, state: ConnectCheck['state']): readonly string[] {
  return checks.filter((one) => one.state === state).map(({ id }) => id)
}
