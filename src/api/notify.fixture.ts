import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import { realWorld } from '../app.ts'
import { QuickClock } from '../lib/quick-clock.fixture.ts'
import { openStore } from '../project/store.ts'
import type { SendInput } from './notify-send.ts'
import type { ProjectAddress } from './project-scene.ts'
import type { World } from './world.ts'

export type Taken = { readonly to: string; readonly bytes: string }

export type MessagesRig = AsyncDisposable & {
  readonly world: World
  readonly clock: QuickClock
  readonly address: ProjectAddress
  readonly folder: string
  readonly taken: Taken[]
  /** What the host answers for a recipient; null: it takes the mail. Called once a try. */
  answer: (recipient: string) => number | null
  /** What it does once it has the whole message, in place of its answer. */
  onMessage: (recipient: string) => 'take' | 'hang-up'
  readonly smtpUrl: string
  sendInput(input?: Partial<SendInput>): SendInput
  write(definition: string, list?: string): void
  /** Lets the time come. */
  until(instant: number): Promise<void>
}

export const CUTOVER = Date.parse('2026-12-04T17:00:00Z')
export const DAY = 86_400_000

const PEOPLE = `name,source_login,source_password,target,aliases,kind,language,private_address
Anna Berg,anna,x,anna@example.org,a.berg@example.org,,de-DE,
Ben Ford,ben,x,ben@example.org,,user,en-US,ben@elsewhere.example
Info,info,x,info@example.org,,shared,,
Room,room,x,room@example.org,,room,,
`

export function definitionOf(smtpUrl: string, more = ''): string {
  return `version: 1
tenant: { id: example.onmicrosoft.com, client_id: 00000000-0000-0000-0000-000000000001, sign_in: device }
mailboxes: { list: mailboxes.csv }
project:
  name: acme
  customer: Acme & Sons
  language: en
  time_zone: Europe/Berlin
  kickoff: 2026-11-02
  cutover: 2026-12-04T18:00
people:
  - { name: Carla, address: carla@example.org, side: customer, role: decides }
  - { name: Help desk, address: it@example.org, side: us, role: helps }
${more === '' ? messagesOf(smtpUrl) : more}
`
}

export function messagesOf(smtpUrl: string, more = ''): string {
  return `messages:
  from: it@example.org
  contact: the help desk, 4711
  per_minute: 10000
  smtp: { url: "${smtpUrl}" }
${more}`
}

/** A project in a store of its own, a mail host that takes its messages, and a clock that the test owns. */
export async function messagesRig(): Promise<MessagesRig> {
  const store = mkdtempSync(join(tmpdir(), 'cutover-messages-'))
  const clock = new QuickClock(CUTOVER - 14 * DAY)
  const world: World = { ...realWorld(), clock }
  const taken: Taken[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    logger: false,
    onRcptTo({ address }, _, done) {
      const code = rig.answer(address)
      if (code === null) done()
      else done(Object.assign(new Error(code >= 500 ? 'no such user here' : 'come back later'), { responseCode: code }))
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const to = envelope.rcptTo[0]?.address ?? ''
        taken.push({ to, bytes: Buffer.concat(chunks).toString() })
        if (rig.onMessage(to) === 'take') done()
        else for (const one of connections) one.destroy()
      })
    },
  })
  const connections = new Set<{ destroy(): void }>()
  server.server.on('connection', (socket) => void connections.add(socket))
  server.on('error', () => {})
  const { promise, resolve } = Promise.withResolvers<number>()
  server.listen(0, '127.0.0.1', () => {
    const at = server.server.address()
    resolve(typeof at === 'object' && at !== null ? at.port : 0)
  })
  const smtpUrl = `smtp://127.0.0.1:${await promise}?tls=none`
  const folder = join(store, 'acme')
  mkdirSync(folder)
  const address: ProjectAddress = { store, name: 'acme', env: {} }
  const rig: MessagesRig = {
    world,
    clock,
    address,
    folder,
    taken,
    smtpUrl,
    answer: () => null,
    onMessage: () => 'take',
    sendInput: (input = {}) => ({
      ...address,
      moment: null,
      due: true,
      only: null,
      again: false,
      arrived: false,
      retries: 0,
      signal: new AbortController().signal,
      show: () => {},
      agreed: async () => 'Olga',
      ...input,
    }),
    until: (instant) => clock.pass(instant - clock.now()),
    write(definition, list = PEOPLE) {
      writeFileSync(join(folder, 'cutover.yaml'), definition)
      writeFileSync(join(folder, 'mailboxes.csv'), list)
    },
    [Symbol.asyncDispose]: async () => {
      await new Promise<void>((done) => {
        server.close(() => done())
      })
      rmSync(store, { recursive: true, force: true })
    },
  }
  using open = openStore(store, { now: () => clock.now() })
  open.db.transaction(() => open.add('acme'))
  rig.write(definitionOf(smtpUrl))
  return rig
}
