import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { startImapServer } from '../../src/simulator/imap-server.ts'
import type { MailStore } from '../../src/simulator/mail-store.ts'
import type { SwitchResult } from '../../src/api/switch-results.ts'
import { systemReading } from '../../src/switch/clocks.ts'
import { readLog } from '../../src/switch/open-log.ts'
import { TenantClient } from '../../src/tenant-simulator/tenant-client.fixture.ts'
import { hastyClock, mailboxList } from '../scenario/migration.ts'
import { needs } from '../servers/available.ts'
import { startBind } from '../servers/bind.ts'
import { PEOPLE, switchRig } from './switch-rig.ts'
import { DOMAIN, handIn, mailWorldOf, pauseAfter, recordsBefore } from './whole-rig.ts'

const skip = needs('bind')
const [ANNA, CARLA] = [`anna@${DOMAIN}`, `carla@${DOMAIN}`]
const HOUR = 3_600_000

/** What the definition says beside tenant and records, while carla stays. */
const both = (oldMx: string): string => `domains: [{ name: ${DOMAIN}, type: internal-relay }]
connectors:
  - name: To the old host
    direction: outbound
    parameters:
      ConnectorType: OnPremises
      RecipientDomains: ${DOMAIN}
      UseMXRecord: false
      SmartHosts: ${oldMx}
      TlsSettings: EncryptionOnly
  - name: From the old host
    direction: inbound
    parameters:
      ConnectorType: Partner
      SenderDomains: '*'
      SenderIPAddresses: 203.0.113.25
      RequireTls: true
`

/** Nothing is sent. */
const NO_FLOW = {
  second: null,
  unmoved: null,
  aliases: [],
  groups: [],
  reflector: null,
  oldAccount: null,
  sender: null,
  helo: null,
  caFile: null,
  protection: false,
  largeBytes: null,
  windowMs: 1,
  traceMs: 1,
  onRoute: () => {},
} as const

/** How often a message stands in a mailbox. */
function times(store: MailStore | null, subject: string): number {
  const all = (store?.folders() ?? []).flatMap(({ messages }) => messages)
  return all.filter(({ content }) => content.bytes().toString('latin1').includes(`Subject: ${subject}\r\n`)).length
}

/** What is said of a guard that does not hold. */
function why({ view }: SwitchResult, name: string): string {
  return view.guards.flatMap(({ guard, holds, reasons }) => (guard === name && !holds ? reasons : [])).join(' ')
}

test(
  'T39 T48 half of the people move: mail runs both ways without a loop; then all have moved, the domain is closed, and a rollback opens it again',
  { skip },
  async () => {
    await using stack = new AsyncDisposableStack()
    const clock = hastyClock()
    const mail = stack.use(await mailWorldOf(clock))
    mail.old.mailbox(CARLA)
    const bind = stack.use(await startBind([{ name: DOMAIN, records: recordsBefore(mail.oldMx) }]))
    const logins = [...PEOPLE.map((name) => `${name}@${DOMAIN}`), CARLA]
    const password = mail.oldPassword
    const users = logins.map((login) => ({ login, password, store: mail.old.mailbox(login) }))
    const imap = stack.use(await startImapServer(dovecot, { users, now: () => clock.now() }))
    const dns = ['provider: rfc2136', `settings: { server: 127.0.0.1:${bind.port}, key: env:KEY }`, `name_servers: 127.0.0.1:${bind.port}`]
    const rig = stack.use(await switchRig({ clock, mail, old: { url: imap.url, password }, dns, port: bind.port }))
    const { operations, place, env } = rig
    await rig.copied()
    // Carla is on the list, and stays.
    const list = logins.map((one) => ({ name: one, sourceLogin: one, sourcePassword: password, target: one }))
    await writeFile(rig.mailboxesFile, mailboxList(list))
    const bare = await readFile(rig.definitionFile, 'utf8')
    await writeFile(rig.definitionFile, `${bare}switch: { staying: ${CARLA} }\n`)

    const drive = async (until: (result: SwitchResult) => boolean): Promise<SwitchResult> => {
      for (let round = 0; round < 200; round++) {
        const result = await rig.once()
        if (until(result)) return result
        const isNew = (await rig.mx()).some((one) => one.endsWith(mail.newMx))
        mail.switchMx(isNew ? 'new' : 'old')
        await clock.sleep(pauseAfter(result, clock.now(), 12 * HOUR))
      }
      throw new Error(JSON.stringify(await operations.switchStatus(place), null, 1))
    }
    const tenantInput = { definitionFile: rig.definitionFile, mailboxesFile: rig.mailboxesFile, stateDir: place.stateDir, env }
    const asked = { ...tenantInput, identity: null, cloud: null, service: null, show: () => {}, signal: new AbortController().signal }

    // An authoritative domain would bounce what goes to her: it is not begun.
    const refused = await drive(({ view }) => view.next === 'ready')
    const held = why(await rig.once(), 'tenant') || why(refused, 'tenant')
    assert.match(held, /carla@example\.test is at the old side, and the domain is authoritative/)

    const reach = Object.entries(mail.ports).map(([host, port]) => `${host}=${port}`)
    /** What `mailflow test` says of the two sides. */
    const sides = async (): Promise<string | undefined> => {
      const { routes } = await operations.mailflowTest({
        ...asked,
        ...NO_FLOW,
        user: ANNA,
        oldMx: `${mail.oldMx}=203.0.113.25`,
        ports: reach,
        resolvers: [`${mail.zone.address}:${mail.zone.port}`],
      })
      return routes.find(({ criterion }) => criterion === 'P7')?.outcome
    }
    assert.equal(await sides(), 'failed')

    // Type and connectors come from the definition.
    await writeFile(rig.definitionFile, `${bare}switch: { staying: ${CARLA} }\n${both(mail.oldMx)}`)
    const applied = await operations.tenantApply({
      ...asked,
      approve: async () => true,
      waitMinutes: 60,
      onProgress: () => {},
      onReading: () => {},
    })
    assert.deepEqual(
      applied.plan?.changes.map(({ says }) => says),
      [],
    )
    assert.equal(await sides(), 'passed')
    await drive(({ view }) => view.phase === 'draining')

    using log = readLog({ directory: join(place.stateDir, 'switch', DOMAIN), domain: DOMAIN, reading: systemReading })
    assert.equal(log?.state().decided.begin?.name, 'anna', 'who agreed to begin is written down')

    // Outside → who stays; who moved → who stays; who stays → who moved.
    const at = (name: string): number => mail.ports[name] ?? 0
    await handIn(at(mail.newMx), { id: 'outside', to: CARLA, date: new Date(clock.now()) })
    const client = stack.adopt(new TenantClient(mail.tenant), () => {})
    await client.graph('POST', `/users/${ANNA}/sendMail`, {
      message: { subject: 'across', body: { contentType: 'Text', content: 'x' }, toRecipients: [{ emailAddress: { address: CARLA } }] },
    })
    await handIn(at(mail.oldMx), { id: 'back', to: ANNA, from: CARLA, date: new Date(clock.now()) })
    await mail.settled()
    await drive(({ view }) => view.phase === 'quiet')
    assert.deepEqual([times(mail.old.store(CARLA), 'outside'), times(mail.old.store(CARLA), 'across')], [1, 1])
    assert.equal(times(mail.tenant.store(ANNA), 'back'), 1)
    // Who is nobody at both sides: one refusal, and no circle.
    await assert.rejects(handIn(at(mail.oldMx), { id: 'nobody', to: `nobody@${DOMAIN}`, date: new Date(clock.now()) }), /5\.1\.1/)

    // Closed only when she has moved too.
    assert.match(
      why(await drive(({ view }) => view.guards.some(({ guard, at }) => guard === 'everybody' && at !== null)), 'everybody'),
      /still live.* at the old host: carla@/,
    )
    const type = async (): Promise<unknown> => (await client.cmdlet('Get-AcceptedDomain', { Identity: DOMAIN })).rows[0]?.['DomainType']
    assert.equal(await type(), 'InternalRelay')
    await client.person('carla')
    const User = mail.tenant.world.state.apps[0]?.servicePrincipalId ?? ''
    await client.cmdlet('Add-MailboxPermission', { Identity: CARLA, User, AccessRights: ['FullAccess'] })
    await writeFile(rig.definitionFile, `${bare}${both(mail.oldMx)}`)
    await rig.copied()
    await drive(({ view }) => view.phase === 'finalised')
    assert.equal(await type(), 'Authoritative')
    const changes = async (): Promise<readonly string[]> =>
      (await operations.tenantStatus({ stateDir: place.stateDir, env })).changes
        .filter(({ says }) => says.includes('DomainType Authoritative'))
        .map(({ says, state }) => `${says}: ${state}`)
    const says = `Change the accepted domain ${DOMAIN}: DomainType Authoritative (was InternalRelay)`
    assert.deepEqual(await changes(), [`${says}: done`])
    // Its definition says how it was while she stayed; that opens nothing again.
    const again = await operations.tenantPlan({ ...asked, asPowerShell: false })
    assert.deepEqual(
      [again.changes.map((one) => one.says), again.findings.map(({ code }) => code).filter((code) => code.startsWith('domain'))],
      [[], ['domain-closed']],
    )

    await operations.switchSay(place, { say: 'rollback', scope: 'all', reason: 'to try it', name: 'anna' })
    await drive(({ view }) => view.phase === 'reverse-draining')
    assert.equal(await type(), 'InternalRelay')
    assert.deepEqual(await changes(), [`${says}: undone`])
  },
)
