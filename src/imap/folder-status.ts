import { Failure } from '../model/failure.ts'
import type { FolderStatus } from '../model/folder.ts'
import { imapString } from './encoder.ts'
import { statusOf } from './list-response.ts'
import type { Session } from './session.ts'

/** What can be asked of a folder here: nothing that the server did not offer. */
export function statusItems(session: Session): string {
  const items = ['MESSAGES', 'UIDNEXT', 'UIDVALIDITY']
  if (session.has('CONDSTORE')) items.push('HIGHESTMODSEQ')
  if (session.has('STATUS=SIZE')) items.push('SIZE')
  return `(${items.join(' ')})`
}

/** The figures of a folder without opening it (RFC 3501 §6.3.10). Throws a `Failure`. */
export async function folderStatus(session: Session, name: string): Promise<FolderStatus> {
  let exact: FolderStatus | null = null
  let other: FolderStatus | null = null
  await session.run({
    verb: 'STATUS',
    parts: ['STATUS ', imapString(name, session.state.utf8Names), ` ${statusItems(session)}`],
    onUntagged: (response, isOldest) => {
      if (response.kind !== 'data' || response.name !== 'STATUS') return
      const told = statusOf(response)
      if (told === null) return
      if (sameFolderName(told.name, name)) exact = told.status
      else if (isOldest) other = told.status
    },
  })
  // a server may spell the name in another way; while a command is the oldest, what comes is its answer
  const found: FolderStatus | null = exact ?? other
  if (found === null) throw new Failure('protocol', `${session.endpoint.host} said OK to STATUS without telling anything.`)
  return found
}

/** INBOX is one name in any case. */
export function sameFolderName(a: string, b: string): boolean {
  return a === b || (a.toUpperCase() === 'INBOX' && b.toUpperCase() === 'INBOX')
}
