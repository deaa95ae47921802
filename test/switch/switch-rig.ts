/** A domain at a real name server, its old mailboxes, its tenant, and the operations that move it: what all rigs of a switch share. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COPY_DEFAULTS, VERIFY_DEFAULTS } from '../../src/api/defaults.ts'
import { operationsIn } from '../../src/api/operations-in.ts'
import type { DnsApplyInput } from '../../src/api/dns-apply.ts'
import type { DnsApplyResult, DnsUndoResult } from '../../src/api/dns-results.ts'
import type { Addresses, Operations } from '../../src/api/operations.ts'
import type { SwitchRunInput } from '../../src/api/switch.ts'
import type { SwitchResult } from '../../src/api/switch-results.ts'
import type { World } from '../../src/api/world.ts'
import { realWorld } from '../../src/app.ts'
import { ask } from '../../src/dns/ask.ts'
import type { RecordSet, RecordType } from '../../src/dns/record-set.ts'
import { systemClock, type Clock } from '../../src/lib/clock.ts'
import type { MailWorld } from '../../src/mail-simulator/mail-world.ts'
import { Secret } from '../../src/model/secret.ts'
import { TenantClient } from '../../src/tenant-simulator/tenant-client.fixture.ts'
import { mailboxList } from '../scenario/migration.ts'
import { UPDATE_KEY } from '../servers/zone.ts'

/** Names of the domain's people. */
export const PEOPLE = ['anna', 'ben'] as const

export type SwitchParts = {
  readonly clock: Clock
  readonly mail: MailWorld
  /** The old mailboxes: all with one password, by the addresses of the people. */
  readonly old: { readonly url: string; readonly password: string }
  /** The section `dns` of the definition, without its domains. */
  readonly dns: readonly string[]
  /** The primary name server, first of all that answer for the domain. */
  readonly port: number
  /** Ports of resolvers that the switch goes by; [] for the zones of the simulator alone. */
  readonly resolvers?: readonly number[]
}

export type SwitchRig = AsyncDisposable & {
  readonly operations: Operations
  readonly people: readonly string[]
  readonly place: { readonly stateDir: string; readonly domain: string }
  readonly definitionFile: string
  readonly mailboxesFile: string
  readonly env: Readonly<Record<string, string>>
  once(more?: Partial<SwitchRunInput>): Promise<SwitchResult>
  /** Every mailbox is copied to its end and verified. */
  copied(): Promise<void>
  /** One phase of the plan of the records, carried out by itself. */
  applied(phase: DnsApplyInput['phase']): Promise<DnsApplyResult>
  /** All that `applied` did is taken back. */
  undone(): Promise<DnsUndoResult>
  /** As the primary gives it out. */
  served(name: string, type: RecordType): Promise<RecordSet | null>
  /** MX of the domain as the primary gives it out. */
  mx(): Promise<readonly string[]>
}

export async function switchRig({ clock, mail, old, dns, port, resolvers = [] }: SwitchParts): Promise<SwitchRig> {
  await using stack = new AsyncDisposableStack()
  const { domain, tenant, outside } = mail
  const client = stack.use(new TenantClient(tenant))
  const people: string[] = []
  for (const name of PEOPLE) people.push(await client.person(name))
  const User = tenant.world.state.apps[0]?.servicePrincipalId ?? ''
  for (const Identity of people) await client.cmdlet('Add-MailboxPermission', { Identity, User, AccessRights: ['FullAccess'] })
  tenant.advance(60_000)
  const folder = await mkdtemp(join(tmpdir(), 'cutover-switch-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const mailboxesFile = join(folder, 'people.csv')
  const { url: source, password } = old
  await writeFile(mailboxesFile, mailboxList(people.map((one) => ({ name: one, sourceLogin: one, sourcePassword: password, target: one }))))
  const definitionFile = join(folder, 'cutover.yaml')
  await writeFile(definitionFile, definition(mail, dns))
  const at = { address: '127.0.0.1', port }
  const resolver = { address: mail.zone.address, port: mail.zone.port }
  const world: World = {
    ...realWorld(),
    clock,
    signingClock: systemClock,
    simulatedHaste: 1,
    reading: () => ({ wallMs: clock.now(), boot: 'one', upMs: clock.now() }),
    dnsOutside: async ({ servers, resolvers: named }) => ({
      ask,
      given: servers,
      resolvers: named.length > 0 ? named : [resolver],
      at: () => at,
      page: null,
      tenantOf: null,
    }),
  }
  const operations = operationsIn(world)
  // Name servers look at the time of day in what is signed.
  const atOnce = operationsIn({ ...world, clock: systemClock })
  const signal = new AbortController().signal
  const stateDir = join(folder, 'state')
  const place: Pick<Addresses, 'stateDir' | 'mailboxesFile'> = { stateDir, mailboxesFile }
  const addresses: Addresses = {
    ...place,
    source,
    destination: `exchange:${tenant.url}`,
    caFile: null,
    only: [],
    env: {},
    identity: null,
    cloud: 'global',
  }
  const env = { SECRET: tenant.clientSecret, KEY: `${UPDATE_KEY.algorithm}:${UPDATE_KEY.name}:${UPDATE_KEY.secret}` }
  const defined = { ...place, definitionFile, identity: null, cloud: null, service: null, env, show: () => {}, signal } as const
  const changes = {
    ...defined,
    domains: [],
    waitMinutes: 1,
    approve: () => Promise.resolve(true),
    onProgress: () => {},
    onByHand: () => {},
  }
  const once: SwitchRig['once'] = (more = {}) =>
    operations.switchRun({
      ...defined,
      domain,
      source: { source, access: null },
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
        resolvers: (resolvers.length > 0 ? resolvers : [resolver.port]).map((one) => `127.0.0.1:${one}`),
        caFile: null,
      },
      waitMinutes: 0,
      approve: async () => 'anna',
      onDoing: () => {},
      onView: () => {},
      ...more,
    })
  const served = async (name: string, type: RecordType): Promise<RecordSet | null> =>
    (await ask(at, name, type, { signal })).sets.find((set) => set.name === name && set.type === type) ?? null
  const kept = stack.move()
  return {
    operations,
    people,
    place: { stateDir, domain },
    definitionFile,
    mailboxesFile,
    env,
    once,
    async copied() {
      const watch = { signal, onMailboxes: () => {}, onProgress: () => {} }
      await operations.copy({ ...addresses, ...watch, ...COPY_DEFAULTS })
      await operations.verify({ ...addresses, ...watch, ...VERIFY_DEFAULTS })
    },
    applied: (phase) => atOnce.dnsApply({ ...changes, phase }),
    undone: () => atOnce.dnsUndo(changes),
    served,
    mx: async () => (await served(domain, 'MX'))?.data ?? [],
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}

function definition({ tenant, domain }: MailWorld, dns: readonly string[]): string {
  return `version: 1
tenant:
  id: ${tenant.tenantId}
  client_id: ${tenant.clientId}
  secret: env:SECRET
  service: ${tenant.url}
dns:
${dns.map((line) => `  ${line}`).join('\n')}
  domains: [{ name: ${domain} }]
`
}
