import { Failure } from '../model/failure.ts'
import { imapString } from './encoder.ts'
import { sameFolderName } from './folder-status.ts'
import { folderNameOf } from './list-response.ts'
import type { DataResponse } from './response.ts'
import { textOf } from './response.ts'
import type { Session } from './session.ts'

/** Who may do what in a folder, in the letters of RFC 4314. */
export type FolderRights = {
  /** Of the one who is signed in; null where the server does not tell. */
  readonly mine: string | null
  /** Everybody's; null where only an administrator of the folder is told. */
  readonly all: readonly { readonly who: string; readonly rights: string }[] | null
}

/** The rights in one folder (MYRIGHTS, GETACL); null where the server has no ACL or refuses both. */
export async function rightsIn(session: Session, name: string): Promise<FolderRights | null> {
  if (!session.has('ACL')) return null
  const [mine, all] = await Promise.all([
    ask(session, 'MYRIGHTS', name, (values) => textOf(values[1])),
    ask(session, 'GETACL', name, (values) => {
      const list = values.slice(1).map(textOf)
      return list.flatMap((who, at) => (at % 2 === 0 && who !== null ? [{ who, rights: list[at + 1] ?? '' }] : []))
    }),
  ])
  return mine === null && all === null ? null : { mine, all }
}

async function ask<T>(
  session: Session,
  verb: 'MYRIGHTS' | 'GETACL',
  name: string,
  read: (values: DataResponse['values']) => T,
): Promise<T | null> {
  const answer = verb === 'GETACL' ? 'ACL' : verb
  let exact: T | null = null
  let other: T | null = null
  try {
    await session.run({
      verb,
      parts: [`${verb} `, imapString(name, session.state.utf8Names)],
      onUntagged: (response, isOldest) => {
        if (response.kind !== 'data' || response.name !== answer) return
        if (sameFolderName(folderNameOf(response.values[0]), name)) exact = read(response.values)
        else if (isOldest) other = read(response.values)
      },
    })
  } catch (error) {
    // Only who may administer a folder is told; some servers hide that it is there.
    if (!(error instanceof Failure) || !session.alive || error.next === 'wait' || !/^(NO|BAD)\b/.test(error.serverText ?? '')) throw error
    return null
  }
  return exact ?? other
}
