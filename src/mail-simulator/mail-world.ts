import type { MailStore } from '../simulator/mail-store.ts'
import { acceptedDomains } from '../tenant-simulator/address-book.ts'
import { existing } from '../tenant-simulator/exchange-objects.ts'
import { mailHostOf } from '../tenant-simulator/graph-domains.ts'
import { textOf } from '../tenant-simulator/props.ts'
import { startTenantSimulator, type TenantSimulator, type TenantSimulatorOptions } from '../tenant-simulator/tenant-simulator.ts'
import { startOldHost, type OldHost } from './old-host.ts'
import { startOutsideHost, type OutsideHost } from './outside-host.ts'
import { Road } from './road.ts'
import { startTenantEdge, type TenantEdge } from './tenant-edge.ts'
import { startZoneServer, type ZoneRecord, type ZoneServer } from './zone-server.ts'

export type MailWorldOptions = {
  /** One that runs already; else one is started with these options. */
  readonly tenant?: TenantSimulator
  readonly tenantOptions?: TenantSimulatorOptions
  /** The domain that moves. Default `example.test`. */
  readonly domain?: string
  /** Mailboxes of the old host, by address. */
  readonly oldMailboxes?: readonly string[]
  readonly aliases?: Readonly<Record<string, string>>
  readonly oldStoreOf?: (address: string) => MailStore | null
}

/** A tenant and all the mail around it, on this machine: zones, the host that the domain leaves, the tenant's edge, a mailbox outside. */
export type MailWorld = AsyncDisposable & {
  readonly domain: string
  readonly zone: ZoneServer
  readonly tenant: TenantSimulator
  readonly old: OldHost
  readonly edge: TenantEdge
  readonly outside: OutsideHost
  readonly road: Road
  /** Where each mail host listens now, as the zones know no ports. */
  readonly ports: Readonly<Record<string, number>>
  readonly oldMx: string
  readonly newMx: string
  readonly oldPassword: string
  /** In the zones, and in the DNS that Microsoft sees. */
  setDns(records: readonly ZoneRecord[]): void
  /** The one change of the switch, or of the way back. */
  switchMx(to: 'old' | 'new'): void
  /** Publishes the names of the signing keys, so that DKIM can be switched on. */
  publishDkim(): void
  /** Resolves when no message is on its way between the hosts. */
  settled(): Promise<void>
}

export const OLD_MX = 'mx.oldhost.test'
const OUTSIDE_MX = 'mx.reflector.test'
const OLD_PASSWORD = 'Old-Passw0rd'
const OLD_IP = '203.0.113.25'
const OUTSIDE_IP = '192.0.2.44'

export async function startMailWorld(options: MailWorldOptions = {}): Promise<MailWorld> {
  const domain = options.domain ?? 'example.test'
  const tenant = options.tenant ?? (await startTenantSimulator(options.tenantOptions))
  const now = (): number => tenant.world.now()
  const newMx = mailHostOf(domain)
  const zones = [domain, 'oldhost.test', 'reflector.test', 'outlook.com', 'mail.microsoft', 'onmicrosoft.com']
  const zone = await startZoneServer(zones, recordsOf(domain, newMx))
  const road = new Road(zone)
  const old = await startOldHost({
    name: OLD_MX,
    domain,
    road,
    now,
    password: OLD_PASSWORD,
    aliases: new Map(Object.entries(options.aliases ?? {})),
    ...(options.oldStoreOf === undefined ? {} : { storeOf: options.oldStoreOf }),
  })
  for (const address of options.oldMailboxes ?? []) old.mailbox(address)
  const edge = await startTenantEdge(newMx, tenant, road)
  const outside = await startOutsideHost(OUTSIDE_MX, 'probe@reflector.test', road, now)
  const setDns = (records: readonly ZoneRecord[]): void => {
    zone.set(records)
    tenant.setDns(records.map(({ name, type, value }) => ({ name, type, value })))
  }
  return {
    domain,
    zone,
    tenant,
    old,
    edge,
    outside,
    road,
    get ports() {
      return road.ports
    },
    oldMx: OLD_MX,
    newMx,
    oldPassword: OLD_PASSWORD,
    setDns,
    switchMx: (to) => setDns([{ name: domain, type: 'MX', value: `0 ${to === 'new' ? newMx : OLD_MX}`, ttl: 300 }]),
    publishDkim: () => {
      for (const { props } of existing(tenant.world, 'DkimSigningConfig')) {
        const name = textOf(props['Domain'])
        if (!acceptedDomains(tenant.world).includes(name)) continue
        setDns(
          [1, 2].map(
            (n) => ({ name: `selector${n}._domainkey.${name}`, type: 'CNAME', value: textOf(props[`Selector${n}CNAME`]) }) as const,
          ),
        )
      }
    },
    settled: () => road.settled(),
    [Symbol.asyncDispose]: async () => {
      await road.end()
      tenant.world.leaves = null
      await Promise.all([old, edge, outside, zone].map((part) => part[Symbol.asyncDispose]()))
      if (options.tenant === undefined) await tenant[Symbol.asyncDispose]()
    },
  }
}

/** How things are before the move. `_ip` says which address a host has on the Internet: in truth all are on this machine. */
function recordsOf(domain: string, newMx: string): readonly ZoneRecord[] {
  const here = (name: string): ZoneRecord => ({ name, type: 'A', value: '127.0.0.1' })
  const ip = (name: string, value: string): ZoneRecord => ({ name: `_ip.${name}`, type: 'TXT', value })
  return [
    { name: domain, type: 'NS', value: 'ns1.oldhost.test' },
    { name: domain, type: 'MX', value: `10 ${OLD_MX}`, ttl: 3600 },
    { name: domain, type: 'TXT', value: `v=spf1 ip4:${OLD_IP} include:spf.protection.outlook.com -all` },
    { name: `_dmarc.${domain}`, type: 'TXT', value: 'v=DMARC1; p=none' },
    { name: 'reflector.test', type: 'MX', value: `10 ${OUTSIDE_MX}` },
    { name: 'reflector.test', type: 'TXT', value: `v=spf1 ip4:${OUTSIDE_IP} -all` },
    { name: '_dmarc.reflector.test', type: 'TXT', value: 'v=DMARC1; p=none' },
    { name: 'spf.protection.outlook.com', type: 'TXT', value: 'v=spf1 ip4:40.107.0.0/16 -all' },
    here('ns1.oldhost.test'),
    here(OLD_MX),
    here(OUTSIDE_MX),
    here(newMx),
    ip(OLD_MX, OLD_IP),
    ip(OUTSIDE_MX, OUTSIDE_IP),
    ip('mail-am0pr01.outbound.protection.outlook.com', '40.107.0.10'),
  ]
}
