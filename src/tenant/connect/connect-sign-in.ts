import { X509Certificate } from 'node:crypto'
import type { TenantTokens, TokenSource } from '../../microsoft/exchange-token.ts'
import { Failure } from '../../model/failure.ts'
import type { AppIdentity } from '../../microsoft/app-identity.ts'
import type { AppFacts, Credential } from './connect-app.ts'
import type { Check } from './connect-check.ts'
import { check, notAnswered } from './connect-check.ts'

const DAY_MS = 86_400_000
const SOON_DAYS = 30
const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** A new token for each of the two services: what was granted meanwhile is in new ones only. */
export async function signInChecks(tokens: TenantTokens, identity: AppIdentity, person: string | null): Promise<readonly Check[]> {
  for (const source of [tokens.graph, tokens.exchange, tokens.imap]) if (identity.kind !== 'device') source.renew()
  const who = identity.kind === 'device' ? `as ${person ?? 'a person'}` : 'as the application'
  const graph = await tokenCheck('sign-in graph', 'Sign-in for Microsoft Graph', tokens.graph, identity, who)
  // Who is not let in for the one is not for the other, and a wrong secret is not tried twice.
  if (graph.state !== 'ok') return [graph]
  return [graph, await tokenCheck('sign-in exchange', 'Sign-in for Exchange Online', tokens.exchange, identity, who)]
}

async function tokenCheck(id: string, title: string, tokens: TokenSource, identity: AppIdentity, who: string): Promise<Check> {
  try {
    await tokens.token()
    return check('sign-in', id, title, 'ok', `Signed in ${who}.`)
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return refused(id, title, error, identity)
  }
}

/** A sign-in that failed, as a check. */
export function refused(id: string, title: string, failure: Failure, identity: AppIdentity | null): Check {
  if (failure.code !== 'token-rejected' && failure.code !== 'bad-input') return notAnswered('sign-in', id, title, failure)
  const isId = identity?.kind === 'secret' && GUID.test(identity.clientSecret.reveal().trim())
  const hint = isId ? ' What was given looks like the id of a secret: its value is shown only once, when it is made.' : ''
  return check('sign-in', id, title, 'missing', `${failure.message}${hint}`)
}

/** Pure: when the secret or the certificate runs out, with a warning in the last month. [] where neither is used. */
export function expiryChecks(identity: AppIdentity, facts: AppFacts | null, nowMs: number): readonly Check[] {
  if (identity.kind === 'device') return []
  if (identity.kind === 'certificate') {
    const endsMs = certificateEnd(identity.certificatePem)
    return endsMs === null ? [] : [expiry('certificate', { name: '', hint: '', endsMs }, nowMs)]
  }
  const id = 'expiry secret'
  const secret = identity.clientSecret.reveal()
  const known = facts?.secrets.filter(({ hint, endsMs }) => hint !== '' && secret.startsWith(hint) && !Number.isNaN(endsMs)) ?? []
  const [ours] = known.toSorted((a, b) => b.endsMs - a.endsMs)
  if (ours !== undefined) return [expiry('secret', ours, nowMs)]
  const why =
    facts === null ? 'Without Application.Read.All it cannot be seen when it runs out.' : 'The directory does not tell when it runs out.'
  return [check('sign-in', id, 'Client secret', 'unknown', why, { isOptional: true })]
}

function expiry(kind: 'secret' | 'certificate', { name, endsMs }: Credential, nowMs: number): Check {
  const days = Math.floor((endsMs - nowMs) / DAY_MS)
  const title = kind === 'secret' ? 'Client secret' : 'Certificate'
  const which = name === '' ? '' : ` ("${name}")`
  const ends = `Runs out on ${new Date(endsMs).toISOString().slice(0, 10)}${which}, in ${days} day${days === 1 ? '' : 's'}.`
  const id = `expiry ${kind}`
  if (days < SOON_DAYS) return check('sign-in', id, title, 'ok', `${ends} Make a new one in time.`, { isOptional: true, step: { kind } })
  return check('sign-in', id, title, 'ok', ends, { isOptional: true })
}

function certificateEnd(pem: string): number | null {
  try {
    return new X509Certificate(pem).validToDate.getTime()
  } catch {
    // Signing in says what is wrong with it.
    return null
  }
}
