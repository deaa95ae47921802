import assert from 'node:assert/strict'
import { test } from 'node:test'

import { simulatedMigration } from '../scenario/migration.ts'
import { needs } from '../servers/available.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { by, codes, ends } from './ends.ts'

const skip = needs('dovecot')

test('Exchange Online is copied from with one token for all mailboxes, and nothing is lost (A25)', { skip }, async () => {
  await using move = await simulatedMigration({ mailboxes: 2, messages: 12 })
  const into = await move.move.copy()
  assert.equal(into.unexplained + into.failed, 0)
  await using to = await startDovecot({ users: move.sim.accounts.map(({ target }) => ({ login: target, password: 'x' })) })
  const destination = `imap://127.0.0.1:${to.port}?tls=none`
  const lines = move.sim.accounts.map(({ target }) => ({ login: target, target, targetPassword: 'x' }))
  await using back = await ends(move.sim.exchange.url, null, lines)
  const before = move.sim.tenant.issued
  const copied = await back.copy(destination)
  assert.equal(move.sim.tenant.issued - before, 1)
  assert.deepEqual([copied.found, copied.copied, copied.unexplained], [into.copied, into.copied, 0])
  assert.deepEqual(
    copied.mailboxes.map(({ failure }) => failure),
    [null, null],
  )
})

test('logins tell at Exchange what is missing: a mailbox, a right, the secret of the application', async () => {
  await using move = await simulatedMigration({ mailboxes: 1, messages: 2, faulty: ['badpassword'] })
  const { tenantId, clientId, clientSecret, url } = move.sim.exchange
  const known = move.sim.accounts.map(({ target }) => ({ login: target }))
  const app = { tenant: tenantId, clientId }
  await using right = await ends(url, { ...by('microsoft-app', null, clientSecret), ...app }, [...known, { login: 'nobody@example.test' }])
  assert.deepEqual(codes(await right.logins()).slice(0, 1), ['works'])
  assert.equal(codes(await right.logins()).at(-1), 'auth-rejected')

  await using wrong = await ends(url, { ...by('microsoft-app', null, 'not-this-one'), ...app }, known)
  const refused = await wrong.logins({ waitMinutes: 5 })
  assert.deepEqual(codes(refused), ['token-rejected', 'token-rejected'])
  assert.match(refused.mailboxes[0]?.source.failure?.message ?? '', /secret is wrong/)
  assert.equal(refused.mailboxes[0]?.source.failure?.side, 'source')
})

test('a mailbox that Exchange does not connect yet is waited for with --wait, and then works', async () => {
  await using move = await simulatedMigration({ mailboxes: 1, messages: 1 })
  const [account] = move.sim.accounts
  move.sim.faults.set(account?.target ?? '', { notConnectedLogins: 2 })
  await using list = await ends(move.sim.exchange.url, null, [{ login: account?.target ?? '' }])
  assert.deepEqual(codes(await list.logins()), ['mailbox-not-connected'])
  assert.deepEqual(codes(await list.logins({ waitMinutes: 30 })), ['works'])
})
