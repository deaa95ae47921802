import * as http from 'node:http'
import * as https from 'node:https'
import { rootCertificates } from 'node:tls'
import { socketFailure } from '../imap/socket-error.ts'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'

export type HttpRequest = {
  readonly url: string
  /** Secrets travel here, never in the URL. */
  readonly headers: Readonly<Record<string, string>>
  /** Sent by POST; null: GET. */
  readonly body: string | null
  /** PEM of a CA to trust: panels are often self-signed. */
  readonly ca: string | null
  /** What is asked, for sentences: "cPanel". */
  readonly who: string
}

const TIMEOUT_MS = 60_000
const LONGEST_BODY_BYTES = 256 * 1024 * 1024
const ATTEMPTS = 5
const LONGEST_WAIT_MS = 60_000

/**
 * The body of an answer with status 2xx. Waits and tries again when the server asks for it (429, 503), follows no redirect, and sends
 * nothing in the clear but to this machine. Throws a `Failure` that says what was wrong.
 */
export async function ask(request: HttpRequest, ctx: Context): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const answer = await once(request, ctx)
    if (answer.status >= 200 && answer.status < 300) return answer.body
    const waits = answer.status === 429 || answer.status === 503
    if (!waits || attempt >= ATTEMPTS) throw refused(request, answer)
    await ctx.clock.sleep(Math.min(answer.retryAfterMs ?? 1000 * 2 ** attempt, LONGEST_WAIT_MS), ctx.signal)
  }
}

/** As `ask`, read as JSON. */
export async function askJson(request: HttpRequest, ctx: Context): Promise<unknown> {
  const body = await ask({ ...request, headers: { accept: 'application/json', ...request.headers } }, ctx)
  try {
    return JSON.parse(body)
  } catch (cause) {
    const says = /^\s*</.test(body) ? 'a web page instead of JSON: is the address that of its API?' : 'something that is not JSON.'
    throw new Failure('bad-input', `${request.who} at ${hostOf(request.url)} answered with ${says}`, { cause })
  }
}

/** The base of an API that is always at one place: `graph:` stands for it, `graph:http://127.0.0.1:PORT` for a stand-in on this machine. */
export function apiBase(url: string, real: string): string {
  const standIn = url.replace(/^[a-z]+:/i, '')
  if (standIn === '' || standIn === '//') return real
  if (/^http:\/\/(?:127\.0\.0\.1|localhost|\[::1\]):\d+\/?$/i.test(standIn)) return standIn
  throw new Failure('bad-input', `After "${url.split(':')[0] ?? ''}:" stands nothing.`)
}

type Answer = { readonly status: number; readonly body: string; readonly retryAfterMs: number | null }

async function once(request: HttpRequest, ctx: Context): Promise<Answer> {
  const url = safeUrl(request)
  const { request: send } = url.protocol === 'https:' ? https : http
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>()
  const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(TIMEOUT_MS)])
  const outgoing = send(url, {
    method: request.body === null ? 'GET' : 'POST',
    headers: { 'user-agent': 'cutover', ...request.headers },
    signal,
    ...(request.ca === null ? {} : { ca: [...rootCertificates, request.ca] }),
  })
  outgoing.once('response', resolve).once('error', reject)
  outgoing.end(request.body ?? undefined)
  try {
    const response = await promise
    const after = response.headers['retry-after']
    return {
      status: response.statusCode ?? 0,
      body: await bodyOf(response, request.who),
      retryAfterMs: after !== undefined && /^\d{1,6}$/.test(after) ? Number(after) * 1000 : null,
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause
    if (ctx.signal.aborted)
      throw ctx.signal.reason instanceof Failure ? ctx.signal.reason : new Failure('stopped', 'Stopped on request.', { cause })
    if (signal.aborted) throw new Failure('connection-timeout', `${url.host} did not answer in time.`, { cause, side: 'source' })
    throw socketFailure(cause, url.hostname, Number(url.port) || (url.protocol === 'https:' ? 443 : 80)).at('source')
  }
}

async function bodyOf(response: AsyncIterable<Buffer>, who: string): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of response) {
    bytes += chunk.length
    if (bytes > LONGEST_BODY_BYTES) throw new Failure('protocol', `${who} sends an answer without end.`, { side: 'source' })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}

/** The URL as such, where it is encrypted or leads to this machine. */
function safeUrl({ url, who }: HttpRequest): URL {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) throw new Failure('bad-input', `The address of ${who} begins with https://.`)
  if (parsed.username !== '' || parsed.password !== '')
    throw new Failure('bad-input', `The address of ${who} holds a login or password: write it without, and give --login and --secret.`)
  if (parsed.protocol === 'http:' && !['127.0.0.1', 'localhost', '[::1]'].includes(parsed.hostname))
    throw new Failure('bad-input', `The address of ${who} begins with https://: over http:// everybody on the way could read the secret.`)
  return parsed
}

function refused(request: HttpRequest, { status, body }: Answer): Failure {
  const where = `${request.who} at ${hostOf(request.url)}`
  const detail = { side: 'source', serverText: `${status} ${body.replaceAll(/\s+/g, ' ').slice(0, 300)}` } as const
  if (status === 401 || status === 403)
    return new Failure('auth-rejected', `${where} does not let us list its mailboxes (${status}).`, detail)
  if (status === 404)
    return new Failure('bad-input', `${where} knows nothing at this address (404): check the address and its port.`, detail)
  if (status >= 300 && status < 400)
    return new Failure('bad-input', `${where} sends us elsewhere (${status}): check the address and its port.`, detail)
  if (status === 429) return new Failure('throttled', `${where} asks us to come back later.`, detail)
  return new Failure('server-unavailable', `${where} answered with an error (${status}).`, detail)
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'this address'
}
