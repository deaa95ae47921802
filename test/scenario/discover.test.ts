import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { operationsIn } from '../../src/api/operations-in.ts'
import { realWorld } from '../../src/app.ts'
import { stage } from '../../src/cli/cli.fixture.ts'
import { runCli } from '../../src/cli/run.ts'
import { runCutover } from '../rig/process.ts'
import { needs } from '../servers/available.ts'
import { startCyrus } from '../servers/cyrus.ts'
import { startDovecot } from '../servers/dovecot.ts'

const MASTER = { login: 'chief', password: 'chief-secret' }

async function inDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'discover-'))
  try {
    await work(directory)
  } finally {
    await rm(directory, { recursive: true })
  }
}

test('from doveadm to a copy of every mailbox by a master user, without one password typed', { skip: needs('dovecot') }, () =>
  inDirectory(async (cwd) => {
    await using source = await startDovecot({ master: MASTER })
    await using destination = await startDovecot({
      users: ['alice', 'bob'].map((name) => ({ login: `${name}@new.example.test`, password: 'x' })),
    })
    await source.doveadm(['save', '-u', 'alice@example.org', '-m', 'INBOX'], Buffer.from('Subject: one\r\n\r\nHello\r\n'))
    const listed = await source.doveadm(['-f', 'tab', 'mailbox', 'status', '-A', 'messages vsize', '*'])
    const discovered = await runCutover(['discover', '-', '--map', 'example.org=new.example.test', '--out', 'mailboxes.csv'], {
      cwd,
      stdin: await source.doveadm(['user', '*']),
    })
    assert.equal(discovered.code, 0, discovered.stderr)
    assert.match(discovered.stdout, /users +2/)
    const merged = await runCutover(['discover', '-', '--out', 'mailboxes.csv', '--merge', '--json'], { cwd, stdin: listed })
    assert.equal(merged.code, 0, merged.stderr)
    assert.match(JSON.stringify(merged.json()), /"login":"alice@example.org".*"target":"alice@new.example.test".*"messages":1/)

    // The destination is plain IMAP here, which wants its passwords.
    const list = await readFile(join(cwd, 'mailboxes.csv'), 'utf8')
    const [head = '', ...rows] = list.trimEnd().split('\r\n')
    await writeFile(join(cwd, 'mailboxes.csv'), [`${head},target_password`, ...rows.map((row) => `${row},x`)].join('\r\n'))
    const ends = ['--source', `imap://127.0.0.1:${source.port}?tls=none`, '--destination', `imap://127.0.0.1:${destination.port}?tls=none`]
    const access = [
      '--access',
      'template',
      '--access-template',
      '{user}*{admin}',
      '--access-login',
      MASTER.login,
      '--access-secret',
      'env:CHIEF',
    ]
    const copied = await runCutover(['copy', '--json', '--quiet', '--mailboxes', 'mailboxes.csv', ...ends, ...access], {
      cwd,
      env: { CHIEF: MASTER.password },
    })
    assert.equal(copied.code, 0, copied.stdout + copied.stderr)
    assert.match(copied.stdout, /"copied":1/)
  }),
)

test('Cyrus is asked as administrator, and every mailbox that it names can be opened for its owner', { skip: needs('cyrus') }, () =>
  inDirectory(async (cwd) => {
    await using server = await startCyrus()
    const url = `imap://127.0.0.1:${server.port}?tls=none`
    const env = { ADMIN: server.admin.password }
    const discovered = await runCutover(
      [
        'discover',
        url,
        '--login',
        server.admin.login,
        '--secret',
        'env:ADMIN',
        '--target-domain',
        'example.test',
        '--out',
        'mailboxes.csv',
      ],
      { cwd, env },
    )
    assert.equal(discovered.code, 0, discovered.stdout + discovered.stderr)
    const access = ['--access', 'authzid', '--access-login', server.admin.login, '--access-secret', 'env:ADMIN']
    const tried = await runCutover(['logins', '--json', '--source', url, '--mailboxes', 'mailboxes.csv', ...access], { cwd, env })
    assert.equal(tried.code, 0, tried.stdout + tried.stderr)
    assert.match(tried.stdout, /"alice@example\.test".*"bob@example\.test"/)
  }),
)

test('a list that is there is never overwritten unasked, and bad input is one sentence without a stack trace', () =>
  inDirectory(async (cwd) => {
    const run = async (args: readonly string[], stdin = 'anna@example.test\n') => {
      const done = await stage(operationsIn(realWorld()), { stdin, env: { EMPTY: '' } }).run('discover', ...args)
      assert.doesNotMatch(done.err, /\.ts:\d|bug in cutover/)
      return { ...done, said: `${done.out}${done.err}`.replaceAll(/\s+/g, ' ') }
    }
    const list = join(cwd, 'people.csv')
    await writeFile(list, 'source_login,target\nanna@example.test,chief@example.test\n')
    const refused = await run(['-', '--out', list])
    assert.deepEqual([refused.code, /people.csv" exists already\. --merge keeps/.test(refused.said)], [2, true])
    assert.match(await readFile(list, 'utf8'), /^source_login,target\n/)
    assert.equal((await run(['-', '--out', list, '--merge'])).code, 0)
    assert.match(await readFile(list, 'utf8'), /chief@example\.test/)
    assert.equal((await run(['-', '--out', list, '--force'])).code, 0)
    assert.doesNotMatch(await readFile(list, 'utf8'), /chief/)

    for (const [args, stdin, code, said] of [
      [['-'], '', 2, /standard input is empty/],
      [[join(cwd, 'nowhere.txt')], '', 2, /nowhere.txt" does not exist/],
      [['-', '--from', 'dovecott'], 'x', 2, /There is no listing "dovecott": --from is one of dovecot, /],
      [['-', '--from', 'google'], '{"users": [', 2, /Read as Google Workspace.*line 1: the JSON ends too early/],
      [['-'], '\u0000\u0001\u0002PK\u0003', 2, /is no listing that we know: say with --from/],
      [['-', '--map', 'example.test'], 'x', 2, /old\.example\.org=example\.org/],
      [['-', '--target-domain', 'not a domain'], 'x', 2, /is not a domain like example\.org/],
      [['https://panel.example.test'], '', 2, /Say with --from which system/],
      [['imaps://mail.example.test'], '', 2, /give --login and --secret/],
      [['imaps://admin:pass@mail.example.test'], '', 2, /holds a login or password/],
      [['imaps://mail.example.test', '--login', 'a', '--secret', 'hunter2'], '', 2, /never the secret itself/],
      [['imaps://mail.example.test', '--login', 'a', '--secret', 'env:EMPTY'], '', 2, /EMPTY of --secret is not set/],
      [['--from', 'zimbra'], '', 2, /Say what to read: a file/],
      [['-', '--merge'], 'x', 2, /need --out/],
      [['-'], 'anna\n', 3, /1 no target/],
    ] as const) {
      const done = await run(args, stdin)
      assert.equal(done.code, code, `${args.join(' ')}: ${done.said}`)
      assert.match(done.said, said)
      assert.doesNotMatch(done.said, /hunter2|admin:pass/)
      for (const line of done.out.split('\n')) assert.ok(line.length <= 80, line)
    }
  }))

test('Ctrl-C ends it while it waits for standard input, and lets go of that', async () => {
  const scene = stage(operationsIn(realWorld()))
  const waiting = Promise.withResolvers<AbortSignal>()
  const stdin = (signal: AbortSignal): Promise<Buffer> => {
    waiting.resolve(signal)
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('The operation was aborted'))))
  }
  const ended = runCli(['discover', '-'], { ...scene.world, stdin })
  const signal = await waiting.promise
  scene.interrupt()
  assert.equal(await ended, 3)
  assert.equal(signal.aborted, true)
})
