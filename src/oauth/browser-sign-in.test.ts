import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { inspect } from 'node:util'
import type { Context } from '../lib/context.ts'
import { systemClock } from '../lib/clock.ts'
import { silentLog } from '../lib/log.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { browserSignIn } from './browser-sign-in.ts'
import type { BrowserService } from './browser-sign-in.ts'
import { grantStore } from './grant-store.ts'
import { personTokens } from './person-tokens.ts'
import type { PersonTokens } from './person-tokens.ts'

const scratch = mkdtempSync(join(tmpdir(), 'cutover-person-'))
after(() => rmSync(scratch, { recursive: true }))

type Service = AsyncDisposable & { readonly service: BrowserService; readonly forms: readonly URLSearchParams[]; refuse: string }

/** A sign-in service on loopback that gives out code "C", and tokens for it only where the verifier fits the challenge. */
async function startService(challengeOf: () => string): Promise<Service> {
  const forms: URLSearchParams[] = []
  const state = { refuse: '' }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const form = new URLSearchParams(body)
      forms.push(form)
      const verified =
        createHash('sha256')
          .update(form.get('code_verifier') ?? '')
          .digest('base64url') === challengeOf()
      const right = form.get('grant_type') === 'refresh_token' ? form.get('refresh_token') === 'R' : form.get('code') === 'C' && verified
      const refused = state.refuse !== '' || !right
      const answer = refused
        ? { error: state.refuse === '' ? 'invalid_grant' : state.refuse }
        : { access_token: `T${forms.length}`, token_type: 'Bearer', expires_in: 3600, refresh_token: 'R' }
      response.writeHead(refused ? 400 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    service: {
      name: 'stub',
      server: { issuer: base, authorization_endpoint: `${base}/auth`, token_endpoint: `${base}/token` },
      scope: 'mail',
      parameters: { access_type: 'offline' },
    },
    forms,
    get refuse() {
      return state.refuse
    },
    set refuse(error) {
      state.refuse = error
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

const client = { id: 'app', secret: new Secret('cl1ent-secret') }

/** A person who opens what is shown, and comes back with what `answer` says. */
function person(
  service: Service,
  folder: string,
  pages: URL[],
  answer: (page: URL) => Record<string, string>,
  ctx: Context = { clock: systemClock, log: silentLog, signal: new AbortController().signal },
): PersonTokens {
  const show = (message: string): void => {
    const page = new URL(message.split('\n')[1] ?? '')
    pages.push(page)
    const back = new URL(page.searchParams.get('redirect_uri') ?? '')
    for (const [key, value] of Object.entries(answer(page))) back.searchParams.set(key, value)
    void fetch(back).then((response) => response.text())
  }
  return personTokens(browserSignIn(service.service, client, show, ctx), grantStore(join(scratch, folder), null), ctx)
}

const consents = (page: URL): Record<string, string> => ({ code: 'C', state: page.searchParams.get('state') ?? '' })
const challengeIn = (pages: readonly URL[]) => (): string => pages.at(-1)?.searchParams.get('code_challenge') ?? ''

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof Failure, inspect(error))
  assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes('cl1ent-secret'))
  return error
}

test('a person signs in once, with PKCE and state; later tokens come by the grant, also in a later process', async () => {
  const pages: URL[] = []
  await using service = await startService(challengeIn(pages))
  const tokens = person(service, 'once', pages, consents)
  const both = await Promise.all([tokens.token('anna@example.org'), tokens.token('anna@example.org')])
  assert.deepEqual(
    both.map((token) => token.reveal()),
    ['T1', 'T1'],
  )
  const query = pages[0]?.searchParams
  assert.deepEqual(
    ['response_type', 'client_id', 'scope', 'code_challenge_method', 'login_hint', 'access_type'].map((key) => query?.get(key)),
    ['code', 'app', 'mail', 'S256', 'anna@example.org', 'offline'],
  )
  assert.equal((await person(service, 'once', pages, consents).token('Anna@example.org')).reveal(), 'T2')
  assert.equal(pages.length, 1)
  assert.equal(service.forms[1]?.get('refresh_token'), 'R')
})

test('a grant that was withdrawn makes the person be asked anew', async () => {
  const pages: URL[] = []
  await using service = await startService(challengeIn(pages))
  await grantStore(join(scratch, 'withdrawn'), null).write('stub app anna@example.org', new Secret('old'))
  assert.equal((await person(service, 'withdrawn', pages, consents).token('anna@example.org')).reveal(), 'T2')
  assert.equal(pages.length, 1)
})

test('persons are asked one after the other', async () => {
  const pages: URL[] = []
  let open = 0
  await using service = await startService(challengeIn(pages))
  const tokens = person(service, 'queue', pages, (page) => {
    assert.equal(open, 0)
    open++
    setImmediate(() => open--)
    return consents(page)
  })
  await Promise.all(['a@x.org', 'b@x.org', 'c@x.org'].map((user) => tokens.token(user)))
  assert.deepEqual(
    pages.map((page) => page.searchParams.get('login_hint')),
    ['a@x.org', 'b@x.org', 'c@x.org'],
  )
})

for (const [name, answer, refuse, code] of [
  ['another state', () => ({ code: 'C', state: 'forged' }), '', 'auth-rejected'],
  ['a refusal', (page: URL) => ({ error: 'access_denied', state: page.searchParams.get('state') ?? '' }), '', 'auth-rejected'],
  ['another code', (page: URL) => ({ ...consents(page), code: 'X' }), '', 'auth-rejected'],
  ['an application that is not known', consents, 'invalid_client', 'token-rejected'],
] as const)
  test(`${name} gives no token and is told as ${code}`, async () => {
    const pages: URL[] = []
    await using service = await startService(challengeIn(pages))
    service.refuse = refuse
    assert.equal((await failureOf(person(service, name, pages, answer).token('anna@example.org'))).code, code)
  })

test('a token that the mail server refuses at once was somebody else: the grant is dropped and the person told', async () => {
  const pages: URL[] = []
  await using service = await startService(challengeIn(pages))
  const tokens = person(service, 'stranger', pages, consents)
  await tokens.token('anna@example.org')
  tokens.renew('anna@example.org')
  const failure = await failureOf(tokens.token('anna@example.org'))
  assert.match(failure.message, /somebody else/)
  assert.equal(await grantStore(join(scratch, 'stranger'), null).read('stub app anna@example.org'), null)
})

test('Ctrl-C ends the waiting for a person', async () => {
  const pages: URL[] = []
  const stop = new AbortController()
  await using service = await startService(challengeIn(pages))
  const show = (): void => stop.abort(new Failure('stopped', 'Stopped on request.'))
  const ctx = { clock: systemClock, log: silentLog, signal: stop.signal }
  const signIn = browserSignIn(service.service, client, show, ctx)
  assert.equal((await failureOf(signIn.signIn('anna@example.org'))).code, 'stopped')
})
