import https from 'node:https'
import { Readable } from 'node:stream'

const MOST_REDIRECTS = 3

export type HttpsSettings = {
  /** Looks host names up instead of this machine; null: this machine does. */
  readonly resolve: ((host: string) => Promise<readonly string[]>) | null
  /** PEM of certificates to trust instead of the usual ones; null: the usual ones. */
  readonly ca: string | null
}

/** Fetches over HTTPS and nothing else, following a few redirects. The body must be read or cancelled. */
export async function httpsGet(url: string, signal: AbortSignal, settings: HttpsSettings): Promise<Response> {
  let next = new URL(url)
  for (let hops = 0; hops <= MOST_REDIRECTS && next.protocol === 'https:'; hops++) {
    const [address] = settings.resolve === null ? [next.hostname] : await settings.resolve(next.hostname)
    if (address === undefined) break
    const reply = await getFrom(address, next, signal, settings.ca)
    const location = reply.headers.get('location')
    if (reply.status < 300 || reply.status > 399 || location === null) return reply
    await reply.body?.cancel()
    next = new URL(location, next)
  }
  return new Response(null, { status: 404 })
}

function getFrom(address: string, url: URL, signal: AbortSignal, ca: string | null): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>()
  const { hostname, port, host, pathname, search } = url
  const request = https.get({
    host: address,
    port: port === '' ? 443 : Number(port),
    path: `${pathname}${search}`,
    servername: hostname,
    headers: { host },
    agent: false,
    signal,
    ...(ca === null ? {} : { ca }),
  })
  request.once('error', reject)
  request.once('response', (message) => {
    const { location } = message.headers
    const status = message.statusCode ?? 0
    if (status < 200 || status > 599 || status === 204 || status === 304) {
      message.resume()
      resolve(new Response(null, { status: 404 }))
    } else resolve(new Response(Readable.toWeb(message) as ReadableStream, { status, headers: location === undefined ? {} : { location } }))
  })
  return promise
}
