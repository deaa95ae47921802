import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectCheck, ConnectInput, ConnectResult } from '../api/tenant-connect.ts'
import { stage } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

const one = (id: string, state: ConnectCheck['state'], more: Partial<ConnectCheck> = {}): ConnectCheck => ({
  id,
  group: 'graph',
  title: id,
  state,
  says: 'It is as it is.',
  isOptional: false,
  warns: false,
  pendingMs: null,
  failure: null,
  ...more,
})
const result = (checks: readonly ConnectCheck[], more: Partial<ConnectResult> = {}): ConnectResult => ({
  tenantId: 'T',
  clientId: 'C',
  person: null,
  checks,
  steps: [],
  asPerson: [],
  applied: [],
  stopped: false,
  ...more,
})
const FLAGS = ['tenant', 'connect', '--service', 'http://127.0.0.1:1']

const codes: readonly (readonly [string, readonly ConnectCheck[], number])[] = [
  ['everything there', [one('a', 'ok'), one('b', 'unknown')], 0],
  ['something missing', [one('a', 'missing')], 3],
  ['something that is not in effect yet', [one('a', 'waiting')], 3],
  ['only something optional missing', [one('a', 'ok'), one('b', 'missing', { isOptional: true })], 0],
  [
    'a service that is away',
    [one('a', 'unknown', { failure: { code: 'server-unavailable', message: 'Away.', help: '', side: null, serverText: null } })],
    1,
  ],
]
for (const [what, checks, code] of codes)
  test(`with ${what} the exit code is ${code}`, async () => {
    const ran = await stage({ tenantConnect: async () => result(checks) }).run(...FLAGS)
    assert.equal(ran.code, code)
  })

test('each check has its mark, and foreign names and long sentences stay harmless within 80 columns', async () => {
  const long = 'A sentence that goes on and on until it is much wider than any terminal is, and then some more. '.repeat(2)
  const checks = [
    one('a\u001b[2Jb', 'missing', { says: long }),
    one('c', 'ok', { warns: true, group: 'sign-in' }),
    one('d', 'missing', { isOptional: true }),
    one('e', 'waiting', { group: 'mailbox', pendingMs: 5 * 60_000 }),
    one('f', 'waiting', { group: 'mailbox', pendingMs: 180 * 60_000 }),
  ]
  const steps = [{ says: long, portal: ['a', 'b'], lines: [{ kind: 'exchange', text: 'New-Thing -Name \u001b' }] }] as const
  const { out, err } = await stage({ tenantConnect: async () => result(checks, { steps }) }).run(...FLAGS)
  const lines = `${out}${err}`.split('\n')
  for (const line of lines) assert.ok(widthOf(line) <= 80, line)
  assert.ok(!/\u001b/.test(out))
  for (const line of ['  SOON     c: It is as it is.', '  without  d: It is as it is. (Optional.)', '       New-Thing -Name \\x1b'])
    assert.ok(lines.includes(line), line)
  assert.match(out, /waiting {2}e: It is as it is\. Seen so for 5 min\./)
  assert.match(out.replaceAll(/\s+/g, ' '), /Seen so for 3 h\. That is longer than usual/)
  assert.match(out, /--wait 60/)
})

test('a long list of mailboxes shows those that are not well', async () => {
  const well = Array.from({ length: 40 }, (_, at) => one(`m${at}`, 'ok', { group: 'mailbox' }))
  const { out } = await stage({ tenantConnect: async () => result([...well, one('bad', 'missing', { group: 'mailbox' })]) }).run(...FLAGS)
  assert.match(out, /MISSING {2}bad/)
  assert.match(out, /\(40 more, all well\)/)
  assert.doesNotMatch(out, /m7/)
})

test('a long list of mailboxes tells how far it is, every ten seconds', async () => {
  const all = stage({
    async tenantConnect({ onTried }) {
      for (let tried = 1; tried <= 40; tried++) {
        all.advance(1000)
        onTried(tried, 40)
      }
      return result([one('a', 'ok')])
    },
  })
  const { err } = await all.run(...FLAGS)
  assert.deepEqual(
    err.trim().split('\n'),
    [10, 20, 30, 40].map((tried) => `${tried} of 40 mailboxes tried`),
  )
})

test('with --json there is one object, and nothing of the looks before', async () => {
  const { out } = await stage({
    async tenantConnect({ onLook, onPause }) {
      onLook(result([one('a', 'missing')]))
      onPause({ pending: 1, waitedMs: 0, pauseMs: 60_000 })
      return result([one('a', 'ok')])
    },
  }).run(...FLAGS, '--json', '--wait', '5')
  assert.equal(JSON.parse(out).checks[0].state, 'ok')
})

test('while it waits it says so, and Ctrl-C ends it with how to go on', async () => {
  const all = stage({
    async tenantConnect({ signal, onLook, onPause }) {
      const last = result([one('a', 'waiting')])
      onLook(last)
      onPause({ pending: 1, waitedMs: 120_000, pauseMs: 60_000 })
      all.interrupt()
      assert.ok(signal.aborted)
      return { ...last, stopped: true }
    },
  })
  const { code, err } = await all.run(...FLAGS, '--wait', '60')
  assert.equal(code, 3)
  assert.match(err, /1 thing not there yet, waiting for 2 min; looked at again in 1 min/)
  assert.match(err, /To go on, run the same command again:\n {2}cutover tenant connect/)
})

test('which tenant and as whom comes from options before the environment, and a definition stands alone', async () => {
  const seen: ConnectInput[] = []
  const env = { CUTOVER_TENANT: 'env.example', CUTOVER_CLIENT_ID: 'E', CUTOVER_CLIENT_SECRET: 's' }
  const all = stage({ tenantConnect: async (input) => (seen.push(input), result([])) }, { env })
  await all.run('tenant', 'connect', '--tenant', 'given.example', '--for', 'copy', 'plan', '--mailbox', 'a@example.test')
  await all.run('tenant', 'connect', '-f', 'cutover.yaml')
  const [byOptions, byFile] = seen
  assert.deepEqual([byOptions?.identity?.tenant, byOptions?.identity?.clientId], ['given.example', 'E'])
  assert.deepEqual([byOptions?.purposes, byOptions?.mailboxes], [['copy', 'plan'], ['a@example.test']])
  assert.deepEqual([byFile?.identity, byFile?.definitionFile], [null, 'cutover.yaml'])
})

test('a purpose that is none is wrong usage, and a secret on the command line is refused', async () => {
  const purpose = await stage({}).run('tenant', 'connect', '--for', 'everything')
  assert.deepEqual([purpose.code, /Run `cutover tenant connect --help`/.test(purpose.err)], [2, true])
  const secret = await stage({}).run('tenant', 'connect', '--tenant', 't', '--client-id', 'c', '--client-secret', 'hunter2')
  assert.equal(secret.code, 2)
  assert.doesNotMatch(secret.err, /hunter2/)
})
