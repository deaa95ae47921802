import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { imapDestination } from '../../src/destination/adapters/imap.ts'
import { imapEndpoint } from '../../src/imap/endpoint.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { Secret } from '../../src/model/secret.ts'
import { Random } from '../../src/simulator/random.ts'
import { runCutover, startCutover } from '../rig/process.ts'
import { needs } from '../servers/available.ts'
import { type DovecotServer, startDovecot } from '../servers/dovecot.ts'
import { letter } from './mail.ts'

const KILLS = Number(process.env['CUTOVER_KILLS'] ?? 4)
const SEED = Number(process.env['CUTOVER_SEED'] ?? 20_261_122)
const FOLDERS = ['INBOX', 'Projekte', 'Sent']
const MESSAGES = 240
const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }

test(
  `killed at random instants while it copies from one Dovecot to another, nothing is lost and nothing comes twice (seed ${SEED})`,
  {
    skip: needs('dovecot'),
  },
  async () => {
    await using server = await startDovecot({ tls: false })
    const folder = await mkdtemp(join(tmpdir(), 'cutover-kill-'))
    try {
      const sent = await fill(server)
      const list = join(folder, 'mailboxes.csv')
      const [alice, bob] = server.users
      await writeFile(
        list,
        `source_login,source_password,target,target_password\n${alice?.login},${alice?.password},${bob?.login},${bob?.password}\n`,
      )
      const url = `imap://127.0.0.1:${server.port}?tls=none`
      const args = ['copy', '--source', url, '--destination', url, '--mailboxes', list, '--state', join(folder, 'state'), '--json']
      const random = new Random(SEED)
      let killed = 0
      for (let kill = 0; kill < KILLS; kill++) {
        // Slow enough that the instant falls into the copying, not behind it.
        // The first one so slow that a second process, started beside it on however busy a machine, still finds it at work.
        await using running = startCutover([...args, '--rate', kill === 0 ? '60KB/s' : '600KB/s'])
        const had = await messagesOf(server)
        await Promise.race([running.finished, moved(server, had)])
        if (kill === 0) await assertTurnedAway(args, running.pid)
        await delay(random.int(400))
        running.kill()
        if ((await running.finished).signal === 'SIGKILL') killed++
      }
      assert.ok(killed > 0, 'no kill fell into a run')
      const last = await runCutover(args)
      assert.equal(last.code, 0, last.stderr)
      assert.partialDeepStrictEqual(last.json(), { found: MESSAGES, copied: MESSAGES, skipped: 0, failed: 0, unexplained: 0 })
      for (const name of FOLDERS) assert.deepEqual(await idsIn(server, name), sent.get(name), name)
      const again = await runCutover(args)
      assert.partialDeepStrictEqual(again.json(), { found: MESSAGES, copied: MESSAGES, appends: 0 })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
)

/** Fills the mailbox of the first user, twins among the messages; returns the Message-IDs in each folder. */
async function fill(server: DovecotServer): Promise<ReadonlyMap<string, readonly string[]>> {
  const { login = '', password = '' } = server.users[0] ?? {}
  const endpoint = imapEndpoint({ host: server.host, port: server.port, tls: 'none' })
  const destination = imapDestination(endpoint, { kind: 'password', user: login, password: new Secret(password), authzid: null })
  await using session = await destination.connect(ctx)
  await session.create(FOLDERS.map((name) => [name]))
  const ids = new Map<string, string[]>()
  for (const [at, name] of FOLDERS.entries()) {
    const own = Array.from({ length: MESSAGES / FOLDERS.length }, (_, number) => (number % 10 === 0 ? 'twin' : `${at}-${number}`))
    const messages = own.map((id, number) => letter({ id, bytes: number === 20 ? 400_000 : 1000 + number * 150 }))
    await session.appendAll(
      name,
      messages.map((bytes) => ({ flags: ['\\Seen'], internalDate: '05-Mar-2026 07:08:09 +0100', bytes: bytes.length, body: [bytes] })),
    )
    ids.set(name, own.sort())
  }
  return ids
}

/** A second process at the same state directory says who has it, does nothing, and ends as one that needs a person. */
async function assertTurnedAway(args: readonly string[], pid: number): Promise<void> {
  const second = await runCutover(args)
  assert.equal(second.code, 3)
  assert.match(JSON.stringify(second.json()), new RegExp(`state-in-use.*process ${pid}`))
}

/** Resolves when the second user's mailbox holds more than it had: the copying is under way. */
async function moved(server: DovecotServer, had: number): Promise<void> {
  for (let tries = 0; tries < 400 && (await messagesOf(server)) <= had; tries++) await delay(20)
}

async function messagesOf(server: DovecotServer): Promise<number> {
  const told = await server.doveadm(['mailbox', 'status', '-t', '-u', server.users[1]?.login ?? '', 'messages', '*'])
  return Number(/\d+/.exec(told)?.[0] ?? 0)
}

async function idsIn(server: DovecotServer, name: string): Promise<readonly string[]> {
  const told = await server.doveadm(['-f', 'flow', 'fetch', '-u', server.users[1]?.login ?? '', 'hdr.message-id', 'mailbox', name])
  return [...told.matchAll(/<([^@>]+)@/g)].map((match) => match[1] ?? '').sort()
}
