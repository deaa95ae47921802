/** A private Unbound for tests: a caching resolver that asks given servers for some zones and nobody for all else; run from packages that are only unpacked. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { startNameServer, type NameServer } from './bind.ts'

export type ResolverZone = {
  readonly name: string
  /** Port of the server on 127.0.0.1 that has it. */
  readonly port: number
  /** A DS or DNSKEY record, as in a zone file: answers of the zone must be signed by that, or are refused. */
  readonly anchor?: string
}

/** Returns when it answers. `more`: lines of the section `server` (`cache-min-ttl: 3600`). Dispose it: that stops it and removes its folder. */
export async function startUnbound(zones: readonly ResolverZone[], more: readonly string[] = []): Promise<NameServer> {
  return startNameServer('unbound', [], async (folder, port, packages) => {
    const config = join(folder, 'unbound.conf')
    await writeFile(config, unboundConfig(folder, port, zones, more))
    return { program: join(packages, 'usr/sbin/unbound'), args: ['-d', '-v', '-c', config] }
  })
}

function unboundConfig(folder: string, port: number, zones: readonly ResolverZone[], more: readonly string[]): string {
  const anchors = zones.flatMap(({ anchor }) => (anchor === undefined ? [] : [`trust-anchor: "${anchor}"`]))
  // Whatever is not given is not there, and nobody is asked about it.
  const places = ['local-zone: "." static', ...zones.map(({ name }) => `local-zone: "${name}." transparent`)]
  return `server:
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: "${folder}/unbound.pid"
  use-syslog: no
  logfile: ""
  interface: 127.0.0.1@${port}
  do-ip6: no
  num-threads: 1
  do-not-query-localhost: no
  access-control: 127.0.0.0/8 allow
  module-config: "validator iterator"
${[...places, ...anchors, ...more].map((line) => `  ${line}`).join('\n')}
remote-control:
  control-enable: no
${zones
  .map(
    (zone) => `stub-zone:
  name: "${zone.name}"
  stub-addr: 127.0.0.1@${zone.port}`,
  )
  .join('\n')}
`
}
