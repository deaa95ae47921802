import type { FolderEntry } from '../ledger/folder-rows.ts'
import { fingerprint, type Fingerprint } from '../message/fingerprint.ts'
import { inspect } from '../message/inspect.ts'
import type { UidSet } from '../model/uid-set.ts'
import type { SourceFolder } from '../source/port.ts'
import { identify } from './outgoing.ts'
import type { PassEnv } from './pass-env.ts'

/** Headers asked for in one go. */
const WINDOW = 2000

/**
 * The UIDs of a folder became worthless (UIDVALIDITY changed): its messages are recognised by fingerprint, so that nothing is
 * copied twice. What is not recognised is new; entries that no message claims may have moved to another folder, else their copies stay.
 */
export async function reidentify(env: PassEnv, folder: SourceFolder, entry: FolderEntry): Promise<void> {
  env.watch.note(`UIDVALIDITY changed from ${entry.uidValidity ?? '?'} to ${folder.status.uidValidity}: messages are recognised by content`)
  env.ledger.forgetUids(entry.id)
  const uids = await folder.uids()
  await identitiesOf(folder, uids, (uid, found) => {
    for (const candidate of env.ledger.candidates(entry.id, { strict: found.strict })) {
      env.ledger.rebind(candidate.id, folder.status.uidValidity, uid)
      break
    }
  })
  env.ledger.vanishForgotten(entry.id, env.passId)
}

/** Reads who the messages of a source folder are: by header, and by a sample of the body where the header is too thin. */
export async function identitiesOf(
  folder: SourceFolder,
  uids: UidSet,
  on: (uid: number, found: Fingerprint, header: Buffer) => void,
): Promise<void> {
  const tell = (uid: number, chunks: readonly Buffer[]): void => {
    const inspection = inspect(chunks, { longLineBytes: null })
    on(uid, identify(inspection), inspection.header)
  }
  for (const window of uids.windows(WINDOW)) {
    const thin: number[] = []
    await folder.headers(window, (uid, header) => {
      const found = fingerprint(header)
      if (found.thin) thin.push(uid)
      else on(uid, found, header)
    })
    for (let at = 0; at < thin.length; at += 32) {
      await folder.bodies(thin.slice(at, at + 32), {
        holdBytes: 256 * 1024,
        small: (uid, chunks) => tell(uid, chunks),
        large: async (uid, stream) => {
          const chunks: Buffer[] = []
          for await (const chunk of stream) if (chunks.length < 16) chunks.push(chunk)
          tell(uid, chunks)
        },
      })
    }
  }
}
