import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import { jwtVerify } from 'jose'
import { Secret } from '../model/secret.ts'

/** A service account of nobody, whose key is made for the test. */
export type MadeUp = { readonly keyFile: Secret; readonly publicKeyPem: string }

export function madeUpAccount(tokenUrl: string, more: Readonly<Record<string, unknown>> = {}): MadeUp {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const file = {
    type: 'service_account',
    client_email: 'mover@project.iam.gserviceaccount.com',
    client_id: '1234567890',
    private_key_id: 'key-1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: tokenUrl,
    ...more,
  }
  return { keyFile: new Secret(JSON.stringify(file)), publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString() }
}

export type Claims = Readonly<Record<string, unknown>> & { readonly sub: string }

/** What the stub answers for a claim whose signature and form are right; null: a token. */
export type Answer = { readonly status: number; readonly body: Readonly<Record<string, unknown>>; readonly date?: string } | null

export type GoogleStub = AsyncDisposable & {
  readonly url: string
  /** Claims that were accepted, in order. */
  readonly claims: readonly Claims[]
  /** Whose key is known: set it before the first request. */
  publicKeyPem: string
}

/**
 * Google's token endpoint on loopback, as strict as it is: grant, algorithm, key id, signature, audience, issuer, scope and times
 * are verified. The token is "token-N-for-USER".
 */
export async function startGoogle(answer: (claims: Claims, count: number) => Answer = () => null, now = Date.now): Promise<GoogleStub> {
  const claims: Claims[] = []
  let url = ''
  let publicKeyPem = ''
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    const finish = async (): Promise<void> => {
      const { status, body: told, date } = await reply(new URLSearchParams(body))
      response.writeHead(status, { 'content-type': 'application/json', ...(date === undefined ? {} : { date }) })
      response.end(JSON.stringify(told))
    }
    request.on('end', () => void finish())
  })
  const reply = async (form: URLSearchParams): Promise<NonNullable<Answer>> => {
    const refuse = (description: string): NonNullable<Answer> => ({
      status: 400,
      body: { error: 'invalid_grant', error_description: description },
    })
    if (form.get('grant_type') !== 'urn:ietf:params:oauth:grant-type:jwt-bearer')
      return { status: 400, body: { error: 'unsupported_grant_type' } }
    try {
      const options = {
        algorithms: ['RS256'],
        audience: url,
        issuer: 'mover@project.iam.gserviceaccount.com',
        currentDate: new Date(now()),
      }
      const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', createPublicKey(publicKeyPem), options)
      const { sub, iat = 0, exp = 0 } = payload
      if (protectedHeader.kid !== 'key-1' || protectedHeader.typ !== 'JWT') return refuse('Invalid JWT: kid')
      if (exp - iat > 3600 || Math.abs(iat - now() / 1000) > 300) return refuse('Invalid JWT: Check your iat and exp values')
      if (sub === undefined) return refuse('Invalid email or User ID')
      const seen: Claims = { ...payload, sub }
      const answered = answer(seen, claims.push(seen))
      return (
        answered ?? { status: 200, body: { access_token: `token-${claims.length}-for-${sub}`, expires_in: 3599, token_type: 'Bearer' } }
      )
    } catch {
      return refuse('Invalid JWT Signature.')
    }
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/token`
  return {
    url,
    claims,
    get publicKeyPem() {
      return publicKeyPem
    },
    set publicKeyPem(pem) {
      publicKeyPem = pem
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}
