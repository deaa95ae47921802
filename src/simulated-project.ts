import { createTransport } from 'nodemailer'
import type { SimulatedProject } from './api/world.ts'
import { realWorld } from './app.ts'
import { ask } from './dns/ask.ts'
import { systemClock } from './lib/clock.ts'
import { JumpingClock } from './lib/jumping-clock.ts'
import { startDnsHost } from './mail-simulator/dns-host.ts'
import { startMailWorld } from './mail-simulator/mail-world.ts'
import type { MailStore } from './simulator/mail-store.ts'
import { startSimulator } from './simulator/simulator.ts'
import { startTenantSimulator } from './tenant-simulator/tenant-simulator.ts'
import { scaledTiming } from './tenant-simulator/timing.ts'

const DOMAIN = 'example.test'
const TEST_ADDRESS = 'probe@reflector.test'
const DNS_KEY = 'simulated-key'
/** How long some senders go by what they remember after MX has changed; most of them do for minutes. */
const MEMORY_MS = 12 * 3_600_000

/**
 * A whole company on this machine, in a time in which nobody waits: an old mail system with people in it, their domain at a host of DNS,
 * a tenant on its first day, and the world outside that writes to them all the while.
 */
export async function simulatedProject(options: {
  readonly mailboxes: number
  readonly messages: number
  readonly seed: number
  readonly now: number | null
}): Promise<SimulatedProject> {
  await using stack = new AsyncDisposableStack()
  let settled = (): Promise<void> => Promise.resolve()
  const clock = options.now === null ? systemClock : new JumpingClock(options.now, () => settled())
  const now = (): number => clock.now()
  const tenant = stack.use(
    await startTenantSimulator({
      now,
      seed: String(options.seed),
      // Where somebody waits for it, nobody waits minutes to see it.
      ...(options.now === null ? { timing: scaledTiming(0.05) } : {}),
      limits: { messageTracesPer5Minutes: null },
      tenant: { domain: 'example-tenant.test', initial: 'example.onmicrosoft.com' },
    }),
  )
  const source = stack.use(
    await startSimulator({
      seed: options.seed,
      source: 'dovecot',
      mailboxes: options.mailboxes,
      messages: options.messages,
      nasty: true,
      now,
      strict: tenant,
    }),
  )
  const people = source.accounts.slice(0, options.mailboxes)
  const oldStoreOf = (address: string): MailStore | null => {
    const login = people.find(({ target }) => target === address)?.sourceLogin
    return login === undefined ? null : source.sourceStore(login)
  }
  const mail = stack.use(await startMailWorld({ domain: DOMAIN, tenant, oldStoreOf }))
  settled = () => mail.settled()
  const dns = stack.use(await startDnsHost(DOMAIN, mail.zone, DNS_KEY, (records) => mail.setDns(records)))
  // Another sender, who must stay; and no word of Microsoft yet.
  mail.setDns([
    ...mail.zone.records(DOMAIN).filter(({ name, type }) => name !== DOMAIN || type !== 'TXT'),
    { name: DOMAIN, type: 'TXT', value: 'v=spf1 ip4:203.0.113.25 ip4:203.0.113.80 -all', ttl: 3600 },
  ])

  const accepted = new Map<string, { readonly to: string; readonly side: 'old' | 'new' }>()
  let switchedAt: number | null = null
  const sideNow = (): 'old' | 'new' => (mail.road.mailHost(DOMAIN) === mail.newMx ? 'new' : 'old')
  let lastSide = sideNow()
  const send = async (side: 'old' | 'new', to: string): Promise<void> => {
    const id = `m${accepted.size + 1}`
    const port = mail.ports[side === 'old' ? mail.oldMx : mail.newMx] ?? 0
    const transport = createTransport({ host: '127.0.0.1', port, name: 'out.partner.test', tls: { rejectUnauthorized: false } })
    const from = 'pat@partner.test'
    try {
      const envelope = { from, to }
      await transport.sendMail({
        from,
        to,
        subject: `Order ${id}`,
        messageId: `<${id}@partner.test>`,
        text: `This is message ${id}.`,
        date: new Date(now()),
        envelope,
      })
      accepted.set(id, { to, side })
    } finally {
      transport.close()
    }
    await mail.settled()
  }
  const storeAt = (side: 'old' | 'new', address: string): MailStore | null => (side === 'old' ? oldStoreOf(address) : tenant.store(address))
  const copies = (side: 'old' | 'new', id: string, to: string): number =>
    (storeAt(side, to)?.folders() ?? [])
      .flatMap(({ messages }) => messages)
      .filter(({ content }) => content.bytes().toString('latin1').includes(`<${id}@partner.test>`)).length

  const resolver = `${mail.zone.address}:${mail.zone.port}`
  const real = realWorld()
  const { outside } = mail
  let turn = 0
  const kept = stack.move()
  return {
    world: {
      ...real,
      clock,
      simulatedHaste: 1,
      reading: () => ({ wallMs: now(), boot: 'one', upMs: now() }),
      dnsOutside: async ({ servers, resolvers }) => ({
        ask,
        given: servers,
        resolvers: resolvers.length > 0 ? resolvers : [{ address: mail.zone.address, port: mail.zone.port }],
        at: () => ({ address: mail.zone.address, port: mail.zone.port }),
        page: null,
        tenantOf: null,
      }),
    },
    domain: DOMAIN,
    sourceUrl: source.source.url,
    destinationUrl: `exchange:${tenant.url}`,
    people: people.map(({ name, target, sourceLogin, sourcePassword }) => ({
      name,
      address: target,
      login: sourceLogin,
      password: sourcePassword,
    })),
    env: {
      TENANT_SECRET: tenant.clientSecret,
      DNS_KEY,
      PROBE_PASSWORD: outside.password,
      ...Object.fromEntries(people.map(({ sourcePassword }, at) => [`PASSWORD_${at + 1}`, sourcePassword])),
    },
    mailboxes: [
      'name,source_login,source_password,target',
      ...people.map(({ name, sourceLogin, target }, at) => `${name},${sourceLogin},env:PASSWORD_${at + 1},${target}`),
      '',
    ].join('\n'),
    definition: `version: 1
tenant:
  id: ${tenant.tenantId}
  client_id: ${tenant.clientId}
  secret: env:TENANT_SECRET
  service: ${tenant.url}
source:
  url: ${source.source.url}
  old_mx: ${mail.oldMx}=127.0.0.1
  old_routing: local
mailboxes:
  list: mailboxes.csv
  defaults:
    licence: Office 365 E3
    location: DE
    language: en-GB
groups:
  - address: team@${DOMAIN}
    name: Team
    members: [${people
      .slice(0, 2)
      .map(({ target }) => target)
      .join(', ')}]
domains:
  - name: ${DOMAIN}
    type: authoritative
dns:
  provider: powerdns
  settings: { url: ${dns.url}, key: env:DNS_KEY }
  name_servers: ${resolver}
transport_rules:
  - name: Disclaimer
    parameters:
      FromScope: InOrganization
      ApplyHtmlDisclaimerText: <p>Example Ltd</p>
      ApplyHtmlDisclaimerLocation: Append
protection:
  policies:
    - feature: spam
      name: Default
      settings: { HighConfidenceSpamAction: Quarantine }
switch:
  user: ${people[0]?.target ?? ''}
  second: ${people[1]?.target ?? ''}
  reflector: { address: ${TEST_ADDRESS}, imap: "imap://127.0.0.1:${outside.imap.port}?tls=none", smtp: "smtp://127.0.0.1:${outside.smtp.port}", secret: env:PROBE_PASSWORD }
  helo: probe.elsewhere.test
  ports: [${Object.entries(mail.ports)
    .map(([host, port]) => `${host}=${port}`)
    .join(', ')}]
  resolvers: ["${resolver}"]
messages:
  from: ${TEST_ADDRESS}
  smtp: { url: "smtp://127.0.0.1:${outside.smtp.port}?tls=none", login: ${TEST_ADDRESS}, secret: env:PROBE_PASSWORD }
  contact: the help desk, telephone 4711
migration:
  app: Cutover
  receive_size: 150 MB
`,
    async arrive() {
      const side = sideNow()
      if (side !== lastSide) switchedAt = now()
      lastSide = side
      turn += 1
      const to = people[turn % people.length]?.target ?? ''
      await send(side, to)
      // Who still remembers the old MX goes on writing there.
      const remembers = switchedAt !== null && now() - switchedAt < MEMORY_MS
      if (remembers && turn % 2 === 0) await send(side === 'new' ? 'old' : 'new', to)
    },
    arrivals: () => {
      const all = [...accepted]
      const late = all.filter(([, { side }]) => side === 'old' && switchedAt !== null).length
      const times = all.map(([id, { to }]) => copies('new', id, to))
      return {
        sent: all.length,
        late,
        once: times.filter((count) => count === 1).length,
        missing: times.filter((count) => count === 0).length,
        doubled: times.filter((count) => count > 1).length,
      }
    },
    mx: () => mail.road.mailHost(DOMAIN),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
