import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { newUser } from '../tenant-simulator/tenant-client.fixture.ts'
import { tenantStatus } from './tenant-journal.ts'
import { byId, onboarding, those } from './tenant-connect.fixture.ts'

test('without a service principal in Exchange it is said how one is made, and --apply makes it', async () => {
  await using onboard = await onboarding()
  const anna = await onboard.client.person('anna')
  onboard.without('principal')
  const result = await onboard.connect({ mailboxes: [anna] })
  assert.deepEqual(those(result, 'missing'), ['principal', `mailbox ${anna}`])
  const line = result.steps.flatMap(({ lines }) => lines).find(({ text }) => text.startsWith('New-ServicePrincipal'))
  const { appId, servicePrincipalId } = onboard.client.simulator.world.state.apps[0] ?? {}
  assert.equal(line?.text, `New-ServicePrincipal -AppId '${appId}' -ObjectId '${servicePrincipalId}' -DisplayName 'mail-mover'`)
  const applied = await onboard.connect({ mailboxes: [anna], apply: true })
  onboard.client.simulator.advance(10_000)
  assert.match(applied.applied.join(), /^Done: Make the application mail-mover .* known to Exchange Online\. `cutover tenant undo` takes/)
  assert.deepEqual(
    tenantStatus(onboard.world, { stateDir: onboard.stateDir, env: {} }).changes.map(({ state }) => state),
    ['done'],
  )
  assert.equal(byId(await onboard.connect(), 'principal').state, 'ok')
})

test('a service principal with the object id of the registration is named as that, and is not touched', async () => {
  await using onboard = await onboarding()
  onboard.without('principal')
  const [app] = onboard.client.simulator.world.state.apps
  await onboard.client.cmdlet('New-ServicePrincipal', { AppId: app?.appId ?? '', ObjectId: app?.objectId ?? '' })
  onboard.client.simulator.advance(10_000)
  const result = await onboard.connect({ apply: true })
  assert.match(byId(result, 'principal').says, /with the object id of the app registration instead of that of the enterprise application/)
  assert.deepEqual(
    result.steps[0]?.lines.map(({ text }) => text.split(' ')[0]),
    ['Remove-ServicePrincipal', 'New-ServicePrincipal'],
  )
  assert.deepEqual(result.applied, [])
})

test('why a mailbox does not open is told: no grant, no licence, no user, IMAP off, still being made', async () => {
  await using onboard = await onboarding()
  const { client } = onboard
  const [anna, bert, carl] = [await client.person('anna'), await client.person('bert'), await client.person('carl')]
  await onboard.grant(bert)
  await client.cmdlet('Set-CASMailbox', { Identity: bert, ImapEnabled: false })
  client.simulator.advance(600_000)
  await client.graph('POST', '/users', newUser('dora@example.test'))
  await client.graph('POST', '/users', newUser('emil@example.test'))
  client.simulator.advance(10_000)
  await client.graph('POST', '/users/emil@example.test/assignLicense', {
    addLicenses: [{ skuId: await client.sku('ENTERPRISEPACK') }],
    removeLicenses: [],
  })
  client.simulator.advance(30_000)
  await onboard.grant(carl)
  const mailboxes = [anna, bert, carl, 'dora@example.test', 'emil@example.test', 'nobody@example.test']
  const result = await onboard.connect({ mailboxes })
  const told = (name: string): readonly string[] => {
    const { state, says } = byId(result, `mailbox ${name}@example.test`)
    return [state, says]
  }
  assert.deepEqual(told('anna'), ['missing', 'The application has no Full Access to it.'])
  assert.deepEqual(told('bert'), ['missing', 'IMAP is switched off for this mailbox.'])
  assert.equal(told('carl')[0], 'waiting')
  assert.deepEqual(told('dora'), ['missing', 'There is no mailbox: the user has no licence with Exchange Online.'])
  assert.deepEqual(told('emil'), ['waiting', 'Licensed; Exchange Online is still making the mailbox.'])
  assert.deepEqual(told('nobody'), ['missing', 'There is no such mailbox, and no user of that name.'])
  assert.equal(byId(result, 'exchange IMAP.AccessAsApp').state, 'ok')
})

test('a grant that comes late is waited for, also over several runs, and forgotten once it works', async () => {
  await using onboard = await onboarding()
  const late = await onboard.client.person('late-grant')
  await onboard.grant(late)
  const first = await onboard.connect({ mailboxes: [late] })
  assert.deepEqual([byId(first, `mailbox ${late}`).state, byId(first, `mailbox ${late}`).pendingMs], ['waiting', 0])
  onboard.client.simulator.advance(10 * 60_000)
  const second = await onboard.connect({ mailboxes: [late] })
  assert.equal(byId(second, `mailbox ${late}`).pendingMs, 10 * 60_000)
  const third = await onboard.connect({ mailboxes: [late], waitMinutes: 60 })
  assert.equal(byId(third, `mailbox ${late}`).state, 'ok')
  // Thirty times as long as others: thirty minutes after the grant, of which ten had gone by.
  assert.equal(onboard.pauses.length, 20)
  assert.ok(!existsSync(join(onboard.stateDir, 'tenant-connect.json')))
})

test('a grant that never takes effect is given up when the time is over', async () => {
  await using onboard = await onboarding()
  const never = await onboard.client.person('never-granted')
  await onboard.grant(never)
  const result = await onboard.connect({ mailboxes: [never], waitMinutes: 30 })
  const one = byId(result, `mailbox ${never}`)
  assert.deepEqual([one.state, one.pendingMs], ['waiting', 30 * 60_000])
  assert.equal(onboard.looks.length, 1)
})

test('a permission that is given while it waits is found, and told when it is', async () => {
  await using onboard = await onboarding()
  const anna = await onboard.client.person('anna')
  const result = await onboard.connect({
    mailboxes: [anna],
    waitMinutes: 30,
    onPause: ({ pauseMs }) => {
      if (onboard.pauses.push(pauseMs) === 2) onboard.giveAtOnce(anna)
    },
  })
  assert.equal(byId(result, `mailbox ${anna}`).state, 'ok')
  assert.deepEqual(
    onboard.looks.map((look) => byId(look, `mailbox ${anna}`).state),
    ['missing', 'ok'],
  )
})

test('without IMAP.AccessAsApp every mailbox refuses, and the permission is named instead of the mailboxes', async () => {
  await using onboard = await onboarding()
  const anna = await onboard.client.person('anna')
  await onboard.grant(anna)
  onboard.client.simulator.advance(120_000)
  onboard.without('IMAP.AccessAsApp')
  const result = await onboard.connect({ mailboxes: [anna], purposes: ['copy'] })
  assert.deepEqual(those(result, 'missing'), ['exchange IMAP.AccessAsApp', `mailbox ${anna}`])
  assert.equal(result.steps.length, 1)
})

test('a stop while it waits hands back what was found', async () => {
  await using onboard = await onboarding()
  const never = await onboard.client.person('never-granted')
  await onboard.grant(never)
  const stop = new AbortController()
  const result = await onboard.connect({
    mailboxes: [never],
    waitMinutes: 120,
    signal: stop.signal,
    onPause: () => stop.abort(new Failure('stopped', 'Stopped on request.')),
  })
  assert.equal(result.stopped, true)
  assert.equal(byId(result, `mailbox ${never}`).state, 'waiting')
})

test('a person who signs in instead is told what works that way and what does not', async () => {
  await using onboard = await onboarding()
  const shown: string[] = []
  const { tenantId, clientId } = onboard.client.simulator
  const admin = await onboard.client.person('admin')
  const identity = { kind: 'device', tenant: tenantId, clientId, show: (text: string) => void shown.push(text) } as const
  const result = await onboard.connect({ identity, mailboxes: [admin] })
  assert.match(shown.join(), /C4T7XKQ9P/)
  assert.equal(shown.length, 1, 'once for all services')
  assert.equal(result.person, admin)
  assert.deepEqual(
    [`mailbox ${admin}`, 'role Exchange Administrator', 'graph Domain.Read.All', 'graph User.ReadWrite.All'].map(
      (id) => byId(result, id).state,
    ),
    ['ok', 'ok', 'ok', 'unknown'],
  )
  assert.deepEqual(result.steps, [])
  assert.ok(result.asPerson.some(({ works }) => works) && result.asPerson.some(({ works }) => !works))
  assert.ok(!result.checks.some(({ id }) => id === 'principal' || id === 'exchange IMAP.AccessAsApp'))
})

test('addresses without a mailbox refuse everybody, which says nothing about the permission', async () => {
  await using onboard = await onboarding()
  const result = await onboard.connect({ mailboxes: ['nobody@example.test'] })
  assert.equal(byId(result, 'exchange IMAP.AccessAsApp').state, 'ok')
  assert.deepEqual(those(result, 'missing'), ['mailbox nobody@example.test'])
})

test('what cannot be seen without Application.Read.All is said to be unknown, and the rest is told', async () => {
  await using onboard = await onboarding()
  const anna = await onboard.client.person('anna')
  await onboard.grant(anna)
  onboard.client.simulator.advance(120_000)
  onboard.without(
    'Application.Read.All',
    'Application.ReadWrite.OwnedBy',
    'Application.ReadWrite.All',
    'Directory.Read.All',
    'Directory.ReadWrite.All',
  )
  const result = await onboard.connect({ mailboxes: [anna] })
  assert.deepEqual(those(result, 'missing'), ['graph Application.Read.All'])
  assert.deepEqual(those(result, 'unknown'), [
    'expiry secret',
    'graph User.ReadWrite.All',
    'graph Domain.ReadWrite.All',
    'graph Mail.ReadWrite',
  ])
  // A mailbox that opens proves what nobody may look up.
  assert.deepEqual(
    ['principal', 'exchange IMAP.AccessAsApp', `mailbox ${anna}`].map((id) => byId(result, id).state),
    ['ok', 'ok', 'ok'],
  )
})
