import { Refused, type Answer } from './answers.ts'
import { answerFaultOf } from './faults-by-address.ts'
import { textOf, type Props } from './props.ts'
import { wordsOf, type ServiceRequest } from './request.ts'
import type { TenantWorld } from './world.ts'

/** A fault that a test sets. Each condition that is given must hold. */
export type TenantFault = {
  readonly api?: 'graph' | 'admin' | 'token'
  readonly method?: string
  /** A regular expression for the path and query. */
  readonly path?: string
  readonly cmdlet?: string
  /** Found anywhere in the URL or the body. */
  readonly text?: string
  /** Requests that pass before the fault begins, and how many then meet it (default 1). */
  readonly skip?: number
  readonly times?: number
  /** Only every n-th that matches. */
  readonly every?: number
  readonly status: number
  readonly retryAfterSeconds?: number
  /** Retry-After is a date. */
  readonly retryAfterDate?: boolean
  readonly code?: string
  readonly message?: string
  /** It is carried out, and reported as failed. */
  readonly afterwards?: boolean
  /** The connection breaks instead of an answer. */
  readonly drops?: boolean
  /** AADSTS number, for the token endpoint. */
  readonly aadsts?: number
}

export type MetFault = { readonly answer: Answer; readonly afterwards: boolean; readonly drops: boolean; readonly aadsts: number | null }

export function addFault(world: TenantWorld, fault: TenantFault): void {
  world.state.faults.push({ id: world.id(), ...fault })
}

/** The fault that this request meets, counted; null for none. */
export function meetFault(
  world: TenantWorld,
  api: 'graph' | 'admin' | 'token',
  request: ServiceRequest,
  cmdlet: string | null = null,
): MetFault | null {
  const words = wordsOf(request)
  for (const fault of world.state.faults) {
    if (fault['api'] !== undefined && fault['api'] !== api) continue
    if (fault['method'] !== undefined && fault['method'] !== request.method) continue
    if (fault['cmdlet'] !== undefined && fault['cmdlet'] !== cmdlet) continue
    if (fault['path'] !== undefined && !new RegExp(textOf(fault['path'])).test(`${request.url.pathname}${request.url.search}`)) continue
    if (fault['text'] !== undefined && !words.toLowerCase().includes(textOf(fault['text']).toLowerCase())) continue
    const count = countUp(world, textOf(fault['id'])) - Number(fault['skip'] ?? 0)
    const every = Number(fault['every'] ?? 1)
    if (count < 1 || count % every !== 0 || count / every > Number(fault['times'] ?? (fault['every'] === undefined ? 1 : Infinity)))
      continue
    return metFault(world, api, fault)
  }
  const writes = cmdlet === null ? request.method !== 'GET' : !/^(?:Get|Test)-/.test(cmdlet)
  for (const address of new Set(words.toLowerCase().match(/[\w.+'-]+@[\w-]+\.[\w.-]+/g) ?? [])) {
    const fault = answerFaultOf(address)
    if (fault === null || (fault.api !== 'any' && fault.api !== api) || (fault.writesOnly === true && !writes)) continue
    if (countUp(world, `${address} ${api}`) > fault.times) continue
    const { api: _, ...rest } = fault
    return metFault(world, api, { ...rest, times: 0 })
  }
  return null
}

function countUp(world: TenantWorld, key: string): number {
  const count = (world.state.faultCounts[key] ?? 0) + 1
  world.state.faultCounts[key] = count
  return count
}

const CODES: Readonly<Record<number, readonly [string, string]>> = {
  400: ['Request_BadRequest', 'The request is invalid.'],
  401: ['InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.'],
  403: ['Authorization_RequestDenied', 'Insufficient privileges to complete the operation.'],
  429: ['TooManyRequests', 'Too many requests'],
  500: ['InternalServerError', 'An internal server error occurred.'],
  502: ['UnknownError', ''],
  503: ['ServiceUnavailable', 'The service is unavailable.'],
  504: ['gatewayTimeout', 'The operation timed out.'],
}

function metFault(world: TenantWorld, api: 'graph' | 'admin' | 'token', fault: Props): MetFault {
  const status = Number(fault['status'])
  const seconds = fault['retryAfterSeconds']
  const retryAfter =
    fault['retryAfterDate'] === true ? new Date(world.now() + Number(seconds ?? 0) * 1000).toUTCString() : `${Number(seconds ?? 0)}`
  const [code, message] = CODES[status] ?? ['UnknownError', '']
  const said = { code: textOf(fault['code']) || code, message: textOf(fault['message']) || message }
  const gateway = api === 'admin' && status >= 502 && fault['message'] === undefined
  const body = gateway
    ? `<html><head><title>${status}</title></head><body><h1>${said.message}</h1></body></html>`
    : api === 'token'
      ? { error: said.code, error_description: said.message }
      : { error: said }
  return {
    answer: { status, body, headers: seconds === undefined ? {} : { 'retry-after': retryAfter } },
    afterwards: fault['afterwards'] === true,
    drops: fault['drops'] === true,
    aadsts: typeof fault['aadsts'] === 'number' ? fault['aadsts'] : null,
  }
}

/** Carries out a request around a fault: instead of it, or before it is told. */
export function around(fault: MetFault | null, run: () => Answer): Answer {
  if (fault === null) return run()
  if (fault.drops && !fault.afterwards) throw new ConnectionDropped()
  if (fault.afterwards) {
    try {
      run()
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
    if (fault.drops) throw new ConnectionDropped()
  }
  return fault.answer
}

/** The server is to hang up without an answer. */
export class ConnectionDropped extends Error {}
