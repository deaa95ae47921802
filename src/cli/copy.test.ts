import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CopyInput } from '../api/operations.ts'
import type { CopyResult, Trouble } from '../api/results.ts'
import { Failure } from '../model/failure.ts'
import type { Ran } from './cli.fixture.ts'
import { ADDRESSES, copyResult, mailbox, stage, WRONG_PASSWORD } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

async function copied(result: CopyResult, ...argv: string[]): Promise<Ran> {
  return stage({ copy: async () => result }).run('copy', ...ADDRESSES, ...argv)
}

const lost: Trouble = {
  code: 'connection-lost',
  message: 'The connection broke.',
  help: 'Try again.',
  side: 'destination',
  serverText: null,
}

test('the report of a copy at 80 columns: statement, a row per mailbox, troubles in their own words, what to do next', async () => {
  const result = copyResult([
    mailbox('anna', { found: 2411, copied: 2398, skipped: 12, failed: 1, flagsChanged: 3 }),
    mailbox('ben', { found: 0, copied: 0, bytes: 0, seconds: 0.4, failure: WRONG_PASSWORD }),
  ])
  const { code, out, err } = await copied(result)
  assert.equal(err, '')
  assert.equal(code, 3)
  assert.equal(
    out,
    `found 2,411 = copied 2,398 + skipped 12 + failed 1
34.2 MB in 2 min 10 s, 2 mailboxes; 3 flags changed.

mailbox  found  copied  skipped  failed     size   time  state
anna     2,411   2,398       12       1  34.2 MB   12 s  done
ben          0       0        0       0      0 B  0.4 s  needs you

ben:
  Source: The server did not accept login and password.
  The server said: NO [AUTHENTICATIONFAILED] Authentication failed.
  What to do: Check the login and password (or app password) of this mailbox.

What was not copied, and why: cutover errors --state ./cutover-state
Once the trouble above is solved, run the same command again.
Then prove it: cutover verify with the same addresses.
`,
  )
})

for (const [what, result, code] of [
  ['all copied', copyResult([mailbox('a')]), 0],
  ['messages skipped with a reason', copyResult([mailbox('a', { copied: 90, skipped: 10 })]), 0],
  ['messages failed', copyResult([mailbox('a', { copied: 90, failed: 10 })]), 3],
  ['a mailbox that needs a person', copyResult([mailbox('a'), mailbox('b', { failure: WRONG_PASSWORD })]), 3],
  ['a mailbox that failed', copyResult([mailbox('a', { failure: WRONG_PASSWORD }), mailbox('b', { failure: lost })]), 1],
  ['books that do not close', copyResult([mailbox('a', { copied: 98, unexplained: 2 })]), 1],
] as const) {
  test(`the exit code is ${code} after ${what}, with and without --json`, async () => {
    assert.equal((await copied(result)).code, code)
    assert.equal((await copied(result, '--json')).code, code)
  })
}

test('what a stopped or troubled mailbox has still before it is no mystery', async () => {
  const stopped = { ...WRONG_PASSWORD, code: 'stopped', message: 'Stopped on request.' } as const
  const result = copyResult([mailbox('a'), mailbox('b', { copied: 40, unexplained: 60, failure: stopped })])
  const { code, out } = await copied(result)
  assert.equal(code, 3)
  assert.match(out, /^found 200 = copied 140 \+ skipped 0 \+ failed 0 \+ not yet copied 60\n/)
  assert.doesNotMatch(out, /unexplained/i)
})

test('an unexplained remainder is loud', async () => {
  const { out } = await copied(copyResult([mailbox('a', { copied: 98, unexplained: 2 })]))
  assert.match(out, /^found 100 = copied 98 \+ skipped 0 \+ failed 0 \+ UNEXPLAINED 2\n!!! 2 messages unexplained/)
})

test('--json prints the result as one object on one line, and nothing else', async () => {
  const result = copyResult([mailbox('anna\u001b[31m', { failure: WRONG_PASSWORD })])
  const { out } = await copied(result, '--json')
  assert.equal(out.trimEnd().split('\n').length, 1)
  assert.deepEqual(JSON.parse(out), result)
  assert.ok(!out.includes('\u001b'))
})

test('hostile names, servers and sentences never reach the terminal raw, and no line is wider than 80', async () => {
  const evil = '\u001b]0;pwned\u0007\r\n\u202e下書き'.repeat(6)
  const failure = { ...WRONG_PASSWORD, message: evil, serverText: evil, help: evil }
  const { out } = await copied(copyResult([mailbox(evil, { failure }), mailbox(`${evil}2`, { copied: 0, failed: 100 })]))
  assert.ok(!/[\u0000-\u0009\u000b-\u001f\u202e]/.test(out))
  for (const line of out.split('\n')) assert.ok(widthOf(line) <= 80, line)
})

test('one cause in a thousand mailboxes is told once, and only odd mailboxes are listed', async () => {
  const many = Array.from({ length: 1000 }, (_, at) => mailbox(`user${at}`, at % 100 === 0 ? { failure: WRONG_PASSWORD } : {}))
  const { out } = await copied(copyResult(many))
  assert.equal(out.split('did not accept login').length - 1, 1)
  assert.match(out, /^user0, user100, user200, user300, user400 and 5 more:$/m)
  assert.match(out, /^\(990 more mailboxes: `cutover status` shows all\)$/m)
  assert.ok(out.split('\n').length < 40)
})

test('every option arrives at the operation as plain data', async () => {
  const calls: CopyInput[] = []
  const scene = stage({
    copy: async (input) => {
      calls.push(input)
      return copyResult([])
    },
  })
  const options =
    '--pass final --deletions keep --allow-deletions --oldest-first --connections 3 --mailboxes-at-once 8 --max-message-size 35MB --keep-receipt-requests --include-deleted --no-subjects --no-categories --rate 4MB/s --state ./x --ca ca.pem --only anna ben --include-shared --include-folder Notes Journal'
  assert.equal((await scene.run('copy', ...ADDRESSES, ...options.split(' '))).code, 0)
  const { signal, onMailboxes, onProgress, env, show, ...rest } = calls[0] ?? assert.fail('copy was not called')
  assert.deepEqual(rest, {
    source: 'imaps://mail.example.org',
    destination: 'imaps://new.example.org',
    mailboxesFile: 'people.csv',
    stateDir: './x',
    caFile: 'ca.pem',
    only: ['anna', 'ben'],
    trees: { others: true, public: false, folders: ['Notes', 'Journal'] },
    access: null,
    identity: null,
    cloud: 'global',
    pass: 'final',
    deletions: 'keep',
    allowDeletions: true,
    oldestFirst: true,
    connections: 3,
    mailboxesAtOnce: 8,
    maxMessageBytes: 35_000_000,
    keepReceiptRequests: true,
    includeDeleted: true,
    retryFailed: false,
    subjects: false,
    categories: false,
    bytesPerSecond: 4_000_000,
  })
  assert.ok(!signal.aborted && env === scene.world.env && typeof onMailboxes === 'function' && typeof onProgress === 'function')
  assert.equal(typeof show, 'function')
})

for (const [failure, code] of [
  [new Failure('bad-input', 'Row 3: the target is missing.'), 2],
  [new Failure('state-in-use', 'The state directory is in use.'), 3],
  [new Failure('server-unavailable', 'Temporarily unavailable.', { side: 'source', serverText: 'NO [UNAVAILABLE]' }), 1],
] as const) {
  test(`a thrown ${failure.code} is told in sentences or as JSON, with exit code ${code}`, async () => {
    const copy = async (): Promise<never> => {
      throw failure
    }
    const text = await stage({ copy }).run('copy', ...ADDRESSES)
    assert.deepEqual([text.code, text.out], [code, ''])
    assert.ok(text.err.includes(failure.message) && text.err.includes('What to do:') && !text.err.includes('    at '))
    const json = await stage({ copy }).run('copy', ...ADDRESSES, '--json')
    assert.deepEqual([json.code, json.err], [code, ''])
    const { error } = JSON.parse(json.out)
    assert.deepEqual([error.code, error.message, error.help], [failure.code, failure.message, failure.help])
  })
}

test('anything else thrown is called a bug of ours; the stack is shown only with --debug', async () => {
  const copy = async (): Promise<never> => {
    throw new TypeError('cannot read x of \u001b undefined')
  }
  const plain = await stage({ copy }).run('copy', ...ADDRESSES)
  assert.equal(plain.code, 1)
  assert.match(plain.err, /^This is a bug in cutover: TypeError: cannot read x of \\x1b undefined\n {2}Please report it/)
  assert.doesNotMatch(plain.err, / at /)
  assert.match((await stage({ copy }).run('copy', ...ADDRESSES, '--debug')).err, /copy\.test\.ts/)
  const json = await stage({ copy }).run('copy', ...ADDRESSES, '--json')
  assert.equal(JSON.parse(json.out).error.code, 'bug')
})

test('what hides mail at the source is told below the mailboxes, once for all that it befell', async () => {
  const hidden = { notes: ['Some mail is hidden.'] }
  const names = ['anna', 'ben', 'clara', 'dora', 'emil', 'fritz', 'gerda']
  const { code, out } = await copied(copyResult([...names.map((name) => mailbox(name, hidden)), mailbox('hugo')]))
  assert.equal(code, 0)
  assert.match(out.replaceAll('\n', ' '), / anna, ben, clara, dora, emil and 2 more: Some mail is hidden\. /)
  assert.equal(out.split('hidden').length, 2)
})
