import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Secret } from '../model/secret.ts'

/** Where secrets may come from: the environment, and files relative to the directory of what names them. */
export type SecretPlaces = { readonly directory: string; readonly env: Readonly<Record<string, string | undefined>> }

export type FoundSecret = { readonly secret: Secret } | { readonly says: string }

/** What `env:NAME` or `file:PATH` stands for; null where the text is neither. `says` continues a sentence that begins with the field. */
export async function secretAt(given: string, places: SecretPlaces): Promise<FoundSecret | null> {
  if (given.startsWith('env:')) return fromEnvironment(given.slice(4).trim(), places.env)
  if (given.startsWith('file:')) return fromFile(given.slice(5).trim(), places.directory)
  return null
}

function fromEnvironment(name: string, env: SecretPlaces['env']): FoundSecret {
  const value = env[name] ?? ''
  if (value === '') return { says: `is to be in the environment variable "${name}", which is not set` }
  return { secret: new Secret(value) }
}

async function fromFile(name: string, directory: string): Promise<FoundSecret> {
  try {
    const text = await readFile(resolve(directory, name), 'utf8')
    const value = text.replace(/^\uFEFF/, '').replace(/\r?\n$/, '')
    if (value === '') return { says: `is to be in the file "${name}", which is empty` }
    return { secret: new Secret(value) }
  } catch (error) {
    return { says: `is to be in the file "${name}", which ${whyUnreadable(error)}` }
  }
}

/** Continues a sentence that begins with the file. */
export function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOENT') return 'does not exist'
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user'
  if (code === 'EISDIR') return 'is a directory'
  return 'cannot be read'
}
