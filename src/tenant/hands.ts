import type { Filled } from '../change/fill.ts'
import type { Hands, Seen } from '../change/hands.ts'
import type { CmdletParameters } from '../microsoft/cmdlet.ts'
import { isRepeatableCall } from '../microsoft/cmdlet-rules.ts'
import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import type { Graph } from '../microsoft/graph.ts'
import type { JsonObject } from '../microsoft/wire-json.ts'
import { objectsIn } from '../microsoft/wire-json.ts'
import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import type { GraphCall, TenantCall } from './call.ts'
import { waitedMailboxes } from './waited-mailboxes.ts'

/** Both say that there is nothing by this name, or nothing yet. */
const NOT_THERE: ReadonlySet<FailureCode> = new Set(['object-unknown', 'not-visible-yet'])

/** Carries out changes of a tenant through its two services. A secret stays one until it is on the wire. */
export function tenantHands(
  { graph, admin }: { readonly graph: Graph; readonly admin: ExchangeAdmin },
  now: () => number,
): Hands<TenantCall> {
  const waited = waitedMailboxes(admin, now)
  const rowsOf = async (call: GraphCall): Promise<readonly JsonObject[]> => {
    const { body } = await graph.send(call.graph, call.path)
    if (!Array.isArray(body['value'])) return [body]
    return body['@odata.nextLink'] === undefined ? objectsIn(body['value']) : Array.fromAsync(graph.rows(call.path))
  }
  return {
    async send(call, fill) {
      if ('cmdlet' in call) {
        const { rows } = await admin.invoke(call.cmdlet, parametersOf(fill.value(call.parameters)))
        return seenIn(rows[0] ?? {})
      }
      const body = call.body === undefined ? {} : { body: fill.value(call.body) }
      return seenIn((await graph.send(call.graph, fill.path(call.path), body)).body)
    },
    isRepeatable: (call) =>
      'cmdlet' in call
        ? isRepeatableCall({ cmdlet: call.cmdlet, parameters: parametersOf(call.parameters) })
        : call.graph === 'PATCH' || call.graph === 'PUT',
    async read(call, isWaitedFor = false) {
      try {
        if (isWaitedFor && 'cmdlet' in call && call.cmdlet === 'Get-Mailbox' && isText(call.parameters['Identity'])) {
          const row = await waited(call.parameters['Identity'])
          if (row !== undefined) return row === null ? null : [seenIn(row)]
        }
        const rows = 'cmdlet' in call ? (await admin.invoke(call.cmdlet, parametersOf(call.parameters))).rows : await rowsOf(call)
        return rows.map(seenIn)
      } catch (error) {
        if (error instanceof Failure && NOT_THERE.has(error.code)) return null
        throw error
      }
    },
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** A plan writes parameters as `CmdletValue` has them; what is wrong in them is refused by `checkCall` or by the service. */
function parametersOf(filled: Filled): CmdletParameters {
  return filled as CmdletParameters
}

/** It was read from JSON. */
function seenIn(row: JsonObject): Seen {
  return row as Seen
}
