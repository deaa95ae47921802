import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { ForeignMailbox } from '../ledger/foreign-rows.ts'
import { openLedger } from '../ledger/ledger.ts'
import type { Batch } from '../native/csv.ts'
import type { EndpointUrl } from './endpoint-url.ts'
import { destinationKey } from './mailboxes.ts'
import type { NativeList } from './native-list.ts'
import type { World } from './world.ts'

/** The lane's name in the ledger, and in what people read. */
export const MICROSOFT = 'Microsoft'

export type NativeBook = ForeignMailbox & { readonly name: string; readonly target: string; readonly destination: string }

/** What the ledger knows of mailboxes in Microsoft's batches; nothing where there is no ledger. */
export function nativeRows(stateDir: string): readonly NativeBook[] {
  if (!existsSync(join(stateDir, 'ledger.sqlite'))) return []
  using ledger = openLedger(stateDir, { readOnly: true })
  const names = new Map(ledger.mailboxes().map((one) => [one.id, one]))
  return ledger.foreign.all().flatMap((row) => {
    const mailbox = names.get(row.mailboxId)
    if (mailbox === undefined || row.lane !== MICROSOFT) return []
    const { name, destination } = mailbox
    return [{ ...row, name, destination, target: destination.split(' ').at(-1) ?? destination }]
  })
}

/** Writes down which mailbox goes by which batch, before any of them is made. */
export function enrol(
  world: World,
  stateDir: string,
  to: EndpointUrl,
  mailboxes: NativeList['mailboxes'],
  batches: readonly Batch[],
): void {
  using ledger = openLedger(stateDir, { clock: world.clock })
  const byTarget = new Map(mailboxes.map((one) => [one.target.toLowerCase(), one]))
  const now = world.clock.now()
  ledger.atomic(() => {
    for (const { name: batch, rows } of batches)
      for (const { emailAddress } of rows) {
        const mailbox = byTarget.get(emailAddress.toLowerCase())
        if (mailbox === undefined) continue
        const { sourceKey: source, target, name } = mailbox
        const mailboxId = ledger.mailbox({ source, destination: destinationKey(to, target), name })
        const nothing = { status: '', synced: null, skipped: null, detail: null, lastSyncAt: null }
        ledger.foreign.put({ mailboxId, lane: MICROSOFT, batch, state: 'waiting', ...nothing, movedAt: now, readAt: now })
      }
  })
}
