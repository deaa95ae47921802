/** One mailbox of an old server, and a tenant with IMAP and Graph that it moves to. Waits of the product pass in the tenant too. */
import { GmailStore } from '../../src/simulator/gmail-store.ts'
import type { MailStore } from '../../src/simulator/mail-store.ts'
import { startSimulator, type SimulatorOptions } from '../../src/simulator/simulator.ts'
import { TenantClient } from '../../src/tenant-simulator/tenant-client.fixture.ts'
import { startTenantSimulator, type TenantSimulator, type TenantSimulatorOptions } from '../../src/tenant-simulator/tenant-simulator.ts'
import { first, hastyClock, migration, type Migration } from './migration.ts'

export type TenantMove = AsyncDisposable & {
  readonly client: TenantClient
  readonly tenant: TenantSimulator
  readonly move: Migration
  readonly from: MailStore
  readonly to: { readonly address: string; readonly store: MailStore }
}

/** The mailbox has a licence, is provisioned, and the application may open it. The old one is empty. */
export async function intoTenant(options: TenantSimulatorOptions = {}, old: SimulatorOptions = {}): Promise<TenantMove> {
  const clock = hastyClock()
  const tenant = await startTenantSimulator({ now: () => clock.now(), ...options })
  const client = new TenantClient(tenant)
  const sim = await startSimulator({ mailboxes: 1, messages: 0, source: 'dovecot', now: () => clock.now(), ...old })
  const account = first(sim.accounts)
  const address = await client.person(account.target.slice(0, account.target.indexOf('@')))
  const User = tenant.world.state.apps[0]?.servicePrincipalId ?? ''
  await client.cmdlet('Add-MailboxPermission', { Identity: address, User, AccessRights: ['FullAccess'] })
  tenant.advance(60_000)
  const store = tenant.store(address)
  if (store === null) throw new RangeError(`no mailbox ${address}`)
  const move = await migration({
    source: sim.source.url,
    destination: `exchange:${tenant.url}`,
    people: [{ ...account, target: address }],
    clock,
  })
  return {
    client,
    tenant,
    move,
    from: sim.sourceStore(account.sourceLogin),
    to: { address, store },
    async [Symbol.asyncDispose]() {
      await move[Symbol.asyncDispose]()
      await sim[Symbol.asyncDispose]()
      await client[Symbol.asyncDispose]()
    },
  }
}

/** The old mailbox as one of Gmail. */
export function gmailOf({ from }: TenantMove): GmailStore {
  if (!(from instanceof GmailStore)) throw new TypeError('not a mailbox of Gmail')
  return from
}
