import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { Database } from '../db/database.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { nativeScene } from './native.fixture.ts'
import type { NativeCheckInput } from './native-input.ts'

function isFailure(code: string, says: RegExp) {
  return (error: unknown): boolean => error instanceof Failure && error.code === code && says.test(error.message)
}

function states(changes: readonly { readonly state: string }[]): readonly string[] {
  return changes.map(({ state }) => state)
}

test('a list that fits is said to fit; a private host, OAuth and unknown targets are named, and nothing is changed', async () => {
  await using scene = await nativeScene()
  const { operations, start, list, tenant } = scene
  const check: NativeCheckInput = start
  const fits = await operations.native.check(check)
  assert.deepEqual([fits.fits, fits.mailboxes, fits.askedTenant], [true, 1, true])
  const codes = async (more: Partial<NativeCheckInput>): Promise<readonly string[]> =>
    (await operations.native.check({ ...check, ...more })).findings.filter(({ severity }) => severity === 'blocker').map(({ code }) => code)
  assert.deepEqual(await codes({ source: 'imaps://mail.corp' }), ['not-public'])
  assert.deepEqual(await codes({ destination: null }), ['not-public'], 'the real Microsoft does not reach this machine')
  const nobody = { login: null, secret: null, template: null, tenant: 'x', clientId: 'y', certificatePem: null, way: null }
  assert.deepEqual(await codes({ access: { kind: 'oauth', ...nobody } }), ['sign-in'])
  list(['who@old.example.test,pw,who@example.test,Who'])
  assert.deepEqual(await codes({}), ['no-mailbox'])
  assert.deepEqual((await tenant.cmdlet('Get-MigrationEndpoint')).rows, [])
})

test('started twice it does nothing twice: the endpoint is used again, and who is in a batch stays there', async () => {
  await using scene = await nativeScene({ mailboxes: 2 })
  const { operations, start, tenant, old } = scene
  const [first, second] = old.accounts
  assert.ok(first && second)
  const one = await operations.native.start({ ...start, only: [first.name] })
  assert.deepEqual(states(one.changes), ['done', 'done'])
  const two = await operations.native.start({ ...start, name: 'wave b' })
  assert.deepEqual([states(two.changes), two.leftOut], [['done'], [first.target]])
  const three = await operations.native.start({ ...start, name: 'wave c' })
  assert.deepEqual([three.changes, three.leftOut.length], [[], 2])
  assert.equal((await tenant.cmdlet('Get-MigrationEndpoint')).rows.length, 1)
  assert.equal((await tenant.cmdlet('Get-MigrationBatch')).rows.length, 2)
})

test('nothing is sent before a person said yes, and no password is in a file of the state directory', async () => {
  await using scene = await nativeScene()
  const { operations, start, tenant, addresses } = scene
  let asked: readonly string[] = []
  const refused = await operations.native.start({ ...start, approve: async ({ says }) => ((asked = says), false) })
  assert.equal(refused.approved, false)
  assert.match(asked.join('\n'), /Make the migration endpoint .*\n.*Let Microsoft copy 1 mailbox/)
  assert.deepEqual((await tenant.cmdlet('Get-MigrationEndpoint')).rows, [])
  await operations.native.start(start)
  using db = new Database(join(addresses.stateDir, 'native', 'journal.sqlite'), { readOnly: true })
  const rows = JSON.stringify(db.all('SELECT * FROM change'))
  assert.match(rows, /New-MigrationBatch/)
  assert.doesNotMatch(rows, /Passw0rd/)
})

test('a name that is taken, a mailbox in another batch, and a name of a batch that is none are told before anything is sent', async () => {
  await using scene = await nativeScene({ mailboxes: 2 })
  const { operations, start, tenant, old, there } = scene
  const [first, second] = old.accounts
  assert.ok(first && second)
  const own = await operations.native.start({ ...start, only: [first.name] })
  assert.equal(own.halted, null)
  await assert.rejects(operations.native.start(start), isFailure('object-exists', /batch "wave" already.*--name/))
  await assert.rejects(operations.native.start({ ...start, name: 'a/b' }), isFailure('bad-input', /name of a batch/))
  await assert.rejects(operations.native.start({ ...start, startAfter: 'soon' }), isFailure('bad-input', /"soon" is no moment/))
  await assert.rejects(
    operations.native.status({ ...there, batches: ['x'], follow: false, onLook: () => {} }),
    isFailure('bad-input', /called x/),
  )
  const rows = `EmailAddress,UserName,Password\r\n${second.target},a,b\r\n`
  const [endpoint] = (await tenant.cmdlet('Get-MigrationEndpoint')).rows
  const foreign = { Name: 'theirs', SourceEndpoint: endpoint?.['Identity'] ?? '', CSVData: Buffer.from(rows).toString('base64') }
  assert.equal((await tenant.cmdlet('New-MigrationBatch', foreign)).status, 200)
  const left = await operations.native.start({ ...start, name: 'wave b' })
  assert.deepEqual(
    [left.changes, left.findings.filter(({ severity }) => severity === 'blocker').map(({ code }) => code)],
    [[], ['in-batch']],
  )
})

test('a list without passwords is refused by its lines; with the password of an administrator none is needed', async () => {
  await using scene = await nativeScene()
  const { operations, start, old, list } = scene
  const [account] = old.accounts
  assert.ok(account)
  list([`${account.sourceLogin},,${account.target},Anna`])
  await assert.rejects(operations.native.start(start), isFailure('bad-input', /line 2: source_password is empty/))
  const admin = { kind: 'authzid', login: 'master', secret: new Secret('Master-Passw0rd') } as const
  const access = { ...admin, template: null, tenant: null, clientId: null, certificatePem: null, way: null }
  const begun = await operations.native.start({ ...start, access })
  assert.deepEqual(states(begun.changes), ['done', 'done'])
  assert.match(JSON.stringify(begun.findings), /auth_master_user_separator/)
})

test('an unreachable server is told in words before an endpoint is made', async () => {
  await using scene = await nativeScene()
  const { operations, start, tenant } = scene
  const source = 'imaps://unreachable.example.org'
  await assert.rejects(operations.native.start({ ...start, source }), isFailure('request-refused', /could not use unreachable.*public DNS/))
  assert.deepEqual((await tenant.cmdlet('Get-MigrationEndpoint')).rows, [])
})

test('a wrong password fails its mailbox with what to check; started again after a correction it goes on', async () => {
  await using scene = await nativeScene()
  const { operations, start, there, old } = scene
  const [account] = old.accounts
  assert.ok(account)
  old.faults.set(account.sourceLogin, { refusesLogin: true })
  await operations.native.start(start)
  const looks: number[] = []
  const failed = await operations.native.status({ ...there, follow: true, onLook: ({ mailboxes }) => looks.push(mailboxes.length) })
  assert.deepEqual([failed.mailboxes[0]?.state, failed.batches[0]?.state], ['failed', 'failed'])
  assert.match(`${failed.mailboxes[0]?.says} ${failed.mailboxes[0]?.help}`, /could not sign in.*form of the login/)
  assert.ok(looks.length > 0)
  old.faults.set(account.sourceLogin, {})
  const again = await operations.native.start(start)
  assert.match(again.changes[0]?.says ?? '', /Start the batch "wave" again/)
  const better = await operations.native.status({ ...there, follow: true, onLook: () => {} })
  assert.equal(better.mailboxes[0]?.state, 'synced')
})

test('a mailbox whose new mail stops coming is a red alert, also in `status`', async () => {
  await using scene = await nativeScene()
  const { operations, start, there, old, addresses } = scene
  const [account] = old.accounts
  assert.ok(account)
  await operations.native.start(start)
  await operations.native.status({ ...there, follow: true, onLook: () => {} })
  old.faults.set(account.sourceLogin, { refusesLogin: true })
  await scene.pass(24 * 3_600_000 + 60_000)
  const seen = await operations.native.status({ ...there, follow: false, onLook: () => {} })
  assert.deepEqual([seen.mailboxes[0]?.state, seen.mailboxes[0]?.alert], ['behind', true])
  const shown = await operations.status({ stateDir: addresses.stateDir, only: [] })
  assert.match(shown.mailboxes[0]?.microsoft?.detail ?? '', /no longer comes over.*could not sign in/)
})

test('stop and remove do what they say; a removed batch leaves its figures behind and can be begun anew', async () => {
  await using scene = await nativeScene()
  const { operations, start, there } = scene
  const act = (act: 'sync' | 'stop' | 'remove') => operations.native.act({ ...there, act, approve: start.approve, onChange: () => {} })
  await operations.native.start(start)
  await operations.native.status({ ...there, follow: true, onLook: () => {} })
  assert.deepEqual(states((await act('stop')).changes), ['done'])
  const stopped = await operations.native.status({ ...there, follow: true, onLook: () => {} })
  assert.deepEqual([stopped.batches[0]?.state, stopped.mailboxes[0]?.state], ['stopped', 'behind'])
  assert.deepEqual(states((await act('remove')).changes), ['done'])
  const gone = await operations.native.status({ ...there, follow: true, onLook: () => {} })
  assert.deepEqual([gone.mailboxes[0]?.state, gone.mailboxes[0]?.synced], ['ended', 40])
  assert.deepEqual((await act('remove')).leftOut, ['wave'])
  const anew = await operations.native.start(start)
  assert.deepEqual(states(anew.changes), ['done'], 'the endpoint is still there')
})

test('as a script it needs no tenant and no passwords: lists are written without them', async () => {
  await using scene = await nativeScene()
  const { operations, start, old, list } = scene
  const [account] = old.accounts
  assert.ok(account)
  const directory = mkdtempSync(join(tmpdir(), 'cutover-lists-'))
  try {
    list([`${account.sourceLogin},,${account.target},Anna`])
    const { script, lists } = await operations.native.script({ ...start, listDir: directory })
    assert.match(script, /New-MigrationEndpoint[^\n]*-MaxConcurrentIncrementalSyncs 10/)
    assert.match(script, /-CSVData \(\[System\.IO\.File\]::ReadAllBytes\(\(Resolve-Path -LiteralPath 'wave\.csv'/)
    assert.deepEqual(lists, [{ batch: 'wave', file: 'wave.csv', rows: 1, written: true }])
    const written = readFileSync(join(directory, 'wave.csv'), 'utf8')
    assert.equal(written, `EmailAddress,UserName,Password\r\n${account.target},${account.sourceLogin},\r\n`)
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
})
