/** A client and a server between which the wire damages what the server says: every operation ends, and fails as it should. */
import assert from 'node:assert/strict'
import { connect, createServer, type Server } from 'node:net'
import { describe, test } from 'node:test'
import { imapDestination } from '../../src/destination/adapters/imap.ts'
import { imapEndpoint } from '../../src/imap/endpoint.ts'
import { systemClock } from '../../src/lib/clock.ts'
import type { Context } from '../../src/lib/context.ts'
import { silentLog } from '../../src/lib/log.ts'
import { Failure } from '../../src/model/failure.ts'
import { Secret } from '../../src/model/secret.ts'
import { UidSet } from '../../src/model/uid-set.ts'
import { courier } from '../../src/simulator/courier.ts'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { startImapServer } from '../../src/simulator/imap-server.ts'
import { MailStore } from '../../src/simulator/mail-store.ts'
import { Random } from '../../src/simulator/random.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import { letter } from '../crash/mail.ts'
import { mutate } from './mutate.ts'
import { runs, seed } from './settings.ts'

const LOGIN = { kind: 'password', user: 'anna@example.test', password: new Secret('secret'), authzid: null } as const
/** More than any operation may take when silence ends a connection after SILENCE_MS. */
const TOO_LONG_MS = 10_000
const SILENCE_MS = 150

/** Passes everything on; of what the server says some chunks are damaged on the way. */
async function startBadWire(port: number, random: Random): Promise<Server> {
  const quiet = random.int(6)
  const server = createServer((client) => {
    const upstream = connect({ port, host: '127.0.0.1' })
    let chunks = 0
    client.on('data', (chunk) => upstream.write(chunk))
    upstream.on('data', (chunk) => client.write(chunks++ >= quiet && random.chance(0.4) ? mutate(chunk, random, 1 + random.int(3)) : chunk))
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(0, '127.0.0.1', resolve)
  await promise
  return server
}

function portOf(server: Server): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function read(port: number, ctx: Context): Promise<void> {
  const endpoint = imapEndpoint({ host: '127.0.0.1', port, tls: 'none', connectTimeoutMs: 500, idleTimeoutMs: SILENCE_MS })
  await using session = await imapSource(endpoint, LOGIN).connect(ctx)
  const folders = await session.folders()
  for (const { name } of folders.slice(0, 3)) {
    const folder = await session.open(name)
    await folder.rows(1, 100, () => {})
    await folder.flags(1, 100, () => {})
    if (folder.status.highestModseq !== null) await folder.changes(1n, () => {})
    const uids = await folder.uids()
    await folder.headers(uids, () => {})
    await folder.bodies(uids.size > 100 ? [1] : [...uids], {
      holdBytes: 1000,
      small: () => {},
      async large(_, stream) {
        for await (const chunk of stream) void chunk
      },
    })
  }
}

async function write(port: number, ctx: Context): Promise<void> {
  const endpoint = imapEndpoint({ host: '127.0.0.1', port, tls: 'none', connectTimeoutMs: 500, idleTimeoutMs: SILENCE_MS })
  await using session = await imapDestination(endpoint, LOGIN).connect(ctx)
  await session.folders()
  await session.create([['Neu'], ['Neu', 'Größe']])
  const messages = ['a', 'b', 'c'].map((id) => letter({ id, bytes: 3000 }))
  await Promise.all(
    messages.map((body) =>
      session.append('INBOX', { flags: ['\\Seen'], internalDate: ' 1-Jan-2020 00:00:00 +0000', bytes: body.length, body: [body] }),
    ),
  )
  await session.status('INBOX')
  const folder = await session.open('INBOX')
  await folder.rows(1, 100, () => {})
  await folder.flagsOf(UidSet.of([1, 2]), () => {})
  await folder.store(UidSet.of([1]), ['\\Flagged'], ['\\Seen'])
  await folder.move(UidSet.of([2]), 'Neu')
}

function mailbox(): MailStore {
  const store = new MailStore({ separator: '/' })
  for (const name of ['INBOX', 'Größe', 'Sent']) {
    store.createFolder(name)
    for (let at = 0; at < 4; at++)
      store.addMessage(name, letter({ id: `${name}${at}`, bytes: at * 800 }), { flags: ['\\Seen', '$Forwarded'] })
  }
  return store
}

for (const personality of [dovecot, courier]) {
  describe(`damaged words of ${personality.name}`, () => {
    for (const [says, work] of Object.entries({ reading: read, writing: write })) {
      test(`${says} ends whatever comes in, and fails with nothing but a Failure`, async () => {
        const wrong: string[] = []
        const one = async (example: number): Promise<void> => {
          const ctx: Context = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
          await using server = await startImapServer(personality, { users: [{ login: LOGIN.user, password: 'secret', store: mailbox() }] })
          const badWire = await startBadWire(server.port, new Random(seed(), example))
          const timer = Promise.withResolvers<string>()
          const timeout = setTimeout(() => timer.resolve('it hangs'), TOO_LONG_MS)
          const ended = work(portOf(badWire), ctx).then(
            () => null,
            (error: unknown) => (error instanceof Failure ? null : `it throws ${error instanceof Error ? error.stack : String(error)}`),
          )
          const problem = await Promise.race([ended, timer.promise])
          clearTimeout(timeout)
          if (problem !== null) wrong.push(`example ${example} of seed ${seed()}: ${problem}`)
          badWire.close()
        }
        const examples = Array.from({ length: runs(60) }, (_, at) => at)
        const lane = async (): Promise<void> => {
          for (let next = examples.shift(); next !== undefined; next = examples.shift()) await one(next)
        }
        await Promise.all(Array.from({ length: 12 }, lane))
        assert.deepEqual(wrong, [])
      })
    }
  })
}
