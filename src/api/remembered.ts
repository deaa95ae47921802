import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { rememberedPaths } from '../engine/map-folders.ts'
import { openLedger } from '../ledger/ledger.ts'

/** Where earlier passes put the folders of a mailbox; empty where there was none. Opens the ledger for reading only. */
export function rememberedIn(
  stateDir: string,
  identity: { readonly source: string; readonly destination: string },
): ReadonlyMap<string, readonly string[]> {
  if (!existsSync(join(stateDir, 'ledger.sqlite'))) return new Map()
  using ledger = openLedger(stateDir, { readOnly: true })
  const mailbox = ledger.mailboxes().find((one) => one.source === identity.source && one.destination === identity.destination)
  return mailbox === undefined ? new Map() : rememberedPaths(ledger.folders(mailbox.id))
}
