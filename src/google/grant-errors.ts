import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import type { TokenReply } from '../oauth/token-post.ts'
import type { ServiceAccount } from './service-account.ts'

export type Asked = {
  readonly account: ServiceAccount
  readonly scopes: readonly string[]
  readonly user: string
  readonly nowMs: number
  /** Must not appear in an error. */
  readonly assertion: string
}

type Verdict = { readonly code: FailureCode; readonly says: string }

/** Clocks may differ by so much before Google refuses. */
const SKEW_MS = 3 * 60_000

/** Why Google gave no token, in a sentence that says what to do. */
export function grantFailure(reply: TokenReply, asked: Asked): Failure {
  const error = textOf(reply.body['error'])
  const description = textOf(reply.body['error_description']).replaceAll(asked.assertion, '***').replaceAll(/\s+/g, ' ').slice(0, 300)
  const { code, says } = verdict(reply, error, description, asked)
  const serverText = [error, description].filter((part) => part !== '').join(': ')
  return new Failure(code, says, {
    ...(serverText === '' ? {} : { serverText }),
    ...(reply.retryAfterMs === null ? {} : { retryAfterMs: reply.retryAfterMs }),
  })
}

function verdict(reply: TokenReply, error: string, description: string, asked: Asked): Verdict {
  const { account, scopes, user } = asked
  if (reply.status === 429) return { code: 'throttled', says: 'Google asked us to ask for fewer tokens.' }
  if (reply.status >= 500) return { code: 'server-unavailable', says: 'Google sign-in is temporarily unavailable.' }
  if (error === 'unauthorized_client' || error === 'access_denied')
    return {
      code: 'grant-pending',
      says:
        `${account.email} may not act for ${user} (${error}). In the Admin console under Security, API controls, Domain-wide ` +
        `delegation, the client id ${account.clientId || 'of the service account'} needs the scope ${scopes.join(',')}. ` +
        'A fresh grant can take up to a day to take effect.',
    }
  if (error === 'invalid_client')
    return {
      code: 'token-rejected',
      says: `Google knows no service account ${account.email}, or it is disabled. Is this the right key file?`,
    }
  if (error === 'invalid_scope') return { code: 'token-rejected', says: `Google does not know the scope ${scopes.join(' ')}.` }
  if (error === 'invalid_grant') return refusedClaim(reply, description, asked)
  const what = error === '' ? `HTTP ${reply.status}` : error
  return { code: 'token-rejected', says: `Google gave no token for ${user} (${what}).` }
}

/** `invalid_grant` means many things; the description, and the clock of Google's answer, tell which. */
function refusedClaim(reply: TokenReply, description: string, { account, user, nowMs }: Asked): Verdict {
  const skewMs = reply.dateMs === null ? 0 : nowMs - reply.dateMs
  if (Math.abs(skewMs) > SKEW_MS || /iat|exp|timeframe|short-lived/i.test(description)) return wrongClock(skewMs)
  if (/signature|kid|key/i.test(description))
    return {
      code: 'token-rejected',
      says: `Google does not accept the key of ${account.email}: it was deleted or replaced. Make a new key and give its file.`,
    }
  if (/account not found|service account/i.test(description))
    return {
      code: 'token-rejected',
      says: `The service account ${account.email} no longer exists. Make a new one, or give the right key file.`,
    }
  if (/suspended|disabled|deleted/i.test(description))
    return {
      code: 'account-locked',
      says: `The account ${user} is suspended or deleted at Google. A suspended one opens once it is active again.`,
    }
  if (/invalid email|user id|not a valid email/i.test(description))
    return {
      code: 'mailbox-unknown',
      says: `Google knows no user ${user} in the domain of ${account.email}: it must be a primary address, not an alias or a group.`,
    }
  return {
    code: 'auth-rejected',
    says: `Google does not let ${account.email} act for ${user}: is the user suspended, or of another domain?`,
  }
}

function wrongClock(skewMs: number): Verdict {
  const minutes = Math.round(Math.abs(skewMs) / 60_000)
  const off = minutes === 0 ? '' : ` It is ${minutes} minutes ${skewMs > 0 ? 'ahead' : 'behind'}.`
  return { code: 'token-rejected', says: `Google says that the request is not of this hour: set the clock of this machine right.${off}` }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
