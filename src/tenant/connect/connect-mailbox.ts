import type { ExchangeAdmin } from '../../microsoft/exchange-admin.ts'
import { mailbox as readMailbox } from '../../microsoft/exchange-reads.ts'
import type { Graph } from '../../microsoft/graph.ts'
import { graphPath } from '../../microsoft/graph-path.ts'
import { objectsIn, textIn } from '../../microsoft/wire-json.ts'
import { Failure } from '../../model/failure.ts'
import type { Check } from './connect-check.ts'
import { check, notAnswered } from './connect-check.ts'

/** What came of opening a mailbox over IMAP. */
export type MailboxLook = { readonly messages: number } | { readonly failure: Failure }

/** What administration says of a mailbox that could not be opened. */
export type MailboxFacts = {
  readonly exists: boolean
  /** null where no such user is known, or nobody may look. */
  readonly user: { readonly hasExchangePlan: boolean } | null
  readonly imapEnabled: boolean
  /** `none` also where Exchange does not know the application. */
  readonly access: 'full' | 'denied' | 'none'
}

/** Failures that say "not open", in words that stand for many causes (Exchange says the same of most). */
const NOT_OPEN: ReadonlySet<string> = new Set([
  'mailbox-not-connected',
  'auth-rejected',
  'no-rights',
  'mailbox-unknown',
  'imap-disabled',
  'account-locked',
])

export function isNotOpen(look: MailboxLook): look is { readonly failure: Failure } {
  return 'failure' in look && NOT_OPEN.has(look.failure.code)
}

/** Asks administration why a mailbox does not open. Four questions at most; throws a `Failure`. */
export async function mailboxFacts(
  clients: { readonly admin: ExchangeAdmin; readonly graph: Graph },
  address: string,
  principalId: string | null,
): Promise<MailboxFacts> {
  const { admin, graph } = clients
  if ((await readMailbox(admin, address)) === null)
    return { exists: false, user: await userOf(graph, address), imapEnabled: false, access: 'none' }
  const cas = await admin.invoke('Get-CASMailbox', { Identity: address })
  const access = principalId === null ? 'none' : await accessOf(admin, address, principalId)
  return { exists: true, user: null, imapEnabled: cas.rows[0]?.['ImapEnabled'] !== false, access }
}

async function accessOf(admin: ExchangeAdmin, address: string, principalId: string): Promise<MailboxFacts['access']> {
  try {
    const { rows } = await admin.invoke('Get-MailboxPermission', { Identity: address, User: principalId })
    const full = rows.filter((row) => [row['AccessRights']].flat().includes('FullAccess'))
    if (full.some((row) => row['Deny'] === true)) return 'denied'
    return full.length > 0 ? 'full' : 'none'
  } catch (error) {
    // The application is nobody to Exchange.
    if (error instanceof Failure && error.code === 'object-unknown') return 'none'
    throw error
  }
}

async function userOf(graph: Graph, address: string): Promise<MailboxFacts['user']> {
  try {
    const user = await graph.object(graphPath`/users/${address}`, { query: { $select: 'id,assignedPlans' } })
    const hasExchangePlan = objectsIn(user['assignedPlans']).some(
      (plan) => textIn(plan['service']).toLowerCase() === 'exchange' && textIn(plan['capabilityStatus']) === 'Enabled',
    )
    return { hasExchangePlan }
  } catch (error) {
    if (error instanceof Failure && (error.code === 'object-unknown' || error.code === 'permission-missing')) return null
    throw error
  }
}

/**
 * Pure: the mailbox as one check. `facts`: a `Failure` where administration did not answer, null where it was not asked. `imapRole`:
 * whether IMAP.AccessAsApp is known to be granted; null where nobody can tell.
 */
export function mailboxCheck(address: string, look: MailboxLook, facts: MailboxFacts | Failure | null, imapRole: boolean | null): Check {
  const say = (state: Check['state'], says: string, step: Check['step'] = null): Check =>
    check('mailbox', `mailbox ${address.toLowerCase()}`, address, state, says, { step })
  if (!('failure' in look)) return say('ok', `Opens (${look.messages} in INBOX).`)
  const { failure } = look
  if (!isNotOpen(look)) return notAnswered('mailbox', `mailbox ${address.toLowerCase()}`, address, failure)
  if (failure.code === 'auth-rejected' && imapRole === false)
    return say('missing', 'The sign-in is refused: the application lacks IMAP.AccessAsApp.')
  if (facts === null || facts instanceof Failure) {
    const why = 'The reasons can be: no Full Access yet, IMAP switched off, no licence, or too many connections.'
    return say('unknown', `${signIn(failure)} and the mailbox does not open. ${why}`)
  }
  if (!facts.exists) {
    if (facts.user === null) return say('missing', 'There is no such mailbox, and no user of that name.', noMailbox(address))
    if (facts.user.hasExchangePlan) return say('waiting', 'Licensed; Exchange Online is still making the mailbox.')
    return say('missing', 'There is no mailbox: the user has no licence with Exchange Online.', { kind: 'licence', mailbox: address })
  }
  if (!facts.imapEnabled) return say('missing', 'IMAP is switched off for this mailbox.', { kind: 'imap-on', mailbox: address })
  if (facts.access === 'denied')
    return say('missing', 'A permission denies the application Full Access. Remove it: Remove-MailboxPermission with -Deny.')
  if (facts.access === 'none') return say('missing', 'The application has no Full Access to it.', { kind: 'full-access', mailbox: address })
  return say('waiting', 'Full Access is granted, IMAP is on, and neither is in effect at IMAP yet.')
}

function signIn({ code }: Failure): string {
  return code === 'auth-rejected' ? 'The sign-in is refused' : 'The sign-in is taken,'
}

function noMailbox(address: string): Check['step'] {
  return { kind: 'text', says: `Check the address ${address}, or have \`cutover tenant plan\` plan its user and licence.` }
}
