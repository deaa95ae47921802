import type { Kind } from './found.ts'
import { objectsIn, stringAt, valueAt } from './json.ts'

/** Graph takes so many requests in one batch. */
const BATCH = 20
/** mailboxSettings.userPurpose (Graph: mailboxSettings resource type). */
const PURPOSES: Readonly<Record<string, Kind>> = { user: 'user', linked: 'user', shared: 'shared', room: 'room', equipment: 'equipment' }

/**
 * What the mailboxes of these users are for, as far as Graph tells: it needs MailboxSettings.Read, and a batch that is slowed down or not
 * allowed leaves its users out. `send` posts the body of a batch and hands back the answer.
 */
export async function purposesOf(ids: readonly string[], send: (body: string) => Promise<unknown>): Promise<ReadonlyMap<string, Kind>> {
  const purposes = new Map<string, Kind>()
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH)
    const requests = batch.map((id, at) => ({
      id: `${at}`,
      method: 'GET',
      url: `/users/${encodeURIComponent(id)}/mailboxSettings/userPurpose`,
    }))
    const answer = await send(JSON.stringify({ requests }))
    for (const response of objectsIn(valueAt(answer, 'responses'))) {
      const id = batch[Number(stringAt(response, 'id'))]
      const purpose = PURPOSES[stringAt(response, 'body.value') ?? '']
      if (id !== undefined && purpose !== undefined) purposes.set(id, purpose)
    }
  }
  return purposes
}
