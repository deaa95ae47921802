/** Both ends of one round, each behind a proxy, with a look behind the scenes of both. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { startSimulator, type Simulator } from '../../src/simulator/simulator.ts'
import { startProxy, type Proxy } from '../rig/proxy.ts'
import { imapFlow, mailInStore, mailOnServer, type Login, type Mail } from '../scenario/mail.ts'
import { plant } from '../scenario/maildir.ts'
import { mailboxList, type Person } from '../scenario/migration.ts'
import { startDovecot, type DovecotServer } from '../servers/dovecot.ts'
import { startFront } from './front.ts'
import { contentsOf, workADay, type Contents, type Recipe } from './mailbox.ts'

export type EndsKind = 'dovecot' | 'exchange'
export type Side = 'source' | 'destination'

export type Ends = AsyncDisposable & {
  readonly kind: EndsKind
  readonly folder: string
  readonly proxies: Readonly<Record<Side, Proxy>>
  /** Arguments of a command but for the state directory. */
  readonly args: readonly string[]
  /** Bytes of mail at the source when the round began. */
  readonly bytes: number
  wanted(): Promise<readonly Mail[]>
  copies(): Promise<readonly Mail[]>
  /** Stars that only IMAP shows, as no STORE set them (Exchange). */
  unstoredStars(): number
  /** The owner works at the source. */
  workADay(seed: number, only: 'new mail' | null): Promise<void>
  /** Breaks all connections and, where it is a real server, stops and starts it. */
  restart(side: Side): Promise<void>
  readonly simulator: Simulator | null
}

/** Two Dovecots that serve all rounds, each with users of its own. */
export type Dovecots = AsyncDisposable & { readonly source: DovecotServer; readonly destination: DovecotServer }

/** With users for so many rounds: one that is added later may be unknown for a second, as Dovecot looks at the time of its file. */
export async function startDovecots(rounds: number): Promise<Dovecots> {
  const users = Array.from({ length: rounds }, (_, at) => ({ login: `anna${at + 1}@example.org`, password: PASSWORD }))
  const source = await startDovecot({ tls: false, mailFormat: 'maildir', users })
  try {
    const destination = await startDovecot({ tls: false, users })
    return {
      source,
      destination,
      async [Symbol.asyncDispose]() {
        await Promise.all([source[Symbol.asyncDispose](), destination[Symbol.asyncDispose]()])
      },
    }
  } catch (error) {
    await source[Symbol.asyncDispose]()
    throw error
  }
}

const PASSWORD = 'secret'
let rounds = 0

export async function openDovecotEnds(servers: Dovecots, recipe: Recipe): Promise<Ends> {
  const login = `anna${++rounds}@example.org`
  const contents = contentsOf(recipe)
  for (const [name, mail] of contents) await plant(servers.source, login, name === 'INBOX' ? '' : name, mail)
  const proxies = { source: await startProxy(servers.source.port), destination: await startProxy(servers.destination.port) }
  const at = (side: Side): Login => ({ port: servers[side].port, user: login, pass: PASSWORD })
  const person = { name: 'Anna', sourceLogin: login, sourcePassword: PASSWORD, target: login, targetPassword: PASSWORD }
  const place = await placeOf(person, proxies.source.port, `imap://127.0.0.1:${proxies.destination.port}?tls=none`)
  return {
    ...place,
    kind: 'dovecot',
    proxies,
    bytes: sizeOf(contents),
    wanted: () => mailOnServer(at('source')),
    copies: () => mailOnServer(at('destination')),
    unstoredStars: () => 0,
    workADay: (seed, only) => workADay(imapFlow(at('source')), seed, only),
    restart: (side) => servers[side].restart(),
    simulator: null,
    async [Symbol.asyncDispose]() {
      await Promise.all([proxies.source[Symbol.asyncDispose](), proxies.destination[Symbol.asyncDispose]()])
      await place[Symbol.asyncDispose]()
    },
  }
}

export async function openExchangeEnds(recipe: Recipe, tokenLifetimeSeconds = 3599): Promise<Ends> {
  const simulator = await startSimulator({ mailboxes: 1, messages: 0, language: 'en', tokenLifetimeSeconds })
  const [account] = simulator.accounts
  if (account === undefined) throw new Error('the simulator has no mailbox')
  const contents = contentsOf(recipe)
  const from = simulator.sourceStore(account.sourceLogin)
  for (const [name, mail] of contents) {
    from.createFolder(name)
    for (const { bytes, ...options } of mail) from.addMessage(name, bytes, options)
  }
  const proxies = { source: await startProxy(simulator.source.port), destination: await startProxy(simulator.exchange.imapPort) }
  const front = await startFront(simulator.exchange.httpPort, proxies.destination.port)
  const place = await placeOf(account, proxies.source.port, `exchange:http://127.0.0.1:${front.port}`)
  const login = { port: simulator.source.port, user: account.sourceLogin, pass: account.sourcePassword }
  return {
    ...place,
    kind: 'exchange',
    proxies,
    bytes: sizeOf(contents),
    wanted: async () => mailInStore(from),
    copies: async () => mailInStore(simulator.exchangeStore(account.target)),
    unstoredStars() {
      const living = simulator
        .exchangeStore(account.target)
        .folders()
        .filter((folder) => folder.specialUse !== '\\Trash')
      return living.flatMap((folder) => folder.messages.filter((one) => one.flaggedOnlyByAppend)).length
    },
    workADay: (seed, only) => workADay(imapFlow(login), seed, only),
    restart: async (side) => simulator.dropConnections(side === 'source' ? 'source' : 'exchange'),
    simulator,
    async [Symbol.asyncDispose]() {
      await Promise.all([proxies.source, proxies.destination, front].map((one) => one[Symbol.asyncDispose]()))
      await simulator[Symbol.asyncDispose]()
      await place[Symbol.asyncDispose]()
    },
  }
}

async function placeOf(person: Person, sourcePort: number, destination: string): Promise<Pick<Ends, 'folder' | 'args'> & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-chaos-'))
  const list = join(folder, 'people.csv')
  await writeFile(list, mailboxList([person]))
  return {
    folder,
    args: ['--source', `imap://127.0.0.1:${sourcePort}?tls=none`, '--destination', destination, '--mailboxes', list],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

function sizeOf(contents: Contents): number {
  return [...contents.values()].flat().reduce((sum, one) => sum + one.bytes.length, 0)
}
