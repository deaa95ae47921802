/** A host of DNS on loopback: HTTP in, answers out, with the faults that real ones have. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { StubZone } from './stub-zone.ts'

export type Seen = {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly text: string
}
export type Answer = {
  readonly status: number
  readonly json?: unknown
  readonly text?: string
  readonly headers?: Readonly<Record<string, string>>
}
/** What happens to a call instead; `lost`: it is carried out and the connection breaks, `cut`: the connection breaks before. */
export type Fault = 'lost' | 'cut' | Answer

export type Faults = {
  /** Of the calls that write, in their order; null: none. Used up one by one. */
  readonly writes: (Fault | null)[]
  /** Of every call; used up one by one. */
  readonly calls: (Fault | null)[]
  /** Of every call that writes, as long as it is set. */
  always: Fault | null
  /** Happens once, just before the next call that writes. */
  meanwhile: (() => void) | null
}

export type Stub = AsyncDisposable & {
  readonly url: string
  /** Its name server, where it has one. */
  readonly names?: string
  readonly zone: StubZone
  readonly faults: Faults
  readonly seen: readonly Seen[]
  /** Calls that were let through to change something. */
  writes(): number
}

export async function startStub(
  zone: StubZone,
  writing: (seen: Seen) => boolean,
  answer: (seen: Seen) => Answer | Promise<Answer>,
): Promise<Stub> {
  const faults: Faults = { writes: [], calls: [], always: null, meanwhile: null }
  const seen: Seen[] = []
  let writes = 0
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://stub')
      const one: Seen = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        text: Buffer.concat(chunks).toString('utf8'),
      }
      seen.push(one)
      const isWrite = writing(one)
      const fault = faults.calls.shift() ?? (isWrite ? (faults.writes.shift() ?? faults.always) : null)
      const finish = async (): Promise<void> => {
        if (fault === 'cut') return void request.socket.destroy()
        if (isWrite) {
          const { meanwhile } = faults
          faults.meanwhile = null
          meanwhile?.()
        }
        if (isWrite && (fault === null || fault === 'lost')) writes++
        const told = fault === null || fault === 'lost' ? await answer(one) : fault
        if (fault === 'lost') return void request.socket.destroy()
        // Time belongs to the test.
        response.sendDate = false
        response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers })
        response.end(told.text ?? (told.json === undefined ? '' : JSON.stringify(told.json)))
      }
      finish().catch((error: unknown) => {
        response.writeHead(500, { 'content-type': 'text/plain' })
        response.end(`the stand-in is at its end: ${String(error)}`)
      })
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    zone,
    faults,
    seen,
    writes: () => writes,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

export function jsonIn(text: string): unknown {
  return text === '' ? {} : JSON.parse(text)
}
