import { Failure } from '../model/failure.ts'
import type { FolderStatus, ListedFolder } from '../model/folder.ts'
import { imapString } from './encoder.ts'
import type { Part } from './encoder.ts'
import { folderStatus, statusItems } from './folder-status.ts'
import { folderNamed, listedFolder, statusOf } from './list-response.ts'
import { isOwnFolder } from './namespace.ts'
import type { Session } from './session.ts'

/** So many STATUS in flight at once; after so many refusals the rest goes without figures. */
const PLENTY = { atOnce: 32, refusals: 5 }
/** Where the server closes after ten errors: those in flight may all be refused. */
const CAREFUL = { atOnce: 8, refusals: 1 }

/**
 * The person's own folders, in the server's order, with their figures unless `status` is false. INBOX is always there.
 * One round trip where the server can do it (RFC 5258, 5819), LIST and a pipeline of STATUS elsewhere.
 */
export async function listFolders(session: Session, options: { readonly status?: boolean } = {}): Promise<readonly ListedFolder[]> {
  const wantsStatus = options.status ?? true
  for (const extra of returnOptions(session, wantsStatus)) {
    if (session.state.refusedListOptions.has(extra)) continue
    try {
      const told = await list(session, extra)
      if (told.folders.length === 0 && extra !== '') continue
      const folders = await withInbox(session, told.folders)
      return wantsStatus ? await withStatus(session, folders, told.status) : folders
    } catch (error) {
      // BAD is a verdict on the options; a NO or a throttled answer is not
      if (!(error instanceof Failure) || extra === '' || error.serverText?.startsWith('BAD') !== true || !session.alive) throw error
      if (error.code === 'throttled') throw error
      session.state.refusedListOptions.add(extra)
    }
  }
  return withInbox(session, [])
}

/** From what tells most to nothing: the ladder we climb down when the server answers BAD. */
function returnOptions(session: Session, wantsStatus: boolean): readonly string[] {
  if (session.quirk('plain-list') || !session.has('LIST-EXTENDED')) return ['']
  // Dovecot 2.4 tells only the attributes that are asked for: so all of them
  const words = ['CHILDREN', 'SUBSCRIBED', ...(session.has('SPECIAL-USE') ? ['SPECIAL-USE'] : [])]
  const status = wantsStatus && session.has('LIST-STATUS') ? [`STATUS ${statusItems(session)}`] : []
  const without = ` RETURN (${words.join(' ')})`
  return status.length === 0 ? [without, ''] : [` RETURN (${[...words, ...status].join(' ')})`, without, '']
}

/**
 * Folders of another tree than the person's own, by the beginning of their names. `whole`: all of them, with their figures; else only
 * the level right below, by name. Nobody has INBOX there, and none is made up.
 */
export async function listTree(session: Session, prefix: string, whole: boolean): Promise<readonly ListedFolder[]> {
  const pattern = imapString(`${prefix}${whole ? '*' : '%'}`, session.state.utf8Names)
  const told = await list(session, '', pattern, () => true)
  return whole ? await withStatus(session, told.folders, told.status) : told.folders
}

type Told = { readonly folders: readonly ListedFolder[]; readonly status: ReadonlyMap<string, FolderStatus> }

async function list(
  session: Session,
  extra: string,
  pattern: Part = '"*"',
  wanted = (name: string): boolean => isOwnFolder(session.state, name),
): Promise<Told> {
  const folders = new Map<string, ListedFolder>()
  const status = new Map<string, FolderStatus>()
  await session.run({
    verb: 'LIST',
    parts: ['LIST "" ', pattern, extra],
    onUntagged: (response) => {
      if (response.kind !== 'data') return
      if (response.name === 'LIST') {
        const folder = listedFolder(response, session.state.utf8Names)
        if (folder !== null && !folders.has(folder.name) && wanted(folder.name)) folders.set(folder.name, folder)
      } else if (response.name === 'STATUS') {
        const told = statusOf(response)
        if (told !== null) status.set(told.name, told.status)
      }
    },
  })
  return { folders: [...folders.values()], status }
}

/** Some servers leave INBOX out, and some list nothing at all for "*". */
async function withInbox(session: Session, listed: readonly ListedFolder[]): Promise<readonly ListedFolder[]> {
  const folders = listed.length > 0 ? listed : (await list(session, '', '"%"')).folders
  if (folders.some((folder) => folder.specialUse === 'inbox')) return folders
  const separator = folders[0]?.separator ?? session.state.namespaces?.personal[0]?.separator ?? null
  return [folderNamed('INBOX', separator, [], session.state.utf8Names), ...folders]
}

async function withStatus(
  session: Session,
  folders: readonly ListedFolder[],
  told: ReadonlyMap<string, FolderStatus>,
): Promise<readonly ListedFolder[]> {
  const found: ListedFolder[] = folders.map((folder) => ({ ...folder, status: told.get(folder.name) ?? null }))
  const missing = found.flatMap((folder, at) => (folder.selectable && folder.status === null ? [at] : []))
  const limit = session.quirk('plain-list') ? CAREFUL : PLENTY
  let refusals = 0
  const ask = async (): Promise<void> => {
    for (let at = missing.shift(); at !== undefined && refusals < limit.refusals; at = missing.shift()) {
      const folder = found[at]
      if (folder === undefined) continue
      try {
        found[at] = { ...folder, status: await folderStatus(session, folder.name) }
      } catch (error) {
        if (!(error instanceof Failure) || (error.spoils !== 'folder' && error.code !== 'protocol') || !session.alive) throw error
        refusals++
      }
    }
  }
  await Promise.all(Array.from({ length: limit.atOnce }, ask))
  return found
}
