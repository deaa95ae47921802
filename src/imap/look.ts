import { Failure } from '../model/failure.ts'
import { openFolder } from './open-folder.ts'
import type { Session } from './session.ts'

/**
 * How many messages INBOX holds, by EXAMINE, and leaves the server. INBOX exists always (RFC 3501 §5.1): where it does not, the
 * login has no right to it, which must never pass for an empty mailbox. Throws 'no-rights' then.
 */
export async function lookAtInbox(session: Session): Promise<{ readonly messages: number }> {
  try {
    const { messages } = await openFolder(session, 'INBOX', 'examine')
    return { messages }
  } catch (error) {
    throw error instanceof Failure && isUnseen(error) ? noRights(session, error) : error
  } finally {
    await session.logout()
  }
}

function isUnseen(failure: Failure): boolean {
  return failure.code === 'folder-vanished' || failure.code === 'folder-refused'
}

function noRights(session: Session, cause: Failure): Failure {
  const says = `${session.endpoint.host} let us in, but shows no INBOX: there is no such mailbox, or no right to see into it.`
  return new Failure('no-rights', says, { cause, ...(cause.serverText === undefined ? {} : { serverText: cause.serverText }) })
}

/** Of an inventory in which no folder could be opened: whether INBOX can be, else 'no-rights'. One more round trip, and only then. */
export async function mustSeeInbox(session: Session, anyFolderOpens: boolean): Promise<void> {
  if (anyFolderOpens) return
  try {
    await openFolder(session, 'INBOX', 'examine')
  } catch (error) {
    throw error instanceof Failure && isUnseen(error) ? noRights(session, error) : error
  }
}
