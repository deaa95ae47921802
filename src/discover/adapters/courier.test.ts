import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { test } from 'node:test'
import { needs } from '../../../test/servers/available.ts'
import { startCourier } from '../../../test/servers/courier.ts'
import { facts, reading, says } from '../reading.fixture.ts'
import { courier } from './courier.ts'

test('U03: authenumerate gives the logins; ids, homes and maildirs are left out', async () => {
  const result = await reading(
    courier,
    'alice@example.test\t1001\t1001\t/srv/mail/alice\t/srv/mail/alice/Maildir\nbob@example.test\t1002\t1002\t/srv/mail/bob\t\tdisableimap=1\nnonsense\n',
  )
  assert.deepEqual(facts(result), [{ login: 'alice@example.test' }, { login: 'bob@example.test' }])
  assert.deepEqual(says(result), ['3: "nonsense" is not a line of authenumerate (login, uid, gid, home, maildir)'])
})

test('U03: what a real authenumerate prints is read', { skip: needs('courier') }, async () => {
  await using server = await startCourier()
  const printed = execFileSync('nsenter', ['-t', String(server.pid), '-m', '/usr/sbin/authenumerate'])
  const { found, problems } = await reading(courier, printed)
  assert.deepEqual(problems, [])
  assert.deepEqual(found.map(({ login }) => login).toSorted(), server.users.map(({ login }) => login).toSorted())
})
