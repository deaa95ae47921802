/** A private OpenLDAP directory for tests, run from packages that are only unpacked; as root or as an ordinary user. */
import { execFile } from 'node:child_process'
import { globSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { UNPACKED } from './available.ts'
import { type ServerProcess, accepts, startProcess } from './child.ts'
import type { Account } from './dovecot.ts'
import { freePorts, makeCertificate, makeFolder, removeFolder } from './place.ts'

export type SlapdOptions = {
  /** LDIF of what it holds, below `SLAPD_SUFFIX`. */
  readonly entries: string
  /** So many entries are handed out to one search that does not ask in pages. Default 100. */
  readonly sizeLimit?: number
}

export type SlapdServer = AsyncDisposable & {
  readonly host: '127.0.0.1'
  /** In plain text, with STARTTLS. */
  readonly port: number
  readonly tlsPort: number
  readonly caPem: string
  /** May read everything; nobody else may read anything. */
  readonly reader: Account
}

export const SLAPD_SUFFIX = 'dc=example,dc=test'
const READER: Account = { login: `cn=reader,${SLAPD_SUFFIX}`, password: 'reader-secret' }
const execute = promisify(execFile)

/** Starts slapd with its entries and returns when it listens. Dispose it: that stops it and removes its folder. */
export async function startSlapd(options: SlapdOptions): Promise<SlapdServer> {
  const folder = await makeFolder('slapd')
  const packages = join(UNPACKED, 'slapd')
  const libraries = globSync(['lib/*-linux-gnu', 'usr/lib/*-linux-gnu'], { cwd: packages }).map((name) => join(packages, name))
  const env = { PATH: '/usr/bin:/bin', LD_LIBRARY_PATH: libraries.join(':') }
  const configFile = join(folder, 'slapd.conf')
  let running: ServerProcess | undefined

  const stop = async (): Promise<void> => {
    await running?.kill()
    await removeFolder(folder)
  }

  try {
    const caPem = await makeCertificate(folder)
    await mkdir(join(folder, 'data'))
    await writeFile(configFile, config(folder, packages, options.sizeLimit ?? 100))
    await writeFile(join(folder, 'entries.ldif'), `${BASE}\n${options.entries}`)
    await execute(join(packages, 'usr/sbin/slapadd'), ['-q', '-f', configFile, '-l', join(folder, 'entries.ldif')], { env })
    for (let attempt = 1; ; attempt++) {
      const [port = 0, tlsPort = 0] = await freePorts(2)
      const urls = `ldap://127.0.0.1:${port} ldaps://127.0.0.1:${tlsPort}`
      const child = startProcess(join(packages, 'usr/sbin/slapd'), ['-d', '0', '-f', configFile, '-h', urls], { env })
      running = child
      if (await listens(child, [port, tlsPort]))
        return { host: '127.0.0.1', port, tlsPort, caPem, reader: READER, [Symbol.asyncDispose]: stop }
      await child.kill()
      // Another process may have taken a port since it was found free.
      if (attempt === 3) throw new Error(`slapd did not start:\n${child.output()}`)
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function listens(child: ServerProcess, ports: readonly number[]): Promise<boolean> {
  const until = performance.now() + 15_000
  while (child.alive() && performance.now() < until)
    if ((await Promise.all(ports.map((port) => accepts(port)))).every((open) => open)) return true
  return false
}

const BASE = `dn: ${SLAPD_SUFFIX}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: ${READER.login}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: ${READER.password}
`

/** Attributes of Active Directory and Exchange come with Debian's msuser schema, as far as it goes. */
function config(folder: string, packages: string, sizeLimit: number): string {
  const schemas = ['core', 'cosine', 'inetorgperson', 'nis', 'msuser'].map((name) => `include ${packages}/etc/ldap/schema/${name}.schema`)
  return `
${schemas.join('\n')}
modulepath ${packages}/usr/lib/ldap
moduleload back_mdb
pidfile ${folder}/slapd.pid
TLSCertificateFile ${folder}/cert.pem
TLSCertificateKeyFile ${folder}/key.pem
database mdb
suffix "${SLAPD_SUFFIX}"
directory ${folder}/data
maxsize 67108864
limits dn.exact="${READER.login}" size.soft=${sizeLimit} size.hard=${sizeLimit} size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${READER.login}" read by * none
`
}
