import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { Failure } from '../model/failure.ts'

const MOST_ITERATIONS = 1_000_000

/** The client's side of SCRAM-SHA-256 (RFC 5802, 7677), without channel binding. */
export class ScramClient {
  readonly #nonce: string
  readonly #password: string
  readonly #header: string
  readonly #bare: string
  #serverSignature: Buffer | null = null
  verified = false

  constructor(login: { readonly user: string; readonly password: string; readonly authzid: string | null }, nonce?: string) {
    this.#nonce = nonce ?? randomBytes(18).toString('base64')
    this.#password = login.password.normalize('NFKC')
    this.#header = login.authzid === null ? 'n,,' : `n,a=${saslName(login.authzid)},`
    this.#bare = `n=${saslName(login.user.normalize('NFKC'))},r=${this.#nonce}`
  }

  first(): string {
    return this.#header + this.#bare
  }

  final(serverFirst: string): string {
    const { r: nonce = '', s: salt = '', i: iterations = '' } = attributes(serverFirst)
    const rounds = Number(iterations)
    if (!nonce.startsWith(this.#nonce) || salt === '' || !Number.isInteger(rounds) || rounds < 1 || rounds > MOST_ITERATIONS)
      throw new Failure('auth-unsupported', 'The server does not speak SCRAM-SHA-256 as RFC 7677 says.', { notDone: true })
    const salted = pbkdf2Sync(this.#password, Buffer.from(salt, 'base64'), rounds, 32, 'sha256')
    const clientKey = hmac(salted, 'Client Key')
    const storedKey = createHash('sha256').update(clientKey).digest()
    const withoutProof = `c=${Buffer.from(this.#header).toString('base64')},r=${nonce}`
    const authMessage = `${this.#bare},${serverFirst},${withoutProof}`
    this.#serverSignature = hmac(hmac(salted, 'Server Key'), authMessage)
    const signature = hmac(storedKey, authMessage)
    const proof = Buffer.from(clientKey.map((octet, at) => octet ^ (signature[at] ?? 0)))
    return `${withoutProof},p=${proof.toString('base64')}`
  }

  /** A server that does not know the password cannot sign. */
  verify(serverFinal: string): void {
    const { v = '' } = attributes(serverFinal)
    const given = Buffer.from(v, 'base64')
    const wanted = this.#serverSignature
    if (wanted === null || given.length !== wanted.length || !timingSafeEqual(given, wanted))
      throw new Failure('auth-rejected', 'The server could not prove that it knows this password: it may be another server.', {
        notDone: true,
      })
    this.verified = true
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function saslName(name: string): string {
  return name.replace(/=/g, '=3D').replace(/,/g, '=2C')
}

function attributes(message: string): Partial<Record<string, string>> {
  return Object.fromEntries(message.split(',').map((pair) => [pair.slice(0, 1), pair.slice(2)]))
}
