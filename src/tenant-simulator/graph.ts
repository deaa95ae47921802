import type { Tenant } from '../simulator/tenant.ts'
import { graphRefusal, Refused, type Answer } from './answers.ts'
import { allows, graphCaller } from './bearer.ts'
import { around, meetFault } from './fault-book.ts'
import { APPLICATION_ROUTES } from './graph-applications.ts'
import type { Route } from './graph-call.ts'
import { DOMAIN_ROUTES } from './graph-domains.ts'
import { FOLDER_ROUTES } from './graph-folders.ts'
import { GROUP_ROUTES } from './graph-groups.ts'
import { LICENCE_ROUTES } from './graph-licences.ts'
import { MESSAGE_ROUTES } from './graph-messages.ts'
import { ORGANIZATION_ROUTES } from './graph-organization.ts'
import { SETTINGS_ROUTES } from './graph-settings.ts'
import { USER_ROUTES } from './graph-users.ts'
import { mayByRoleAssignment } from './rbac-for-applications.ts'
import type { ServiceRequest } from './request.ts'
import type { Throttle } from './throttle.ts'
import type { TenantWorld } from './world.ts'

export type Graph = { readonly world: TenantWorld; readonly tenant: Tenant; readonly throttle: Throttle }

type Matcher = { readonly route: Route; readonly pattern: RegExp; readonly names: readonly string[] }

const MATCHERS: readonly Matcher[] = [
  ...USER_ROUTES,
  ...LICENCE_ROUTES,
  ...DOMAIN_ROUTES,
  ...GROUP_ROUTES,
  ...ORGANIZATION_ROUTES,
  ...APPLICATION_ROUTES,
  ...FOLDER_ROUTES,
  ...MESSAGE_ROUTES,
  ...SETTINGS_ROUTES,
].map((route) => {
  const names = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1] ?? '')
  const escaped = route.path.replace(/[.$()]/g, '\\$&').replace(/:\w+/g, '([^/]+?)')
  return { route, names, pattern: new RegExp(`^${escaped}$`, 'i') }
})

/** `/v1.0/users('x')` means the same as `/v1.0/users/x`. */
function pathOf({ url }: ServiceRequest): string {
  const path = url.pathname.replace(/%27/gi, "'").replace(/%28/g, '(').replace(/%29/g, ')').replace(/%24/g, '$').replace(/\/$/, '')
  return path.replace(/^\/(?:v1\.0|beta)/, '').replace(/^\/(users|groups|domains|applications|servicePrincipals)\('([^']*)'\)/i, '/$1/$2')
}

/** Answers one request to Graph; a member of a batch counts as one. */
export function answerGraph(graph: Graph, request: ServiceRequest): Answer {
  try {
    const claims = graphCaller(graph.tenant, request)
    const path = pathOf(request)
    const match = matched(path, request.method)
    if (match === null) throw graphRefusal(404, 'ResourceNotFound', `Resource not found for the segment '${path.split('/').at(-1) ?? ''}'.`)
    const { route, at } = match
    const call = { world: graph.world, request, claims, tenantId: graph.tenant.options.tenantId, at }
    if (!allows(claims, route.needs) && !(route.mail === true && mayByRoleAssignment(call, route.needs)))
      throw route.mail === true
        ? graphRefusal(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.')
        : graphRefusal(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')
    limit(graph, request, route, `${claims.appid} ${at['id'] ?? ''}`, claims.appid)
    return around(meetFault(graph.world, 'graph', request), () => route.run(call))
  } catch (error) {
    if (error instanceof Refused) return error.answer
    throw error
  }
}

/** Whether a request is about the content of a mailbox, of which only few may run at a time; its key is application and mailbox. */
export function mailKey(request: ServiceRequest): string | null {
  const match = matched(pathOf(request), request.method)
  return match?.route.mail === true ? (match.at['id'] ?? '') : null
}

function matched(path: string, method: string): { readonly route: Route; readonly at: Record<string, string> } | null {
  for (const { route, pattern, names } of MATCHERS) {
    const match = route.method === method ? pattern.exec(path) : null
    if (match === null) continue
    const at = Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1] ?? '')]))
    // `/mailFolders/delta` has a route of its own, which comes first.
    return { route, at }
  }
  return null
}

function limit({ world, throttle, tenant }: Graph, request: ServiceRequest, route: Route, mailbox: string, appId: string): void {
  const { limits } = world.options
  const now = world.now()
  if (route.mail === true) {
    const many = throttle.hit(`mail ${mailbox}`, limits.graphMailPer10Minutes, 600_000, now)
    const much =
      request.method === 'GET'
        ? null
        : throttle.hit(`upload ${mailbox}`, limits.graphMailUploadBytesPer5Minutes, 300_000, now, request.bytes.length)
    const wait = many ?? much
    if (wait !== null) throw applicationThrottled(many === null ? 'MailboxUpload' : 'MailboxRequests', wait)
    return
  }
  if (request.url.pathname.includes('/tracing/messageTraces')) {
    const wait = throttle.hit('traces', limits.messageTracesPer5Minutes, 300_000, now)
    if (wait !== null) throw tooMany(wait, {})
  }
  if (request.method === 'GET') return
  const wait = throttle.hit(`writes ${appId}`, limits.directoryWritesPer150Seconds, 150_000, now)
  if (wait === null) return
  throw tooMany(wait, {
    'x-ms-throttle-scope': `Tenant_Application/Write/${appId}/${tenant.options.tenantId}`,
    'x-ms-throttle-information': 'WriteLimitExceeded',
  })
}

function tooMany(retryAfterSeconds: number, headers: Readonly<Record<string, string>>): Refused {
  const { answer } = graphRefusal(429, 'TooManyRequests', 'Too many requests')
  return new Refused({ ...answer, headers: { ...headers, 'retry-after': `${retryAfterSeconds}` } })
}

export function applicationThrottled(which: string, retryAfterSeconds: number): Refused {
  const { answer } = graphRefusal(429, 'ApplicationThrottled', `Application is over its ${which} limit.`)
  return new Refused({ ...answer, headers: { 'retry-after': `${retryAfterSeconds}` } })
}
