import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSimulator, type Simulator } from '../simulator/simulator.ts'
import { textOf, type Json, type Props } from './props.ts'
import { startTenant, type TenantClient } from './tenant-client.fixture.ts'

type Scene = AsyncDisposable & {
  readonly tenant: TenantClient
  readonly old: Simulator
  readonly login: string
  readonly target: string
  begin(password?: string, more?: Props): Promise<void>
  batch(): Promise<Props>
  user(): Promise<Props>
}

/** A tenant with one person, and the old server on this machine that her mail is pulled from. */
async function scene(): Promise<Scene> {
  const tenant = await startTenant()
  const old = await startSimulator({ mailboxes: 1, messages: 30 })
  const [account] = old.accounts
  assert.ok(account)
  const target = await tenant.person(account.target.split('@')[0] ?? '')
  const { port } = old.source
  await tenant.cmdlet('New-MigrationEndpoint', { Name: 'E', IMAP: true, RemoteServer: '127.0.0.1', Port: port, Security: 'None' })
  tenant.simulator.advance(3_000)
  const one = async (cmdlet: string, parameters: Props): Promise<Props> => (await tenant.cmdlet(cmdlet, parameters)).rows[0] ?? {}
  return {
    tenant,
    old,
    login: account.sourceLogin,
    target,
    async begin(password = account.sourcePassword, more = {}) {
      const rows = `EmailAddress,UserName,Password\r\n${target},${account.sourceLogin},${password}\r\n`
      const batch = { Name: 'W', SourceEndpoint: 'E', AutoStart: true, CSVData: Buffer.from(rows).toString('base64'), ...more }
      const told = await tenant.cmdlet('New-MigrationBatch', batch)
      assert.equal(told.status, 200, told.text)
      await pass(tenant, 63_000)
    },
    batch: () => one('Get-MigrationBatch', { Identity: 'W' }),
    user: () => one('Get-MigrationUserStatistics', { Identity: target, IncludeSkippedItems: true }),
    [Symbol.asyncDispose]: async () => {
      await tenant[Symbol.asyncDispose]()
      await old[Symbol.asyncDispose]()
    },
  }
}

async function pass(tenant: TenantClient, ms: number): Promise<void> {
  tenant.simulator.advance(ms)
  await tenant.simulator.pulled()
}

function messagesAt({ tenant, target }: Scene, name: string): number {
  return tenant.simulator.store(target)?.folder(name)?.messages.length ?? 0
}

test('a batch pulls mail over IMAP from a server on this machine, folder by folder, and says how much', async () => {
  await using the = await scene()
  await the.begin()
  const store = the.old.sourceStore(the.login)
  const all = store.folders().reduce((sum, { messages }) => sum + messages.length, 0)
  const user = await the.user()
  assert.deepEqual([user['Status'], user['SyncedItemCount'], user['SkippedItemCount']], ['Synced', all, 0])
  assert.equal((await the.batch())['Status'], 'Synced')
  assert.equal(messagesAt(the, 'INBOX'), store.folder('INBOX')?.messages.length)
  assert.equal(messagesAt(the, 'Sent Items'), store.folder('Sent')?.messages.length)
  assert.equal(messagesAt(the, 'R&D Ünïté'), store.folder('R&D Ünïté')?.messages.length)
  assert.ok(!(JSON.stringify(user) + JSON.stringify(the.tenant.simulator.world.state)).includes('Passw0rd'), 'a password is kept nowhere')
})

test('new mail follows after a day, and at once when the batch is told to sync; nothing comes twice', async () => {
  await using the = await scene()
  await the.begin()
  const before = messagesAt(the, 'INBOX')
  const store = the.old.sourceStore(the.login)
  store.addMessage('INBOX', Buffer.from('Subject: new\r\n\r\n1\r\n'))
  await the.tenant.cmdlet('Set-MigrationBatch', { Identity: 'W', SyncNow: true })
  assert.equal((await the.batch())['Status'], 'IncrementalSyncing')
  await pass(the.tenant, 60_000)
  assert.equal(messagesAt(the, 'INBOX'), before + 1)
  store.addMessage('INBOX', Buffer.from('Subject: newer\r\n\r\n2\r\n'))
  await pass(the.tenant, 24 * 3_600_000)
  assert.equal(messagesAt(the, 'INBOX'), before + 2)
  assert.equal((await the.user())['Status'], 'IncrementalSynced')
})

test('what is too large or refused is skipped with its kind, and the batch is synced all the same', async () => {
  await using the = await scene()
  const store = the.old.sourceStore(the.login)
  const large = Buffer.from(`Subject: large\r\nFrom: a@example.org\r\n\r\n${'x'.repeat(40_000)}\r\n`)
  store.addMessage('INBOX', large)
  store.addMessage('INBOX', Buffer.from('Subject: =?x-nobody-knows?Q?odd?=\r\n\r\nodd\r\n'))
  await the.tenant.cmdlet('Set-Mailbox', { Identity: the.target, MaxReceiveSize: '30KB' })
  await the.begin()
  const user = await the.user()
  const kinds = (user['SkippedItems'] as readonly Record<string, Json>[]).map(({ Kind, Subject }) => `${textOf(Kind)} ${textOf(Subject)}`)
  assert.ok(kinds.includes('LargeItem large'), kinds.join())
  assert.ok(kinds.includes('CorruptItem =?x-nobody-knows?Q?odd?='), kinds.join())
  assert.deepEqual([user['Status'], (await the.batch())['Status']], ['Synced', 'Synced'])
})

test('a wrong password fails the user at first, and later leaves a mailbox that looks copied', async () => {
  await using the = await scene()
  await the.begin('wrong')
  const user = await the.user()
  assert.equal(user['Status'], 'Failed')
  assert.match(textOf(user['ErrorSummary']), /trouble signing in/)
  assert.equal((await the.batch())['Status'], 'SyncedWithErrors')
  await using other = await scene()
  await other.begin()
  other.old.faults.set(other.login, { refusesLogin: true })
  await other.tenant.cmdlet('Set-MigrationBatch', { Identity: 'W', SyncNow: true })
  await pass(other.tenant, 60_000)
  assert.equal((await other.user())['Status'], 'IncrementalFailed')
})

test('excluded folders stay behind, and an unknown name of a batch or user is answered with all of them', async () => {
  await using the = await scene()
  await the.begin(undefined, { ExcludeFolders: ['Projects', 'sent/*'] })
  const names =
    the.tenant.simulator
      .store(the.target)
      ?.folders()
      .map(({ name }) => name) ?? []
  assert.ok(!names.some((name) => name.startsWith('Projects')))
  assert.equal(messagesAt(the, 'Sent Items'), 0)
  assert.equal((await the.tenant.cmdlet('Get-MigrationBatch', { Identity: 'nobody' })).rows.length, 1)
  assert.equal((await the.tenant.cmdlet('Get-MigrationUser', { Identity: 'nobody@example.test' })).rows.length, 1)
})

test('a stopped batch brings nothing more until it is started again, and a removed one is gone with its users', async () => {
  await using the = await scene()
  await the.begin()
  const before = messagesAt(the, 'INBOX')
  await the.tenant.cmdlet('Stop-MigrationBatch', { Identity: 'W' })
  the.old.sourceStore(the.login).addMessage('INBOX', Buffer.from('Subject: new\r\n\r\n1\r\n'))
  await pass(the.tenant, 48 * 3_600_000)
  assert.deepEqual([messagesAt(the, 'INBOX'), (await the.user())['Status']], [before, 'IncrementalStopped'])
  await the.tenant.cmdlet('Start-MigrationBatch', { Identity: 'W' })
  await pass(the.tenant, 25 * 3_600_000)
  assert.equal(messagesAt(the, 'INBOX'), before + 1)
  await the.tenant.cmdlet('Remove-MigrationBatch', { Identity: 'W' })
  assert.deepEqual((await the.tenant.cmdlet('Get-MigrationUser')).rows, [])
})
