import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { noop } from './noop.ts'
import { scriptedServer, type ScriptedServer } from './scripted-server.ts'

/** A server that gives `warning` in front of its answer to a command. */
const warning = (text: string): Promise<ScriptedServer> =>
  scriptedServer(async (client) => {
    await client.signIn()
    await client.answer(text, '% OK done')
    await client.closed()
  })

test('a warning that the session is throttled or its token has expired ends it, though the command itself was answered', async () => {
  for (const [text, code] of [
    ['* NO Request is throttled. Suggested Backoff Time: 1000 milliseconds', 'throttled'],
    ['* BAD Request is throttled. Suggested Backoff Time: 1000 milliseconds', 'throttled'],
    ['* NO Session invalidated - AccessTokenExpired', 'token-expired'],
  ] as const) {
    await using server = await warning(text)
    const session = await server.connect()
    await assert.rejects(noop(session), (error) => error instanceof Failure && error.code === code)
    assert.equal((await session.closed).code, code)
  }
})

test('any other warning is passed over', async () => {
  for (const text of ['* NO The disk is nearly full', '* BAD What was that?', '* OK Still here']) {
    await using server = await warning(text)
    const session = await server.connect()
    await noop(session)
    assert.equal(session.alive, true)
    session.destroy()
  }
})
