import { Failure } from '../model/failure.ts'
import { imapString } from './encoder.ts'
import type { PasswordLogin, TokenLogin } from './endpoint.ts'
import type { StatusResponse } from './response.ts'
import { cramMd5, oauthBearer, plain, saslLogin, scramSha256, xoauth2 } from './sasl.ts'
import type { PasswordCredentials, SaslMechanism, Way } from './sasl.ts'
import type { Session } from './session.ts'

type Credentials = PasswordLogin | TokenLogin

/**
 * Signs in by the best way that the server offers. A way that the server offers but cannot do (BAD) is passed over; a refused
 * password is not tried twice, as servers lock accounts. No error of it carries the secret.
 */
export async function signIn(session: Session, login: Credentials): Promise<StatusResponse> {
  const secret = (login.kind === 'password' ? login.password : await login.token()).reveal()
  const broken = (way: Way): boolean => session.quirk('hashed-login-broken') && (way === 'SCRAM-SHA-256' || way === 'CRAM-MD5')
  const ways = waysToSignIn(session.capabilities, login, session.endpoint.tls !== 'none').filter((way) => !broken(way))
  let last: Failure | null = null
  for (const way of ways) {
    try {
      return await attempt(session, way, login, secret)
    } catch (failure) {
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

/** The ways to sign in, best first; the one that is asked for, whatever the server lists. LOGINDISABLED forbids the LOGIN command, not tokens. */
export function waysToSignIn(capabilities: ReadonlySet<string>, login: Credentials, encrypted: boolean): readonly Way[] {
  if (login.way !== undefined) return [login.way]
  const offers = (way: Way): boolean => capabilities.has(`AUTH=${way.replace('SASL-', '')}`)
  if (login.kind === 'token') return (['XOAUTH2', 'OAUTHBEARER'] as const).filter(offers)
  const canLogin = !capabilities.has('LOGINDISABLED')
  // Dovecot cannot check a hashed login of an administrator, and then says that the right is missing
  const hidesPassword = !encrypted && login.mailbox === undefined && login.authzid === null
  if (login.authzid !== null) return (['PLAIN', 'SCRAM-SHA-256'] as const).filter(offers)
  // Exchange cannot take "domain\user" or "user/mailbox" by PLAIN
  const delegate = /[\\/]/.test(login.user)
  const open: readonly Way[] = delegate ? ['LOGIN', 'PLAIN', 'SASL-LOGIN'] : ['PLAIN', 'LOGIN', 'SASL-LOGIN']
  const hashed: readonly Way[] = ['SCRAM-SHA-256', 'CRAM-MD5']
  const order = hidesPassword ? [...hashed, ...open] : [...open, ...hashed]
  return order.filter((way) => (way === 'LOGIN' ? canLogin : offers(way)))
}

async function attempt(session: Session, way: Way, login: Credentials, secret: string): Promise<StatusResponse> {
  if (way === 'LOGIN') return hiding([secret], () => loginCommand(session, login.user, secret))
  const mechanism = mechanismOf(session, way, login, secret)
  const hidden = [secret]
  let failed: unknown = null
  let begun = false
  let complaint = ''
  const sent = (line: Buffer): string => {
    const text = line.toString('base64')
    if (text.length >= 8) hidden.push(text)
    return text
  }
  const immediate = mechanism.initial !== null && session.has('SASL-IR')
  const onChallenge = (text: string): string => {
    try {
      if (!immediate && !begun && mechanism.initial !== null) {
        begun = true
        return sent(mechanism.initial)
      }
      begun = true
      if (way === 'XOAUTH2' || way === 'OAUTHBEARER') complaint = statusIn(text)
      return sent(mechanism.respond(Buffer.from(text, 'base64')))
    } catch (error) {
      failed = error
      return '*'
    }
  }
  const first = immediate && mechanism.initial !== null ? ` ${sent(mechanism.initial) || '='}` : ''
  try {
    return await hiding(hidden, async () => {
      const reply = await session.run({ verb: 'AUTHENTICATE', parts: [`AUTHENTICATE ${mechanism.name}${first}`], onChallenge })
      if (way === 'SCRAM-SHA-256' && reply.code === 'SCRAM') mechanism.respond(Buffer.from(reply.codeText, 'base64'))
      if (mechanism.satisfied()) return reply
      throw new Failure('auth-rejected', `${session.endpoint.host} signed us in without proving that it knows the password.`)
    })
  } catch (error) {
    throw failed ?? (error instanceof Failure && complaint !== '' ? worded(error, (text) => `${text} (${complaint})`) : error)
  }
}

/**
 * In UTF-8. A server that cannot read that (BAD: it has looked at no password) gets it in Latin-1, as older ones expect; a NO is
 * believed, as another try could lock the account.
 */
async function loginCommand(session: Session, user: string, secret: string): Promise<StatusResponse> {
  const login = (encoding: 'utf8' | 'latin1'): Promise<StatusResponse> => {
    const octets = (text: string): string => Buffer.from(text, encoding).toString('latin1')
    return session.run({ verb: 'LOGIN', parts: ['LOGIN ', imapString(octets(user)), ' ', imapString(octets(secret))] })
  }
  try {
    return await login('utf8')
  } catch (error) {
    const refused = error instanceof Failure && error.serverText?.startsWith('BAD') === true && session.alive
    const credentials = user + secret
    if (!refused || !/[\u0080-\u00ff]/.test(credentials) || /[^\u0000-\u00ff]/.test(credentials)) throw error
    return login('latin1')
  }
}

/** What Google and Microsoft say of a token they do not take: the status of the JSON in the challenge, and nothing else of it. */
function statusIn(challenge: string): string {
  const json = Buffer.from(challenge, 'base64').toString()
  const status = /"status"\s*:\s*"?([\w-]{1,40})/.exec(json)?.[1]
  return status === undefined ? '' : `status ${status}`
}

function mechanismOf(session: Session, way: Exclude<Way, 'LOGIN'>, login: Credentials, secret: string): SaslMechanism {
  const { host, port } = session.endpoint
  const authzid = login.kind === 'password' ? login.authzid : null
  const credentials: PasswordCredentials = { user: login.user, password: secret, authzid }
  const made: Readonly<Record<typeof way, () => SaslMechanism>> = {
    PLAIN: () => plain(credentials),
    'SASL-LOGIN': () => saslLogin(credentials),
    'CRAM-MD5': () => cramMd5(credentials),
    'SCRAM-SHA-256': () => scramSha256(credentials),
    XOAUTH2: () => xoauth2(login.user, secret),
    OAUTHBEARER: () => oauthBearer(login.user, secret, host, port),
  }
  return made[way]()
}

/** Runs it with nothing of what is hidden in its failure: some servers repeat the command that they refuse. */
export async function hiding<T>(hidden: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const clean = (text: string): string => hidden.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '***')), text)
    if (clean(error.message) === error.message && clean(error.serverText ?? '') === (error.serverText ?? '')) throw error
    throw worded(error, clean)
  }
}

function worded(failure: Failure, change: (text: string) => string): Failure {
  const text = failure.serverText
  return new Failure(failure.code, change(failure.message), {
    notDone: failure.notDone,
    ...(text === undefined ? {} : { serverText: change(text) }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
  })
}
