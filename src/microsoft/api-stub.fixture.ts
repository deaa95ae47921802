import type { IncomingHttpHeaders } from 'node:http'
import { createServer } from 'node:http'
import type { Context } from '../lib/context.ts'
import type { Log } from '../lib/log.ts'
import { Secret } from '../model/secret.ts'
import type { TokenSource } from './exchange-token.ts'
import { handClock } from './login-server.fixture.ts'

export type StubRequest = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Readonly<Record<string, unknown>>
}

/** For tests: what the service answers. `cut`: the connection breaks instead, after the request was read. */
export type StubReply =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly json?: unknown; readonly text?: string }
  | 'cut'

export type ApiStub = AsyncDisposable & {
  readonly url: string
  readonly requests: readonly StubRequest[]
  readonly mostInFlight: () => number
}

/** A service on loopback that answers as `answer` says; it sends no Date, as time belongs to the test. */
export async function startApi(answer: (request: StubRequest, nth: number) => StubReply | Promise<StubReply>): Promise<ApiStub> {
  const requests: StubRequest[] = []
  let inFlight = 0
  let most = 0
  const server = createServer((incoming, response) => {
    let text = ''
    incoming.setEncoding('utf8')
    incoming.on('data', (chunk: string) => (text += chunk))
    incoming.on('end', () => {
      const url = new URL(incoming.url ?? '/', 'http://stub')
      const body: unknown = text === '' ? {} : JSON.parse(text)
      const request: StubRequest = {
        method: incoming.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: incoming.headers,
        body: typeof body === 'object' && body !== null ? { ...body } : {},
      }
      requests.push(request)
      most = Math.max(most, ++inFlight)
      void Promise.resolve(answer(request, requests.length)).then((reply) => {
        inFlight--
        if (reply === 'cut') return incoming.socket.destroy()
        response.sendDate = false
        response.writeHead(reply.status, { 'content-type': 'application/json', 'request-id': `r-${requests.length}`, ...reply.headers })
        return response.end(reply.text ?? (reply.json === undefined ? '' : JSON.stringify(reply.json)))
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    mostInFlight: () => most,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

export type Rig = {
  readonly ctx: Context
  readonly slept: readonly number[]
  readonly tokens: TokenSource
  /** All that was said in the log, as one text. */
  readonly logged: () => string
}

/** Time that passes by sleeping only, a log that can be read, and tokens `token-1`, `token-2` and so on. */
export function stubRig(signal?: AbortSignal): Rig {
  const { ctx, slept } = handClock(signal)
  const lines: string[] = []
  const say = (what: string, fields?: Readonly<Record<string, unknown>>): void => void lines.push(`${what} ${JSON.stringify(fields)}`)
  const log: Log = { debug: say, info: say, warn: say }
  let issued = 1
  return {
    ctx: { ...ctx, log },
    slept,
    tokens: { token: async () => new Secret(`token-${issued}`), renew: () => void issued++ },
    logged: () => lines.join('\n'),
  }
}
