/** The law for what goes through Graph: folders made and categories written, whatever instant it dies at, and once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchangeImapDestination } from '../../src/destination/adapters/exchange-imap.ts'
import { imapEndpoint } from '../../src/imap/endpoint.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { CLOUDS } from '../../src/microsoft/clouds.ts'
import { tenantTokens } from '../../src/microsoft/exchange-token.ts'
import { graph } from '../../src/microsoft/graph.ts'
import { Secret } from '../../src/model/secret.ts'
import { MailStore } from '../../src/simulator/mail-store.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { startImapServer, type ServerUser } from '../../src/simulator/imap-server.ts'
import { listOf, rowsOf, textOf } from '../../src/tenant-simulator/props.ts'
import { TenantClient } from '../../src/tenant-simulator/tenant-client.fixture.ts'
import { startTenantSimulator } from '../../src/tenant-simulator/tenant-simulator.ts'
import { startLife, type DeathKind } from './life.ts'
import { letter } from './mail.ts'
import type { Play } from './stage.ts'

const NAMES = ['anna', 'ben', 'cleo', 'dora', 'emil', 'finn', 'gerd', 'hana', 'ivo', 'jana']
const STEPS = /^(?:folders|labels)-/

type Tenant = AsyncDisposable & { play(): Promise<{ readonly play: Play; readonly picture: () => Promise<readonly string[]> }> }

async function tenant(): Promise<Tenant> {
  const simulator = await startTenantSimulator({ imapFolderClass: 'IPF.Imap', tenant: { seats: { ENTERPRISEPACK: 50 } } })
  const client = new TenantClient(simulator)
  const users: ServerUser[] = []
  const left = await startImapServer(dovecot, { users })
  const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
  const identity = {
    kind: 'secret',
    tenant: simulator.tenantId,
    clientId: simulator.clientId,
    clientSecret: new Secret(simulator.clientSecret),
  } as const
  const tokens = tenantTokens(identity, { cloud: CLOUDS.global, authority: simulator.url, ctx })
  const access = { graph: graph({ cloud: CLOUDS.global, base: simulator.url, tokens: tokens.graph, ctx }) }
  const endpoint = imapEndpoint({ host: simulator.imap.host, port: simulator.imap.port, tls: 'none' })
  let plays = 0
  return {
    async play() {
      const address = await client.person(`${NAMES[plays % NAMES.length]}${plays++}`)
      const User = simulator.world.state.apps[0]?.servicePrincipalId ?? ''
      await client.cmdlet('Add-MailboxPermission', { Identity: address, User, AccessRights: ['FullAccess'] })
      simulator.advance(60_000)
      const to = simulator.store(address)
      assert.ok(to !== null)
      const from = new MailStore({ separator: '/' })
      from.createFolder('INBOX')
      const password = 'secret'
      users.push({ login: address, password, store: from })
      const login = { kind: 'password', user: address, password: new Secret(password), authzid: null } as const
      const play: Play = {
        get source() {
          return imapSource(imapEndpoint({ host: left.host, port: left.port, tls: 'none' }), login)
        },
        destination: exchangeImapDestination(endpoint, address, tokens.imap, 1_000_000, access),
        from,
        to,
        appends: () => 0,
        suffers: () => {},
        restart: () => {},
      }
      const picture = async (): Promise<readonly string[]> => {
        const { body } = await client.graph('GET', `/users/${address}/messages?$top=100&$select=subject,categories`)
        const mail = rowsOf(body['value']).map((row) => `${textOf(row['subject'])}: ${listOf(row['categories']).join(', ')}`)
        return [...mail.sort(), ...to.folders().map(({ name, messages }) => `${name} ${messages.length}`)]
      }
      return { play, picture }
    },
    async [Symbol.asyncDispose]() {
      await left[Symbol.asyncDispose]()
      await client[Symbol.asyncDispose]()
    },
  }
}

async function live(play: Play, life: ReturnType<typeof startLife>): Promise<void> {
  const { from } = play
  for (const name of ['Work', 'Work/Harbour', 'Later']) from.createFolder(name)
  for (const [at, folder] of ['Work', 'Work', 'Work/Harbour', 'INBOX', 'Later'].entries())
    from.addMessage(folder, letter({ id: `m-${at}` }), { flags: ['\\Seen', `tag${at}`], internalDate: new Date(Date.UTC(2026, 1, 1 + at)) })
  await life.pass()
  from.createFolder('New')
  from.addMessage('New', letter({ id: 'm-new' }), { flags: ['$label4'] })
  from.setFlags('Work', 1, ['\\Seen', 'other'])
  await life.pass()
}

test(
  'killed at any step with folders or labels and resumed, it ends the same, and nothing is left to do',
  { timeout: 120_000 },
  async () => {
    await using stage = await tenant()
    const whole = await stage.play()
    using first = startLife(whole.play)
    await live(whole.play, first)
    const end = await whole.picture()
    assert.ok(
      end.includes('New 1') && end.some((line) => line.endsWith(': other')) && end.some((line) => line.endsWith(': To Do')),
      end.join('\n'),
    )
    const steps = [...first.steps.entries()].filter(([, name]) => STEPS.test(name))
    assert.ok(steps.length >= 8, steps.join(' '))
    for (const [at, name] of steps) {
      const { play, picture } = await stage.play()
      const kind: DeathKind = 'client'
      using life = startLife(play, at + 1, kind)
      await live(play, life)
      assert.ok(life.died, name)
      assert.deepEqual(await picture(), end, `killed at step ${at + 1}, ${name}`)
      const { tally } = await life.pass()
      assert.deepEqual([tally.appends, tally.labelled], [0, 0], name)
    }
  },
)
