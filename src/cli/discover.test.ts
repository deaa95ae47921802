import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DiscoveredMailbox, DiscoverInput, DiscoverResult } from '../api/discovery.ts'
import { stage } from './cli.fixture.ts'

const mailbox = (login: string, more: Partial<DiscoveredMailbox> = {}): DiscoveredMailbox => ({
  login,
  name: null,
  kind: 'user',
  moves: true,
  target: login,
  aliases: [],
  mailAlias: null,
  sizeBytes: null,
  messages: null,
  flags: [],
  remarks: [],
  ...more,
})

const result = (mailboxes: readonly DiscoveredMailbox[], more: Partial<DiscoverResult> = {}): DiscoverResult => ({
  listings: [{ input: 'users.txt', from: 'plain', title: 'a plain list of addresses', found: mailboxes.length }],
  mailboxes,
  problems: [],
  written: null,
  ...more,
})

const sameTarget = { code: 'same-target', says: 'same target as x' }

test('the summary counts by kind, with the sizes that are known, within 80 columns', async () => {
  const mailboxes = [
    mailbox('anna@example.test', { sizeBytes: 1.5e9, aliases: ['a@example.test'] }),
    mailbox('bert@example.test'),
    mailbox('info@example.test', { kind: 'shared', sizeBytes: 2e6 }),
    mailbox('all@example.test', { kind: 'group', moves: false, target: null }),
  ]
  const written = { file: 'mailboxes.csv', rows: 4, added: [], gone: [], merged: false }
  const { code, out } = await stage({ discover: () => Promise.resolve(result(mailboxes, { written })) }).run('discover', 'users.txt')
  assert.equal(code, 0)
  assert.equal(
    out,
    `users.txt: 4 accounts, read as a plain list of addresses

mailboxes                       number              size
users                                2  1.5 GB (1 known)
shared mailboxes                     1            2.0 MB
all mailboxes to move                3  1.5 GB (2 known)
their further addresses              1
no mailboxes, nothing to copy:
  groups                             1

Wrote mailboxes.csv: 3 mailboxes to move, and 1 row to know of that is not
copied.
Look through it, put passwords in or give --access, then try them all:
  cutover logins --source imaps://HOST --mailboxes mailboxes.csv
`,
  )
})

test('what a person must decide and what was not understood ends with 3, hostile names escaped', async () => {
  const evil = `x\u001b[2J${'y'.repeat(100)}@example.test`
  const mailboxes = [mailbox(evil, { flags: [sameTarget] }), ...['a', 'b', 'c', 'd'].map((name) => mailbox(name, { flags: [sameTarget] }))]
  const problems = Array.from({ length: 12 }, (_, at) => ({ input: 'users.txt', line: at + 1, says: '"\u001b]0;" is not a login' }))
  const { code, out } = await stage({ discover: () => Promise.resolve(result(mailboxes, { problems })) }).run('discover', 'users.txt')
  assert.equal(code, 3)
  assert.doesNotMatch(out, /\u001b/)
  assert.match(out, /\n {2}5 several have one target: keep one, or give others theirs\n/)
  assert.match(out, /, a, b, and 2 more\n/)
  assert.match(out, /users\.txt, line 1: "\\x1b\]0;" is not a login\n/)
  assert.match(out, /\n {2}and 2 more; --json tells all\n/)
  for (const line of out.split('\n')) assert.ok(line.length <= 80, line)
})

test('a role account or a domain to look at alone does not end with 3', async () => {
  const mailboxes = [mailbox('info@example.test', { flags: [{ code: 'role', says: 'role account' }] })]
  assert.equal((await stage({ discover: () => Promise.resolve(result(mailboxes)) }).run('discover', '-')).code, 0)
})

test('every option arrives at the operation as plain data, and the secret as a secret', async () => {
  const asked: DiscoverInput[] = []
  const discover = (input: DiscoverInput): Promise<DiscoverResult> => {
    asked.push(input)
    input.onFound(7)
    return Promise.resolve(result([mailbox('anna@example.test')]))
  }
  const argv = [
    'discover ldaps://directory.example.test more.csv --from ldap --login cn=reader --secret env:PW --base dc=test --filter (mail=*)',
    '--login-attribute uid --ca ca.pem --target-domain example.test --target-domain second.test --map a.test=b.test --map c.test=d.test',
    '--out mailboxes.csv --merge --json',
  ]
  const { code, out } = await stage({ discover }, { env: { PW: 'hunter2' }, stdin: 'given' }).run(...argv.join(' ').split(' '))
  assert.equal(code, 0, out)
  const { secret, standardInput, onFound, signal, ...plain } = asked[0] ?? assert.fail()
  assert.deepEqual(
    [secret?.reveal(), String(await standardInput(signal)), typeof onFound, signal.aborted],
    ['hunter2', 'given', 'function', false],
  )
  assert.deepEqual(plain, {
    inputs: ['ldaps://directory.example.test', 'more.csv'],
    from: 'ldap',
    settings: { login: 'cn=reader', base: 'dc=test', filter: '(mail=*)', 'login-attribute': 'uid' },
    identity: null,
    cloud: 'global',
    caFile: 'ca.pem',
    targetDomains: ['example.test', 'second.test'],
    maps: ['a.test=b.test', 'c.test=d.test'],
    outFile: 'mailboxes.csv',
    existing: 'merge',
  })
  assert.deepEqual(JSON.parse(out), result([mailbox('anna@example.test')]))
})
