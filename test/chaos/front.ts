/** Stands before the simulator's HTTP endpoint and tells another IMAP port: that of a proxy. */
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http'
import { json } from 'node:stream/consumers'

export type Front = AsyncDisposable & { readonly port: number }

export async function startFront(httpPort: number, imapPort: number): Promise<Front> {
  const server = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request
    const upstream = ask({ host: '127.0.0.1', port: httpPort, method, path: url, headers }, (answer) => {
      if (url !== '/__sim/endpoints') {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
        return
      }
      void answerEndpoints(answer, response, imapPort)
    })
    upstream.on('error', () => response.destroy())
    request.pipe(upstream)
  })
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('error', reject).listen(0, '127.0.0.1', resolve)
  await promise
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await server[Symbol.asyncDispose]()
    },
  }
}

async function answerEndpoints(answer: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  const told = { ...Object(await json(answer)), imap: { host: '127.0.0.1', port } }
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(told))
}
