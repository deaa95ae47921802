import { Failure } from '../model/failure.ts'
import { UidSet } from '../model/uid-set.ts'
import { fetchUids, messageLimit } from './fetch-rows.ts'
import { parseSearch, parseUidSet } from './parse-uids.ts'
import type { Session } from './session.ts'

/**
 * The UIDs in the open folder. Ranges where the server has ESEARCH (RFC 4731); a cut answer is followed to its end. Where fewer are told
 * than the folder holds, FETCH is asked too: GNU imap4d 3.15 finds nothing at all for "UID 1:*", and that must not read as "all deleted".
 */
export async function searchUids(session: Session): Promise<UidSet> {
  const found = await bySearch(session)
  if (found.size >= (session.state.opened?.messages ?? 0)) return found
  const rows: number[] = []
  await fetchUids(session, (uid) => void rows.push(uid))
  return found.union(UidSet.of(rows))
}

async function bySearch(session: Session): Promise<UidSet> {
  if (session.has('ESEARCH')) {
    try {
      return await searchAll(session, ' RETURN (ALL)')
    } catch (error) {
      if (!(error instanceof Failure) || !/^(BAD|NO)/.test(error.serverText ?? '') || !session.alive || error.next === 'wait') throw error
    }
  }
  return searchAll(session, '')
}

async function searchAll(session: Session, extra: string): Promise<UidSet> {
  let found = UidSet.empty
  let told = false
  let to: number | null = null
  do {
    const reply = await session.run({
      verb: 'UID SEARCH',
      parts: [`UID SEARCH${extra} UID 1:${to ?? '*'}`],
      onUntagged: (response, isOldest) => {
        if (response.kind !== 'data' || !isOldest) return
        if (response.name === 'SEARCH') found = found.union(parseSearch(response.text))
        else if (response.name === 'ESEARCH') found = found.union(parseUidSet(/\bALL ([\d:,]+)/i.exec(response.text)?.[1] ?? ''))
        else return
        told = true
      },
    })
    const next = messageLimit(reply)
    to = next !== null && next < (to ?? Infinity) ? next : null
  } while (to !== null)
  // silence must not read as "all deleted"
  if (!told && session.state.opened?.messages !== 0)
    throw new Failure('protocol', `${session.endpoint.host} said OK to SEARCH without telling anything.`)
  return found
}
