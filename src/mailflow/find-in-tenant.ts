import type { Graph } from '../microsoft/graph.ts'
import { graphPath, odataText } from '../microsoft/graph-path.ts'
import type { JsonObject } from '../microsoft/wire-json.ts'
import { objectsIn, textIn } from '../microsoft/wire-json.ts'
import { Failure } from '../model/failure.ts'
import { subjectOf } from './compose.ts'
import type { HeaderField } from './headers.ts'
import type { Lookout, Sighting, Sought } from './sighting.ts'

const SELECT = 'id,parentFolderId,subject,internetMessageId,receivedDateTime,internetMessageHeaders'
/** Folders where a probe that was sent, or thrown away, has not arrived. */
const NOT_ARRIVED = ['sentitems', 'deleteditems', 'drafts', 'outbox'] as const

/** A mailbox of the tenant through Graph: all folders, Junk Email too. */
export function tenantLookout(graph: Graph, mailbox: string): Lookout {
  let folders: Promise<ReadonlyMap<string, string>> | null = null
  const known = (): Promise<ReadonlyMap<string, string>> => (folders ??= wellKnown(graph, mailbox))
  return {
    mailbox,
    async find(sought) {
      const ids = await known()
      const rows = await search(graph, mailbox, sought)
      const row = rows.find((one) => !NOT_ARRIVED.some((name) => ids.get(name) === textIn(one['parentFolderId'])))
      return row === undefined ? null : sightingOf(mailbox, row, ids)
    },
    async remove(run) {
      const filter = `startswith(subject,${odataText(subjectOf(`p.${run}.`))})`
      let removed = 0
      for await (const row of graph.rows(graphPath`/users/${mailbox}/messages`, { query: { $filter: filter, $select: 'id,subject' } })) {
        // Whatever the service makes of the filter: only ours.
        if (!textIn(row['subject']).includes(subjectOf(`p.${run}.`))) continue
        await graph.send('DELETE', graphPath`/users/${mailbox}/messages/${textIn(row['id'])}`)
        removed += 1
      }
      return removed
    },
  }
}

/** The Message-ID that Exchange gave to what was sent by Graph; null until the copy in Sent Items is there. */
export async function sentMessageId(graph: Graph, mailbox: string, id: string): Promise<string | null> {
  const rows = await search(graph, mailbox, { messageId: null, id })
  return rows.map((row) => textIn(row['internetMessageId'])).find((text) => text !== '') ?? null
}

async function search(graph: Graph, mailbox: string, { messageId, id }: Sought): Promise<readonly JsonObject[]> {
  const filter = messageId === null ? `startswith(subject,${odataText(subjectOf(id))})` : `internetMessageId eq ${odataText(messageId)}`
  const rows: JsonObject[] = []
  const query = { $filter: filter, $select: SELECT, $top: '10' }
  for await (const row of graph.rows(graphPath`/users/${mailbox}/messages`, { query })) rows.push(row)
  return rows
}

/** Ids of the folders that Graph knows by a fixed name. */
async function wellKnown(graph: Graph, mailbox: string): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  for (const name of ['inbox', 'junkemail', ...NOT_ARRIVED]) {
    try {
      const folder = await graph.object(graphPath`/users/${mailbox}/mailFolders/${name}`, { query: { $select: 'id,displayName' } })
      ids.set(name, textIn(folder['id']))
      ids.set(textIn(folder['id']), textIn(folder['displayName']))
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'object-unknown') throw error
    }
  }
  return ids
}

function sightingOf(mailbox: string, row: JsonObject, ids: ReadonlyMap<string, string>): Sighting {
  const parent = textIn(row['parentFolderId'])
  return {
    where: 'tenant',
    mailbox,
    folder: ids.get(parent) ?? 'another folder',
    junk: ids.get('junkemail') === parent,
    receivedMs: Date.parse(textIn(row['receivedDateTime'])),
    subject: textIn(row['subject']),
    messageId: textIn(row['internetMessageId']),
    headers: objectsIn(row['internetMessageHeaders']).map((one): HeaderField => ({
      name: textIn(one['name']),
      value: textIn(one['value']),
    })),
    bytes: null,
  }
}
