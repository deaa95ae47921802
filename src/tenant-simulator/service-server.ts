import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Tenant } from '../simulator/tenant.ts'
import { answerAdmin } from './admin.ts'
import { Refused, type Answer } from './answers.ts'
import { answerControl, type ControlTargets } from './control.ts'
import { ConnectionDropped } from './fault-book.ts'
import { answerGraphBatch } from './graph-batch.ts'
import { answerGraph, applicationThrottled, mailKey } from './graph.ts'
import { isProps, type Json } from './props.ts'
import type { ServiceRequest } from './request.ts'
import type { Throttle } from './throttle.ts'
import type { TokenService } from './token-service.ts'
import { autodiscover } from './autodiscover.ts'
import type { TenantWorld } from './world.ts'

export type Services = {
  readonly world: TenantWorld
  readonly tenant: Tenant
  readonly throttle: Throttle
  readonly tokens: TokenService
  readonly control: ControlTargets
  /** Told of each request that was carried out, before anybody hears of it. */
  readonly onDone: (request: ServiceRequest) => void
}
export type ServiceServer = AsyncDisposable & { readonly port: number; readonly url: string }

/** Starts the HTTP side of the tenant on 127.0.0.1, on a free port: sign-in, Graph, Exchange admin, autodiscover. */
export async function startServiceServer(services: Services): Promise<ServiceServer> {
  const server = createServer((request, response) => void handle(services, request, response))
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise<void>((resolve) => {
        server.close(() => resolve())
      })
    },
  }
}

async function handle(services: Services, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { world, throttle } = services
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`)
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
  const asked = { method: request.method ?? 'GET', url, headers }
  // Requests about one mailbox run at the same time from their first byte to their answer.
  const key = isGraph(url) ? mailKey({ ...asked, bytes: Buffer.alloc(0) }) : null
  const running = key === null ? null : `running ${key} ${headers['authorization'] ?? ''}`
  const room = running === null || throttle.begin(running, world.options.limits.graphMailConcurrency)
  try {
    const chunks: Buffer[] = []
    for await (const chunk of request) if (Buffer.isBuffer(chunk)) chunks.push(chunk)
    world.settle()
    const whole = { ...asked, bytes: Buffer.concat(chunks) }
    const answer = room ? dispatch(services, whole) : applicationThrottled('MailboxConcurrency', 1).answer
    world.save()
    services.onDone(whole)
    send(world, response, whole, answer)
  } catch (error) {
    world.save()
    if (error instanceof ConnectionDropped) request.socket.destroy()
    else if (!request.socket.destroyed) send(world, response, { ...asked, bytes: Buffer.alloc(0) }, broken(error))
  } finally {
    if (running !== null && room) throttle.end(running)
  }
}

function isGraph({ pathname }: URL): boolean {
  return /^\/(?:v1\.0|beta)\//.test(pathname)
}

function dispatch(services: Services, request: ServiceRequest): Answer {
  const { pathname } = request.url
  if (isGraph(request.url) && /^\/(?:v1\.0|beta)\/(?:\$|%24)batch$/.test(pathname)) return answerGraphBatch(services, request)
  if (isGraph(request.url)) return answerGraph(services, request)
  if (pathname.startsWith('/adminapi/')) return answerAdmin(services, request)
  if (pathname.startsWith('/autodiscover/')) return autodiscover(services.world, request)
  if (pathname.startsWith('/__sim/') && pathname !== '/__sim/endpoints') return answerControl(services.world, services.control, request)
  return services.tokens.answer(request)
}

function broken(error: unknown): Answer {
  if (error instanceof Refused) return error.answer
  return {
    status: 500,
    body: { error: { code: 'InternalServerError', message: error instanceof Error ? (error.stack ?? error.message) : 'unknown' } },
  }
}

function send(world: TenantWorld, response: ServerResponse, request: ServiceRequest, answer: Answer): void {
  const id = randomUUID()
  const clientId = request.headers['client-request-id'] ?? id
  const date = new Date(world.now()).toISOString().slice(0, 19)
  const text = typeof answer.body === 'string'
  const body = text || answer.body === undefined ? answer.body : withIds(answer.body, date, id, clientId)
  response.writeHead(answer.status, {
    ...(answer.body === undefined ? {} : { 'content-type': text ? 'text/html' : 'application/json; charset=utf-8' }),
    'request-id': id,
    'client-request-id': clientId,
    date: new Date(world.now()).toUTCString(),
    ...answer.headers,
  })
  if (body === undefined) response.end()
  else response.end(typeof body === 'string' ? Buffer.from(body, 'latin1') : JSON.stringify(body))
}

/** Graph's errors carry the ids by which support finds the request. */
function withIds(body: Json, date: string, id: string, clientId: string): Json {
  if (!isProps(body) || !isProps(body['error']) || 'innererror' in body['error']) return body
  return { ...body, error: { ...body['error'], innerError: { date, 'request-id': id, 'client-request-id': clientId } } }
}
