import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DovecotServer, startDovecot } from '../test/servers/dovecot.ts'
import { type Corpus, LAST_TAG } from './corpus.ts'
import { NODE, cpuOf } from './measured.ts'
import { type MailboxAt, RawImap } from './raw-imap.ts'

/** Two servers on loopback, a source mailbox with the corpus, and new destination mailboxes for the asking. */
export type Ground = AsyncDisposable & {
  readonly folder: string
  readonly source: MailboxAt
  /** A new, empty mailbox at the destination. */
  freshDestination(): Promise<MailboxAt>
  /** Forgets the mail of a destination mailbox. */
  remove(destination: MailboxAt): Promise<void>
  /** What the servers wrote is on the disk: so that one subject does not pay for another. */
  settle(): Promise<void>
}

/** Accounts at the destination are there from the start: Dovecot may look at its list of users no more than once a second. */
const MOST_DESTINATIONS = 5000
const SOURCE = { login: 'bench@example.test', password: 'bench-secret' }

/** Starts both servers with the durability that they have by default, and fills the source. */
export async function prepareGround(corpus: Corpus, folder: string): Promise<Ground> {
  await using stack = new AsyncDisposableStack()
  const source = stack.use(await startDovecot({ users: [SOURCE], tls: false, compress: false }))
  const accounts = Array.from({ length: MOST_DESTINATIONS }, (_, at) => ({
    login: `bench${at + 1}@example.test`,
    password: 'bench-secret',
  }))
  const destination: DovecotServer = stack.use(await startDovecot({ users: accounts, tls: false, compress: false }))
  const at = { port: source.port, ...SOURCE }
  await seed(at, corpus)
  let made = 0
  const kept = stack.move()
  return {
    folder,
    source: at,
    async freshDestination() {
      const account = accounts[made++]
      if (account === undefined) throw new Error('Too many rounds for one bench.')
      const mailbox = { port: destination.port, ...account }
      // Signing in makes the folders that every mailbox has.
      await using imap = await RawImap.open(mailbox)
      await imap.command('LIST "" "*"')
      return mailbox
    },
    remove: ({ login }) => rm(join(destination.folder, 'mail', login), { recursive: true, force: true }),
    settle: () => run('/bin/sync'),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

async function seed(mailbox: MailboxAt, corpus: Corpus): Promise<void> {
  await using imap = await RawImap.open(mailbox)
  await imap.file(corpus.multiAppendsFile, LAST_TAG)
  let messages = 0
  const told = await imap.command('LIST "" "*" RETURN (STATUS (MESSAGES))')
  for (const [, count] of told.matchAll(/\(MESSAGES (\d+)\)/g)) messages += Number(count)
  if (messages !== corpus.messages) throw new Error(`The source holds ${messages} messages instead of ${corpus.messages}.`)
}

/** A line of a given length to both servers; `cpuSeconds` is what the delaying itself cost. */
export type Line = AsyncDisposable & { readonly sourcePort: number; readonly destinationPort: number; cpuSeconds(): number }

/** At 0 ms the servers themselves, without anything in between. */
export async function startLine(sourcePort: number, destinationPort: number, roundTripMs: number): Promise<Line> {
  if (roundTripMs === 0) return { sourcePort, destinationPort, cpuSeconds: () => 0, [Symbol.asyncDispose]: async () => {} }
  const proxies = [await startProxyChild(sourcePort, roundTripMs), await startProxyChild(destinationPort, roundTripMs)] as const
  return {
    sourcePort: proxies[0].port,
    destinationPort: proxies[1].port,
    cpuSeconds: () => proxies.reduce((sum, proxy) => sum + cpuOf(proxy.pid), 0),
    async [Symbol.asyncDispose]() {
      for (const proxy of proxies) proxy.stop()
    },
  }
}

async function startProxyChild(port: number, roundTripMs: number): Promise<{ port: number; pid: number; stop(): void }> {
  const script = join(import.meta.dirname, 'proxy-child.ts')
  const child = spawn(NODE, ['--disable-warning=ExperimentalWarning', script, String(port), String(roundTripMs)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.once('error', reject).once('exit', () => reject(new Error('The delay proxy did not start.')))
  child.stdout.once('data', (chunk: Buffer) => resolve(Number(chunk.toString())))
  const own = await promise
  return { port: own, pid: child.pid ?? 0, stop: () => void child.kill('SIGKILL') }
}

export async function makeScratch(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'cutover-bench-'))
  await mkdir(path, { recursive: true })
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }) }
}

async function run(command: string): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  spawn(command, { stdio: 'ignore' })
    .once('error', reject)
    .once('close', () => resolve())
  await promise
}
