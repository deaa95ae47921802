import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { sealing } from '../lib/sealing.ts'
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
      const whole = JSON.stringify(key === null ? { grant: grant.reveal() } : sealing(key.reveal()).seal(grant.reveal(), name))
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

function opened(text: string, name: string, key: Secret | null): Secret {
  const json = jsonIn(text)
  const plain = OPEN.safeParse(json)
  if (plain.success) return new Secret(plain.data.grant)
  const kept = SEALED.safeParse(json)
  if (!kept.success)
    throw new Failure('bad-input', 'A file of kept grants is damaged. Remove the folder "grants" of the state directory and sign in again.')
  if (key === null) throw new Failure('bad-input', 'What was granted before is sealed: set CUTOVER_STATE_KEY as it was then.')
  const grant = sealing(key.reveal()).open(kept.data, name)
  if (grant === null) throw new Failure('bad-input', 'CUTOVER_STATE_KEY does not open what was granted before: set it as it was then.')
  return new Secret(grant)
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
