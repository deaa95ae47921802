import type { MessageRow } from '../model/message.ts'
import type { UidSet } from '../model/uid-set.ts'
import type { FetchResponse } from './response.ts'
import type { Session } from './session.ts'

/** One row for each message with `from` ≤ UID ≤ `to` (Infinity: all above `from`). Changes nothing at the server. */
export async function fetchRows(session: Session, from: number, to: number, onRow: (row: MessageRow) => void): Promise<void> {
  let last = 0
  await fetchWindow(session, from, to, '(UID FLAGS INTERNALDATE RFC822.SIZE)', ({ uid, flags, internalDate, sizeBytes }) => {
    if (sizeBytes === null || uid === last) return
    last = uid
    onRow({ uid, sizeBytes, internalDate: internalDate ?? '', flags: flags ?? [] })
  })
}

/** One row for each of just these messages; those that are gone are left out. All commands that it takes are in flight at once. */
export async function fetchRowsOf(session: Session, uids: UidSet, onRow: (row: MessageRow) => void): Promise<void> {
  const told = new Set<number>()
  await Promise.all(
    [...uids.pieces()].map((piece) =>
      session.run({
        verb: 'UID FETCH',
        parts: [`UID FETCH ${piece.toString()} (UID FLAGS INTERNALDATE RFC822.SIZE)`],
        onUntagged: (response) => {
          if (response.kind !== 'fetch' || response.sizeBytes === null || !piece.has(response.uid) || told.has(response.uid)) return
          const { uid, sizeBytes, internalDate, flags } = response
          told.add(uid)
          onRow({ uid, sizeBytes, internalDate: internalDate ?? '', flags: flags ?? [] })
        },
      }),
    ),
  )
}

/** The flags of the messages with `from` ≤ UID ≤ `to`. A message may be told more than once; the last word counts. */
export async function fetchFlags(
  session: Session,
  from: number,
  to: number,
  onRow: (uid: number, flags: readonly string[]) => void,
): Promise<void> {
  await fetchWindow(session, from, to, '(UID FLAGS)', ({ uid, flags }) => {
    if (flags !== null) onRow(uid, flags)
  })
}

/** The UID of every message. */
export async function fetchUids(session: Session, onUid: (uid: number) => void): Promise<void> {
  await fetchWindow(session, 1, Infinity, '(UID)', ({ uid }) => onUid(uid))
}

/** Follows MESSAGELIMIT (RFC 9738): a server that cut its answer tells the lowest UID it came to. */
async function fetchWindow(
  session: Session,
  from: number,
  to: number,
  items: string,
  onFetch: (response: FetchResponse) => void,
): Promise<void> {
  let end = to
  while (from <= end) {
    const upTo = end
    const reply = await session.run({
      verb: 'UID FETCH',
      parts: [`UID FETCH ${from}:${upTo === Infinity ? '*' : upTo} ${items}`],
      onUntagged: (response) => {
        // "n:*" always tells the last message, even below n (RFC 3501 §6.4.8)
        if (response.kind === 'fetch' && response.uid >= from && response.uid <= upTo && response.uid > 0) onFetch(response)
      },
    })
    const next = messageLimit(reply)
    if (next === null || next >= upTo) return
    end = next
  }
}

/** The UID to go on from, downwards, after an answer that the server cut; null when it was whole. */
export function messageLimit(reply: { readonly code: string; readonly codeText: string }): number | null {
  if (reply.code !== 'MESSAGELIMIT') return null
  const lowest = Number(reply.codeText.split(' ')[1])
  return Number.isInteger(lowest) && lowest > 1 ? lowest - 1 : null
}
