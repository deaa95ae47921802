import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../model/failure.ts'
import { translated } from './write-whole.ts'

export const MANIFEST_KEY_FILE = 'manifest-key.pem'

/**
 * The Ed25519 key that signs the manifests of this state directory: made at the first call, the same ever after, also when two processes
 * ask at once. PKCS#8 PEM, readable by its owner alone. Throws `state-damaged` when the file holds something else.
 */
export async function manifestKey(stateDirectory: string): Promise<KeyObject> {
  const path = join(stateDirectory, MANIFEST_KEY_FILE)
  const kept = await readKey(path)
  if (kept !== null) return kept
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await mkdir(stateDirectory, { recursive: true })
    {
      await using file = await open(temporary, 'wx', 0o600)
      await file.writeFile(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
      await file.sync()
    }
    // Unlike a rename, a link never replaces the key that another process made meanwhile.
    await link(temporary, path).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    })
  } catch (error) {
    throw translated(error, path)
  } finally {
    await rm(temporary, { force: true })
  }
  const made = await readKey(path)
  if (made === null) throw new Failure('state-damaged', `The signing key "${path}" vanished while it was made. Run again.`)
  return made
}

async function readKey(path: string): Promise<KeyObject | null> {
  let pem: string
  try {
    pem = await readFile(path, 'utf8')
    await chmod(path, 0o600)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw translated(error, path)
  }
  try {
    const key = createPrivateKey(pem)
    if (key.asymmetricKeyType === 'ed25519') return key
  } catch {
    // Told below; the parser's own words say nothing more, and may quote the file.
  }
  throw new Failure('state-damaged', `"${path}" is not the Ed25519 key that signs manifests. Restore it, or move it away to get a new one.`)
}

/** SHA-256 of a public key (SPKI, DER), hex: short enough to be told by telephone, and what tells one signer from another. */
export function keyFingerprint(key: KeyObject): string {
  const spki = (key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(spki).digest('hex')
}
