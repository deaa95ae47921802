import { Failure } from '../model/failure.ts'

/** An object of JSON; {} for anything else. */
export function jsonObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
  } catch {
    return {}
  }
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3), as milliseconds from now. */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

/** What `fetch` threw while it spoke to a service, in the product's words. */
export function networkFailure(error: unknown, host: string, signal: AbortSignal, service = 'sign-in service'): Failure {
  if (error instanceof Failure) return error
  const detail = { cause: error } as const
  if (signal.aborted) return signal.reason instanceof Failure ? signal.reason : new Failure('stopped', 'Stopped on request.', detail)
  const code = codeOf(error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new Failure('host-unknown', `The name of the ${service}, ${host}, cannot be resolved.`, detail)
  if (code === 'ECONNREFUSED') return new Failure('connection-refused', `The ${service} at ${host} refused the connection.`, detail)
  if (code === 'TimeoutError' || code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'UND_ERR_HEADERS_TIMEOUT')
    return new Failure('connection-timeout', `The ${service} at ${host} did not answer in time.`, detail)
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_/.test(code))
    return new Failure('tls-untrusted', `The certificate of the ${service} at ${host} cannot be trusted (${code}).`, detail)
  return new Failure('connection-lost', `The connection to the ${service} at ${host} broke.`, detail)
}

/** fetch hides the system's error in `cause`, sometimes in an AggregateError there. */
function codeOf(error: unknown): string {
  let at: unknown = error
  for (let depth = 0; depth < 4 && at instanceof Error; depth++) {
    if ('code' in at && typeof at.code === 'string') return at.code
    if (at.name === 'TimeoutError') return at.name
    at = at instanceof AggregateError ? at.errors[0] : at.cause
  }
  return ''
}
