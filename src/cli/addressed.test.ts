import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { definedAddresses } from '../api/defined-addresses.ts'
import type { Addresses } from '../api/operations.ts'
import { stage } from './cli.fixture.ts'

let directory = ''
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'addressed-'))
})
after(() => rm(directory, { recursive: true }))

const TENANT = `version: 1
tenant: { id: contoso.onmicrosoft.com, client_id: 11111111-2222-3333-4444-555555555555, secret: env:APP }
mailboxes: { list: people.csv }
`
const SOURCE = `source:
  url: imaps://mail.example.org
  access: { method: authzid, login: admin, secret: env:ADMIN }
  trees: { public: true }
`

/** What `folders` is asked with. */
async function asked(
  yaml: string,
  ...argv: string[]
): Promise<{ readonly given: Addresses | null; readonly err: string; readonly code: number }> {
  const file = join(directory, 'cutover.yaml')
  await writeFile(file, yaml)
  const all: Addresses[] = []
  const scene = stage(
    {
      definedAddresses,
      folders: async (input) => {
        all.push(input)
        return { mailboxes: [] }
      },
    },
    { env: { APP: 'app', ADMIN: 'admin' } },
  )
  const { code, err } = await scene.run('folders', '-f', file, ...argv)
  return { given: all[0] ?? null, err, code }
}

test('a definition alone says both ends, who moves, and how all of them are opened', async () => {
  const { given, code, err } = await asked(TENANT + SOURCE)
  assert.deepEqual([code, err], [0, ''])
  assert.equal(given?.source, 'imaps://mail.example.org')
  assert.equal(given.destination, 'exchange:')
  assert.equal(given.mailboxesFile, join(directory, 'people.csv'))
  assert.deepEqual([given.access?.kind, given.access?.login, given.access?.secret?.reveal()], ['authzid', 'admin', 'admin'])
  assert.deepEqual(given.trees, { others: false, public: true, folders: [] })
  assert.equal(given.identity?.kind === 'secret' ? given.identity.clientSecret.reveal() : null, 'app')
})

test('an option goes before the definition', async () => {
  const options = ['--destination', 'imaps://new.example.org', '--mailboxes', 'few.csv', '--ca', 'own.pem', '--access', 'own']
  const { given } = await asked(TENANT + SOURCE, ...options)
  assert.deepEqual(
    [given?.destination, given?.mailboxesFile, given?.caFile, given?.access?.kind],
    ['imaps://new.example.org', 'few.csv', 'own.pem', 'own'],
  )
  assert.equal(given?.identity, null)
})

test('the password of an administrator is never taken to another server than its own', async () => {
  const { given } = await asked(TENANT + SOURCE, '--source', 'imaps://elsewhere.example')
  assert.deepEqual([given?.source, given?.access], ['imaps://elsewhere.example', null])
})

test('what neither an option nor the definition says is asked for by both their names', async () => {
  const { err, code } = await asked(TENANT)
  assert.equal(code, 2)
  assert.match(err, /Give --source, or source: url in cutover\.yaml/)
  const bare = await stage({}).run('folders')
  assert.equal(bare.code, 2)
  assert.match(bare.err.replaceAll('\n', ' '), /--source <url>' not specified; a definition says it too: -f cutover\.yaml/)
})
