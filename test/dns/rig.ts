import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DnsApplyInput } from '../../src/api/dns-apply.ts'
import type { DnsUndoInput } from '../../src/api/dns-undo.ts'
import { operationsIn } from '../../src/api/operations-in.ts'
import type { Operations } from '../../src/api/operations.ts'
import type { World } from '../../src/api/world.ts'
import { realWorld } from '../../src/app.ts'
import { rfc2136 } from '../../src/dns/adapters/rfc2136.ts'
import { ask } from '../../src/dns/ask.ts'
import type { DnsServer } from '../../src/dns/dns-tcp.ts'
import { carryOut } from '../../src/dns/carry-out.ts'
import type { SetName } from '../../src/dns/provider.ts'
import { canonicalSet, type RecordSet, type RecordType } from '../../src/dns/record-set.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { Secret } from '../../src/model/secret.ts'
import { addDomain } from '../../src/tenant-simulator/graph-domains.ts'
import type { TenantSimulator } from '../../src/tenant-simulator/tenant-simulator.ts'
import { startBind, type NameServer } from '../servers/bind.ts'
import { UPDATE_KEY, type Zone } from '../servers/zone.ts'
import { tenantRig } from '../tenant/rig.ts'
import type { JumpingClock } from '../tenant/rig.ts'

const TYPES = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'SRV'] as const
const LABELS = [
  '',
  'autodiscover',
  '_autodiscover._tcp',
  '_imaps._tcp',
  'autoconfig',
  '_dmarc',
  'selector1._domainkey',
  'selector2._domainkey',
  'crm._domainkey',
  'mx',
  'www',
]

/** A tenant on loopback, a real BIND with zones of a customer, and the operations between them. */
export type DnsPlanRig = AsyncDisposable & {
  readonly simulator: TenantSimulator
  readonly operations: Operations
  readonly folder: string
  readonly definitionFile: string
  readonly env: Readonly<Record<string, string>>
  readonly server: NameServer
  /** Tenants are waited for in a time of their own. */
  readonly hurried: Operations
  readonly input: Omit<DnsApplyInput, 'phase' | 'approve'>
  apply(phase: DnsApplyInput['phase'], more?: Partial<DnsApplyInput>): ReturnType<Operations['dnsApply']>
  undo(more?: Partial<DnsUndoInput>): ReturnType<Operations['dnsUndo']>
  /** All sets of a domain at names that matter, as BIND serves them. */
  served(domain: string): Promise<readonly RecordSet[]>
  one(name: string, type: RecordType): Promise<RecordSet | null>
  /** Somebody else changes a set. */
  edit(domain: string, name: string, type: RecordType, data: readonly string[] | null): Promise<void>
  /** The tenant has this domain, verified and in use for mail. */
  isInTenant(domain: string): void
  /** Microsoft sees what BIND serves. */
  seenByMicrosoft(domain: string): Promise<void>
}

/** `resolver`: who is asked for names of others, and may lie; else the BIND itself, which refuses. */
export async function dnsPlanRig(
  zones: readonly Zone[],
  sections: string,
  clock?: JumpingClock,
  resolver?: DnsServer,
): Promise<DnsPlanRig> {
  const tenant = await tenantRig({ timing: { dkimMs: 0 } })
  const server = await startBind(zones)
  const at = { address: server.host, port: server.port }
  const folder = await mkdtemp(join(tmpdir(), 'cutover-dns-'))
  const { simulator } = tenant
  const definitionFile = join(folder, 'cutover.yaml')
  await writeFile(definitionFile, definition(simulator, server.port, sections))
  const world: World = {
    ...realWorld(),
    dnsOutside: (options) =>
      Promise.resolve({ ask, given: options.servers, resolvers: [resolver ?? at], at: () => at, page: null, tenantOf: null }),
  }
  const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
  const env = {
    SECRET: simulator.clientSecret,
    KEY: `${UPDATE_KEY.algorithm}:${UPDATE_KEY.name}:${UPDATE_KEY.secret}`,
    WRONG: `${UPDATE_KEY.algorithm}:stranger:${UPDATE_KEY.secret}`,
  }
  const operations = operationsIn(world)
  const input: DnsPlanRig['input'] = {
    definitionFile,
    identity: null,
    cloud: null,
    service: null,
    mailboxesFile: null,
    env,
    show: () => {},
    stateDir: join(folder, 'state'),
    signal: ctx.signal,
    domains: [],
    waitMinutes: 1,
    onProgress: () => {},
    onByHand: () => {},
  }
  const approve = (): Promise<boolean> => Promise.resolve(true)
  const one = async (name: string, type: RecordType): Promise<RecordSet | null> =>
    (await ask(at, name, type, ctx)).sets.find((set) => set.name === name && set.type === type) ?? null
  const served = async (domain: string): Promise<readonly RecordSet[]> => {
    const names: readonly SetName[] = LABELS.flatMap((label) =>
      TYPES.map((type) => ({ name: label === '' ? domain : `${label}.${domain}`, type })),
    )
    return (await Promise.all(names.map(({ name, type }) => one(name, type)))).flatMap((set) => (set === null ? [] : [canonicalSet(set)]))
  }
  return {
    simulator,
    operations,
    hurried: operationsIn({ ...world, clock: clock ?? tenant.clock, simulatedHaste: 1 }),
    folder,
    definitionFile,
    env,
    server,
    input,
    apply: (phase, more = {}) => operations.dnsApply({ ...input, phase, approve, ...more }),
    undo: (more = {}) => operations.dnsUndo({ ...input, approve, ...more }),
    served,
    one,
    async edit(domain, name, type, data) {
      const zone = rfc2136.open({ server: `127.0.0.1:${server.port}`, zone: domain, key: new Secret(env.KEY) }, ctx)
      const before = await one(name, type)
      const after = data === null ? null : { name, type, ttlSeconds: before?.ttlSeconds ?? 3600, data }
      await carryOut(rfc2136, zone, { id: domain, name: domain }, [{ name, type, before, after }], ctx)
    },
    isInTenant(name) {
      const domain = addDomain(simulator.world, name)
      Object.assign(domain.props, { isVerified: true, supportedServices: ['Email'] })
      domain.acceptedAtMs = 0
    },
    async seenByMicrosoft(domain) {
      simulator.setDns((await served(domain)).flatMap(({ name, type, data }) => data.map((value) => ({ name, type, value }))))
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([server[Symbol.asyncDispose](), tenant[Symbol.asyncDispose]()])
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function definition({ url, tenantId, clientId }: TenantSimulator, port: number, sections: string): string {
  return `version: 1
tenant:
  id: ${tenantId}
  client_id: ${clientId}
  secret: env:SECRET
  service: ${url}
${sections.replaceAll('PORT', String(port))}
`
}
