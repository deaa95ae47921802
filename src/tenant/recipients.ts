import type { AcceptedDomain, ExchangeMailbox } from '../microsoft/exchange-reads.ts'

/** What Exchange Online knows by an address. Addresses are in lower case. */
export type Recipients = {
  readonly mailboxes: readonly ExchangeMailbox[]
  readonly deletedMailboxes: readonly ExchangeMailbox[]
  /** Everything that has an address: mailboxes, groups, contacts, mail users. */
  readonly all: readonly Recipient[]
  readonly acceptedDomains: readonly AcceptedDomain[]
}
export type Recipient = {
  readonly id: string
  readonly name: string
  /** `UserMailbox`, `SharedMailbox`, `MailUniversalDistributionGroup`, `MailContact`, … */
  readonly kind: string
  readonly primaryAddress: string
  readonly addresses: readonly string[]
  readonly isSynced: boolean
}
