import { getServers } from 'node:dns'
import { isIP } from 'node:net'
import type { Context } from '../../lib/context.ts'
import type { Cloud } from '../../microsoft/clouds.ts'
import { Failure } from '../../model/failure.ts'
import { ask } from '../ask.ts'
import type { DnsServer } from '../dns-tcp.ts'
import type { Outside } from './outside.ts'
import { webPage } from './web-page.ts'

export type OutsideSettings = {
  /** The servers of the zones, where they are not to be found by delegation. */
  readonly servers: readonly DnsServer[]
  /** Empty: those of this machine. */
  readonly resolvers: readonly DnsServer[]
  /** Asks no web server and not Microsoft. */
  readonly dnsOnly: boolean
  readonly cloud: Cloud
}

/** The world as this machine sees it. */
export function systemOutside({ servers, resolvers, dnsOnly, cloud }: OutsideSettings, ctx: Context): Outside {
  return {
    ask,
    given: servers,
    resolvers: resolvers.length > 0 ? resolvers : getServers().flatMap((one) => dnsServer(one) ?? []),
    at: (_, address) => ({ address, port: 53 }),
    page: dnsOnly ? null : webPage,
    tenantOf: dnsOnly
      ? null
      : async (domain) => {
          const { discoverTenant } = await import('../../microsoft/tenant-discovery.ts')
          try {
            return { seen: 'tenant', tenantId: (await discoverTenant(domain, cloud, null, ctx)).tenantId }
          } catch (error) {
            if (!(error instanceof Failure) || error.code === 'stopped') throw error
            return { seen: error.code === 'token-rejected' ? 'none' : 'unknown' }
          }
        },
  }
}

/** "192.0.2.53", "192.0.2.53:5353", "2001:db8::53", "[2001:db8::53]:5353"; null for anything else. */
export function dnsServer(text: string): DnsServer | null {
  const [, six, four, port = '53'] = /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(isIP(text) === 6 ? `[${text}]` : text) ?? []
  const address = six ?? four
  return address === undefined || isIP(address) === 0 || Number(port) < 1 || Number(port) > 65_535 ? null : { address, port: Number(port) }
}
