import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { ExchangeIdentity } from '../api/operations.ts'
import { Failure } from '../model/failure.ts'
import { ADDRESSES, copyResult, stage } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

const scratch = mkdtempSync(join(tmpdir(), 'cutover-cli-'))
after(() => rmSync(scratch, { recursive: true }))
const file = (name: string, text: string): string => {
  writeFileSync(join(scratch, name), text)
  return join(scratch, name)
}

const COMMANDS = 'copy verify folders discover logins probe status errors limit simulate rehearse switch'
  .split(' ')
  .concat('manifest check', 'mailflow test', ...['assess', 'plan', 'apply', 'undo', 'status'].map((word) => `dns ${word}`))

for (const command of COMMANDS) {
  test(`${command} --help shows examples within 80 columns and exits with 0`, async () => {
    const { code, out, err } = await stage({}).run(...command.split(' '), '--help')
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /Examples:\n/)
    assert.ok(out.includes('--json'))
    for (const line of out.split('\n')) assert.ok(widthOf(line) <= 80, line)
  })
}

test('the list of commands stays within 80 columns and says what each is for', async () => {
  const { code, out } = await stage({}).run('--help')
  assert.equal(code, 0)
  for (const line of out.split('\n')) assert.ok(widthOf(line) <= 80, line)
  for (const command of COMMANDS) assert.match(out, new RegExp(`^  ${command.split(' ')[0]} +[a-z]`, 'm'))
})

test('a wrong command line names the help of the command that was meant, also where another one is called the same', async () => {
  const { code, err } = await stage({}).run('dns', 'assess')
  assert.equal(code, 2)
  assert.match(err, /Run `cutover dns assess --help`/)
})

for (const [argv, message] of [
  [['copy'], /--source/],
  [['copy', ...ADDRESSES, '--pass', 'twice'], /auto, initial, delta, final/],
  [['copy', ...ADDRESSES, '--rate', 'fast'], /rate like 4MB/],
  [['copy', ...ADDRESSES, '--bogus'], /--bogus/],
  [['verify', ...ADDRESSES, '--level', 'counts', '--sample', '5%'], /--level content/],
  [['errors', '--eml', 'x'], /--source and --mailboxes/],
  [['copi'], /copi/],
  [['manifest', 'check'], /file/],
  [['copy', ...ADDRESSES, 'stray'], /argument/],
] as const) {
  test(`wrong usage "${argv.join(' ')}" exits with 2 and says what is wrong, as text and as JSON`, async () => {
    const text = await stage({}).run(...argv)
    assert.deepEqual([text.code, text.out], [2, ''])
    assert.match(text.err, message)
    assert.match(text.err, /Run `cutover .*--help`/)
    const json = await stage({}).run(...argv, '--json')
    assert.deepEqual([json.code, json.err], [2, ''])
    assert.match(JSON.parse(json.out).error.message, message)
  })
}

test('a password in the wrong place is refused and not repeated', async () => {
  const url = await stage({}).run(
    'copy',
    '--source',
    'imaps://anna:hunter2@mail.example.org',
    '--destination',
    'exchange:',
    '--mailboxes',
    'x',
  )
  const secret = await stage({}).run('copy', ...ADDRESSES, '--client-secret', 'hunter2')
  for (const { code, out, err } of [url, secret]) {
    assert.equal(code, 2)
    assert.ok(!`${out}${err}`.includes('hunter2'))
  }
})

const EXCHANGE = ['copy', '--source', 'imaps://mail.example.org', '--destination', 'exchange:', '--mailboxes', 'people.csv']
const APP = ['--tenant', 'contoso.example', '--client-id', 'app-1']

async function identity(
  argv: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; err: string; given: ExchangeIdentity | null | undefined }> {
  let given: ExchangeIdentity | null | undefined
  const scene = stage(
    {
      copy: async (input) => {
        given = input.identity
        return copyResult([])
      },
    },
    { env },
  )
  const { code, err } = await scene.run(...argv)
  return { code, err, given }
}

test('the secret of the application comes from a file, a named variable or the known variables', async () => {
  const secretFile = file('secret', 's3cret\n')
  const known = { CUTOVER_TENANT: 'contoso.example', CUTOVER_CLIENT_ID: 'app-1', CUTOVER_CLIENT_SECRET: 's3cret' }
  for (const { code, given } of [
    await identity([...EXCHANGE, ...APP, '--client-secret', `file:${secretFile}`]),
    await identity([...EXCHANGE, ...APP, '--client-secret', 'env:MINE'], { MINE: 's3cret' }),
    await identity(EXCHANGE, known),
  ]) {
    assert.equal(code, 0)
    assert.ok(given?.kind === 'secret')
    assert.deepEqual([given.tenant, given.clientId, given.clientSecret.reveal()], ['contoso.example', 'app-1', 's3cret'])
  }
})

test('a certificate needs its key, and both are read from files', async () => {
  const certificate = file('app.pem', 'CERT')
  const key = file('app.key', 'KEY')
  const { given } = await identity([...EXCHANGE, ...APP, '--certificate', certificate, '--key', key])
  assert.ok(given?.kind === 'certificate')
  assert.deepEqual([given.certificatePem, given.privateKeyPem.reveal()], ['CERT', 'KEY'])
  const half = await identity([...EXCHANGE, ...APP, '--certificate', certificate])
  assert.deepEqual([half.code, half.given], [2, undefined])
  assert.match(half.err, /belong together/)
})

test('the text of a device code is shown on standard error, escaped', async () => {
  const scene = stage({
    copy: async (input) => {
      if (input.identity?.kind === 'device') input.identity.show('Enter C4T7.\u001b[2J')
      return copyResult([])
    },
  })
  const { out, err } = await scene.run(...EXCHANGE, ...APP, '--device-code', '--json', '--quiet')
  assert.equal(err, 'Enter C4T7.\\x1b[2J\n')
  assert.equal(out.trimEnd().split('\n').length, 1)
})

for (const [argv, message] of [
  [EXCHANGE, /needs --tenant and --client-id/],
  [[...EXCHANGE, ...APP], /needs --client-secret, or --certificate and --key, or --device-code/],
  [[...EXCHANGE, ...APP, '--client-secret', 'env:NOWHERE'], /variable NOWHERE .* is not set/],
  [[...EXCHANGE, ...APP, '--client-secret', 'file:/nowhere/at/all'], /cannot be read \(ENOENT\)/],
] as const) {
  test(`an identity that is not complete is told before anything starts: ${String(message)}`, async () => {
    const { code, err, given } = await identity(argv)
    assert.deepEqual([code, given], [2, undefined])
    assert.match(err.replaceAll(/\s+/g, ' '), message)
  })
}

test('the simulator and plain IMAP need no identity', async () => {
  const simulator = EXCHANGE.map((word) => (word === 'exchange:' ? 'exchange:http://127.0.0.1:8080' : word))
  assert.deepEqual(await identity(simulator), { code: 0, err: '', given: null })
  assert.deepEqual(await identity(['copy', ...ADDRESSES]), { code: 0, err: '', given: null })
})

test('mistakes in the input stand a line each, indented', async () => {
  const scene = stage({
    copy: () =>
      Promise.reject(new Failure('bad-input', 'The list people.csv has 2 mistakes:\nline 2: target is empty\nline 3: name is\tempty')),
  })
  const { code, err } = await scene.run('copy', ...ADDRESSES)
  assert.equal(code, 2)
  assert.match(err, /^ {2}The list people\.csv has 2 mistakes:\n {4}line 2: target is empty\n {4}line 3: name is\\tempty\n {2}What to do/m)
})
