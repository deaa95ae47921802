import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Certificates = { readonly key: string; readonly chain: string; readonly authority: string }

export const noOpenssl = existsSync('/usr/bin/openssl') ? false : 'openssl is not installed'

/** An authority of our own, and a certificate that it signed for these hosts. */
export async function certificatesFor(host: string, ...more: readonly string[]): Promise<Certificates> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-certificates-'))
  const openssl = (words: string): void => void execFileSync('/usr/bin/openssl', words.split(' '), { cwd: folder, stdio: 'pipe' })
  const read = (file: string): Promise<string> => readFile(join(folder, file), 'utf8')
  const newKey = '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
  try {
    openssl(`req -x509 ${newKey} -keyout ca.key -out ca.pem -days 2 -subj /CN=test-authority`)
    openssl(`req -new ${newKey} -keyout leaf.key -out leaf.csr -subj /CN=${host}`)
    await writeFile(
      join(folder, 'extensions'),
      `subjectAltName=${[host, ...more].map((name) => `DNS:${name}`).join(',')}\nbasicConstraints=CA:FALSE\n`,
    )
    openssl('x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile extensions -out leaf.pem')
    const authority = await read('ca.pem')
    return { key: await read('leaf.key'), chain: `${await read('leaf.pem')}${authority}`, authority }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
