import https from 'node:https'
import type { Page } from './outside.ts'

const TIMEOUT_MS = 6000
const MOST_BYTES = 64 * 1024
const ADDRESSES_TRIED = 2

/** One page from one of the addresses that DNS gave, the certificate checked for the name; redirects are not followed (RFC 8461 §3.3). */
export async function webPage(url: string, addresses: readonly string[], signal: AbortSignal): Promise<Page> {
  let last: Page = { status: null, why: 'it has no address.' }
  for (const address of addresses.slice(0, ADDRESSES_TRIED)) {
    last = await fromOne(new URL(url), address, signal)
    if (last.status !== null) return last
  }
  return last
}

async function fromOne(url: URL, address: string, signal: AbortSignal): Promise<Page> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
  const { promise, resolve, reject } = Promise.withResolvers<Page>()
  const { hostname, host, pathname } = url
  const request = https.get({
    host: address,
    port: url.port === '' ? 443 : Number(url.port),
    path: pathname,
    servername: hostname,
    headers: { host },
    agent: false,
    signal: limit,
  })
  request.once('error', reject)
  request.once('response', (message) => {
    const chunks: Buffer[] = []
    let bytes = 0
    message.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes > MOST_BYTES) request.destroy(new Error('the page is too long'))
    })
    message.once('error', reject)
    message.once('end', () =>
      resolve({
        status: message.statusCode ?? 0,
        body: Buffer.concat(chunks).toString('utf8'),
        location: message.headers.location ?? null,
      }),
    )
  })
  try {
    return await promise
  } catch (error) {
    signal.throwIfAborted()
    if (limit.aborted) return { status: null, why: `${hostname} did not answer within ${TIMEOUT_MS / 1000} s.` }
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    return { status: null, why: `${hostname} cannot be reached over HTTPS${code === '' ? '' : ` (${code})`}.` }
  }
}
