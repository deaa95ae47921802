import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../../model/failure.ts'
import { zoneLines, type RecordSet } from '../record-set.ts'
import type { Pristine } from './facts.ts'

/** What was kept of a domain before anything was changed; null: nothing yet. */
export async function readPristine(directory: string, domain: string): Promise<Pristine | null> {
  const path = join(directory, 'before', `${domain}.json`)
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw unwritable(path, error)
  }
  try {
    return JSON.parse(text) as Pristine
  } catch (cause) {
    throw new Failure(
      'bad-input',
      `${path} cannot be read any more: it tells how the records of ${domain} were. Put it back from a backup.`,
      { cause },
    )
  }
}

/**
 * Keeps how everything was, in files that only their owner may read, before the first write: what is needed to go back, and the zone
 * as its host gives it. What was kept before stays.
 */
export async function keepPristine(
  directory: string,
  domain: string,
  pristine: Pristine,
  backup: () => Promise<string | null>,
): Promise<void> {
  if ((await readPristine(directory, domain)) !== null) return
  const zone = await backup().catch((error: unknown) => {
    // Its sets are kept all the same.
    if (error instanceof Failure && error.code !== 'stopped') return null
    throw error
  })
  const folder = join(directory, 'before')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lines = pristine.sets.flatMap((set: RecordSet) => zoneLines(set))
  await writeOnce(
    join(folder, `${domain}.zone`),
    zone ?? `; The sets of ${domain} that were read, as its host gives no whole zone.\n${lines.join('\n')}\n`,
  )
  await writeOnce(join(folder, `${domain}.json`), `${JSON.stringify(pristine, null, 2)}\n`)
}

/** After all is as it was: what was kept stays under another name, and the next first write keeps a new picture. */
export async function endPristine(directory: string, domain: string, atMs: number): Promise<void> {
  const stamp = new Date(atMs).toISOString().replaceAll(/[:.]/g, '-')
  for (const end of ['zone', 'json']) {
    const path = join(directory, 'before', `${domain}.${end}`)
    try {
      await rename(path, join(directory, 'before', `${domain}.until-${stamp}.${end}`))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw unwritable(path, error)
    }
  }
}

/** There whole or not at all, and never written over. */
async function writeOnce(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await writeFile(temporary, text, { mode: 0o600, flag: 'wx', flush: true })
    await link(temporary, path)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw unwritable(path, error)
  } finally {
    await rm(temporary, { force: true })
  }
}

function unwritable(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('code' in cause)) return cause
  if (cause.code === 'ENOSPC' || cause.code === 'EDQUOT') return new Failure('disk-full', `No space is left to write "${path}".`, { cause })
  return new Failure('bad-input', `"${path}" cannot be read or written (${String(cause.code)}).`, { cause })
}
