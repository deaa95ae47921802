import { MailStore } from '../simulator/mail-store.ts'
import type { Credentials, SignedIn } from '../simulator/session.ts'
import type { Tenant, TokenClaims } from '../simulator/tenant.ts'
import { mailboxAt, mailboxOf, userOf } from './address-book.ts'
import { allows, isExchangeAudience } from './bearer.ts'
import { existing } from './exchange-objects.ts'
import { addressOf } from './graph-mailbox.ts'
import { storeOf } from './mailbox.ts'
import { listOf, sameText, textOf } from './props.ts'
import { readSize } from './sizes.ts'
import type { ExchangeObject } from './state.ts'
import type { TenantWorld } from './world.ts'

/** Why IMAP lets somebody not in. */
export type ImapRefusal =
  | 'bad-token'
  | 'wrong-audience'
  | 'no-imap-role'
  | 'unknown-mailbox'
  | 'no-mailbox'
  | 'mailbox-not-ready'
  | 'imap-disabled'
  | 'no-service-principal'
  | 'no-permission'

/** How a refusal looks: `NO AUTHENTICATE failed.`, or OK and then `BAD User is authenticated but not connected.` to every command. */
export type RefusalForm = 'no' | 'not-connected'

/** What the service's clients have seen. */
export const REFUSAL_FORMS: Readonly<Record<ImapRefusal, RefusalForm>> = {
  'bad-token': 'no',
  'wrong-audience': 'no',
  'no-imap-role': 'no',
  'unknown-mailbox': 'no',
  'no-mailbox': 'not-connected',
  'mailbox-not-ready': 'not-connected',
  'imap-disabled': 'not-connected',
  'no-service-principal': 'not-connected',
  'no-permission': 'not-connected',
}

export type ImapDecision = { readonly refusal: ImapRefusal } | { readonly mailbox: ExchangeObject; readonly claims: TokenClaims }

/** Whether this token opens this mailbox over IMAP at this moment, and why not. */
export function decideImap(world: TenantWorld, tenant: Tenant, address: string, token: string): ImapDecision {
  const claims = checked(tenant, token)
  if (claims === null) return { refusal: 'bad-token' }
  if (!isExchangeAudience(claims.aud)) return { refusal: 'wrong-audience' }
  const app = claims.upn === undefined
  if (!(app ? allows(claims, ['IMAP.AccessAsApp']) : allows(claims, ['IMAP.AccessAsUser.All']))) return { refusal: 'no-imap-role' }
  const user = userOf(world, address)
  const mailbox = mailboxAt(world, address) ?? (user === undefined ? undefined : mailboxOf(world, user.id))
  if (mailbox === undefined) return { refusal: user === undefined ? 'unknown-mailbox' : 'no-mailbox' }
  const now = world.now()
  if ((mailbox.times['imapAt'] ?? 0) > now) return { refusal: 'mailbox-not-ready' }
  if (!isImapOn(mailbox, now)) return { refusal: 'imap-disabled' }
  if (!app && sameText(textOf(mailbox.props['UserPrincipalName']), claims.upn ?? '')) return { mailbox, claims }
  const grantee = app ? principalOf(world, claims) : mailboxAt(world, claims.upn ?? '')
  if (grantee === undefined || (grantee.times['effectiveAt'] ?? 0) > now) return { refusal: app ? 'no-service-principal' : 'no-permission' }
  const held = existing(world, 'MailboxPermission').filter(
    ({ props, times }) => props['Mailbox'] === mailbox.guid && props['UserId'] === grantee.guid && (times['effectiveAt'] ?? 0) <= now,
  )
  const denied = held.some(({ props }) => props['Deny'] === true)
  const full = held.some(({ props }) => props['Deny'] !== true && listOf(props['AccessRights']).includes('FullAccess'))
  return full && !denied ? { mailbox, claims } : { refusal: 'no-permission' }
}

function checked(tenant: Tenant, token: string): TokenClaims | null {
  try {
    return tenant.check(token)
  } catch {
    return null
  }
}

/** ImapEnabled as IMAP knows it: for a while after a change it is still what it was. */
function isImapOn(mailbox: ExchangeObject, now: number): boolean {
  const told = mailbox.props['ImapEnabled'] === true
  return (mailbox.times['imapSwitchAt'] ?? 0) > now ? !told : told
}

/** The service principal as Exchange was told of it. One with the application's object id instead of its own is nobody. */
function principalOf(world: TenantWorld, claims: TokenClaims): ExchangeObject | undefined {
  return existing(world, 'ServicePrincipal').find(
    ({ props }) => props['AppId'] === claims.appid && sameText(textOf(props['ObjectId']), claims.oid ?? ''),
  )
}

/** The largest message that the mailbox takes, and what is left of its quota. */
function limitsOf(world: TenantWorld, mailbox: ExchangeObject): { readonly maxMessageBytes: number; readonly freeBytes: number } {
  const { MaxReceiveSize, ProhibitSendReceiveQuota } = mailbox.props
  const used = storeOf(world, mailbox)
    .folders()
    .reduce((sum, { messages }) => messages.reduce((bytes, { content }) => bytes + content.sizeBytes, sum), 0)
  const quota = readSize(textOf(ProhibitSendReceiveQuota)) ?? Infinity
  return { maxMessageBytes: readSize(textOf(MaxReceiveSize)) ?? Infinity, freeBytes: quota - used }
}

/** The sign-in of an IMAP server whose mailboxes are those of the tenant. */
export function imapSignIn(
  world: TenantWorld,
  tenant: Tenant,
  forms: Readonly<Record<ImapRefusal, RefusalForm>>,
): (credentials: Credentials) => SignedIn | null {
  return (credentials) => {
    world.settle()
    if (credentials.kind !== 'token') return null
    const decision = decideImap(world, tenant, credentials.login, credentials.token)
    if ('refusal' in decision)
      return forms[decision.refusal] === 'no'
        ? null
        : { address: credentials.login.toLowerCase(), store: new MailStore({ separator: '/' }), expiresAtMs: null, connected: false }
    const { mailbox, claims } = decision
    mailbox.times['loggedOnAt'] = world.now()
    // The server compares with a clock that nobody moves by hand.
    const expiresAtMs = claims.exp * 1000
    const limits = () => limitsOf(world, mailbox)
    return { address: addressOf(mailbox).toLowerCase(), store: storeOf(world, mailbox), expiresAtMs, limits }
  }
}
