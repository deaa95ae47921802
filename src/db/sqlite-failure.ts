import { Failure } from '../model/failure.ts'

/** Primary result codes of SQLite (https://sqlite.org/rescode.html); the low byte of an extended code. */
const BUSY = 5
const READONLY = 8
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const CANTOPEN = 14
const NOTADB = 26
/** The shared memory file of the WAL could not grow: SQLite's way of saying that the disk is full there. */
const IOERR_SHMSIZE = 4874

/**
 * What an error of SQLite or of the file system means for the person who runs us.
 * Everything else comes back as it is: it is a bug of ours (wrong SQL, broken constraint) and must be seen as one.
 */
export function translateSqlite(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error
  if (!('errcode' in error) || typeof error.errcode !== 'number') return translateFileSystem(error, path)
  const cause = error
  if (error.errcode === IOERR_SHMSIZE) return new Failure('disk-full', `No space left on the disk of ${path}.`, { cause })
  switch (error.errcode & 0xff) {
    case FULL:
      return new Failure('disk-full', `No space left on the disk of ${path}.`, { cause })
    case CORRUPT:
    case NOTADB:
      return new Failure('state-damaged', `${path} is damaged: ${error.message}.`, { cause })
    case IOERR:
      return new Failure('state-damaged', `${path} cannot be read or written: ${error.message}.`, { cause })
    case BUSY:
      return new Failure('state-in-use', `${path} is held by another process.`, { cause })
    case READONLY:
    case CANTOPEN:
      return new Failure('bad-input', `${path} cannot be opened or written: check its owner and permissions.`, { cause })
    default:
      return error
  }
}

function translateFileSystem(error: Error, path: string): unknown {
  const code = 'code' in error ? error.code : undefined
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Failure('disk-full', `No space left on the disk of ${path}.`, { cause: error })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new Failure('bad-input', `No permission to write ${path}.`, { cause: error })
    case 'ENOTDIR':
    case 'EEXIST':
      return new Failure('bad-input', `${path} is not a directory.`, { cause: error })
    case 'EIO':
      return new Failure('state-damaged', `${path} cannot be read or written: ${error.message}.`, { cause: error })
    default:
      return error
  }
}
