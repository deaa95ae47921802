import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ProbeInput, ProbeResult } from '../api/probe.ts'
import { Failure } from '../model/failure.ts'
import { stage, WRONG_PASSWORD } from './cli.fixture.ts'

const RESULT: ProbeResult = {
  target: 'example.org',
  url: 'imaps://mail.example.org',
  server: { host: 'mail.example.org', port: 993, tls: 'implicit', because: 'named by the SRV record _imaps._tcp.example.org' },
  attempts: [{ host: 'mail.example.org', port: 993, because: 'given', failure: null }],
  system: {
    name: 'dovecot',
    title: 'Dovecot',
    version: null,
    knownBy: 'greeting',
    maybe: [{ name: 'cpanel', title: 'cPanel (Dovecot)' }],
    tested: 'real server',
  },
  greeting: 'Dovecot ready. \u001b[31m' + 'very '.repeat(40),
  serverId: { name: 'Dovecot' },
  tls: {
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    names: ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}.example.org`),
    issuer: 'Example CA',
    selfSigned: false,
    validUntil: '2026-12-01T00:00:00.000Z',
    daysLeft: 9,
    objection: null,
  },
  capabilities: { beforeTls: null, beforeLogin: ['IMAP4REV1'], afterLogin: null },
  meanings: [{ capability: 'CONDSTORE', has: true, means: 'a later pass asks only for what changed' }],
  limits: [
    { name: 'connectionsPerMailbox', value: 10, certainty: 'tested', note: 'for each person' },
    { name: 'bytesPerDay', value: 2_500_000_000, certainty: 'guess', note: null },
  ],
  logins: ['LOGIN command', 'PLAIN'],
  access: [
    { kind: 'template', advice: 'A master user.', certainty: 'tested', template: '{user}*{admin}', verdict: 'offered' },
    { kind: 'kerio-master', advice: 'A master password.', certainty: 'guess', verdict: 'untold' },
    { kind: 'oauth', advice: 'Each signs in.', certainty: 'guess', verdict: 'not-offered' },
  ],
  listing: [{ kind: 'dovecot', advice: 'doveadm user "*".', certainty: 'tested' }],
  advice: [
    { says: 'Mind the dates.', certainty: 'tested' },
    { says: 'It may be slow.', certainty: 'guess' },
  ],
  tell: [{ says: 'Raise the limits.', certainty: 'documented' }],
  warnings: ['The certificate of mail.example.org runs out in 9 days.'],
  inside: null,
  failure: null,
}

test('what was found out is printed within 80 columns, what is not verified says so, and nothing foreign reaches the terminal raw', async () => {
  const asked: ProbeInput[] = []
  const scene = stage({
    probe: (input) => {
      asked.push(input)
      return Promise.resolve(RESULT)
    },
  })
  const { code, out } = await scene.run('probe', 'example.org')
  assert.equal(code, 0)
  assert.deepEqual(
    out.split('\n').filter((line) => line.length > 80),
    [],
  )
  assert.doesNotMatch(out, /\u001b/)
  const text = out.replaceAll(/\s+/g, ' ')
  for (const part of [
    'Dovecot - mail.example.org:993, TLS from the start (named by the SRV record _imaps._tcp.example.org)',
    'known by its greeting',
    'may also be part of cPanel',
    'certificate for a.example.org, b.example.org, c.example.org, d.example.org and 2 more, from Example CA, until 2026-12-01',
    'write it as: --source imaps://mail.example.org',
    'Mind this ! The certificate',
    '+ CONDSTORE a later pass',
    '10 connections at a time (tested; for each person)',
    '2.5 GB a day for each mailbox (not verified)',
    "+ --access template --access-template '{user}*{admin}': A master user.",
    '? --access kerio-master',
    '- --access oauth',
    '(cutover discover --from dovecot)',
    'It may be slow. (not verified)',
    'For the customer - Raise the limits.',
  ])
    assert.ok(text.includes(part), `${part}\n${text}`)
  assert.deepEqual([asked[0]?.target, asked[0]?.mailbox, asked[0]?.limitMs, asked[0]?.allowOldTls], ['example.org', null, 60_000, false])
})

test('inside a mailbox, folders, sizes, quota and namespaces are told', async () => {
  const inside: ProbeResult['inside'] = {
    capabilities: [],
    namespaces: { personal: [{ prefix: 'INBOX.', separator: '.' }], others: [], shared: [{ prefix: 'Public', separator: null }] },
    folders: 1,
    containers: 0,
    messages: 1234,
    sizeBytes: 5_000_000,
    special: [
      { role: 'sent', folder: 'INBOX.Sent', by: 'mark' },
      { role: 'trash', folder: 'INBOX.Bin', by: 'name' },
    ],
    quota: [
      { root: '', resource: 'STORAGE', used: 1000, limit: 2000 },
      { root: '', resource: 'MESSAGE', used: 7, limit: 100 },
    ],
    rights: 'lrs',
  }
  const scene = stage({ probe: () => Promise.resolve({ ...RESULT, inside }) })
  const { out } = await scene.run('probe', 'example.org')
  const text = out.replaceAll(/\s+/g, ' ')
  for (const part of [
    '1 folder, 1,234 messages, 5.0 MB',
    'sent: INBOX.Sent -',
    'trash: INBOX.Bin (by its name)',
    'own folders: "INBOX." with "."; of other persons: none; of everybody: "Public" with no levels',
    'quota: 1.0 MB of 2.0 MB',
    'quota: 7 of 100 MESSAGE',
    'rights on INBOX: lrs',
  ])
    assert.ok(text.includes(part), `${part}\n${text}`)
})

test('a mailbox that cannot be opened asks for a person, after all that was seen', async () => {
  const scene = stage({ probe: () => Promise.resolve({ ...RESULT, failure: WRONG_PASSWORD }) }, { env: { PW: 'hunter2' } })
  const { code, out } = await scene.run('probe', 'example.org', '--login', 'anna', '--secret', 'env:PW')
  assert.equal(code, 3)
  assert.match(out, /For the customer[^]*could not be opened[^]*What to do/)
  assert.doesNotMatch(out, /hunter2/)
})

test('with --json there is one object and nothing else', async () => {
  const { code, out } = await stage({ probe: () => Promise.resolve(RESULT) }).run('probe', 'example.org', '--json')
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out), RESULT)
})

test('a wrong use is refused before anything is asked, without repeating a secret', async () => {
  for (const args of [
    ['probe'],
    ['probe', 'example.org', '--secret', 'hunter2'],
    ['probe', 'example.org', '--timeout', '0'],
    ['probe', 'example.org', '--timeout', 'hunter2'],
  ]) {
    const { code, err } = await stage({}).run(...args)
    assert.equal(code, 2, args.join(' '))
    assert.doesNotMatch(err, /hunter2/)
  }
})

test('no server at all is a sentence and what to do', async () => {
  const nothing = (): Promise<ProbeResult> => Promise.reject(new Failure('host-unknown', 'No IMAP server of example.org was found.'))
  const { code, err } = await stage({ probe: nothing }).run('probe', 'example.org')
  assert.equal(code, 3)
  assert.match(err, /No IMAP server of example\.org was found\.\s+What to do: Check the host name/)
})
