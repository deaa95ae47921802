import { Failure } from '../model/failure.ts'
import { dateTime, flagList, imapString } from './encoder.ts'
import type { Part } from './encoder.ts'
import { orderedUids } from './parse-uids.ts'
import type { Session } from './session.ts'

/** The shape of the destination port's message: `body` must yield exactly `bytes` octets. */
export type OutgoingMessage = {
  readonly flags: readonly string[]
  readonly internalDate: string
  readonly bytes: number
  readonly body: readonly Buffer[] | AsyncIterable<Buffer>
}

/** Where a message landed; null where the server does not tell. */
export type Receipt = { readonly uidValidity: string | null; readonly uid: number | null }

const UNKNOWN: Receipt = { uidValidity: null, uid: null }

/**
 * Adds a message to a folder. Several may be in flight. The literal goes at once up to a size that this server has taken before,
 * above it the server is asked first. A refusal has `notDone`; when the connection dies in the middle it is false, and the
 * destination must be asked. A body that fails or has another length ends the session: a literal cannot be taken back.
 */
export async function append(session: Session, name: string, message: OutgoingMessage): Promise<Receipt> {
  const [receipt] = await appendInOneCommand(session, name, [message])
  return receipt ?? UNKNOWN
}

/** As `append` for several, in one command where the server has MULTIAPPEND (RFC 3502): then all arrive or none. */
export async function multiAppend(session: Session, name: string, messages: readonly OutgoingMessage[]): Promise<readonly Receipt[]> {
  if (messages.length === 0) return []
  if (session.has('MULTIAPPEND')) return appendInOneCommand(session, name, messages)
  return Promise.all(messages.map((message) => append(session, name, message)))
}

async function appendInOneCommand(session: Session, name: string, messages: readonly OutgoingMessage[]): Promise<readonly Receipt[]> {
  const limit = session.appendLimitBytes
  const parts: Part[] = ['APPEND ', imapString(name, session.state.utf8Names)]
  for (const message of messages) {
    const { flags, internalDate, bytes, body } = message
    if (limit !== null && bytes > limit) {
      const says = `${session.endpoint.host} takes messages of up to ${limit} bytes; this one has ${bytes}.`
      throw new Failure('message-too-large', says, { notDone: true })
    }
    checkLength(body, bytes)
    const date = dateTime(internalDate)
    parts.push(` ${flags.length === 0 ? '' : `${flagList(flags)} `}${date === '' ? '' : `${date} `}`, { bytes, body })
  }
  const reply = await session.run({ verb: 'APPEND', parts })
  if (reply.code !== 'APPENDUID') return messages.map(() => UNKNOWN)
  const [uidValidity = '', set = ''] = reply.codeText.split(' ')
  const uids = orderedUids(set, messages.length)
  if (uids.length !== messages.length) return messages.map(() => UNKNOWN)
  return uids.map((uid) => ({ uidValidity, uid }))
}

/** A wrong length would make the server read the message as commands, or wait for ever. */
function checkLength(body: OutgoingMessage['body'], bytes: number): void {
  if (!Array.isArray(body)) return
  let sum = 0
  for (const chunk of body as readonly Buffer[]) sum += chunk.length
  if (sum !== bytes) throw new Failure('protocol', `A message was announced with ${bytes} bytes and has ${sum}.`, { notDone: true })
}
