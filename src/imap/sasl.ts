import { createHmac } from 'node:crypto'
import { ScramClient } from './scram.ts'

/** A way to sign in: a SASL mechanism, or the LOGIN command. `SASL-LOGIN` is the mechanism that is called LOGIN as well. */
export const WAYS = ['PLAIN', 'LOGIN', 'SASL-LOGIN', 'SCRAM-SHA-256', 'CRAM-MD5', 'XOAUTH2', 'OAUTHBEARER'] as const
export type Way = (typeof WAYS)[number]

/** One way to sign in (RFC 4422): what goes first, if anything may, and an answer to each challenge. Everything in octets, not base64. */
export type SaslMechanism = {
  readonly name: string
  readonly initial: Buffer | null
  /** Throws a `Failure` when the server proves to be another than it should be. */
  respond(challenge: Buffer): Buffer
  /** After the OK: whether the server has proved what it had to. */
  satisfied(): boolean
}

export type PasswordCredentials = { readonly user: string; readonly password: string; readonly authzid: string | null }

/** RFC 4616. With `authzid` the mailbox of somebody else is opened. */
export function plain({ user, password, authzid }: PasswordCredentials): SaslMechanism {
  const line = Buffer.from(`${authzid ?? ''}\0${user}\0${password}`)
  return { name: 'PLAIN', initial: line, respond: () => line, satisfied: () => true }
}

/**
 * What Exchange and others call LOGIN; no RFC. It is asked for the login, then for the password; the words of the prompts differ
 * ("Username:", "User Name\0"), their order does not.
 */
export function saslLogin({ user, password }: PasswordCredentials): SaslMechanism {
  const lines = [Buffer.from(user), Buffer.from(password)]
  return { name: 'LOGIN', initial: null, respond: () => lines.shift() ?? Buffer.alloc(0), satisfied: () => true }
}

/** RFC 2195. */
export function cramMd5({ user, password }: PasswordCredentials): SaslMechanism {
  const respond = (challenge: Buffer): Buffer => Buffer.from(`${user} ${createHmac('md5', password).update(challenge).digest('hex')}`)
  return { name: 'CRAM-MD5', initial: null, respond, satisfied: () => true }
}

/** RFC 7677. The server's signature is verified. */
export function scramSha256(credentials: PasswordCredentials, nonce?: string): SaslMechanism {
  const client = new ScramClient(credentials, nonce)
  let steps = 0
  return {
    name: 'SCRAM-SHA-256',
    initial: Buffer.from(client.first()),
    respond: (challenge) => {
      steps++
      if (steps === 1) return Buffer.from(client.final(challenge.toString()))
      if (steps === 2) client.verify(challenge.toString())
      return Buffer.alloc(0)
    },
    satisfied: () => client.verified,
  }
}

/** Google and Microsoft. A challenge after the token is an error in JSON: an empty line gets the tagged NO. */
export function xoauth2(user: string, token: string): SaslMechanism {
  return tokenMechanism('XOAUTH2', Buffer.from(`user=${user}\x01auth=Bearer ${token}\x01\x01`), Buffer.alloc(0))
}

/** RFC 7628. An error challenge is answered with a lone ^A. */
export function oauthBearer(user: string, token: string, host: string, port: number): SaslMechanism {
  const name = user.replace(/=/g, '=3D').replace(/,/g, '=2C')
  const line = Buffer.from(`n,a=${name},\x01host=${host}\x01port=${port}\x01auth=Bearer ${token}\x01\x01`)
  return tokenMechanism('OAUTHBEARER', line, Buffer.from('\x01'))
}

function tokenMechanism(name: string, line: Buffer, onError: Buffer): SaslMechanism {
  return { name, initial: line, respond: () => onError, satisfied: () => true }
}
