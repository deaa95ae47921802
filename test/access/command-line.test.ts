import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'

import { operationsIn } from '../../src/api/operations-in.ts'
import { realWorld } from '../../src/app.ts'
import { stage } from '../../src/cli/cli.fixture.ts'
import { needs } from '../servers/available.ts'
import { startCyrus } from '../servers/cyrus.ts'
import { startDovecot } from '../servers/dovecot.ts'

async function logins(
  port: number,
  people: readonly string[],
  access: readonly string[],
  secret: string,
): Promise<{ code: number; out: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-access-'))
  try {
    const list = join(folder, 'people.csv')
    await writeFile(list, `source_login,target\n${people.map((one) => `${one},${one.split('@')[0] ?? one}@new.example.org`).join('\n')}\n`)
    const scene = stage(operationsIn(realWorld()), { env: { ADMIN: secret } })
    const source = ['--source', `imap://127.0.0.1:${port}?tls=none`, '--mailboxes', list, '--state', join(folder, 'state')]
    return await scene.run('logins', ...source, ...access, '--access-secret', 'env:ADMIN')
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('the command shows which mailboxes of a Dovecot its master user opens', { skip: needs('dovecot') }, async () => {
  await using server = await startDovecot({ master: { login: 'migadmin', password: 'm-secret' } })
  const people = ['alice@example.org', 'nobody@example.org', 'bob@example.org']
  const access = ['--access', 'template', '--access-template', '{user}*{admin}', '--access-login', 'migadmin']
  const some = await logins(server.port, people, access, 'm-secret')
  assert.equal(some.code, 3)
  assert.match(some.out, /^2 of 3 mailboxes can be opened at the source\./)
  assert.match(
    some.out,
    /\nalice@new\.example\.org +works \(0 messages\)\nnobody@new\.example\.org +unknown mailbox\nbob@new\.example\.org +works/,
  )
  const none = await logins(server.port, people, access, 'wr0ng')
  assert.equal(none.code, 3)
  assert.match(
    none.out,
    /\nalice@new\.example\.org +administrator refused\nnobody@new\.example\.org +not tried\nbob@new\.example\.org +not tried\n/,
  )
  assert.ok(!none.out.includes('wr0ng'))
  assert.equal((await logins(server.port, people.slice(0, 1), access, 'm-secret')).code, 0)
})

test('the command opens the mailboxes of a Cyrus by its proxy administrator', { skip: needs('cyrus') }, async () => {
  await using server = await startCyrus()
  const access = ['--access', 'authzid', '--access-login', server.admin.login]
  const { code, out } = await logins(server.port, ['alice', 'bob'], access, server.admin.password)
  assert.deepEqual([code, out.split('\n')[0]], [0, '2 of 2 mailboxes can be opened at the source.'])
})
