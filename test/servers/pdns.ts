/** A private PowerDNS for tests: its zones in SQLite, changed over its HTTP API; run from packages that are only unpacked. */
import { globSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { UNPACKED } from './available.ts'
import type { NameServer } from './bind.ts'
import { accepts, startProcess, type ServerProcess } from './child.ts'
import { freePorts, makeFolder, removeFolder } from './place.ts'
import { zoneFile, type Zone } from './zone.ts'

export type PdnsServer = NameServer & {
  /** Where its API answers. */
  readonly url: string
  readonly key: string
}

const KEY = 'pdns-test-key'

/** Returns when it answers for its zones. Dispose it: that stops it and removes its folder. */
export async function startPdns(zones: readonly Zone[]): Promise<PdnsServer> {
  const packages = join(UNPACKED, 'pdns')
  const folder = await makeFolder('pdns')
  const [libraries = ''] = globSync('usr/lib/*-linux-gnu', { cwd: packages }).map((one) => join(packages, one))
  let running: ServerProcess | undefined
  const stop = async (): Promise<void> => {
    await running?.stop()
    await removeFolder(folder)
  }
  try {
    const database = new DatabaseSync(join(folder, 'pdns.sqlite3'))
    database.exec(readFileSync(join(packages, 'usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql'), 'utf8'))
    database.close()
    for (let attempt = 1; ; attempt++) {
      const [port = 0, apiPort = 0] = await freePorts(2)
      await writeFile(join(folder, 'pdns.conf'), config(folder, libraries, port, apiPort))
      const args = [`--config-dir=${folder}`, '--daemon=no', '--guardian=no', '--disable-syslog']
      const child = startProcess(join(packages, 'usr/sbin/pdns_server'), args, {
        env: { PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: libraries },
      })
      running = child
      const until = performance.now() + 15_000
      while (child.alive() && performance.now() < until)
        if ((await accepts(port)) && (await accepts(apiPort))) {
          const url = `http://127.0.0.1:${apiPort}`
          for (const zone of zones) await makeZone(url, zone)
          return { host: '127.0.0.1', port, url, key: KEY, output: () => child.output(), [Symbol.asyncDispose]: stop }
        }
      await child.kill()
      if (attempt === 3) throw new Error(`pdns did not start:\n${child.output()}`)
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function makeZone(url: string, zone: Zone): Promise<void> {
  const response = await fetch(`${url}/api/v1/servers/localhost/zones`, {
    method: 'POST',
    headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
    body: JSON.stringify({ name: `${zone.name}.`, kind: 'Native', nameservers: [], zone: zoneFile(zone) }),
  })
  if (!response.ok) throw new Error(`pdns took no zone ${zone.name}: ${await response.text()}`)
}

/** Without its caches, which would answer what was before. */
function config(folder: string, libraries: string, port: number, apiPort: number): string {
  return `
module-dir=${libraries}/pdns
launch=gsqlite3
gsqlite3-database=${folder}/pdns.sqlite3
local-address=127.0.0.1
local-port=${port}
socket-dir=${folder}
api=yes
api-key=${KEY}
webserver=yes
webserver-address=127.0.0.1
webserver-port=${apiPort}
webserver-allow-from=127.0.0.0/8
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
expand-alias=no
`
}
