import { createPrivateKey } from 'node:crypto'
import { z } from 'zod'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'

/** What Google hands out as the key of a service account (JSON), as far as it is needed. */
export type ServiceAccount = {
  readonly email: string
  /** The number that the domain-wide delegation is granted to. */
  readonly clientId: string
  readonly keyId: string
  /** PEM, PKCS #8. */
  readonly privateKey: Secret
  readonly tokenUrl: URL
}

const KEY_FILE = z.object({
  type: z.literal('service_account'),
  client_email: z.string().min(3),
  client_id: z.string().default(''),
  private_key: z.string().min(1),
  private_key_id: z.string().default(''),
  token_uri: z.string().default('https://oauth2.googleapis.com/token'),
})

/** Reads a key file; what is wrong with it is told here, where it can be. Throws `bad-input`. */
export function serviceAccount(keyFile: Secret): ServiceAccount {
  const given = jsonIn(keyFile.reveal())
  const read = KEY_FILE.safeParse(given)
  if (!read.success) throw new Failure('bad-input', whatElse(given))
  const { client_email: email, client_id: clientId, private_key: privateKey, private_key_id: keyId, token_uri: tokenUri } = read.data
  try {
    if (createPrivateKey(privateKey).asymmetricKeyType !== 'rsa') throw new Error('not an RSA key')
  } catch (cause) {
    throw new Failure(
      'bad-input',
      `The private key in the key file of ${email} cannot be read. Make a new key, and take the JSON as it comes.`,
      {
        cause,
      },
    )
  }
  return { email, clientId, keyId, privateKey: new Secret(privateKey), tokenUrl: tokenUrlOf(tokenUri) }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The parser's words would repeat what stands there, which may be a key.
    throw new Failure(
      'bad-input',
      'The key of the service account is no JSON. Give the file as Google handed it out: --access-secret file:key.json',
    )
  }
}

function whatElse(given: unknown): string {
  const keys = typeof given === 'object' && given !== null ? Object.keys(given) : []
  if (keys.includes('installed') || keys.includes('web'))
    return 'This is the file of an OAuth client, not the key of a service account. Make a key under IAM & Admin, Service Accounts, Keys.'
  if (keys.includes('refresh_token')) return 'These are credentials of a person, not the key of a service account.'
  return 'This is not the key file of a service account: "type", "client_email" or "private_key" is missing.'
}

/** Where tokens are asked for. Only Google itself is sent a signed request, and a stand-in on this machine. */
function tokenUrlOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  const isGoogle = url?.protocol === 'https:' && (url.hostname.endsWith('.googleapis.com') || url.hostname === 'accounts.google.com')
  const isHere = url?.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)
  if (url === null || !(isGoogle || isHere))
    throw new Failure(
      'bad-input',
      'The key file names a sign-in service that is not Google (token_uri). Take the file as Google handed it out.',
    )
  return url
}
