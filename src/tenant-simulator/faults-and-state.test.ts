import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { rowsOf, textOf } from './props.ts'
import { graphError, newUser, startTenant } from './tenant-client.fixture.ts'
import { scaledTiming, TIMING } from './timing.ts'

test('a fault meets the request it describes, so many times and not before its turn', async () => {
  await using tenant = await startTenant()
  tenant.simulator.fault({ api: 'graph', method: 'GET', path: '/organization', skip: 1, times: 2, status: 503, retryAfterSeconds: 5 })
  const statuses: number[] = []
  for (let n = 0; n < 4; n++) statuses.push((await tenant.graph('GET', '/organization')).status)
  assert.deepEqual(statuses, [200, 503, 503, 200])
  tenant.simulator.fault({ api: 'admin', cmdlet: 'Get-AcceptedDomain', every: 2, status: 500 })
  const cmdlets: number[] = []
  for (let n = 0; n < 4; n++) cmdlets.push((await tenant.cmdlet('Get-AcceptedDomain')).status)
  assert.deepEqual(cmdlets, [200, 500, 200, 500])
})

test('Retry-After can be a date', async () => {
  await using tenant = await startTenant()
  tenant.simulator.fault({ api: 'graph', status: 429, retryAfterSeconds: 90, retryAfterDate: true })
  const told = await tenant.graph('GET', '/organization')
  assert.equal(Date.parse(told.headers.get('retry-after') ?? '') - Math.floor(tenant.simulator.world.now() / 1000) * 1000, 90_000)
})

test('a connection can break without an answer, before the change or after it', async () => {
  await using tenant = await startTenant()
  const create = () => tenant.graph('POST', '/users', newUser('anna@example.test'))
  tenant.simulator.fault({ api: 'graph', method: 'POST', status: 0, drops: true })
  await assert.rejects(create())
  assert.equal(tenant.simulator.world.state.users.length, 0)
  tenant.simulator.fault({ api: 'graph', method: 'POST', status: 0, drops: true, afterwards: true })
  await assert.rejects(create())
  assert.equal(tenant.simulator.world.state.users.length, 1)
})

test('the token endpoint can be out of service, or answer any AADSTS number', async () => {
  await using tenant = await startTenant()
  tenant.simulator.fault({ api: 'token', status: 503, retryAfterSeconds: 3 })
  const out = await tenant.token({})
  assert.deepEqual([out.status, out.headers.get('retry-after')], [503, '3'])
  tenant.simulator.fault({ api: 'token', status: 400, aadsts: 50196 })
  const loop = await tenant.token({})
  assert.deepEqual([loop.body['error'], loop.body['error_codes']], ['invalid_grant', [50196]])
  assert.equal((await tenant.token({})).status, 200)
})

test('addresses misbehave by their name: throttled five times, done but reported as failed, never provisioned', async () => {
  await using tenant = await startTenant()
  const statuses: number[] = []
  for (let n = 0; n < 6; n++) statuses.push((await tenant.graph('GET', '/users/throttled-tenant@example.test')).status)
  assert.deepEqual(statuses, [429, 429, 429, 429, 429, 404])
  assert.equal((await tenant.graph('POST', '/users', newUser('done-but-failed@example.test'))).status, 503)
  tenant.simulator.advance(3_000)
  assert.equal((await tenant.graph('GET', '/users/done-but-failed@example.test')).status, 200)
  const never = await tenant.person('never-provisioned')
  tenant.simulator.advance(86_400_000)
  assert.equal((await tenant.cmdlet('Get-Mailbox', { Identity: never })).status, 404)
})

test('a simulator that was killed goes on where it was: users, what is pending, folders with their ids, the clock and its tokens', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tenant-'))
  const stateFile = join(folder, 'tenant.json')
  try {
    const first = await startTenant({ stateFile })
    const upn = await first.person('anna')
    const made = (await first.graph('POST', `/users/${upn}/mailFolders`, { displayName: 'Gone' })).body
    await first.graph('DELETE', `/users/${upn}/mailFolders/${textOf(made['id'])}`)
    const kept = (await first.graph('POST', `/users/${upn}/mailFolders`, { displayName: 'Projects' })).body
    await first.graph('POST', '/users', newUser('ben@example.test'))
    first.simulator.advance(3_000)
    await first.graph('POST', '/users/ben@example.test/assignLicense', {
      addLicenses: [{ skuId: await first.sku('ENTERPRISEPACK') }],
      removeLicenses: [],
    })
    const authorization = `Bearer ${first.simulator.token('graph')}`
    const now = first.simulator.world.now()
    await first[Symbol.asyncDispose]()

    await using second = await startTenant({ stateFile })
    assert.equal(second.simulator.world.now(), now)
    const again = await second.graph('GET', `/users/${upn}/mailFolders/${textOf(kept['id'])}`, undefined, { authorization })
    assert.deepEqual([again.status, again.body['displayName']], [200, 'Projects'])
    second.simulator.advance(123_000)
    assert.equal((await second.cmdlet('Get-Mailbox', { Identity: 'ben@example.test' })).status, 200)
    assert.deepEqual(readdirSync(folder), ['tenant.json'])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('the same seed gives the same ids in the same order', async () => {
  const ids = async (seed: string): Promise<string> => {
    await using tenant = await startTenant({ seed })
    return textOf((await tenant.graph('POST', '/users', newUser('anna@example.test'))).body['id'])
  }
  assert.equal(await ids('a'), await ids('a'))
  assert.notEqual(await ids('a'), await ids('b'))
})

test('another process moves the clock, sets faults and writes DNS through the control paths', async () => {
  await using tenant = await startTenant()
  const { url, world } = tenant.simulator
  const post = (path: string, body: object) => fetch(`${url}/__sim/${path}`, { method: 'POST', body: JSON.stringify(body) })
  const before = world.now()
  await post('advance', { ms: 5_000 })
  assert.equal(world.now() - before, 5_000)
  await post('faults', { faults: [{ api: 'graph', status: 500 }] })
  assert.equal(graphError(await tenant.graph('GET', '/organization'))[0], 500)
  await post('dns', { records: [{ name: 'A.example.', type: 'txt', value: 'x' }] })
  assert.deepEqual(world.state.dns, [{ name: 'a.example', type: 'TXT', value: 'x' }])
  const endpoints = JSON.parse(await (await fetch(`${url}/__sim/endpoints`)).text())
  assert.equal(endpoints.imap.port, tenant.simulator.imap.port)
})

test('delays are scaled together, but for the thirty days', () => {
  const quick = scaledTiming(0.01)
  assert.deepEqual([quick.mailboxMs, quick.softDeleteMs], [1_200, TIMING.softDeleteMs])
})

test('the prepared tenant holds what it promises, and each of its ten problems is one', async () => {
  await using tenant = await startTenant({ content: 'prepared' })
  const { prepared } = tenant.simulator
  assert.ok(prepared)
  assert.deepEqual(
    [prepared.people.length, new Set(prepared.people.map(({ address }) => address)).size, prepared.problems.length],
    [50, 50, 10],
  )
  for (const { address, exists } of prepared.people) {
    assert.equal((await tenant.graph('GET', `/users/${address}`)).status, exists === 'no' ? 404 : 200, address)
    assert.equal((await tenant.cmdlet('Get-Mailbox', { Identity: address })).status, exists === 'mailbox' ? 200 : 404, address)
  }
  assert.equal((await tenant.graph('GET', `/users/${prepared.synced}?$select=onPremisesSyncEnabled`)).body['onPremisesSyncEnabled'], true)
  const shown = new Set<string>()
  for (const { address, licence, what } of prepared.problems) {
    const made = await tenant.graph('POST', '/users', newUser(address))
    tenant.simulator.advance(3_000)
    const skuId = await tenant.sku(licence)
    const assigned = await tenant.graph('POST', `/users/${encodeURIComponent(address)}/assignLicense`, {
      addLicenses: [{ skuId }],
      removeLicenses: [],
    })
    if (made.status !== 201 || assigned.status !== 200) shown.add(what)
  }
  // The tenth is told by a size only: the old mailbox against the quota of the licence.
  assert.equal(shown.size, 9)
  const skus = rowsOf((await tenant.graph('GET', '/subscribedSkus')).body['value'])
  assert.ok(skus.some((sku) => sku['skuPartNumber'] === 'EXCHANGEENTERPRISE' && sku['consumedUnits'] === 2))
})

test('a device code can be declined or asked for too often, and an application that asks for tokens in a loop is stopped', async () => {
  await using tenant = await startTenant({ limits: { tokenRequestsPerMinute: 3 } })
  tenant.simulator.fault({ api: 'token', status: 400, code: 'slow_down' })
  tenant.simulator.fault({ api: 'token', status: 400, code: 'authorization_declined' })
  const poll = async () =>
    (await tenant.token({ grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: 'x' })).body['error']
  assert.deepEqual([await poll(), await poll(), await poll()], ['slow_down', 'authorization_declined', 'bad_verification_code'])
  assert.deepEqual([(await tenant.token({})).status, (await tenant.token({})).status], [200, 200])
  assert.deepEqual((await tenant.token({})).body['error_codes'], [50196])
  tenant.simulator.advance(61_000)
  assert.equal((await tenant.token({})).status, 200)
})

test('a snapshot is the same again when what was made is taken back', async () => {
  await using tenant = await startTenant({ content: 'prepared' })
  const state = async (): Promise<string> => (await fetch(`${tenant.simulator.url}/__sim/state`)).text()
  const before = await state()
  await tenant.person('zoe', 'EXCHANGESTANDARD')
  await tenant.cmdlet('New-TransportRule', { Name: 'x', DeleteMessage: true })
  await tenant.cmdlet('Add-DistributionGroupMember', { Identity: 'Staff', Member: 'zoe@example.test' })
  await tenant.cmdlet('Set-Mailbox', { Identity: 'Info', MaxReceiveSize: '150MB' })
  tenant.simulator.advance(10_000)
  const during = await state()
  for (const part of ['zoe@example.test', '"TransportRule"', '150 MB']) assert.ok(during.includes(part), part)
  await tenant.cmdlet('Set-Mailbox', { Identity: 'Info', MaxReceiveSize: '36MB' })
  await tenant.cmdlet('Remove-DistributionGroupMember', { Identity: 'Staff', Member: 'zoe@example.test' })
  await tenant.cmdlet('Remove-TransportRule', { Identity: 'x' })
  await tenant.graph('DELETE', '/users/zoe@example.test')
  assert.equal(await state(), before)
})
