import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { text } from 'node:stream/consumers'
import { silentLog } from '../lib/log.ts'
import { CLOUDS } from '../microsoft/clouds.ts'
import { graph } from '../microsoft/graph.ts'
import { Secret } from '../model/secret.ts'
import type { LivePorts } from './listing.ts'

export type StubRequest = { readonly method: string; readonly url: URL; readonly headers: IncomingHttpHeaders; readonly body: string }
export type StubAnswer = {
  readonly status?: number
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Ends the connection in the middle of the answer. */
  readonly breaks?: boolean
}

/** For tests: a web server on loopback that answers as told. */
export async function startStub(
  answer: (request: StubRequest) => StubAnswer,
): Promise<AsyncDisposable & { readonly url: string; readonly requests: number }> {
  let requests = 0
  const failed: unknown[] = []
  const server = createServer((incoming, outgoing) => {
    requests++
    void (async () => {
      const body = await text(incoming)
      try {
        const url = new URL(incoming.url ?? '/', 'http://stub')
        const told = answer({ method: incoming.method ?? '', url, headers: incoming.headers, body })
        outgoing.writeHead(told.status ?? 200, {
          'content-type': told.json === undefined ? 'text/plain' : 'application/json',
          ...told.headers,
        })
        if (told.breaks === true) outgoing.write('{', () => outgoing.destroy())
        else outgoing.end(told.json === undefined ? (told.text ?? '') : JSON.stringify(told.json))
      } catch (error) {
        failed.push(error)
        outgoing.destroy()
      }
    })()
  })
  const listening = Promise.withResolvers<void>()
  server.listen(0, '127.0.0.1', listening.resolve)
  await listening.promise
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    get requests() {
      return requests
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await server[Symbol.asyncDispose]()
      if (failed.length > 0) throw failed[0]
    },
  }
}

/** Ports whose clock does not wait, and whose tokens tell for whom they are. */
export function portsFor(signal: AbortSignal = new AbortController().signal): LivePorts {
  const ctx = { clock: { now: () => Date.now(), sleep: () => Promise.resolve() }, log: silentLog, signal }
  return {
    ctx,
    progress: () => {},
    googleToken: (_, subject) => Promise.resolve(new Secret(`token-of-${subject}`)),
    graph: (standIn) => {
      const tokens = { token: () => Promise.resolve(new Secret('graph-token')), renew: () => {} }
      return Promise.resolve(graph({ cloud: CLOUDS.global, base: standIn, tokens, ctx }))
    },
  }
}
