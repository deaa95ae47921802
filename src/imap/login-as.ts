import { createHash } from 'node:crypto'
import { Failure } from '../model/failure.ts'
import { imapString } from './encoder.ts'
import type { GroupwiseLogin, KerioLogin, ProxyLogin, SingleLogin } from './endpoint.ts'
import { hiding, signIn } from './login.ts'
import type { StatusResponse } from './response.ts'
import type { Session } from './session.ts'

/** Signs in by whatever way opens this mailbox. No error of it carries the secret. */
export async function signInAs(session: Session, login: SingleLogin): Promise<StatusResponse> {
  if (login.kind === 'proxyauth') return proxyAuth(session, login)
  if (login.kind === 'kerio-master') return kerioMaster(session, login)
  if (login.kind === 'groupwise-app') return trustedApp(session, login)
  return signIn(session, login)
}

/** Netscape, Sun, Oracle, Mirapoint and Exchange 2003: the administrator signs in, then takes the place of the user. */
async function proxyAuth(session: Session, { admin, password, user, way }: ProxyLogin): Promise<StatusResponse> {
  await signIn(session, { kind: 'password', user: admin, password, authzid: null, ...(way === undefined ? {} : { way }) })
  return become(session, 'PROXYAUTH', user)
}

/**
 * Kerio Connect: the answer to the challenge is the MD5 of it and the master password, in hex and not in base64. So it is refused
 * without TLS: whoever listens could guess the password at leisure.
 */
async function kerioMaster(session: Session, { user, password }: KerioLogin): Promise<StatusResponse> {
  if (session.endpoint.tls === 'none' && !isLoopback(session.endpoint.host))
    throw new Failure('tls-required', `Kerio's master password is only sent over TLS; ${session.endpoint.host} was asked in plain text.`, {
      notDone: true,
    })
  const onChallenge = (text: string): string =>
    createHash('md5')
      .update(`${text.replace(/^\+/, '').trim()}${password.reveal()}`)
      .digest('hex')
  try {
    await session.run({ verb: 'X-MASTERAUTH', parts: ['X-MASTERAUTH'], onChallenge })
  } catch (error) {
    if (!(error instanceof Failure) || error.serverText?.startsWith('BAD') !== true) throw error
    const says = `${session.endpoint.host} knows no master authentication: enable it in Kerio under Advanced Options, for this machine's address.`
    throw new Failure('auth-unsupported', says, { serverText: error.serverText, notDone: true })
  }
  return become(session, 'X-SETUSER', user)
}

/** GroupWise: the application signs in with its name and key, then as the user, who needs no password. */
async function trustedApp(session: Session, { user, app, key }: GroupwiseLogin): Promise<StatusResponse> {
  const line = `XGWTRUSTEDAPP ${Buffer.from(`${app}\0${key.reveal()}`).toString('base64')}`
  await hiding([key.reveal(), line.split(' ')[1] ?? ''], () =>
    session.run({ verb: 'AUTHENTICATE', parts: ['AUTHENTICATE XGWTRUSTEDAPP'], onChallenge: () => line }),
  )
  try {
    return await session.run({ verb: 'LOGIN', parts: ['LOGIN ', imapString(octets(user)), ' ""'] })
  } catch (error) {
    // The application is trusted: what is refused now is the mailbox.
    if (!(error instanceof Failure) || error.code !== 'auth-rejected') throw error
    throw new Failure('mailbox-unknown', error.message, { notDone: true, ...(error.serverText ? { serverText: error.serverText } : {}) })
  }
}

function become(session: Session, verb: 'PROXYAUTH' | 'X-SETUSER', user: string): Promise<StatusResponse> {
  return session.run({ verb, parts: [`${verb} `, imapString(octets(user))] })
}

function octets(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
