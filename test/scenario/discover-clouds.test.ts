import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { operationsIn } from '../../src/api/operations-in.ts'
import { realWorld } from '../../src/app.ts'
import { stage } from '../../src/cli/cli.fixture.ts'
import { startStub } from '../../src/discover/http-stub.fixture.ts'

async function inDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'discover-'))
  try {
    await work(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

test('Google is asked by a service account that acts for an administrator, with the one scope that listing needs', () =>
  inDirectory(async (directory) => {
    await using stub = await startStub(({ url, headers, body }) => {
      if (url.pathname === '/token') {
        const [, claims = ''] = (new URLSearchParams(body).get('assertion') ?? '').split('.')
        const { sub, scope } = JSON.parse(Buffer.from(claims, 'base64url').toString()) as { sub: string; scope: string }
        assert.deepEqual([sub, scope], ['admin@example.test', 'https://www.googleapis.com/auth/admin.directory.user.readonly'])
        return { json: { access_token: 'directory-token', expires_in: 3599, token_type: 'Bearer' } }
      }
      assert.equal(headers['authorization'], 'Bearer directory-token')
      return { json: { users: [{ primaryEmail: 'anna@example.test', name: { fullName: '=Anna' } }] } }
    })
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const key = {
      type: 'service_account',
      client_email: 'lister@project.example.test',
      private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      token_uri: `${stub.url}/token`,
    }
    await writeFile(join(directory, 'key.json'), JSON.stringify(key))
    const list = join(directory, 'mailboxes.csv')
    const args = ['--login', 'admin@example.test', '--secret', `file:${join(directory, 'key.json')}`, '--out', list]
    const done = await stage(operationsIn(realWorld())).run('discover', `google:${stub.url}`, ...args)
    assert.equal(done.code, 0, done.out + done.err)
    assert.match(await readFile(list, 'utf8'), /\r\n'=Anna,anna@example\.test,,anna@example\.test,user,/)
  }))

test('Microsoft Graph is asked with a token of the application for Graph', async () => {
  await using stub = await startStub(({ url, headers, body }) => {
    if (url.pathname.endsWith('/oauth2/v2.0/token')) {
      assert.equal(new URLSearchParams(body).get('scope')?.split(' ')[0], 'https://graph.microsoft.com/.default')
      return { json: { access_token: 'a-graph-token', expires_in: 3599, token_type: 'Bearer' } }
    }
    assert.equal(headers['authorization'], 'Bearer a-graph-token')
    const anna = { userPrincipalName: 'anna@example.test', mail: 'anna@example.test', accountEnabled: true }
    return { json: { value: url.pathname === '/v1.0/users' ? [anna] : [] } }
  })
  const app = ['--tenant', 'example.test', '--client-id', 'app', '--client-secret', 'env:SECRET']
  const done = await stage(operationsIn(realWorld()), { env: { SECRET: 'made-up' } }).run('discover', `graph:${stub.url}`, ...app, '--json')
  assert.equal(done.code, 0, done.out + done.err)
  assert.match(done.out, /"login":"anna@example\.test"/)
  const without = await stage(operationsIn(realWorld())).run('discover', '--from', 'graph')
  assert.deepEqual([without.code, /--tenant and --client-id/.test(without.err)], [2, true])
})
