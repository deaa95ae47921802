import { rightsIn } from '../imap/acl.ts'
import { quotasOf } from '../imap/quota.ts'
import { subscriptions } from '../imap/subscriptions.ts'
import type { Session } from '../imap/session.ts'
import { Failure } from '../model/failure.ts'
import type { ListedFolder } from '../model/folder.ts'
import type { FolderAbout, MailboxAbout } from './port.ts'

/** So many folders are asked about at once. */
const AT_ONCE = 16

/** What a server tells of a mailbox beside its mail. Reads only. */
export async function aboutMailbox(session: Session, folders: readonly ListedFolder[]): Promise<MailboxAbout> {
  const [quotas, subscribed] = await Promise.all([tolerated(session, quotasOf(session)), subscriptions(session)])
  const told = new Map<string, FolderAbout>()
  const [first, ...queue] = folders.filter((folder) => folder.selectable)
  const askOf = async ({ name }: ListedFolder): Promise<void> => {
    const rights = tellsRights ? await rightsIn(session, name) : null
    told.set(name, { subscribed: subscribed === null ? null : subscribed.has(name), rights })
  }
  let tellsRights = true
  if (first !== undefined) {
    await askOf(first)
    // A server that tells no rights in INBOX tells none, and some hang up after a few refusals.
    tellsRights = told.get(first.name)?.rights !== null
  }
  const ask = async (): Promise<void> => {
    for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) await askOf(folder)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, ask))
  const listed = new Set(folders.map(({ name }) => name))
  const ghosts = [...(subscribed ?? [])].filter(([name]) => !listed.has(name)).map(([, path]) => path.join('/'))
  return { quotas, folders: told, subscribedButGone: ghosts }
}

async function tolerated<T>(session: Session, asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (!(error instanceof Failure) || !session.alive || error.next === 'wait') throw error
    return null
  }
}
