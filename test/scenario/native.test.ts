import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nativeScene, type NativeScene } from '../../src/api/native.fixture.ts'
import { COPY_DEFAULTS, VERIFY_DEFAULTS } from '../../src/api/defaults.ts'
import type { VerifyInput } from '../../src/api/operations.ts'

function verifying({ addresses, watch }: NativeScene, level: VerifyInput['level']): VerifyInput {
  return { ...addresses, ...watch, ...VERIFY_DEFAULTS, level }
}

test('a mailbox that Microsoft copied is verified message by message, though no message of it is in the ledger', async () => {
  await using scene = await nativeScene()
  const { operations, start, there } = scene
  const begun = await operations.native.start(start)
  assert.deepEqual(
    begun.changes.map(({ state, failure }) => [state, failure]),
    [
      ['done', null],
      ['done', null],
    ],
  )
  const status = await operations.native.status({ ...there, follow: true, onLook: () => {} })
  const [mailbox] = status.mailboxes
  assert.deepEqual([mailbox?.state, mailbox?.synced, mailbox?.skipped, status.filed], ['synced', 40, 0, true])
  const proven = await operations.verify(verifying(scene, 'content'))
  assert.deepEqual(proven.differences, [])
  assert.deepEqual([proven.found, proven.copied, proven.missing, proven.different, proven.extra], [40, 40, 0, 0, 0])
  assert.equal(proven.compared, 40)
})

test('after the MX switch the lane is closed by `copy`, which adopts what Microsoft brought and copies only what it left out', async () => {
  await using scene = await nativeScene()
  const { operations, start, there, addresses, watch, old, tenant } = scene
  const [account] = old.accounts
  assert.ok(account)
  const store = old.sourceStore(account.sourceLogin)
  const mail = (subject: string, more = ''): Buffer =>
    Buffer.from(
      `Message-ID: <${subject}@example.org>\r\nDate: Mon, 2 Nov 2026 10:00:00 +0000\r\nFrom: a@example.org\r\nSubject: ${subject}\r\n\r\n${more}\r\n`,
    )
  store.addMessage('INBOX', mail('odd').subarray(0))
  store.addMessage('INBOX', Buffer.concat([Buffer.from('Subject: =?x-nobody-knows?Q?odd?=\r\n'), mail('refused')]))
  await operations.native.start(start)
  await operations.native.status({ ...there, follow: true, onLook: () => {} })
  store.addMessage('INBOX', mail('late'))
  await operations.native.act({ ...there, act: 'sync', approve: start.approve, onChange: () => {} })
  await scene.pass(120_000)
  const status = await operations.native.status({ ...there, follow: true, onLook: () => {} })
  assert.deepEqual([status.mailboxes[0]?.synced, status.mailboxes[0]?.skipped], [42, 1])

  const [shown] = (await operations.status({ stateDir: addresses.stateDir, only: [] })).mailboxes
  assert.deepEqual([shown?.found, shown?.microsoft?.synced, shown?.microsoft?.skipped], [0, 42, 1], 'its figures are not ours')
  const errors = await operations.errors({ stateDir: addresses.stateDir, only: [], csvFile: null, emlDir: null, addresses: null, ...watch })
  assert.deepEqual(
    errors.microsoft?.map(({ lane, kind, folder }) => [lane, kind, folder]),
    [['Microsoft', 'CorruptItem', 'INBOX']],
  )

  const before = tenant.simulator.store(account.target)?.folder('INBOX')?.messages.length ?? 0
  const copied = await operations.copy({ ...addresses, ...watch, ...COPY_DEFAULTS })
  assert.deepEqual([copied.found, copied.copied, copied.unexplained], [43, 43, 0])
  const after = tenant.simulator.store(account.target)?.folder('INBOX')?.messages.length ?? 0
  assert.deepEqual([copied.appends, after - before], [1, 1], 'only the repaired one is brought; nothing comes twice')
  const proven = await operations.verify(verifying(scene, 'content'))
  assert.deepEqual([proven.copied, proven.missing, proven.different, proven.extra], [43, 0, 0, 0], JSON.stringify(proven.differences))
  const rest = await operations.errors({ stateDir: addresses.stateDir, only: [], csvFile: null, emlDir: null, addresses: null, ...watch })
  assert.deepEqual(rest.microsoft ?? [], [], 'our own pass looked at every message since')
})

test('messages without Message-ID are adopted where all of them are there; of twins of which one was left out none is lost', async () => {
  await using scene = await nativeScene()
  const { operations, start, there, addresses, watch, old, tenant } = scene
  const [account] = old.accounts
  assert.ok(account)
  const store = old.sourceStore(account.sourceLogin)
  const bare = (subject: string, body: string): Buffer =>
    Buffer.from(`Date: Mon, 2 Nov 2026 10:00:00 +0000\r\nFrom: a@example.org\r\nSubject: ${subject}\r\n\r\n${body}\r\n`)
  for (const message of [
    bare('single', 'one'),
    bare('twins', 'x'),
    bare('twins', 'y'),
    bare('torn', 'z'),
    bare('torn', 'z'.repeat(60_000)),
  ])
    store.addMessage('INBOX', message)
  await tenant.cmdlet('Set-Mailbox', { Identity: account.target, MaxReceiveSize: '50KB' })
  await operations.native.start(start)
  await operations.native.status({ ...there, follow: true, onLook: () => {} })
  await tenant.cmdlet('Set-Mailbox', { Identity: account.target, MaxReceiveSize: '36MB' })
  await scene.pass(60_000)
  const copied = await operations.copy({ ...addresses, ...watch, ...COPY_DEFAULTS })
  assert.deepEqual([copied.found, copied.copied, copied.appends], [45, 45, 2], 'the torn twins alone are brought')
  const proven = await operations.verify(verifying(scene, 'content'))
  assert.deepEqual([proven.copied, proven.missing, proven.different, proven.extra], [45, 0, 0, 1], JSON.stringify(proven.differences))
})
