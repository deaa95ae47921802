import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fit, type FitMailbox, type FitQuestion } from './fit.ts'
import { reachOf } from './public-host.ts'
import { signInFor } from './sign-in.ts'

const OWN = signInFor({ kind: 'own', login: null, secret: null, template: null }, () => '')

function question(more: Partial<FitQuestion> = {}): FitQuestion {
  return {
    server: { host: 'imap.example.org', port: 993, security: 'Ssl' },
    simulated: false,
    oldTls: false,
    ownAuthority: false,
    signIn: OWN,
    excludeFolders: [],
    mailboxes: [],
    tenant: null,
    ...more,
  }
}

function codes(more: Partial<FitQuestion>): readonly string[] {
  return fit(question(more)).flatMap(({ code, severity }) => (severity === 'note' ? [] : [`${severity} ${code}`]))
}

function known(more: Partial<NonNullable<FitMailbox['known']>>): FitMailbox[] {
  return [{ target: 'a@example.org', known: { messages: 1, largestBytes: 1, repaired: 0, slashFolders: [], ...more } }]
}

test('names and addresses of this machine, of private networks and of nowhere are told from public ones', () => {
  const all: readonly (readonly [string, string])[] = [
    ['imap.example.org', 'public'],
    ['203.0.113.9', 'public'],
    ['172.32.0.1', 'public'],
    ['2001:db8::1', 'public'],
    ['127.0.0.1', 'this machine'],
    ['localhost', 'this machine'],
    ['::1', 'this machine'],
    ['::ffff:127.0.0.1', 'this machine'],
    ['10.1.2.3', 'private network'],
    ['172.16.0.1', 'private network'],
    ['192.168.1.1', 'private network'],
    ['169.254.1.1', 'private network'],
    ['100.64.0.1', 'private network'],
    ['fd00::1', 'private network'],
    ['fe80::1', 'private network'],
    ['mail', 'private network'],
    ['mail.corp', 'private network'],
    ['mail.local.', 'private network'],
    ['mail.example.test', 'no such name'],
  ]
  for (const [host, reach] of all) assert.equal(reachOf(host), reach, host)
})

test('a host that the internet does not see does not fit, but for a simulated tenant on the same machine', () => {
  const loopback = { host: '127.0.0.1', port: 143, security: 'None' } as const
  assert.deepEqual(codes({ server: loopback }), ['blocker not-public'])
  assert.deepEqual(codes({ server: loopback, simulated: true }), [])
  assert.deepEqual(codes({ server: { ...loopback, host: '10.0.0.1' }, simulated: true }), ['blocker not-public'])
  assert.deepEqual(codes({ server: { ...loopback, host: 'imap.example.org' } }), ['blocker not-encrypted'])
})

test('old TLS, an authority of one’s own, and a source that wants OAuth do not fit', () => {
  assert.deepEqual(codes({ oldTls: true }), ['blocker old-tls'])
  assert.deepEqual(codes({ ownAuthority: true }), ['blocker own-authority'])
  assert.deepEqual(codes({ signIn: { fits: false, why: 'no' } }), ['blocker sign-in'])
})

test('labels of Gmail are warned of, also where [Gmail] is excluded', () => {
  const server = { host: 'imap.gmail.com', port: 993, security: 'Ssl' } as const
  assert.deepEqual(codes({ server }), ['warning gmail-labels'])
  assert.match(fit(question({ server, excludeFolders: ['[Gmail]'] }))[0]?.says ?? '', /without a label does not come/)
})

test('what our own ledger knows of a mailbox decides, up to the very limit', () => {
  const MB = 1024 ** 2
  assert.deepEqual(codes({ mailboxes: known({ messages: 500_000, largestBytes: 35 * MB }) }), [])
  assert.deepEqual(codes({ mailboxes: known({ messages: 500_001 }) }), ['blocker too-many'])
  assert.deepEqual(codes({ mailboxes: known({ largestBytes: 35 * MB + 1 }) }), ['warning too-large'])
  assert.deepEqual(codes({ mailboxes: known({ repaired: 3 }) }), ['warning needs-repair'])
  assert.deepEqual(codes({ mailboxes: known({ slashFolders: ['A/B'] }) }), ['warning slash'])
})

test('what the tenant takes decides over what is documented, and never more than Exchange Online allows', () => {
  const MB = 1024 ** 2
  const tenant = (maxReceiveBytes: number) => ({ mailboxes: new Map([['a@example.org', { maxReceiveBytes }]]), batchOf: new Map() })
  assert.deepEqual(codes({ mailboxes: known({ largestBytes: 100 * MB }), tenant: tenant(150 * MB) }), [])
  assert.deepEqual(codes({ mailboxes: known({ largestBytes: 160 * MB }), tenant: tenant(Infinity) }), ['warning too-large'])
})

test('a target without a mailbox, and one in another batch, are named', () => {
  const mailboxes: FitMailbox[] = [
    { target: 'A@example.org', known: null },
    { target: 'b@example.org', known: null },
  ]
  const tenant = { mailboxes: new Map([['a@example.org', { maxReceiveBytes: null }]]), batchOf: new Map([['a@example.org', 'Other']]) }
  const found = fit(question({ mailboxes, tenant })).filter(({ severity }) => severity === 'blocker')
  assert.deepEqual(
    found.map(({ code, about }) => [code, about]),
    [
      ['in-batch', 'A@example.org'],
      ['no-mailbox', 'b@example.org'],
    ],
  )
  assert.match(found[0]?.says ?? '', /"Other"/)
})
