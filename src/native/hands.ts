import type { FileContent } from '../microsoft/cmdlet.ts'
import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import type { Json } from '../model/change.ts'
import { Failure } from '../model/failure.ts'
import type { NativeCall } from './native-call.ts'
import { withList } from './native-call.ts'
import { nameOf } from './reads.ts'

type Row = Readonly<Record<string, Json>>

/** How changes to batches are carried out: as `Hands` of change/. */
export type NativeHands = {
  send(call: NativeCall): Promise<Row>
  read(call: NativeCall): Promise<readonly Row[] | null>
}

/**
 * Sends the cmdlets of batches. The lists, which hold passwords, come in only here, and what Microsoft says of them goes out without
 * passwords. A batch that was told to sync, or is at it, is seen with `SyncBegun`; one that was told to start with `Started`.
 */
export function nativeHands(
  admin: ExchangeAdmin,
  lists: ReadonlyMap<string, FileContent> = new Map(),
  passwords: readonly string[] = [],
): NativeHands {
  const syncing = new Set<string>()
  const started = new Set<string>()
  return {
    async send(call) {
      try {
        const { rows } = await admin.run(withList(call, lists))
        const name = nameIn(call.parameters['Identity'])
        if (call.cmdlet === 'Set-MigrationBatch' && call.parameters['SyncNow'] === true) syncing.add(name)
        if (call.cmdlet === 'Start-MigrationBatch') started.add(name)
        return { ...(rows[0] === undefined ? {} : json(rows[0])) }
      } catch (error) {
        throw error instanceof Failure ? without(error, passwords) : error
      }
    },
    async read(call) {
      const { rows } = await admin.run(withList(call, lists))
      return rows.map((row) => {
        const seen: Row = { ...json(row), Identity: nameOf(row) }
        if (call.cmdlet !== 'Get-MigrationBatch') return seen
        const [name, status] = [nameIn(seen['Identity']), nameIn(seen['Status'])]
        return { ...seen, SyncBegun: syncing.has(name) || status === 'incrementalsyncing', Started: started.has(name) }
      })
    },
  }
}

function nameIn(value: Json | undefined): string {
  return typeof value === 'string' ? value.toLowerCase() : ''
}

/** What came over the wire as JSON is JSON. */
function json(row: Readonly<Record<string, unknown>>): Row {
  return JSON.parse(JSON.stringify(row)) as Row
}

function without(failure: Failure, passwords: readonly string[]): Failure {
  const told = [failure.message, failure.serverText ?? ''].join('\n')
  const present = passwords.filter((password) => password !== '' && told.includes(password))
  if (present.length === 0) return failure
  const clean = (text: string): string => present.reduce((rest, password) => rest.replaceAll(password, '***'), text)
  return new Failure(failure.code, clean(failure.message), {
    notDone: failure.notDone,
    ...(failure.serverText === undefined ? {} : { serverText: clean(failure.serverText) }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
  })
}
