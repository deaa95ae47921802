import assert from 'node:assert/strict'
import { test } from 'node:test'
import { needs } from '../../../test/servers/available.ts'
import { startCyrus } from '../../../test/servers/cyrus.ts'
import { openDialogue } from '../../../test/servers/dialogue.ts'
import { systemClock } from '../../lib/clock.ts'
import { silentLog } from '../../lib/log.ts'
import { Failure } from '../../model/failure.ts'
import { Secret } from '../../model/secret.ts'
import type { LivePorts } from '../listing.ts'
import { facts, readAs, reading, says } from '../reading.fixture.ts'
import { cyrus } from './cyrus.ts'

const none = (): Promise<never> => Promise.reject(new Error('no token here'))
const ports: LivePorts = {
  ctx: { clock: systemClock, log: silentLog, signal: new AbortController().signal },
  progress: () => {},
  googleToken: none,
  graph: none,
}

test('lm of cyradm is read with its columns, its folders below users and its shared folders', async () => {
  const printed = [
    'user/alice (\\HasChildren)             user/bob (\\HasNoChildren)',
    'user/alice/Sent Items (\\HasNoChildren)  user/o.neill (\\HasNoChildren)',
    'user/carla@second.test (\\HasNoChildren)  user/carla/Sent@second.test (\\HasNoChildren)',
    'sales (\\HasNoChildren)',
  ].join('\n')
  const result = await reading(cyrus, `localhost> lm user/%\n${printed}\nlocalhost> exit\n`)
  assert.deepEqual(facts(result), [
    { login: 'alice' },
    { login: 'bob' },
    { login: 'o.neill' },
    { login: 'carla@second.test' },
    { login: 'sales', kind: 'public', remarks: ['folder outside of all mailboxes'] },
  ])
  assert.deepEqual(says(result), [])
})

test('answers to LIST are read, with the dot as separator and written ^ in names, and in modified UTF-7', async () => {
  const result = await reading(
    cyrus,
    '* LIST (\\HasChildren) "." user.alice\n* LIST (\\HasNoChildren) "." "user.anna^smith"\n* LIST (\\HasNoChildren) "." user.alice.Sent\n* LIST () "." "user.j&APY-rg"\n* LIST (\\NonExistent) "." user.gone\na OK Completed\n',
  )
  assert.deepEqual(facts(result), [{ login: 'alice' }, { login: 'anna.smith' }, { login: 'jörg' }])
})

test('ctl_mboxlist -d is read, with virtual domains', async () => {
  const result = await readAs(
    cyrus,
    'user.alice\t0 default alice\tlrswipkxtecdan\t\nsecond.test!user.bob^b\t0 default bob.b@second.test\tlrswipkxtecdan\t\nDELETED.user.carl.5F\t0 default carl\tlrs\t\n',
  )
  assert.deepEqual(facts(result), [{ login: 'alice' }, { login: 'bob.b@second.test' }])
})

for (const layout of ['slash', 'inbox-dot'] as const)
  test(
    `U02: an administrator lists the users of a real Cyrus (${layout}), with sizes from the quota`,
    { skip: needs('cyrus') },
    async () => {
      await using server = await startCyrus({ layout, quotaMegabytes: 5 })
      {
        await using owner = await openDialogue(server.port)
        await owner.must('LOGIN alice alice-secret')
        const mail = `Subject: one\r\n\r\n${'x'.repeat(4000)}\r\n`
        await owner.must(`APPEND INBOX {${mail.length}+}\r\n${mail}`)
      }
      const list = (login: string, secret: string) =>
        cyrus.live?.list(`imap://127.0.0.1:${server.port}?tls=none`, { text: { login }, secret: new Secret(secret), ca: null }, ports) ??
        assert.fail('it cannot be asked')
      const { found } = await list(server.admin.login, server.admin.password)
      assert.deepEqual(
        found.map(({ login, kind, sizeBytes }) => [login, kind, (sizeBytes ?? -1) >= 3072]),
        [
          ['alice', 'user', true],
          ['bob', 'user', false],
        ],
      )
      await assert.rejects(
        list('alice', 'alice-secret'),
        (error) => error instanceof Failure && /must be an administrator/.test(error.message),
      )
      await assert.rejects(list(server.admin.login, 'wrong'), (error) => error instanceof Failure && error.code === 'auth-rejected')
    },
  )
