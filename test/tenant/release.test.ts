import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { startSimulator } from '../../src/simulator/simulator.ts'
import { startTenantSimulator } from '../../src/tenant-simulator/tenant-simulator.ts'
import { intoTenant } from '../scenario/into-tenant.ts'
import { migration } from '../scenario/migration.ts'
import { customer } from './customer.ts'
import { CASES, HELD } from './release.ts'
import { JumpingClock, tenantRig } from './rig.ts'

const MB = 1024 * 1024
const ROOT = join(import.meta.dirname, '../..')

test('S1: created, licensed, waited for, permitted, 10,000 messages written and every one verified', { timeout: 300_000 }, async () => {
  const clock = new JumpingClock()
  await using tenant = await startTenantSimulator({ now: () => clock.now() })
  await using old = await startSimulator({ mailboxes: 4, messages: 2500, medianBytes: 700, maxBytes: 1500, strict: tenant })
  await using at = await customer(tenant, clock, {
    list: ['target,display_name', ...old.accounts.map(({ target, name }) => `${target},${name}`)],
    defaults: '    licence: Office 365 E3\n    location: DE\n    language: de-DE\n',
    sections: 'migration:\n  app: Mail mover\n  suspend_retention: true\n',
  })
  const done = await at.apply()
  assert.deepEqual([done.statement?.open, done.plan?.changes, done.plan?.held], [[], [], []])
  // The grants take their time at IMAP.
  tenant.advance(120_000)
  await using move = await migration({ source: old.source.url, destination: `exchange:${tenant.url}`, people: old.accounts, clock })
  const copied = await move.copy()
  assert.deepEqual([copied.found, copied.copied + copied.skipped, copied.failed, copied.unexplained], [10_000, 10_000, 0, 0])
  const verified = await move.verify({ level: 'content' })
  assert.deepEqual([verified.missing, verified.extra, verified.different], [0, 0, 0])
})

test('S2: a token that runs out in the middle of a message of 30 MB costs no message and doubles none', { timeout: 120_000 }, async () => {
  await using world = await intoTenant({ tokenLifetimeSeconds: 10 })
  const { move, from, to, client, tenant } = world
  await client.cmdlet('Set-Mailbox', { Identity: to.address, MaxReceiveSize: '150MB' })
  tenant.advance(10_000)
  const filler = `${'x'.repeat(76)}\r\n`.repeat(Math.ceil((30 * MB) / 78))
  for (const id of [1, 2]) from.addMessage('INBOX', message(id, filler))
  const copied = await move.copy({ bytesPerSecond: 5 * MB })
  assert.deepEqual([copied.copied, copied.failed, copied.unexplained], [2, 0, 0])
  assert.equal(to.store.folder('INBOX')?.messages.length, 2)
})

test('S9: a mailbox that is full is told with its figures, the rest stays; once its quota is raised the same command goes on', async () => {
  await using world = await intoTenant()
  const { move, from, to, client, tenant } = world
  const quota = async (size: string): Promise<void> => {
    await client.cmdlet('Set-Mailbox', {
      Identity: to.address,
      IssueWarningQuota: size,
      ProhibitSendQuota: size,
      ProhibitSendReceiveQuota: size,
      UseDatabaseQuotaDefaults: false,
    })
    tenant.advance(10_000)
  }
  await quota('20MB')
  const filler = `${'x'.repeat(76)}\r\n`.repeat(Math.ceil(MB / 2 / 78))
  for (let id = 0; id < 50; id++) from.addMessage('INBOX', message(id, filler))
  const stopped = await move.copy()
  const [failure] = stopped.mailboxes.map((mailbox) => mailbox.failure)
  assert.equal(failure?.code, 'quota-full', JSON.stringify(failure))
  assert.match(failure.message, /is full: \d\d\.\d MB of 21\.0 MB/)
  await quota('50MB')
  const done = await move.copy()
  assert.deepEqual([done.copied, done.failed, done.unexplained, done.mailboxes[0]?.failure], [50, 0, 0, null])
  assert.equal(to.store.folder('INBOX')?.messages.length, 50)
})

test('S5: why a mailbox does not open is told by `copy` too: IMAP off, no Full Access, no mailbox', async () => {
  await using world = await intoTenant()
  const { move, client, tenant, to } = world
  const told = async (): Promise<string> => (await move.copy()).mailboxes[0]?.failure?.message ?? 'no failure'
  await client.cmdlet('Set-CASMailbox', { Identity: to.address, ImapEnabled: false })
  tenant.advance(120_000)
  assert.match(await told(), /IMAP is switched off/)
  await client.cmdlet('Set-CASMailbox', { Identity: to.address, ImapEnabled: true })
  const User = tenant.world.state.apps[0]?.servicePrincipalId ?? ''
  await client.cmdlet('Remove-MailboxPermission', { Identity: to.address, User, AccessRights: ['FullAccess'] })
  tenant.advance(120_000)
  assert.match(await told(), /no Full Access/)
  await client.graph('DELETE', `/users/${to.address}`)
  tenant.advance(120_000)
  assert.match(await told(), /no such mailbox/)
})

test('S10: trouble that passes, of a tenant or of one person, ends in a plan that is carried out; what does not pass stops nobody else', async () => {
  await using rig = await tenantRig()
  const { simulator, clock } = rig
  const people = ['throttled-tenant', 'unavailable-tenant', 'done-but-failed', 'slow-mailbox', 'never-provisioned', 'server-error', 'anna']
  await using at = await customer(simulator, clock, {
    list: ['target,display_name', ...people.map((local) => `${local}@example.test,${local}`)],
    defaults: '    licence: Office 365 E3\n    location: DE\n    archive: true\n',
  })
  const done = await at.apply({ waitMinutes: 120 })
  const open = new Set(done.statement?.open.map(({ about }) => about))
  assert.deepEqual([...open].toSorted(), ['never-provisioned@example.test', 'server-error@example.test'])
  const { total = 0, counts } = done.statement ?? {}
  assert.equal(
    Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0),
    total,
  )
  assert.deepEqual([counts?.waiting, counts?.['in-doubt']], [1, 0])
  const made = simulator.world.state.users.map(({ props }) => props['userPrincipalName'])
  assert.equal(new Set(made).size, made.length)
  // Nothing of what is done is done again, and what waits goes on waiting.
  const again = await at.apply({ waitMinutes: 60 })
  assert.equal(again.statement?.counts.done, 0)
})

test('every scenario that a release must pass stands in the name of a test, or is held by one that exists', () => {
  const files = globSync('{src,test}/**/*.test.ts', { cwd: ROOT })
  const named = new Set(
    files.flatMap((file) => [...readFileSync(join(ROOT, file), 'utf8').matchAll(/['"`](S\d\d?): /g)].map((match) => match[1] ?? '')),
  )
  const nowhere = Object.keys(CASES).filter((id) => !named.has(id) && HELD[id] === undefined)
  assert.deepEqual(nowhere, [])
  for (const [id, held] of Object.entries(HELD))
    for (const { file, test: words } of held)
      assert.ok(readFileSync(join(ROOT, file), 'utf8').includes(words), `${id}: no test "${words}" in ${file}`)
})

function message(id: number, body: string): Buffer {
  return Buffer.from(`From: a@example.test\r\nSubject: big ${id}\r\nMessage-ID: <big-${id}@example.test>\r\n\r\n${body}`)
}
