import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import type { JsonObject } from '../microsoft/wire-json.ts'
import { textIn } from '../microsoft/wire-json.ts'

/** From so many that are waited for, one list of all mailboxes costs less than asking for each. */
const MANY = 8
/** How long a list answers for all of them, and how long one that was asked for counts as waited for. */
const FRESH_MS = 10_000
const WAITED_MS = 600_000

/** Answers for one identity: null where it is not there; undefined where it must be asked for by itself. */
export type WaitedMailboxes = (identity: string) => Promise<JsonObject | null | undefined>

/**
 * Mailboxes that are being provisioned. A thousand of them looked at one by one would take all that the service gives, so that the
 * work that could be done meanwhile waits for the looking: they are read as one list, which may be ten seconds old.
 */
export function waitedMailboxes(admin: ExchangeAdmin, now: () => number): WaitedMailboxes {
  const askedAt = new Map<string, number>()
  let list: { readonly atMs: number; readonly rows: Promise<ReadonlyMap<string, JsonObject>> } | null = null
  return async (identity) => {
    // Other names than addresses do not stand in the rows.
    if (!identity.includes('@')) return undefined
    const atMs = now()
    askedAt.set(identity, atMs)
    for (const [one, lastMs] of askedAt) if (atMs - lastMs > WAITED_MS) askedAt.delete(one)
    if (askedAt.size < MANY) return undefined
    if (list === null || atMs - list.atMs > FRESH_MS) list = { atMs, rows: read(admin) }
    const { rows } = list
    try {
      return (await rows).get(identity.toLowerCase()) ?? null
    } catch (error) {
      list = null
      throw error
    }
  }
}

async function read(admin: ExchangeAdmin): Promise<ReadonlyMap<string, JsonObject>> {
  const byName = new Map<string, JsonObject>()
  for await (const { rows } of admin.pages('Get-Mailbox', { ResultSize: 'Unlimited' }))
    for (const row of rows) for (const name of namesOf(row)) byName.set(name.toLowerCase(), row)
  return byName
}

function namesOf(row: JsonObject): readonly string[] {
  const addresses = [row['EmailAddresses']].flat().map((one) => textIn(one).replace(/^smtp:/i, ''))
  return [textIn(row['UserPrincipalName']), textIn(row['PrimarySmtpAddress']), ...addresses].filter((name) => name !== '')
}
