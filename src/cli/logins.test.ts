import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LoginsInput } from '../api/operations.ts'
import type { LoginEnd, LoginsResult, Trouble } from '../api/results.ts'
import { FAILURES } from '../model/failure-codes.ts'
import { stage } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

const SOURCE = ['--source', 'imaps://mail.example.org', '--mailboxes', 'people.csv']
const BOTH = [...SOURCE, '--destination', 'imaps://new.example.org']

const works = (messages: number): LoginEnd => ({ login: 'x', works: true, messages, failure: null })
const fails = (code: Trouble['code'], side: 'source' | 'destination' = 'source'): LoginEnd => ({
  login: 'x',
  works: false,
  messages: null,
  failure: { code, message: `It is ${code}.`, help: FAILURES[code].help, side, serverText: null },
})

const RESULT: LoginsResult = {
  mailboxes: [
    { name: 'anna', source: works(2411), destination: works(0) },
    { name: 'ben', source: fails('auth-rejected'), destination: works(0) },
    { name: 'clara', source: works(1), destination: fails('mailbox-not-connected', 'destination') },
    { name: 'dora', source: fails('no-rights'), destination: fails('mailbox-not-connected', 'destination') },
  ],
}

test('logins prints a row per mailbox, each trouble once, and exits with 3 where a person must look', async () => {
  const { code, out } = await stage({ logins: async () => RESULT }).run('logins', ...BOTH)
  assert.equal(code, 3)
  assert.match(
    out,
    /^1 of 4 mailboxes can be opened at both ends\.\n\nmailbox {2}source +destination\nanna +works \(2,411 messages\) {2}works \(0 messages\)\nben +wrong password +works/,
  )
  assert.match(out, /\ndora +no rights +not connected\n/)
  assert.match(out, /\nclara, dora:\n {2}Destination: It is mailbox-not-connected\./)
  assert.match(out, /--wait 60/)
  for (const line of out.split('\n')) assert.ok(widthOf(line) <= 80, line)
})

test('logins exits with 0 where all work, also at the source alone, and its JSON is the result', async () => {
  const result: LoginsResult = { mailboxes: [{ name: 'anna', source: works(3), destination: null }] }
  const calls: LoginsInput[] = []
  const scene = stage({
    logins: async (input) => {
      calls.push(input)
      return result
    },
  })
  const { code, out } = await scene.run('logins', ...SOURCE, '--json', '--wait', '90')
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out), result)
  assert.deepEqual([calls[0]?.destination, calls[0]?.waitMinutes, calls[0]?.access], [null, 90, null])
})

test('what is said of access arrives as plain data, the secret from where it is kept', async () => {
  const calls: LoginsInput[] = []
  const scene = stage(
    {
      logins: async (input) => {
        calls.push(input)
        return { mailboxes: [] }
      },
    },
    { env: { ADMIN: 's3cret ' } },
  )
  const options = ['--access', 'template', '--access-login', 'root', '--access-secret', 'env:ADMIN', '--access-template', '{user}*{admin}']
  assert.equal((await scene.run('logins', ...SOURCE, ...options)).code, 0)
  const { access } = calls[0] ?? assert.fail('logins was not called')
  assert.deepEqual(
    [access?.kind, access?.login, access?.template, access?.secret?.reveal()],
    ['template', 'root', '{user}*{admin}', 's3cret '],
  )
  assert.ok(!JSON.stringify(access).includes('s3cret'))
})

for (const [argv, message] of [
  [['--access', 'magic'], /own, authzid, template/],
  [['--access-login', 'root'], /need --access/],
  [['--access', 'authzid', '--access-secret', 'hunter2'], /env:NAME or file:PATH/],
  [['--access', 'authzid', '--access-secret', 'env:NOWHERE'], /NOWHERE .* is not set/],
] as const)
  test(`wrong use of access is told, and no secret repeated: ${argv.join(' ')}`, async () => {
    const { code, err, out } = await stage({}).run('logins', ...SOURCE, ...argv)
    assert.equal(code, 2)
    assert.match(err.replaceAll(/\s+/g, ' '), message)
    assert.ok(!`${err}${out}`.includes('hunter2'))
  })

test('what is waited for is told on standard error', async () => {
  const idle = { mailbox: 'anna', folder: null, done: 0, total: 0, bytes: 0, totalBytes: null, waitingUntilMs: null, note: null }
  const scene = stage({
    logins: async (input) => {
      input.onMailboxes(['anna'])
      input.onProgress({ ...idle, phase: 'done' })
      input.onProgress({ ...idle, phase: 'connect', note: 'tried again in 5 min' })
      return { mailboxes: [] }
    },
  })
  assert.equal((await scene.run('logins', ...SOURCE)).err, 'anna tried again in 5 min\n')
})
