/** A private Knot DNS for tests: primary of its zones, changed by RFC 2136 with a key, or a secondary that lags; run from packages that are only unpacked. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { folders, startNameServer, type NameServer } from './bind.ts'
import { UPDATE_KEY, zoneFile, type Zone } from './zone.ts'

/** Returns when it answers. Dispose it: that stops it and removes its folder. */
export async function startKnot(zones: readonly Zone[]): Promise<NameServer> {
  return startNameServer('knot', zones, async (folder, port, packages) => {
    await folders(folder, 'run', 'db', 'zones')
    for (const zone of zones) await writeFile(join(folder, 'zones', `${zone.name}.zone`), zoneFile(zone))
    const config = join(folder, 'knot.conf')
    await writeFile(config, knotConfig(folder, port, zones))
    return { program: join(packages, 'usr/sbin/knotd'), args: ['-c', config] }
  })
}

/** Sections are read in block style only, and the zone itself must be written as an absolute name. */
function knotConfig(folder: string, port: number, zones: readonly Zone[]): string {
  const acl = ({ name, mayUpdate }: Zone): string => {
    const owners = mayUpdate === undefined ? null : Object.keys(mayUpdate).map((at) => (at === '@' ? `${name}.` : at))
    const types = mayUpdate === undefined ? null : [...new Set(Object.values(mayUpdate).flat())]
    return [
      `  - id: update-${name}`,
      `    key: ${UPDATE_KEY.name}`,
      '    action: update',
      ...(types === null ? [] : [`    update-type: [${types.join(', ')}]`]),
      ...(owners === null
        ? []
        : ['    update-owner: name', '    update-owner-match: equal', `    update-owner-name: [${owners.join(', ')}]`]),
    ].join('\n')
  }
  const remotes = zones.flatMap(({ name, copyOf }) =>
    copyOf === undefined ? [] : [`  - id: primary-${name}\n    address: 127.0.0.1@${copyOf.port}`],
  )
  const copied = ({ name, copyOf }: Zone): string =>
    copyOf === undefined
      ? ''
      : `
    master: primary-${name}
    refresh-min-interval: ${copyOf.everySeconds}
    refresh-max-interval: ${copyOf.everySeconds}`
  return `server:
  rundir: "${folder}/run"
  listen: 127.0.0.1@${port}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
log:
  - target: stdout
    any: info
database:
  storage: "${folder}/db"
key:
  - id: ${UPDATE_KEY.name}
    algorithm: ${UPDATE_KEY.algorithm}
    secret: ${UPDATE_KEY.secret}
${remotes.length === 0 ? '' : `remote:\n${remotes.join('\n')}\n`}acl:
${zones.map(acl).join('\n')}
template:
  - id: default
    storage: "${folder}/zones"
    file: "%s.zone"
zone:
${zones
  .map(
    (zone) => `  - domain: ${zone.name}
    acl: [update-${zone.name}]
    zonefile-load: difference
    zonefile-sync: 0
    journal-content: changes${copied(zone)}`,
  )
  .join('\n')}
`
}
