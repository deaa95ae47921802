import type { Ledger } from '../ledger/ledger.ts'

const LEASE_MS = 60_000

/** The lease of a mailbox, renewed until it is disposed of. */
export type HeldLease = Disposable & {
  /** Aborted, with the reason, when it could not be renewed: nobody may go on working then. */
  readonly lost: AbortSignal
}

/** Takes the lease of a mailbox and keeps it. Throws `mailbox-leased` while another worker has it. */
export function holdLease(ledger: Ledger, mailboxId: number, owner: string): HeldLease {
  const lease = ledger.lease(mailboxId, owner, LEASE_MS)
  const lost = new AbortController()
  const renewal = setInterval(() => {
    try {
      lease.renew()
    } catch (error) {
      lost.abort(error)
    }
  }, LEASE_MS / 3)
  return {
    lost: lost.signal,
    [Symbol.dispose]() {
      clearInterval(renewal)
      lease[Symbol.dispose]()
    },
  }
}
