import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { noop } from './noop.ts'
import { scriptedServer, type Conversation } from './scripted-server.ts'

const HELLO = '* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=XOAUTH2] hello'

/** A login by token whose tokens are numbered: each `renew` moves on to the next. */
function tokens(): { login: { kind: 'token'; user: string; token: () => Promise<Secret>; renew: () => void }; renewed: () => number } {
  let renewed = 0
  const token = async (): Promise<Secret> => new Secret(`token${renewed}`)
  return { login: { kind: 'token', user: 'anna@example.org', token, renew: () => void renewed++ }, renewed: () => renewed }
}

/** Greets, takes a sign-in and answers it. Gives the number of the token that was used. */
async function signIn(client: Conversation, answer: string): Promise<string> {
  client.say(HELLO)
  const text = await client.answer(`% ${answer}`)
  return /token\d+/.exec(Buffer.from(text.split(' ').at(-1) ?? '', 'base64').toString())?.[0] ?? ''
}

const codeOf = (trying: Promise<unknown>): Promise<string> =>
  trying.then(
    () => 'connected',
    (error: unknown) => (error instanceof Failure ? error.code : String(error)),
  )

test('a refused token is renewed once, and the new one is tried on a connection of its own', async () => {
  const used: string[] = []
  await using server = await scriptedServer(async (client) => {
    used.push(await signIn(client, client.number === 1 ? 'NO AUTHENTICATE failed.' : 'OK [CAPABILITY IMAP4rev1] in'))
    await client.closed()
  })
  const { login, renewed } = tokens()
  const session = await server.connect({}, login)
  session.destroy()
  assert.deepEqual([used, renewed()], [['token0', 'token1'], 1])
})

test('a second refusal is final', async () => {
  let connections = 0
  await using server = await scriptedServer(async (client) => {
    connections++
    await signIn(client, 'NO AUTHENTICATE failed.')
    await client.closed()
  })
  const { login, renewed } = tokens()
  assert.equal(await codeOf(server.connect({}, login)), 'auth-rejected')
  assert.deepEqual([connections, renewed()], [2, 1])
})

test('a token that was not refused is not renewed, whatever else stands in the way', async () => {
  for (const [answer, code] of [
    ['NO [UNAVAILABLE] later', 'server-unavailable'],
    ['NO User is authenticated but not connected.', 'mailbox-not-connected'],
    ['NO IMAP access is disabled', 'imap-disabled'],
  ] as const) {
    let connections = 0
    await using server = await scriptedServer(async (client) => {
      connections++
      await signIn(client, answer)
      await client.closed()
    })
    const { login, renewed } = tokens()
    assert.equal(await codeOf(server.connect({}, login)), code)
    assert.deepEqual([connections, renewed()], [1, 0])
  }
})

test('a session that ends because its token ran out has it renewed, one that ends otherwise has not', async () => {
  for (const [bye, code, times] of [
    ['* BYE Session invalidated - AccessTokenExpired', 'token-expired', 1],
    ['* BYE good night', 'connection-lost', 0],
  ] as const) {
    await using server = await scriptedServer(async (client) => {
      await signIn(client, 'OK [CAPABILITY IMAP4rev1] in')
      await client.command()
      client.say(bye)
      await client.hangUp()
    })
    const { login, renewed } = tokens()
    const session = await server.connect({}, login)
    assert.equal(await codeOf(noop(session)), code)
    assert.equal((await session.closed).code, code)
    assert.equal(renewed(), times)
  }
})
