/** A domain at a real BIND, its old mail host and its tenant, mail that comes all the while, and the switch between them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { COPY_DEFAULTS, VERIFY_DEFAULTS } from '../../src/api/defaults.ts'
import { operationsIn } from '../../src/api/operations-in.ts'
import type { Addresses, Operations } from '../../src/api/operations.ts'
import type { SwitchRunInput } from '../../src/api/switch.ts'
import type { SwitchResult } from '../../src/api/switch-results.ts'
import type { World } from '../../src/api/world.ts'
import { realWorld } from '../../src/app.ts'
import { ask } from '../../src/dns/ask.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { startMailWorld, type MailWorld } from '../../src/mail-simulator/mail-world.ts'
import { Secret } from '../../src/model/secret.ts'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { startImapServer } from '../../src/simulator/imap-server.ts'
import type { MailStore } from '../../src/simulator/mail-store.ts'
import { TenantClient } from '../../src/tenant-simulator/tenant-client.fixture.ts'
import { startBind } from '../servers/bind.ts'
import { UPDATE_KEY } from '../servers/zone.ts'
import { hastyClock, mailboxList } from '../scenario/migration.ts'

export const DOMAIN = 'example.test'
const [SECOND, HOUR] = [1000, 3_600_000]

/** Where nothing but time is missing, it passes in larger steps. */
const LONGER: Readonly<Record<string, number>> = { draining: 3 * HOUR, quiet: 6 * HOUR, finalised: 12 * HOUR, 'reverse-draining': 3 * HOUR }

export type WholeRig = AsyncDisposable & {
  readonly operations: Operations
  readonly mail: MailWorld
  readonly people: readonly string[]
  readonly place: { readonly stateDir: string; readonly domain: string }
  /** Runs the switch again and again, lets time pass in between, and mail come, until `until` holds. */
  drive(until: (result: SwitchResult) => boolean): Promise<SwitchResult>
  once(more?: Partial<SwitchRunInput>): Promise<SwitchResult>
  /** MX as BIND gives it out. */
  mx(): Promise<readonly string[]>
  /** One message handed in at this side; kept where it was accepted. */
  send(side: 'old' | 'new', to: string): Promise<void>
  /** Every message that was ever accepted. */
  readonly accepted: ReadonlyMap<string, { readonly to: string; readonly side: 'old' | 'new' }>
  /** How often each accepted message is found in its owner's mailbox at this side. */
  found(side: 'old' | 'new'): Readonly<Record<string, number>>
}

export async function wholeRig(): Promise<WholeRig> {
  await using stack = new AsyncDisposableStack()
  const clock = hastyClock()
  const mail = stack.use(
    await startMailWorld({
      domain: DOMAIN,
      tenantOptions: { now: () => clock.now(), limits: { messageTracesPer5Minutes: null } },
      oldMailboxes: [`anna@${DOMAIN}`, `ben@${DOMAIN}`],
    }),
  )
  const bind = stack.use(
    await startBind([
      {
        name: DOMAIN,
        records: [`@ IN MX 10 ${mail.oldMx}.`, '@ IN TXT "v=spf1 ip4:203.0.113.25 -all"', 'www IN A 192.0.2.80'],
      },
    ]),
  )
  const client = stack.use(new TenantClient(mail.tenant))
  const people = [await client.person('anna'), await client.person('ben')]
  const User = mail.tenant.world.state.apps[0]?.servicePrincipalId ?? ''
  for (const Identity of people) await client.cmdlet('Add-MailboxPermission', { Identity, User, AccessRights: ['FullAccess'] })
  mail.tenant.advance(60_000)
  const password = mail.oldPassword
  const users = people.map((login) => ({ login, password, store: mail.old.mailbox(login) }))
  const imap = stack.use(await startImapServer(dovecot, { users, now: () => clock.now() }))
  const folder = await mkdtemp(join(tmpdir(), 'cutover-switch-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const mailboxesFile = join(folder, 'people.csv')
  await writeFile(mailboxesFile, mailboxList(people.map((one) => ({ name: one, sourceLogin: one, sourcePassword: password, target: one }))))
  const definitionFile = join(folder, 'cutover.yaml')
  await writeFile(definitionFile, definition(mail, bind.port))
  const at = { address: bind.host, port: bind.port }
  const resolver = { address: mail.zone.address, port: mail.zone.port }
  const world: World = {
    ...realWorld(),
    clock,
    signingClock: systemClock,
    simulatedHaste: 1,
    reading: () => ({ wallMs: clock.now(), boot: 'one', upMs: clock.now() }),
    dnsOutside: async ({ servers, resolvers }) => ({
      ask,
      given: servers,
      resolvers: resolvers.length > 0 ? resolvers : [resolver],
      at: () => at,
      page: null,
      tenantOf: null,
    }),
  }
  const operations = operationsIn(world)
  const signal = new AbortController().signal
  const stateDir = join(folder, 'state')
  const addresses: Addresses = {
    source: imap.url,
    destination: `exchange:${mail.tenant.url}`,
    mailboxesFile,
    stateDir,
    caFile: null,
    only: [],
    env: {},
    identity: null,
    cloud: 'global',
  }
  const accepted = new Map<string, { to: string; side: 'old' | 'new' }>()
  const send = async (side: 'old' | 'new', to: string): Promise<void> => {
    const id = `m${accepted.size + 1}`
    const port = mail.ports[side === 'old' ? mail.oldMx : mail.newMx] ?? 0
    const transport = createTransport({ host: '127.0.0.1', port, name: 'out.partner.test', tls: { rejectUnauthorized: false } })
    const from = 'pat@partner.test'
    try {
      await transport.sendMail({
        from,
        to,
        subject: id,
        messageId: `<${id}@partner.test>`,
        text: id,
        date: new Date(clock.now()),
        envelope: { from, to },
      })
      accepted.set(id, { to, side })
    } finally {
      transport.close()
    }
    await mail.settled()
  }
  for (const to of people) await send('old', to)
  const watch = { signal, onMailboxes: () => {}, onProgress: () => {} }
  await operations.copy({ ...addresses, ...watch, ...COPY_DEFAULTS })
  await operations.verify({ ...addresses, ...watch, ...VERIFY_DEFAULTS })

  const mx = async (): Promise<readonly string[]> =>
    (await ask(at, DOMAIN, 'MX', { signal })).sets.find(({ type }) => type === 'MX')?.data ?? []
  const { outside } = mail
  /** Caches of the outside learn what BIND says. */
  const learnt = async (): Promise<'old' | 'new'> => {
    const side = (await mx()).some((one) => one.endsWith(mail.newMx)) ? 'new' : 'old'
    if (mail.road.mailHost(DOMAIN) !== (side === 'new' ? mail.newMx : mail.oldMx)) mail.switchMx(side)
    return side
  }
  const once: WholeRig['once'] = (more = {}) =>
    operations.switchRun({
      definitionFile,
      stateDir,
      mailboxesFile,
      identity: null,
      cloud: null,
      service: null,
      env: { SECRET: mail.tenant.clientSecret, KEY: `${UPDATE_KEY.algorithm}:${UPDATE_KEY.name}:${UPDATE_KEY.secret}` },
      show: () => {},
      signal,
      domain: DOMAIN,
      source: { source: imap.url, access: null },
      mail: {
        user: people[0] ?? null,
        reflector: {
          address: outside.address,
          login: outside.address,
          password: new Secret(outside.password),
          imapUrl: `imap://127.0.0.1:${outside.imap.port}?tls=none`,
          smtpUrl: `smtp://127.0.0.1:${outside.smtp.port}`,
        },
        oldMx: `${mail.oldMx}=127.0.0.1`,
        oldRouting: 'local',
        sender: null,
        helo: 'probe.elsewhere.test',
        ports: Object.entries(mail.ports).map(([host, port]) => `${host}=${port}`),
        resolvers: [`${resolver.address}:${resolver.port}`],
        caFile: null,
      },
      waitMinutes: 0,
      approve: async () => 'anna',
      onDoing: () => {},
      onView: () => {},
      ...more,
    })
  let turns = 0
  const storeOf = (side: 'old' | 'new', address: string): MailStore | null =>
    side === 'old' ? mail.old.store(address) : mail.tenant.store(address)
  const kept = stack.move()
  return {
    operations,
    mail,
    people,
    place: { stateDir, domain: DOMAIN },
    accepted,
    mx,
    send,
    once,
    async drive(until) {
      for (let round = 0; round < 250; round++) {
        const result = await once()
        if (until(result)) return result
        const side = await learnt()
        // For a day after each change senders still go by what they remember.
        const since = clock.now() - Date.parse(result.view.since ?? new Date(clock.now()).toISOString())
        turns += 1
        const person = people[turns % people.length] ?? ''
        if (turns % 3 === 0 && turns < 60) await send(side, person)
        if (turns % 5 === 0 && turns < 60 && since < 12 * HOUR) await send(side === 'new' ? 'old' : 'new', person)
        const isIdle = result.view.guards.some(({ notBefore }) => notBefore !== null)
        const again = result.again === null ? clock.now() + HOUR : Date.parse(result.again)
        await clock.sleep(Math.max(again - clock.now(), isIdle ? (LONGER[result.view.phase] ?? SECOND) : SECOND))
      }
      throw new Error(`it never came: ${JSON.stringify(await operations.switchStatus({ stateDir, domain: DOMAIN }), null, 1)}`)
    },
    found: (side) =>
      Object.fromEntries(
        [...accepted].map(([id, { to }]) => [
          id,
          (storeOf(side, to)?.folders() ?? [])
            .flatMap(({ messages }) => messages)
            .filter(({ content }) => content.bytes().toString('latin1').includes(`<${id}@partner.test>`)).length,
        ]),
      ),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

function definition({ tenant }: MailWorld, port: number): string {
  return `version: 1
tenant:
  id: ${tenant.tenantId}
  client_id: ${tenant.clientId}
  secret: env:SECRET
  service: ${tenant.url}
dns:
  provider: rfc2136
  settings: { server: 127.0.0.1:${port}, key: env:KEY }
  name_servers: 127.0.0.1:${port}
  domains: [{ name: ${DOMAIN} }]
`
}
