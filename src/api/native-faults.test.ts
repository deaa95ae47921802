import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openLedger } from '../ledger/ledger.ts'
import { nativeScene } from './native.fixture.ts'

test('a batch that was made though its answer was lost is looked for and not made again', async () => {
  await using scene = await nativeScene()
  const { operations, start, tenant } = scene
  tenant.simulator.fault({ api: 'admin', cmdlet: 'New-MigrationBatch', status: 503, afterwards: true })
  tenant.simulator.fault({ api: 'admin', cmdlet: 'New-MigrationEndpoint', status: 500, drops: true, afterwards: true })
  const begun = await operations.native.start(start)
  assert.deepEqual(
    begun.changes.map(({ state }) => state),
    ['done', 'done'],
  )
  assert.equal((await tenant.cmdlet('Get-MigrationBatch')).rows.length, 1)
  assert.equal((await tenant.cmdlet('Get-MigrationEndpoint')).rows.length, 1)
})

test('a tenant that is throttled is waited for, and a list that it does not take is told with what to do', async () => {
  await using scene = await nativeScene()
  const { operations, start, tenant, there } = scene
  tenant.simulator.fault({ api: 'admin', cmdlet: 'Get-MigrationUser', status: 429, retryAfterSeconds: 30, times: 2 })
  const words = 'The column Password is missing from the CSV file.'
  tenant.simulator.fault({ api: 'admin', cmdlet: 'New-MigrationBatch', status: 400, code: 'MigrationCSVParsingException', message: words })
  const begun = await operations.native.start(start)
  const [, batch] = begun.changes
  assert.equal(batch?.state, 'failed')
  assert.match(`${batch?.failure?.message} ${batch?.failure?.help}`, /did not take the list.*--as-powershell/)
  const again = await operations.native.start(start)
  assert.deepEqual(
    again.changes.map(({ state }) => state),
    ['done'],
  )
  assert.equal((await operations.native.status({ ...there, follow: true, onLook: () => {} })).mailboxes[0]?.state, 'synced')
})

test('while another process has the ledger, what Microsoft says is shown and not filed', async () => {
  await using scene = await nativeScene()
  const { operations, start, there, addresses } = scene
  await operations.native.start(start)
  await scene.pass(120_000)
  const look = () => operations.native.status({ ...there, follow: false, onLook: () => {} })
  {
    using held = openLedger(addresses.stateDir)
    assert.ok(held)
    const seen = await look()
    assert.deepEqual([seen.filed, seen.mailboxes[0]?.synced], [false, 40])
  }
  assert.equal((await look()).filed, true)
})

test('a stop while it follows ends it with what was seen last', async () => {
  await using scene = await nativeScene()
  const { operations, start, there } = scene
  await operations.native.start({ ...start, startAfter: new Date(scene.tenant.simulator.world.now() + 86_400_000).toISOString() })
  const stop = new AbortController()
  const seen = await operations.native.status({ ...there, signal: stop.signal, follow: true, onLook: () => stop.abort() })
  assert.deepEqual([seen.stopped, seen.batches[0]?.state], [true, 'waiting'])
})

test('a mailbox in which nothing moved for hours is said to be stalled; its skipped items come with their reasons', async () => {
  await using scene = await nativeScene()
  const { operations, start, there, tenant, old, addresses, watch } = scene
  const [account] = old.accounts
  assert.ok(account)
  const large = Buffer.from(`Message-ID: <l@example.org>\r\nSubject: Plans\r\n\r\n${'x'.repeat(60_000)}\r\n`)
  old.sourceStore(account.sourceLogin).addMessage('INBOX', large)
  await tenant.cmdlet('Set-Mailbox', { Identity: account.target, MaxReceiveSize: '50KB' })
  await operations.native.start(start)
  await operations.native.status({ ...there, follow: true, onLook: () => {} })
  const csvFile = `${addresses.stateDir}/errors.csv`
  const input = { stateDir: addresses.stateDir, only: [], csvFile, emlDir: null, addresses: null, ...watch }
  const { microsoft, skipped } = await operations.errors(input)
  assert.deepEqual([microsoft?.[0]?.kind, microsoft?.[0]?.subject, skipped], ['LargeItem', 'Plans', 0])
  assert.match(microsoft?.[0]?.help ?? '', /Raise MaxReceiveSize/)
  const user = tenant.simulator.world.state.objects.find(({ kind }) => kind === 'MigrationUser')
  assert.ok(user)
  user.props = { ...user.props, Status: 'Syncing' }
  const look = async () => (await operations.native.status({ ...there, follow: false, onLook: () => {} })).mailboxes[0]
  assert.equal((await look())?.state, 'copying')
  await scene.pass(9 * 3_600_000)
  user.props = { ...user.props, Status: 'Syncing' }
  const still = await look()
  assert.deepEqual([still?.state, still?.alert], ['stalled', true])
  assert.match(still?.says ?? '', /for 9 hours/)
})

test('stopped in the middle of a start, the next one goes on and makes nothing twice', async () => {
  await using scene = await nativeScene()
  const { operations, start, tenant } = scene
  const stop = new AbortController()
  const onChange = (says: string, state: string): void => {
    if (says.startsWith('Make') && state === 'done') stop.abort()
  }
  const cut = await operations.native.start({ ...start, signal: stop.signal, onChange })
  assert.ok(cut.changes.some(({ state }) => state !== 'done'))
  const on = await operations.native.start(start)
  assert.deepEqual(
    on.changes.map(({ state }) => state),
    ['done'],
  )
  assert.equal((await tenant.cmdlet('Get-MigrationEndpoint')).rows.length, 1)
  assert.equal((await tenant.cmdlet('Get-MigrationBatch')).rows.length, 1)
})

test('what our own passes found in a mailbox is weighed by check', async () => {
  await using scene = await nativeScene({ nasty: true })
  const { operations, start, addresses, watch } = scene
  const rest = { keepReceiptRequests: false, includeDeleted: false, retryFailed: false, subjects: true, bytesPerSecond: null }
  const how = { pass: 'auto', deletions: 'follow', allowDeletions: false, oldestFirst: false } as const
  const most = { connections: null, mailboxesAtOnce: null, maxMessageBytes: null }
  await operations.copy({ ...addresses, ...watch, ...how, ...most, ...rest })
  const { findings, fits } = await operations.native.check(start)
  assert.equal(fits, true)
  assert.match(findings.find(({ code }) => code === 'needs-repair')?.says ?? '', /needed a repair before Exchange took them/)
  assert.ok(!findings.some(({ code }) => code === 'not-looked-into'))
})
