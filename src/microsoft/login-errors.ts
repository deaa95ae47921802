import type { FailureCode } from '../model/failure-codes.ts'
import { Failure } from '../model/failure.ts'

/** What the sign-in service answered, as far as errors need it. */
export type LoginReply = { readonly status: number; readonly retryAfterMs: number | null; readonly body: Readonly<Record<string, unknown>> }

type Row = { readonly code: FailureCode; readonly says: string; readonly retryAfterMs?: number }

const rejected = (says: string): Row => ({ code: 'token-rejected', says })
const loginAgain = rejected('The sign-in is no longer valid. Start again and sign in with the new device code.')
const tryLater: Row = { code: 'server-unavailable', says: 'Microsoft sign-in is temporarily unavailable.' }

/** AADSTS numbers and what to do. The numbers may change (Entra: reference-error-codes); an unknown one falls back to `BY_ERROR`. */
const BY_NUMBER: Readonly<Record<number, Row>> = {
  90002: rejected('The tenant was not found. Check --tenant: its id, or a domain verified in it, and the right cloud.'),
  900023: rejected('The tenant is not written like a tenant. Give its id or a domain verified in it.'),
  5000224: rejected('The tenant is blocked or deleted. Ask Microsoft support.'),
  700016: rejected('The application is not registered in this tenant. Check --client-id and --tenant, and give admin consent there.'),
  7000112: rejected('The application is disabled in this tenant. Enable it under Enterprise applications.'),
  7000215: rejected('The client secret is wrong. Use the value of the secret, not its id.'),
  7000222: rejected('The client secret has expired. Make a new one in the app registration.'),
  7000218: rejected(
    'The sign-in service wants a secret or certificate. For a device code, allow public client flows in the app registration.',
  ),
  700027: rejected('The certificate is not registered with the application, or has expired. Upload it in the app registration.'),
  700024: rejected('The signed request is outside its time window. Set the clock of this machine right.'),
  700023: rejected('The signed request names the wrong audience. Check the cloud and the tenant.'),
  500011: rejected('Exchange Online was not found in this tenant. Check the cloud, and that the tenant has an Exchange subscription.'),
  70011: rejected('The scope is not valid here. Check the cloud.'),
  1002012: rejected('The scope is not valid for an application. Check the cloud.'),
  65001: rejected('Consent is missing. An administrator must grant it for the application.'),
  50034: rejected('The user does not exist in this tenant.'),
  50126: rejected('User name or password is wrong.'),
  50055: rejected('The password has expired. Sign in once in a browser and change it.'),
  50057: rejected('The account is disabled.'),
  50076: rejected('Multi-factor sign-in is needed. Use --device-code, or an application secret or certificate.'),
  50079: rejected('The user must register for multi-factor sign-in first.'),
  53003: rejected('A Conditional Access policy blocks this sign-in. Let an administrator exclude the application or this machine.'),
  530035: rejected('The tenant blocks device codes. Use an application secret or certificate.'),
  50173: loginAgain,
  700082: loginAgain,
  70008: loginAgain,
  70018: rejected('The device code is not valid. Start again.'),
  70019: rejected('The device code ran out before anybody signed in. Start again.'),
  70020: rejected('The device code ran out before anybody signed in. Start again.'),
  50196: { code: 'throttled', says: 'Microsoft sign-in sees too many requests from this application.', retryAfterMs: 60_000 },
  650051: { code: 'server-unavailable', says: 'The application is still being set up in this tenant.', retryAfterMs: 30_000 },
  90033: tryLater,
  90006: tryLater,
  50000: tryLater,
}

const BY_ERROR: Readonly<Record<string, Row>> = {
  temporarily_unavailable: tryLater,
  server_error: tryLater,
  authorization_declined: rejected('The sign-in was declined.'),
  access_denied: rejected('The sign-in was refused by a policy of the tenant.'),
  expired_token: rejected('The device code ran out before anybody signed in. Start again.'),
  bad_verification_code: rejected('The device code is not valid. Start again.'),
  invalid_client: rejected('The sign-in service does not accept the secret or certificate of the application.'),
  invalid_grant: rejected('The sign-in service does not accept this sign-in.'),
}

/** The AADSTS numbers of a reply, from `error_codes` or from the text. */
export function aadstsNumbers(body: Readonly<Record<string, unknown>>): readonly number[] {
  const listed = body['error_codes']
  if (Array.isArray(listed)) return listed.filter((each): each is number => typeof each === 'number')
  const match = /AADSTS(\d+)/.exec(textOf(body['error_description']))
  return match?.[1] === undefined ? [] : [Number(match[1])]
}

/** The failure for a reply that carries no token. Never repeats anything of `hidden`, whatever the server says. */
export function loginFailure(reply: LoginReply, hidden: readonly string[]): Failure {
  const numbers = aadstsNumbers(reply.body)
  const error = textOf(reply.body['error'])
  const known = numbers.map((number) => BY_NUMBER[number]).find((row) => row !== undefined) ?? BY_ERROR[error]
  const row = reply.status === 429 ? { code: 'throttled' as const, says: 'Microsoft sign-in asked us to slow down.' } : known
  const fallback =
    reply.status >= 500 ? tryLater : rejected(`Microsoft sign-in gave no token (HTTP ${reply.status}${error === '' ? '' : `, ${error}`}).`)
  const chosen: Row = row ?? fallback
  const number = numbers[0]
  const retryAfterMs = reply.retryAfterMs ?? chosen.retryAfterMs
  const serverText = withoutHidden(textOf(reply.body['error_description']).replaceAll(/\s+/g, ' ').trim().slice(0, 600), hidden)
  return new Failure(chosen.code, `${withoutHidden(chosen.says, hidden)}${number === undefined ? '' : ` (AADSTS${number})`}`, {
    ...(serverText === '' ? {} : { serverText }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  })
}

function withoutHidden(text: string, hidden: readonly string[]): string {
  let clean = text
  for (const secret of hidden) if (secret !== '') clean = clean.replaceAll(secret, '***')
  return clean
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
