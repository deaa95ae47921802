import { Failure } from '../model/failure.ts'
import { imapString } from './encoder.ts'
import type { Session } from './session.ts'

/** Makes a folder; one that is there already is success. Throws a `Failure`. */
export async function createFolder(session: Session, name: string): Promise<void> {
  try {
    await session.run({ verb: 'CREATE', parts: ['CREATE ', imapString(name, session.state.utf8Names)] })
  } catch (error) {
    if (!(error instanceof Failure) || !/\[ALREADYEXISTS\]|already exists|mailbox exists/i.test(error.serverText ?? '')) throw error
  }
}

/** Subscribes a folder, so that mail programs show it. */
export async function subscribeFolder(session: Session, name: string): Promise<void> {
  await session.run({ verb: 'SUBSCRIBE', parts: ['SUBSCRIBE ', imapString(name, session.state.utf8Names)] })
}
