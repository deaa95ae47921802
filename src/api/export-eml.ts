import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ErrorRow } from '../ledger/error-rows.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { Failure } from '../model/failure.ts'
import { openSources } from './mailboxes.ts'
import type { SourceAddresses, Watch } from './operations.ts'
import type { World } from './world.ts'

/** Fetches messages that did not travel and writes each as an .eml file, readable by its owner alone. Returns the files by entry. */
export async function exportMessages(
  world: World,
  ledger: Ledger,
  rows: readonly ErrorRow[],
  directory: string,
  addresses: SourceAddresses,
  watch: Watch,
): Promise<ReadonlyMap<number, string>> {
  const ctx = { clock: world.clock, log: world.log, signal: watch.signal }
  const sources = await openSources(world, addresses, ctx)
  const files = new Map<number, string>()
  for (const mailbox of ledger.mailboxes()) {
    const wanted = rows.filter((row) => row.mailboxId === mailbox.id)
    const open = sources.find((one) => one.key === mailbox.source)
    if (wanted.length === 0 || open === undefined) continue
    await using session = await open.source.connect(ctx)
    for (const folder of ledger.folders(mailbox.id)) {
      const here = new Map(wanted.filter((row) => row.folderId === folder.id).map((row) => [row.uid, row]))
      if (here.size === 0) continue
      const opened = await session.open(folder.sourceName)
      if (opened.status.uidValidity !== folder.uidValidity) continue
      for (const row of here.values()) {
        watch.signal.throwIfAborted()
        const file = join(directory, fileName(row))
        await opened.bodies([row.uid], {
          holdBytes: -1,
          small: () => {},
          large: async (_uid, stream) => {
            await save(stream, file)
            files.set(row.entryId, file)
          },
        })
      }
    }
  }
  return files
}

async function save(stream: AsyncIterable<Buffer>, file: string): Promise<void> {
  try {
    await pipeline(Readable.from(stream), createWriteStream(file, { mode: 0o600 }))
  } catch (error) {
    if (error instanceof Failure) throw error
    throw new Failure('bad-input', `${file} cannot be written.`, { cause: error })
  }
}

/** Nothing that came by mail gets into a file name but letters, digits and a few signs. */
function fileName(row: ErrorRow): string {
  const safe = (text: string, max: number): string =>
    text
      .replaceAll(/[^\p{L}\p{N}@._-]+/gu, '_')
      .replace(/^[._]+/, '')
      .slice(0, max)
  return `${safe(row.mailboxName, 60)}-${safe(row.folderPath.join('-'), 60)}-${row.uid}.eml`
}
