import { Failure } from '../model/failure.ts'
import { imapString } from './encoder.ts'
import type { ImapLogin } from './endpoint.ts'
import type { StatusResponse } from './response.ts'
import { cramMd5, oauthBearer, plain, scramSha256, xoauth2 } from './sasl.ts'
import type { PasswordCredentials, SaslMechanism } from './sasl.ts'
import type { Session } from './session.ts'

/** A way to sign in: a SASL mechanism, or the LOGIN command. */
export type Way = 'LOGIN' | 'PLAIN' | 'CRAM-MD5' | 'SCRAM-SHA-256' | 'XOAUTH2' | 'OAUTHBEARER'

/**
 * Signs in by the best way that the server offers. A way that the server offers but cannot do (BAD) is passed over; a refused
 * password is not tried twice, as servers lock accounts. No error of it carries the secret.
 */
export async function signIn(session: Session, login: ImapLogin): Promise<StatusResponse> {
  const secret = (login.kind === 'password' ? login.password : await login.token()).reveal()
  const ways = waysToSignIn(session.capabilities, login, session.endpoint.tls !== 'none')
  let last: Failure | null = null
  for (const way of ways) {
    try {
      return await attempt(session, way, login, secret)
    } catch (error) {
      const failure = error instanceof Failure ? withoutSecret(error, secret) : error
      if (!(failure instanceof Failure) || failure.code !== 'auth-unsupported' || !session.alive) throw failure
      last = failure
    }
  }
  if (last !== null) throw last
  const offered = [...session.capabilities].filter((word) => /^(AUTH=|LOGINDISABLED)/.test(word)).join(' ')
  const what = login.kind === 'token' ? 'with a token' : 'with a password'
  const says = `${session.endpoint.host} offers no way to sign in ${what} that we can use here (it offers: ${offered || 'nothing'}).`
  throw new Failure('auth-unsupported', says, { notDone: true })
}

/** The ways to sign in, best first. LOGINDISABLED forbids the LOGIN command, not tokens. */
export function waysToSignIn(capabilities: ReadonlySet<string>, login: ImapLogin, encrypted: boolean): readonly Way[] {
  const offers = (way: Way): boolean => capabilities.has(`AUTH=${way}`)
  if (login.kind === 'token') return (['XOAUTH2', 'OAUTHBEARER'] as const).filter(offers)
  const canLogin = !capabilities.has('LOGINDISABLED')
  if (login.authzid !== null) {
    const order = encrypted ? (['PLAIN', 'SCRAM-SHA-256'] as const) : (['SCRAM-SHA-256', 'PLAIN'] as const)
    return order.filter(offers)
  }
  // Exchange cannot take "domain\user" or "user/mailbox" by PLAIN
  const delegate = /[\\/]/.test(login.user)
  const open: readonly Way[] = delegate ? ['LOGIN', 'PLAIN'] : ['PLAIN', 'LOGIN']
  const hashed: readonly Way[] = ['SCRAM-SHA-256', 'CRAM-MD5']
  const order = encrypted ? [...open, ...hashed] : [...hashed, ...open]
  return order.filter((way) => (way === 'LOGIN' ? canLogin : offers(way)))
}

async function attempt(session: Session, way: Way, login: ImapLogin, secret: string): Promise<StatusResponse> {
  if (way === 'LOGIN') {
    const octets = (text: string): string => Buffer.from(text).toString('latin1')
    return session.run({ verb: 'LOGIN', parts: ['LOGIN ', imapString(octets(login.user)), ' ', imapString(octets(secret))] })
  }
  const mechanism = mechanismOf(session, way, login, secret)
  let failed: unknown = null
  let started = false
  const immediate = mechanism.initial !== null && session.has('SASL-IR')
  const onChallenge = (text: string): string => {
    try {
      if (!immediate && !started && mechanism.initial !== null) {
        started = true
        return mechanism.initial.toString('base64')
      }
      started = true
      return mechanism.respond(Buffer.from(text, 'base64')).toString('base64')
    } catch (error) {
      failed = error
      return '*'
    }
  }
  const first = immediate && mechanism.initial !== null ? ` ${mechanism.initial.toString('base64') || '='}` : ''
  try {
    const reply = await session.run({ verb: 'AUTHENTICATE', parts: [`AUTHENTICATE ${way}${first}`], onChallenge })
    if (way === 'SCRAM-SHA-256' && reply.code === 'SCRAM') mechanism.respond(Buffer.from(reply.codeText, 'base64'))
    if (mechanism.satisfied()) return reply
    throw new Failure('auth-rejected', `${session.endpoint.host} signed us in without proving that it knows the password.`)
  } catch (error) {
    throw failed ?? error
  }
}

function mechanismOf(session: Session, way: Exclude<Way, 'LOGIN'>, login: ImapLogin, secret: string): SaslMechanism {
  const { host, port } = session.endpoint
  const authzid = login.kind === 'password' ? login.authzid : null
  const credentials: PasswordCredentials = { user: login.user, password: secret, authzid }
  const made: Readonly<Record<typeof way, () => SaslMechanism>> = {
    PLAIN: () => plain(credentials),
    'CRAM-MD5': () => cramMd5(credentials),
    'SCRAM-SHA-256': () => scramSha256(credentials),
    XOAUTH2: () => xoauth2(login.user, secret),
    OAUTHBEARER: () => oauthBearer(login.user, secret, host, port),
  }
  return made[way]()
}

/** Some servers repeat the command they refuse. */
function withoutSecret(failure: Failure, secret: string): Failure {
  if (secret === '') return failure
  const clean = (text: string): string => text.replaceAll(secret, '***')
  const text = failure.serverText
  if (!failure.message.includes(secret) && text?.includes(secret) !== true) return failure
  return new Failure(failure.code, clean(failure.message), {
    notDone: failure.notDone,
    ...(text === undefined ? {} : { serverText: clean(text) }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
  })
}
