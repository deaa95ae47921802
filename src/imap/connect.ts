import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { ImapEndpoint, ImapLogin, SingleLogin, TokenLogin } from './endpoint.ts'
import { signInAs } from './login-as.ts'
import { parseNamespaces } from './namespace.ts'
import { quirksOf } from './quirks.ts'
import { textOf } from './response.ts'
import type { Token } from './response.ts'
import { Session } from './session.ts'

/**
 * Connects, encrypts, signs in and learns what the server can do: after it the mailbox is known to be really open.
 * Throws a `Failure`; nothing is left behind then. A guarded login waits for its turn, and is not made with a secret that was rejected.
 */
export async function connectImap(endpoint: ImapEndpoint, login: ImapLogin, ctx: Context): Promise<Session> {
  const single = (one: SingleLogin): Promise<Session> => {
    const connect = (): Promise<Session> =>
      one.kind === 'token' && one.renew !== undefined ? connectByToken(endpoint, one, one.renew, ctx) : connectOnce(endpoint, one, ctx)
    return one.guard === undefined ? connect() : one.guard.run(one.mailbox ?? one.user, connect)
  }
  return login.kind === 'forms' ? login.forms.connect(login.user, login.of, single) : single(login)
}

/** A server as it shows itself to who has not signed in. The session can do nothing but end. */
export type Look = {
  readonly session: Session
  readonly preauth: boolean
  /** What it offered before STARTTLS; null where TLS came first or not at all. */
  readonly beforeTls: ReadonlySet<string> | null
}

/** Connects, encrypts, asks what the server can do and who it is; never signs in. Throws a `Failure`; nothing is left behind then. */
export async function lookAt(endpoint: ImapEndpoint, ctx: Context): Promise<Look> {
  const { session, greeting } = await Session.open(endpoint, ctx)
  try {
    if (session.state.capabilitiesTold === 0) await askCapability(session)
    const preauth = greeting.status === 'PREAUTH'
    const told = session.capabilities
    if (endpoint.tls === 'starttls') await encrypt(session, preauth)
    await identify(session)
    return { session, preauth, beforeTls: endpoint.tls === 'starttls' ? told : null }
  } catch (error) {
    session.destroy(error instanceof Failure ? error : undefined)
    throw error
  }
}

/** A token that is refused may have run out or been withdrawn meanwhile: another one is tried, once. */
async function connectByToken(endpoint: ImapEndpoint, login: TokenLogin, renew: () => void, ctx: Context): Promise<Session> {
  const session = await connectOnce(endpoint, login, ctx).catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== 'auth-rejected') throw error
    renew()
    return connectOnce(endpoint, login, ctx)
  })
  void session.closed.then((why) => (why.code === 'token-expired' ? renew() : undefined))
  return session
}

async function connectOnce(endpoint: ImapEndpoint, login: SingleLogin, ctx: Context): Promise<Session> {
  if (endpoint.anyCertificate) throw new Error('a session that takes any certificate never signs in')
  const { session, greeting } = await Session.open(endpoint, ctx)
  try {
    const preauth = greeting.status === 'PREAUTH'
    session.state.quirks = quirksOf(session.state.greeting, session.state.serverId)
    await encrypt(session, preauth)
    if (session.state.capabilitiesTold === 0) await askCapability(session)
    if (!preauth) {
      const told = session.state.capabilitiesTold
      await signInAs(session, login)
      if (session.state.capabilitiesTold === told) await askCapability(session)
    }
    await introduce(session)
    if (endpoint.compress && session.has('COMPRESS=DEFLATE')) await tolerant(session.compress())
    ctx.log.debug('imap: connected', { host: endpoint.host, greeting: session.greeting })
    return session
  } catch (error) {
    session.destroy(error instanceof Failure ? error : undefined)
    throw error
  }
}

async function askCapability(session: Session): Promise<void> {
  await session.run({ verb: 'CAPABILITY', parts: ['CAPABILITY'] })
}

async function encrypt(session: Session, preauth: boolean): Promise<void> {
  const { host, port, tls } = session.endpoint
  if (tls !== 'starttls') return
  if (!session.has('STARTTLS') && !preauth) await askCapability(session)
  if (preauth || !session.has('STARTTLS')) throw new Failure('tls-required', `${host}:${port} offers no STARTTLS.`, { notDone: true })
  await session.startTls().catch((error: unknown) => {
    if (!(error instanceof Failure) || !/^(?:NO|BAD)\b/.test(error.serverText ?? '')) throw error
    const says = `${host}:${port} offers STARTTLS but refuses it.`
    throw new Failure('tls-required', says, {
      notDone: true,
      cause: error,
      ...(error.serverText === undefined ? {} : { serverText: error.serverText }),
    })
  })
  // what was told in the clear may be forged (RFC 3501 §6.2.1)
  await askCapability(session)
}

/** ID, NAMESPACE and ENABLE in one go. NAMESPACE proves the login: Exchange says OK to one whose mailbox it cannot open. */
async function introduce(session: Session): Promise<void> {
  const { state } = session
  await Promise.all([identify(session), askNamespace(session), enable(session)])
  state.quirks = quirksOf(state.greeting, state.serverId, state.capabilities)
  if (!session.has('IMAP4REV1') && session.has('IMAP4REV2')) state.utf8Names = true
}

async function identify(session: Session): Promise<void> {
  if (!session.has('ID')) return
  await tolerant(
    session.run({
      verb: 'ID',
      parts: ['ID ("name" "cutover")'],
      onUntagged: (response) => {
        if (response.kind !== 'data' || response.name !== 'ID') return
        session.state.serverId = pairs(response.values[0])
      },
    }),
  )
}

async function askNamespace(session: Session): Promise<void> {
  if (!session.has('NAMESPACE')) {
    // Exchange 2003 has no NAMESPACE, and says OK to logins that it cannot open a mailbox for as well
    if (/Exchange Server 2003/i.test(session.greeting)) await tolerant(session.run({ verb: 'LIST', parts: ['LIST "" ""'] }))
    return
  }
  await tolerant(
    session.run({
      verb: 'NAMESPACE',
      parts: ['NAMESPACE'],
      onUntagged: (response) => {
        if (response.kind === 'data' && response.name === 'NAMESPACE') session.state.namespaces = parseNamespaces(response.values)
      },
    }),
  )
}

/** Only what we use; never IMAP4rev2, which gains nothing and which servers are young at. */
async function enable(session: Session): Promise<void> {
  if (!session.has('ENABLE')) return
  const wanted = ['QRESYNC', 'CONDSTORE'].filter((word) => session.has(word)).slice(0, 1)
  if (session.endpoint.utf8Accept && (session.has('UTF8=ACCEPT') || session.has('UTF8=ONLY'))) wanted.push('UTF8=ACCEPT')
  // Where a folder shows a window of its messages only, this is what opens it (Yahoo); we use UIDs alone anyway.
  if (session.has('UIDONLY')) wanted.push('UIDONLY')
  if (wanted.length === 0) return
  await tolerant(
    session.run({
      verb: 'ENABLE',
      parts: [`ENABLE ${wanted.join(' ')}`],
      onUntagged: (response) => {
        if (response.kind !== 'data' || response.name !== 'ENABLED') return
        session.state.enabled = new Set([...session.state.enabled, ...response.text.toUpperCase().split(' ')])
      },
    }),
  )
  if (session.state.enabled.has('UTF8=ACCEPT')) session.state.utf8Names = true
}

/** A server may refuse what is not essential; only what says that the session is useless counts. */
async function tolerant(asked: Promise<unknown>): Promise<void> {
  try {
    await asked
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    if (error.code !== 'server-unavailable' && error.code !== 'protocol') throw error
  }
}

function pairs(token: Token | undefined): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  if (typeof token !== 'object' || !Array.isArray(token)) return found
  const list = token as readonly Token[]
  for (let i = 0; i + 1 < list.length; i += 2) {
    const key = textOf(list[i])
    const value = textOf(list[i + 1])
    if (key !== null && value !== null) found.set(key.toLowerCase(), value)
  }
  return found
}
