import { randomUUID } from 'node:crypto'
import { open, unlink, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { Failure } from '../model/failure.ts'
import { Inspector, type Inspection } from './inspect.ts'
import { heldMessage, type MessageBytes } from './message-bytes.ts'

const WRITE_BYTES = 256 * 1024
const READ_BYTES = 128 * 1024
/** Messages up to this size are worked in memory. */
export const HOLD_BYTES = 4 * 1024 * 1024

/**
 * A message on disk, in a file that only this process can read. The file has no name from the start, so that a crash leaves
 * nothing (on Windows, which cannot do that, it goes on dispose). Close it: it holds a file descriptor.
 */
export class Spool implements MessageBytes, AsyncDisposable {
  readonly inspection: Inspection
  readonly bytes: number
  readonly held = null
  readonly #file: FileHandle
  readonly #leftover: string | null

  private constructor(file: FileHandle, leftover: string | null, inspection: Inspection) {
    this.#file = file
    this.#leftover = leftover
    this.inspection = inspection
    this.bytes = inspection.bytes
  }

  /**
   * Takes a stream to its end. Errors of the stream pass unchanged; throws the `Failure` disk-full when there is no room, bad-input
   * when the directory cannot be written to. Either way nothing stays behind.
   */
  static async write(source: AsyncIterable<Buffer>, options: { directory: string; longLineBytes: number | null }): Promise<Spool> {
    const path = join(options.directory, `cutover-${randomUUID()}.spool`)
    const file = await open(path, 'wx+', 0o600).catch(translate)
    const leftover = await unlink(path).then(
      () => null,
      () => path,
    )
    try {
      const inspector = new Inspector({ longLineBytes: options.longLineBytes })
      let waiting: Buffer[] = []
      let waitingBytes = 0
      for await (const chunk of source) {
        inspector.update(chunk)
        waiting.push(chunk)
        waitingBytes += chunk.length
        if (waitingBytes < WRITE_BYTES) continue
        await file.appendFile(Buffer.concat(waiting)).catch(translate)
        waiting = []
        waitingBytes = 0
      }
      await file.appendFile(Buffer.concat(waiting)).catch(translate)
      return new Spool(file, leftover, inspector.finish())
    } catch (error) {
      await close(file, leftover)
      throw error
    }
  }

  async *chunks(): AsyncGenerator<Buffer> {
    let at = 0
    while (at < this.bytes) {
      const { bytesRead, buffer } = await this.#file.read(Buffer.allocUnsafeSlow(Math.min(READ_BYTES, this.bytes - at)), 0, undefined, at)
      if (bytesRead === 0) throw new Failure('disk-full', 'The spool file ended early.')
      at += bytesRead
      yield buffer.subarray(0, bytesRead)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await close(this.#file, this.#leftover)
  }
}

/** Takes a stream to its end: into memory when it is short, else into a spool in `directory`. */
export async function collect(source: AsyncIterable<Buffer>, directory: string): Promise<MessageBytes & AsyncDisposable> {
  const held: Buffer[] = []
  let bytes = 0
  const iterator = source[Symbol.asyncIterator]()
  for (;;) {
    const next = await iterator.next()
    if (next.done === true) return { ...heldMessage(held), [Symbol.asyncDispose]: async () => {} }
    held.push(next.value)
    bytes += next.value.length
    if (bytes > HOLD_BYTES) break
  }
  return await Spool.write(rest(held, iterator), { directory, longLineBytes: null })
}

async function* rest(held: Buffer[], iterator: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* held.splice(0)
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
  } finally {
    await iterator.return?.()
  }
}

async function close(file: FileHandle, leftover: string | null): Promise<void> {
  await file.close().catch(() => {})
  if (leftover !== null) await unlink(leftover).catch(() => {})
}

function translate(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'ENOSPC' || code === 'EDQUOT') throw new Failure('disk-full', 'No room on disk for a large message.', { cause: error })
  throw new Failure('bad-input', 'The directory for large messages cannot be written to.', { cause: error })
}
