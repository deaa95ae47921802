import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { otherWay, type OtherWay } from '../engine/other-way.ts'
import { openLedger, type Ledger } from '../ledger/ledger.ts'
import type { MailboxIdentity } from '../ledger/mailbox-rows.ts'

/** Where what was carried back is written down: a state directory of its own within that of the way forward. */
export function wayBackDir(stateDir: string): string {
  return join(stateDir, 'way-back')
}

/** What was carried back so far, to be read; null where nothing ever was. */
export function wayBackLedger(stateDir: string, clock: { now(): number }): Ledger | null {
  const dir = wayBackDir(stateDir)
  return existsSync(join(dir, 'ledger.sqlite')) ? openLedger(dir, { readOnly: true, clock }) : null
}

/** The same mailbox seen from its other end. */
export function turned({ source, destination, name }: MailboxIdentity): MailboxIdentity {
  return { source: destination, destination: source, name }
}

/** The id under which a ledger knows a mailbox; null where it does not. */
export function idIn(ledger: Ledger, { source, destination }: MailboxIdentity): number | null {
  return ledger.mailboxes().find((one) => one.source === source && one.destination === destination)?.id ?? null
}

/** What the ledger of the other direction knows of this mailbox; null: nothing. */
export function otherDirection(ledger: Ledger, identity: MailboxIdentity): { readonly other: OtherWay } | null {
  const id = idIn(ledger, turned(identity))
  return id === null ? null : { other: otherWay(ledger, id) }
}
