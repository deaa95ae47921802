/** A private BIND for tests: primary of its zones, changed by RFC 2136 with a key; run from packages that are only unpacked. */
import { globSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { UNPACKED } from './available.ts'
import { accepts, startProcess, type ServerProcess } from './child.ts'
import { freePorts, makeFolder, removeFolder } from './place.ts'
import { UPDATE_KEY, zoneFile, type Zone } from './zone.ts'

export type NameServer = AsyncDisposable & { readonly host: '127.0.0.1'; readonly port: number; output(): string }

/** Returns when it answers. Dispose it: that stops it and removes its folder. */
export async function startBind(zones: readonly Zone[]): Promise<NameServer> {
  return startNameServer('bind', zones, async (folder, port, packages) => {
    for (const zone of zones) await writeFile(join(folder, `${zone.name}.zone`), zoneFile(zone))
    const config = join(folder, 'named.conf')
    await writeFile(config, bindConfig(folder, port, zones))
    return { program: join(packages, 'usr/sbin/named'), args: ['-4', '-c', config, '-g'] }
  })
}

const READY = {
  bind: (output: string): boolean => output.includes('all zones loaded'),
  knot: (output: string, zones: readonly Zone[]): boolean => zones.every((zone) => output.includes(`[${zone.name}.] loaded`)),
  unbound: (output: string): boolean => output.includes('start of service'),
} as const

/** Starts a name server from its unpacked packages and waits until it accepts connections; tries other ports when one was taken. */
export async function startNameServer(
  name: keyof typeof READY,
  zones: readonly Zone[],
  prepare: (folder: string, port: number, packages: string) => Promise<{ program: string; args: readonly string[] }>,
): Promise<NameServer> {
  const packages = join(UNPACKED, name)
  const folder = await makeFolder(name)
  const libraries = globSync(['lib/*-linux-gnu', 'usr/lib/*-linux-gnu'], { cwd: packages }).map((one) => join(packages, one))
  let running: ServerProcess | undefined
  const stop = async (): Promise<void> => {
    await running?.stop()
    await removeFolder(folder)
  }
  try {
    for (let attempt = 1; ; attempt++) {
      const [port = 0] = await freePorts(1)
      const { program, args } = await prepare(folder, port, packages)
      const child = startProcess(program, args, { env: { PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: libraries.join(':') } })
      running = child
      const until = performance.now() + 15_000
      while (child.alive() && performance.now() < until)
        // It listens before it has read its zones.
        if ((await accepts(port)) && READY[name](child.output(), zones))
          return { host: '127.0.0.1', port, output: () => child.output(), [Symbol.asyncDispose]: stop }
      await child.kill()
      if (attempt === 3) throw new Error(`${name} did not start:\n${child.output()}`)
    }
  } catch (error) {
    await stop()
    throw error
  }
}

function bindConfig(folder: string, port: number, zones: readonly Zone[]): string {
  const policy = ({ name, mayUpdate }: Zone): string =>
    mayUpdate === undefined
      ? `grant ${UPDATE_KEY.name} zonesub ANY;`
      : Object.entries(mayUpdate)
          .map(([at, types]) => `grant ${UPDATE_KEY.name} name ${at === '@' ? '' : `${at}.`}${name}. ${types.join(' ')};`)
          .join('\n    ')
  return `
options { directory "${folder}"; pid-file "${folder}/named.pid"; session-keyfile "${folder}/session.key";
  managed-keys-directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; allow-query { 127.0.0.0/8; }; dnssec-validation no; notify no; minimal-responses yes; };
controls { };
key "${UPDATE_KEY.name}" { algorithm ${UPDATE_KEY.algorithm}; secret "${UPDATE_KEY.secret}"; };
${zones
  .map(
    (
      zone,
    ) => `zone "${zone.name}" { type primary; file "${folder}/${zone.name}.zone";${zone.signed === true ? ' dnssec-policy default;' : ''}
  update-policy {
    ${policy(zone)}
  }; };`,
  )
  .join('\n')}
`
}

/** Makes the folders that a server wants. */
export async function folders(parent: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) await mkdir(join(parent, name), { recursive: true })
}
