/** Private folders, free ports and certificates for servers that tests start. */
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** A new folder that every system user may enter, since servers started by root drop to their own user. */
export async function makeFolder(name: string): Promise<string> {
  for (const parent of [tmpdir(), '/tmp', '/var/tmp']) {
    if (!(await traversable(parent))) continue
    const folder = await mkdtemp(join(parent, `cutover-${name}-`))
    await chmod(folder, 0o755)
    return folder
  }
  throw new Error('No temporary folder that other users may enter: tried TMPDIR, /tmp and /var/tmp')
}

async function traversable(folder: string): Promise<boolean> {
  const mode = await stat(folder).then(
    (found) => found.mode,
    () => 0,
  )
  if ((mode & 0o001) === 0) return false
  return folder === '/' || traversable(dirname(folder))
}

/** Removes a folder of `makeFolder`, waiting out a server's last writes. */
export function removeFolder(folder: string): Promise<void> {
  return rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
}

/** Ports on 127.0.0.1 that nobody listened on a moment ago; another process may still take one, so callers try again. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const server = createServer().once('error', reject).listen(0, '127.0.0.1', resolve)
      await promise
      return server
    }),
  )
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  })
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()))
  return ports
}

/** Writes cert.pem and key.pem for localhost and 127.0.0.1 into `folder` and returns the certificate, which is its own CA. */
export async function makeCertificate(folder: string): Promise<string> {
  const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  await execute('openssl', ['req', '-x509', '-days', '2', ...key, ...names, ...files])
  return readFile(join(folder, 'cert.pem'), 'utf8')
}
