import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import { join } from 'node:path'
import { test } from 'node:test'
import { needs } from '../../test/servers/available.ts'
import { makeCertificate, makeFolder, removeFolder } from '../../test/servers/place.ts'
import { Failure } from '../model/failure.ts'
import { ask } from './http.ts'
import { portsFor, startStub } from './http-stub.fixture.ts'

const request = (url: string, ca: string | null = null) => ({ url, headers: {}, body: null, ca, who: 'The panel' })
const failing = (code: string, words: RegExp) => (error: unknown) => {
  assert.ok(error instanceof Failure, String(error))
  assert.equal(error.code, code, error.message)
  assert.match(error.message, words)
  return true
}

test('a self-signed panel is refused until its certificate is trusted', { skip: needs('dovecot') }, async () => {
  const folder = await makeFolder('panel')
  try {
    const ca = await makeCertificate(folder)
    await using server = createServer({ cert: ca, key: await readFile(join(folder, 'key.pem')) }, (_, answer) => answer.end('in'))
    const listening = Promise.withResolvers<void>()
    server.listen(0, '127.0.0.1', listening.resolve)
    await listening.promise
    const address = server.address()
    const url = `https://localhost:${typeof address === 'object' ? address?.port : 0}/`
    const { ctx } = portsFor()
    await assert.rejects(ask(request(url), ctx), failing('tls-untrusted', /self-signed/))
    assert.equal(await ask(request(url, ca), ctx), 'in')
    server.closeAllConnections()
  } finally {
    await removeFolder(folder)
  }
})

test('a panel that is not there, that breaks off, and a stop on request are told apart', async () => {
  const { ctx } = portsFor()
  const gone = await startStub(() => ({}))
  await gone[Symbol.asyncDispose]()
  await assert.rejects(ask(request(gone.url), ctx), failing('connection-refused', /Nothing accepts connections/))
  const stop = new AbortController()
  await using stub = await startStub(() => {
    stop.abort(new Failure('stopped', 'Stopped on request.'))
    return { text: 'late' }
  })
  await assert.rejects(ask(request(stub.url), portsFor(stop.signal).ctx), failing('stopped', /Stopped/))
  await using broken = await startStub(() => ({ breaks: true }))
  const breaking = ask(request(broken.url), ctx)
  await assert.rejects(breaking, failing('connection-lost', /broke/))
})
