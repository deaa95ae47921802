import type { Context } from '../lib/context.ts'
import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import type { ExchangeMailbox } from '../microsoft/exchange-reads.ts'
import { acceptedDomains, deletedMailboxes, mailboxes } from '../microsoft/exchange-reads.ts'
import type { JsonObject } from '../microsoft/wire-json.ts'
import { textIn } from '../microsoft/wire-json.ts'
import type { Recipient, Recipients } from './recipients.ts'

/** What `Get-Recipient` is asked for; all it has would be many times that. */
const SELECTED = [
  'Guid',
  'ExternalDirectoryObjectId',
  'Name',
  'RecipientTypeDetails',
  'PrimarySmtpAddress',
  'EmailAddresses',
  'ExternalEmailAddress',
  'IsDirSynced',
]

/** Reads all that has an address in Exchange: four cmdlets, and one more for each further thousand. Throws a `Failure`. */
export async function readRecipients(admin: ExchangeAdmin, ctx: Context): Promise<Recipients> {
  const [found, deleted, rows, domains] = await Promise.all([
    Array.fromAsync(mailboxes(admin)),
    Array.fromAsync(deletedMailboxes(admin)),
    recipientRows(admin),
    acceptedDomains(admin),
  ])
  ctx.log.debug('recipients read', { mailboxes: found.length, recipients: rows.length, domains: domains.length })
  const synced = new Set(found.filter(({ isSynced }) => isSynced).map(({ guid }) => guid))
  return {
    mailboxes: found.map(inLowerCase),
    deletedMailboxes: deleted.map(inLowerCase),
    all: rows.map((row) => recipientIn(row, synced)),
    acceptedDomains: domains.map((one) => ({ ...one, domain: one.domain.toLowerCase() })),
  }
}

async function recipientRows(admin: ExchangeAdmin): Promise<readonly JsonObject[]> {
  const { rows } = await admin.invoke('Get-Recipient', { ResultSize: 'Unlimited' }, { select: SELECTED })
  return rows
}

/** `SMTP:` stays in capitals: it tells the primary address. */
function inLowerCase(mailbox: ExchangeMailbox): ExchangeMailbox {
  return {
    ...mailbox,
    userPrincipalName: mailbox.userPrincipalName.toLowerCase(),
    primaryAddress: mailbox.primaryAddress.toLowerCase(),
    addresses: mailbox.addresses.map((one) => (/^smtp:/i.test(one) ? one.slice(0, 5) + one.slice(5).toLowerCase() : one)),
    forwardingAddress: mailbox.forwardingAddress?.toLowerCase() ?? null,
  }
}

/** A row of `Get-Recipient` and of its relatives, such as `Get-DistributionGroupMember`. */
export function recipientIn(row: JsonObject, syncedGuids: ReadonlySet<string> = new Set()): Recipient {
  const guid = textIn(row['Guid'])
  const kept = row['EmailAddresses']
  const listed = (Array.isArray(kept) ? kept : [kept]).map(textIn).filter((one) => /^smtp:/i.test(one))
  // A contact's own address stands here alone in some tenants.
  const external = bare(textIn(row['ExternalEmailAddress']))
  const primaryAddress = bare(textIn(row['PrimarySmtpAddress'])) || external
  return {
    id: textIn(row['ExternalDirectoryObjectId']) || guid,
    name: textIn(row['Name']),
    kind: textIn(row['RecipientTypeDetails']),
    primaryAddress,
    addresses: [...new Set([primaryAddress, ...listed.map(bare), external])].filter((one) => one !== ''),
    isSynced: row['IsDirSynced'] === true || syncedGuids.has(guid),
  }
}

function bare(address: string): string {
  return address.replace(/^smtp:/i, '').toLowerCase()
}
