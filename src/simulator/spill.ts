import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { heldContent, type Content } from './mail-store.ts'

const HELD_BYTES = 64 * 1024 * 1024
const SMALL_BYTES = 2048

/** Keeps the bytes of stored messages: the first 64 MB in memory, what comes after in a file that goes away with it. */
export class Spill implements Disposable {
  readonly #limitBytes: number
  #held = 0
  #file: { readonly folder: string; readonly descriptor: number } | null = null
  #end = 0

  constructor(limitBytes = HELD_BYTES) {
    this.#limitBytes = limitBytes
  }

  keep(bytes: Buffer): Content {
    this.#held += bytes.length
    if (this.#held <= this.#limitBytes || bytes.length <= SMALL_BYTES) return heldContent(bytes)
    this.#file ??= createFile()
    const { descriptor } = this.#file
    const at = this.#end
    const sizeBytes = bytes.length
    writeSync(descriptor, bytes, 0, sizeBytes, at)
    this.#end += sizeBytes
    return {
      sizeBytes,
      bytes: () => {
        const read = Buffer.allocUnsafe(sizeBytes)
        readSync(descriptor, read, 0, sizeBytes, at)
        return read
      },
    }
  }

  [Symbol.dispose](): void {
    if (this.#file === null) return
    closeSync(this.#file.descriptor)
    rmSync(this.#file.folder, { recursive: true, force: true })
    this.#file = null
  }
}

function createFile(): { folder: string; descriptor: number } {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-simulator-'))
  return { folder, descriptor: openSync(join(folder, 'messages'), 'w+') }
}
