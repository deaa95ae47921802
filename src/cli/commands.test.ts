import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ErrorsInput } from '../api/operations.ts'
import type { Simulation } from '../api/simulation.ts'
import type { ManifestResult, MessageError, RehearsalResult, StatusResult, VerifyResult } from '../api/results.ts'
import type { Stage } from './cli.fixture.ts'
import { ADDRESSES, copyResult, mailbox, stage, WRONG_PASSWORD } from './cli.fixture.ts'

const FIGURES = { found: 100, copied: 99, skipped: 1, failed: 0, missing: 0, extra: 0, different: 0, unexplained: 0 }
const who = { name: 'anna', source: 'anna@old.example.org', target: 'anna@new.example.org' }
const verified = (more: Partial<VerifyResult> = {}): VerifyResult => ({
  ...FIGURES,
  level: 'content',
  compared: 99,
  repaired: 0,
  seconds: 3.2,
  mailboxes: [{ ...FIGURES, ...who, failure: null, folders: [] }],
  foldersTakenOver: 0,
  differences: [],
  manifestFile: 'proof.json',
  csvFile: null,
  htmlFile: null,
  ...more,
})

test('verify prints the verdict, a row per mailbox and the files', async () => {
  const { code, out } = await stage({ verify: async () => verified() }).run('verify', ...ADDRESSES, '--level', 'content')
  assert.equal(code, 0)
  assert.equal(
    out,
    `found 100: missing 0, extra 0, different 0, unexplained 0
Level content, 3.2 s, 99 messages compared.

mailbox  found  skipped  failed  missing  extra  different  state
anna       100        1       0        0      0          0  done
Signed manifest: proof.json
`,
  )
})

test('verify lists differences escaped, offers --repair, and fails', async () => {
  const differences = [
    { mailbox: 'anna', folder: 'INBOX', kind: 'missing', subject: 'Hi\u001b[2J', says: 'Not at the destination.' },
  ] as const
  const { code, out } = await stage({ verify: async () => verified({ missing: 30, differences }) }).run('verify', ...ADDRESSES)
  assert.equal(code, 1)
  assert.match(out, /^missing: anna, INBOX "Hi\\x1b\[2J"\n {2}Not at the destination\.$/m)
  assert.match(out, /\(and 10 more; --csv FILE writes all\)/)
  assert.match(out, /--repair/)
})

for (const [more, code] of [
  [{ different: 1 }, 1],
  [{ unexplained: 1 }, 1],
  [{ extra: 1 }, 3],
  [{ failed: 1 }, 3],
  [{ skipped: 5 }, 0],
  [{ mailboxes: [{ ...FIGURES, ...who, failure: WRONG_PASSWORD, folders: [] }] }, 3],
] as const) {
  test(`verify exits with ${code} for ${Object.keys(more).join()}, and its JSON is the result`, async () => {
    const result = verified(more)
    const ran = await stage({ verify: async () => result }).run('verify', ...ADDRESSES, '--json')
    assert.equal(ran.code, code)
    assert.deepEqual(JSON.parse(ran.out), result)
  })
}

test('status prints the books and a row per mailbox from the ledger alone', async () => {
  const books = { found: 100, copied: 90, skipped: 4, failed: 6, unexplained: 0, bytes: 5_000_000 }
  const result: StatusResult = {
    ...books,
    stateDir: './x',
    mailboxes: [
      {
        ...who,
        ...books,
        lastPass: 'initial',
        lastPassAt: '2026-11-22T12:34:56.000Z',
        state: 'done',
        verified: 0,
        folders: 3,
        failure: null,
      },
      { ...who, name: 'ben', ...books, found: 0, lastPass: null, lastPassAt: null, state: 'new', verified: 0, folders: 0, failure: null },
    ],
  }
  const { code, out } = await stage({ status: async () => result }).run('status', '--state', './x')
  assert.equal(code, 0)
  assert.equal(
    out,
    `found 100 = copied 90 + skipped 4 + failed 6
2 mailboxes, 5.0 MB, in ./x

mailbox  found  copied  skipped  failed  last pass                 state
anna       100      90        4       6  initial 2026-11-22 12:34  done
ben          0      90        4       6  -                         new
`,
  )
})

const left = (more: Partial<MessageError>): MessageError => ({
  mailbox: 'anna',
  folder: 'INBOX',
  uid: 7,
  subject: 'Plans',
  date: '2020-03-12T08:00:00.000Z',
  sizeBytes: 52_000_000,
  state: 'skipped',
  code: 'message-too-large',
  reason: 'Larger than 35 MB.',
  help: 'Export it.',
  serverText: null,
  attempts: 1,
  emlFile: null,
  ...more,
})

test('errors counts by reason and tells each message with what to do; the source is passed on for --eml', async () => {
  const calls: ErrorsInput[] = []
  const list = [
    left({}),
    left({ uid: 8, state: 'failed', code: 'message-refused', subject: null, date: null, serverText: 'BAD no', emlFile: 'out/8.eml' }),
  ]
  const scene = stage({
    errors: async (input) => {
      calls.push(input)
      return { skipped: 1, failed: 1, errors: list, csvFile: 'e.csv', emlDir: 'out', exported: 1 }
    },
  })
  const { code, out } = await scene.run(
    'errors',
    '--csv',
    'e.csv',
    '--eml',
    'out',
    '--source',
    'imaps://mail.example.org',
    '--mailboxes',
    'p.csv',
  )
  assert.equal(code, 0)
  assert.equal(
    out,
    `skipped 1, failed 1
  1  message-too-large
  1  message-refused

anna, INBOX, UID 7, 2020-03-12, 52.0 MB: "Plans"
  skipped: Larger than 35 MB.
  What to do: Export it.

anna, INBOX, UID 8, 52.0 MB
  failed: Larger than 35 MB.
  The server said: BAD no
  What to do: Export it.
  File: out/8.eml

CSV: e.csv
1 message written to out
`,
  )
  assert.deepEqual(
    [calls[0]?.addresses?.source, calls[0]?.addresses?.mailboxesFile, calls[0]?.emlDir],
    ['imaps://mail.example.org', 'p.csv', 'out'],
  )
})

test('simulate prints addresses, logins and a command to paste, and ends cleanly on Ctrl-C', async () => {
  let closed = false
  const simulation: Simulation = {
    sourceUrl: 'imap://127.0.0.1:1143?tls=none',
    destinationUrl: 'exchange:http://127.0.0.1:8080',
    definitionFile: null,
    mailboxesFile: '/tmp/s/mailboxes.csv',
    stateDir: '/tmp/s/state',
    logins: [{ name: 'anna', sourceLogin: 'anna', sourcePassword: 'made-up', target: 'anna@new.example.org', shows: 'loses the line' }],
    async [Symbol.asyncDispose]() {
      closed = true
    },
  }
  for (const json of [false, true]) {
    closed = false
    const scene: Stage = stage({ simulate: async () => simulation })
    const running = scene.run('simulate', ...(json ? ['--json'] : []))
    await new Promise<void>((resolve) => setImmediate(resolve))
    assert.equal(closed, false)
    scene.interrupt()
    const { code, out } = await running
    assert.deepEqual([code, closed], [0, true])
    const command =
      "cutover copy --source 'imap://127.0.0.1:1143?tls=none' --destination exchange:http://127.0.0.1:8080 --mailboxes /tmp/s/mailboxes.csv --state /tmp/s/state"
    if (json) assert.equal(JSON.parse(out).command, command)
    else assert.ok(out.includes(`\n  ${command}\n`) && /^anna +made-up$/m.test(out) && out.includes('\n  anna loses the line\n'))
  }
})

test('rehearse ends with the statement, and its exit code is its verdict', async () => {
  const result: RehearsalResult = {
    ...copyResult([mailbox('anna')]),
    steps: [{ says: 'Copied 100 messages.', seconds: 1.5, ok: true }],
    verify: { ...FIGURES, level: 'content' },
    ok: true,
  }
  const good = await stage({ rehearse: async () => result }).run('rehearse', '--copy')
  assert.equal(good.code, 0)
  assert.ok(good.out.startsWith('ok  Copied 100 messages. (1.5 s)\n'))
  assert.ok(good.out.endsWith('found 100 = copied 100 + skipped 0 + failed 0\nThe rehearsal went through. 2 min 10 s.\n'))
  const bad = await stage({ rehearse: async () => ({ ...result, ok: false }) }).run('rehearse', '--copy', '--json')
  assert.equal(bad.code, 1)
  assert.equal(JSON.parse(bad.out).found, 100)
})

test('manifest check tells a valid manifest from one that does not hold', async () => {
  const result: ManifestResult = {
    file: 'proof.json',
    valid: true,
    reason: null,
    keyFingerprint: 'ab'.repeat(32),
    signedAt: '2026-11-22T12:00:00.000Z',
    level: 'content',
    figures: FIGURES,
    unverified: ['ben'],
  }
  const good = await stage({ checkManifest: async () => result }).run('manifest', 'check', 'proof.json')
  assert.equal(good.code, 0)
  assert.match(good.out, /^The manifest is valid\.\nSigned: 2026[^]*\nNOT verified: ben\. Nothing is proven of it\.\n$/)
  const bad = { ...result, valid: false, reason: 'The signature does not match.', figures: null }
  const ran = await stage({ checkManifest: async () => bad }).run('manifest', 'check', 'proof.json')
  assert.equal(ran.code, 1)
  assert.match(ran.out, /^The manifest is NOT valid: The signature does not match\./)
})
