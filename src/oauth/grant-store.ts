import { createCipheriv, createDecipheriv, createHash, randomBytes, scryptSync } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'

/** What persons granted, by name: refresh tokens that outlive the process. */
export type GrantStore = {
  /** null where nothing is kept. Throws `bad-input` where it is sealed and the key does not open it. */
  read(name: string): Promise<Secret | null>
  write(name: string, grant: Secret): Promise<void>
  forget(name: string): Promise<void>
}

const OPEN = z.object({ grant: z.string() })
const SEALED = z.object({ salt: z.base64(), nonce: z.base64(), tag: z.base64(), sealed: z.base64() })

/**
 * Grants as files in a folder of their own, 0700 and 0600. With a key each is sealed by AES-256-GCM under a key that scrypt makes
 * of it; the name is sealed along, so that no file can stand in for another. Without a key only the permissions protect them.
 */
export function grantStore(folder: string, key: Secret | null): GrantStore {
  const fileOf = (name: string): string => join(folder, `${createHash('sha256').update(name).digest('hex').slice(0, 32)}.json`)
  return {
    async read(name) {
      const text = await readFile(fileOf(name), 'utf8').catch((error: unknown) => missing(error, folder))
      return text === null ? null : opened(text, name, key)
    },
    async write(name, grant) {
      const file = fileOf(name)
      const whole = JSON.stringify(key === null ? { grant: grant.reveal() } : sealed(grant, name, key))
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await chmod(folder, 0o700)
        const half = `${file}.${randomBytes(4).toString('hex')}`
        await writeFile(half, whole, { mode: 0o600, flag: 'wx' })
        await rename(half, file)
      } catch (cause) {
        throw new Failure('bad-input', `What was granted cannot be kept: ${folder} cannot be written.`, { cause })
      }
    },
    forget: (name) => rm(fileOf(name), { force: true }),
  }
}

function missing(error: unknown, folder: string): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
  throw new Failure('bad-input', `What was granted before cannot be read: a file in ${folder}.`, { cause: error })
}

function sealed(grant: Secret, name: string, key: Secret): z.infer<typeof SEALED> {
  const [salt, nonce] = [randomBytes(16), randomBytes(12)]
  const cipher = createCipheriv('aes-256-gcm', scryptSync(key.reveal(), salt, 32), nonce).setAAD(Buffer.from(name))
  const bytes = Buffer.concat([cipher.update(grant.reveal()), cipher.final()])
  const [a, b, c, d] = [salt, nonce, cipher.getAuthTag(), bytes].map((part) => part.toString('base64'))
  return { salt: a ?? '', nonce: b ?? '', tag: c ?? '', sealed: d ?? '' }
}

function opened(text: string, name: string, key: Secret | null): Secret {
  const json = jsonIn(text)
  const plain = OPEN.safeParse(json)
  if (plain.success) return new Secret(plain.data.grant)
  const kept = SEALED.safeParse(json)
  if (!kept.success)
    throw new Failure('bad-input', 'A file of kept grants is damaged. Remove the folder "grants" of the state directory and sign in again.')
  if (key === null) throw new Failure('bad-input', 'What was granted before is sealed: set CUTOVER_STATE_KEY as it was then.')
  const [salt, nonce, tag, bytes] = [kept.data.salt, kept.data.nonce, kept.data.tag, kept.data.sealed].map((part) =>
    Buffer.from(part, 'base64'),
  )
  if (salt === undefined || nonce === undefined || tag === undefined || bytes === undefined)
    throw new RangeError('a sealed grant has four parts')
  try {
    const cipher = createDecipheriv('aes-256-gcm', scryptSync(key.reveal(), salt, 32), nonce, { authTagLength: 16 })
    cipher.setAAD(Buffer.from(name)).setAuthTag(tag)
    return new Secret(Buffer.concat([cipher.update(bytes), cipher.final()]).toString())
  } catch (cause) {
    throw new Failure('bad-input', 'CUTOVER_STATE_KEY does not open what was granted before: set it as it was then.', { cause })
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
