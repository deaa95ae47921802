import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { selfSigned } from '../simulator/self-signed.fixture.ts'
import { httpsGet } from './https-get.ts'

const signal = new AbortController().signal
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const NAME = 'autoconfig.example.test'
const der = selfSigned(privateKey, publicKey, NAME).toString('base64')
const ca = `-----BEGIN CERTIFICATE-----\n${der.match(/.{1,64}/g)?.join('\n') ?? ''}\n-----END CERTIFICATE-----\n`

async function webServer(handler: RequestListener): Promise<https.Server> {
  const server = https.createServer({ key: privateKey.export({ type: 'pkcs8', format: 'pem' }), cert: ca }, handler)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return server
}

test('a file is fetched from the address that the given look-up says, and redirects are followed on HTTPS only', async () => {
  const asked: string[] = []
  await using server = await webServer((request, response) => {
    asked.push(`${request.headers.host ?? ''} ${request.url ?? ''}`)
    if (request.url === '/moved') response.writeHead(302, { location: '/file?x=1' }).end()
    else if (request.url === '/away') response.writeHead(301, { location: 'http://autoconfig.example.test/' }).end()
    else if (request.url === '/round') response.writeHead(302, { location: '/round' }).end()
    else response.end('found')
  })
  const { port } = server.address() as AddressInfo
  const settings = { resolve: () => Promise.resolve(['127.0.0.1']), ca }
  const get = (path: string): Promise<Response> => httpsGet(`https://${NAME}:${port}${path}`, signal, settings)
  assert.equal(await (await get('/moved')).text(), 'found')
  assert.deepEqual(asked, [`${NAME}:${port} /moved`, `${NAME}:${port} /file?x=1`])
  assert.equal((await get('/away')).status, 404)
  assert.equal((await get('/round')).status, 404)
  assert.equal((await httpsGet(`http://${NAME}:${port}/file`, signal, settings)).status, 404)
  assert.equal(asked.filter((one) => one.endsWith('/round')).length, 4)
})

test('a certificate that is not trusted, or made for another name, gives nothing', async () => {
  await using server = await webServer((_, response) => response.end('found'))
  const { port } = server.address() as AddressInfo
  const resolve = (): Promise<readonly string[]> => Promise.resolve(['127.0.0.1'])
  await assert.rejects(httpsGet(`https://${NAME}:${port}/`, signal, { resolve, ca: null }))
  await assert.rejects(httpsGet(`https://other.example.test:${port}/`, signal, { resolve, ca }))
  assert.equal((await httpsGet(`https://${NAME}:${port}/`, signal, { resolve: () => Promise.resolve([]), ca })).status, 404)
})
