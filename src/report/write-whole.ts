import { randomBytes } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { Failure } from '../model/failure.ts'

/** Writes a file so that it is there whole or not at all. Throws `disk-full`, or `bad-input` where the place cannot be written to. */
export async function writeWhole(path: string, chunks: string | Uint8Array | Iterable<string>, mode = 0o644): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`
  try {
    await using file = await open(temporary, 'wx', mode)
    if (typeof chunks === 'string' || chunks instanceof Uint8Array) await file.writeFile(chunks)
    else for (const piece of inPieces(chunks)) await file.appendFile(piece)
    await file.sync()
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw translated(error, path)
  }
}

function* inPieces(chunks: Iterable<string>): Generator<string> {
  let piece = ''
  for (const chunk of chunks) {
    piece += chunk
    if (piece.length < 65_536) continue
    yield piece
    piece = ''
  }
  yield piece
}

/** A file system's error as a `Failure`; anything else as it is. */
export function translated(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof Failure || !('code' in error)) return error
  const code = String(error.code)
  if (code === 'ENOSPC' || code === 'EDQUOT') return new Failure('disk-full', `No space is left to write "${path}".`, { cause: error })
  const why: Readonly<Record<string, string>> = {
    ENOENT: 'the directory does not exist',
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
    EROFS: 'the file system is read-only',
    EISDIR: 'it is a directory',
    ENOTDIR: 'a part of the path is not a directory',
  }
  return new Failure('bad-input', `"${path}" cannot be written: ${why[code] ?? code}.`, { cause: error })
}
