import { createServer } from 'node:http'
import type { Context } from '../lib/context.ts'
import { silentLog } from '../lib/log.ts'

/** For tests: what the scripted sign-in service answers next. */
export type ScriptedReply = {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Readonly<Record<string, unknown>>
  readonly text?: string
}

export type SeenRequest = { readonly path: string; readonly form: URLSearchParams }

export type LoginServer = AsyncDisposable & { readonly url: string; readonly requests: readonly SeenRequest[] }

/** Answers each request with the next reply of the script, on loopback; 418 once the script is used up. */
export async function startLogin(script: readonly ScriptedReply[]): Promise<LoginServer> {
  const requests: SeenRequest[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      const reply = script[requests.length] ?? { status: 418, body: { error: 'script used up' } }
      requests.push({ path: (request.url ?? '').split('?')[0] ?? '', form: new URLSearchParams(body) })
      response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
      response.end(reply.text ?? JSON.stringify(reply.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

export function tokenReply(token: string, seconds = 3599, more: Readonly<Record<string, unknown>> = {}): ScriptedReply {
  return { status: 200, body: { token_type: 'Bearer', expires_in: seconds, access_token: token, ...more } }
}

/** A clock that moves only by hand and by sleeping, which takes no time; and a context that uses it. */
export function handClock(signal: AbortSignal = new AbortController().signal): {
  readonly ctx: Context
  readonly slept: readonly number[]
  advance(ms: number): void
} {
  let now = Date.UTC(2026, 10, 22, 12, 0, 0)
  const slept: number[] = []
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      slept.push(ms)
      now += ms
    },
  }
  return { ctx: { clock, log: silentLog, signal }, slept, advance: (ms) => void (now += ms) }
}
