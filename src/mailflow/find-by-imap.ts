import type { Context } from '../lib/context.ts'
import { connectImap } from '../imap/connect.ts'
import type { ImapEndpoint, ImapLogin } from '../imap/endpoint.ts'
import { fetchBodies } from '../imap/fetch-bodies.ts'
import { fetchHeaders } from '../imap/fetch-headers.ts'
import { listFolders } from '../imap/list-folders.ts'
import { openFolder } from '../imap/open-folder.ts'
import { searchUids } from '../imap/search-uids.ts'
import type { Session } from '../imap/session.ts'
import { storeFlags } from '../imap/store-flags.ts'
import { UidSet } from '../model/uid-set.ts'
import { PROBE_HEADER, subjectOf } from './compose.ts'
import { headerFields, valuesOf, type HeaderField } from './headers.ts'
import type { Lookout, Sighting, Sought } from './sighting.ts'

/** How far back in a folder a probe of minutes ago is looked for. */
const NEWEST = 100
const TIDY_MS = 60_000

/**
 * A mailbox by IMAP: one outside that answers, or one of the old host. All folders, as filters file mail elsewhere. `mayRemove` false: it
 * is only read, as every old mailbox.
 */
export function imapLookout(mailbox: string, endpoint: ImapEndpoint, login: ImapLogin, ctx: Context, mayRemove: boolean): Lookout {
  return {
    mailbox,
    find: (sought) =>
      withSession(endpoint, login, ctx, async (session) => {
        for (const { name, junk } of await foldersOf(session)) {
          await openFolder(session, name, 'examine')
          for (const [uid, fields] of await newest(session))
            if (isSought(fields, sought)) return sightingOf(mailbox, name, junk, fields, await bodyOf(session, uid))
        }
        return null
      }),
    async remove(run) {
      if (!mayRemove) return 0
      // Also after a stop.
      const tidying = { ...ctx, signal: AbortSignal.timeout(TIDY_MS) }
      return withSession(endpoint, login, tidying, async (session) => {
        let removed = 0
        for (const { name } of await foldersOf(session)) {
          await openFolder(session, name, 'select')
          const mine = [...(await newest(session))].filter(([, fields]) => isOfRun(fields, run)).map(([uid]) => uid)
          if (mine.length === 0) continue
          const uids = UidSet.of(mine)
          await storeFlags(session, uids, ['\\Deleted'], [])
          // Only these: a bare EXPUNGE would take along what somebody else has flagged (RFC 4315 §2.1).
          if (session.has('UIDPLUS')) await session.run({ verb: 'UID EXPUNGE', parts: [`UID EXPUNGE ${uids.toString()}`] })
          removed += mine.length
        }
        return removed
      })
    },
  }
}

async function withSession<T>(endpoint: ImapEndpoint, login: ImapLogin, ctx: Context, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await connectImap(endpoint, login, ctx)
  try {
    return await work(session)
  } finally {
    session.destroy()
  }
}

async function foldersOf(session: Session): Promise<readonly { readonly name: string; readonly junk: boolean }[]> {
  const folders = await listFolders(session, { status: false })
  return folders.filter(({ selectable }) => selectable).map(({ name, specialUse }) => ({ name, junk: specialUse === 'junk' }))
}

async function newest(session: Session): Promise<ReadonlyMap<number, readonly HeaderField[]>> {
  const uids = [...(await searchUids(session))].slice(-NEWEST)
  const found = new Map<number, readonly HeaderField[]>()
  if (uids.length > 0) await fetchHeaders(session, UidSet.of(uids), (uid, header) => void found.set(uid, headerFields(header)))
  return found
}

function isSought(fields: readonly HeaderField[], { messageId, id }: Sought): boolean {
  if (messageId !== null && valuesOf(fields, 'Message-ID').includes(messageId)) return true
  return valuesOf(fields, 'Subject').some((subject) => subject.includes(id)) || valuesOf(fields, PROBE_HEADER).includes(id)
}

function isOfRun(fields: readonly HeaderField[], run: string): boolean {
  return (
    valuesOf(fields, 'Subject').some((subject) => subject.includes(subjectOf(`p.${run}.`))) ||
    valuesOf(fields, PROBE_HEADER).some((id) => id.startsWith(`p.${run}.`))
  )
}

async function bodyOf(session: Session, uid: number): Promise<Buffer> {
  let whole = Buffer.alloc(0)
  await fetchBodies(session, [uid], {
    holdBytes: Infinity,
    small: (_, chunks) => void (whole = Buffer.concat([...chunks])),
    large: () => Promise.resolve(),
  })
  return whole
}

function sightingOf(mailbox: string, folder: string, junk: boolean, headers: readonly HeaderField[], bytes: Buffer): Sighting {
  const [received = ''] = valuesOf(headers, 'Received')
  const at = Date.parse(received.slice(received.lastIndexOf(';') + 1))
  return {
    where: 'imap',
    mailbox,
    folder,
    junk,
    receivedMs: Number.isNaN(at) ? 0 : at,
    subject: valuesOf(headers, 'Subject')[0] ?? '',
    messageId: valuesOf(headers, 'Message-ID')[0] ?? '',
    headers,
    bytes,
  }
}
