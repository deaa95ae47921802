import type { Graph } from '../microsoft/graph.ts'
import { graphPath } from '../microsoft/graph-path.ts'
import type { Kind } from './found.ts'
import { stringAt } from './json.ts'

/** mailboxSettings.userPurpose (Graph: mailboxSettings resource type). */
const PURPOSES: Readonly<Record<string, Kind>> = { user: 'user', linked: 'user', shared: 'shared', room: 'room', equipment: 'equipment' }

/** What the mailboxes of these users are for, as far as Graph tells: it needs MailboxSettings.Read, and who is not told is left out. */
export async function purposesOf(ids: readonly string[], graph: Graph): Promise<ReadonlyMap<string, Kind>> {
  const answers = await graph.batch(
    [...new Set(ids)].map((id) => ({ id, method: 'GET', path: graphPath`/users/${id}/mailboxSettings/userPurpose` })),
  )
  return new Map(
    [...answers].flatMap(([id, answer]) => {
      const purpose = answer.ok ? PURPOSES[stringAt(answer.reply.body, 'value') ?? ''] : undefined
      return purpose === undefined ? [] : [[id, purpose] as const]
    }),
  )
}
