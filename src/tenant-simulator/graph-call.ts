import type { TokenClaims } from '../simulator/tenant.ts'
import { graphRefusal, type Answer } from './answers.ts'
import { isAdvancedFilter, parseFilter } from './odata-filter.ts'
import { pick, propsOf, textOf, type Json, type Props } from './props.ts'
import { bodyOf, type ServiceRequest } from './request.ts'
import type { TenantWorld } from './world.ts'

/** One request to Graph, after the token was looked at. */
export type GraphCall = {
  readonly world: TenantWorld
  readonly request: ServiceRequest
  readonly claims: TokenClaims
  readonly tenantId: string
  /** What stood at the `:names` of the route. */
  readonly at: Readonly<Record<string, string>>
}

export type Route = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT'
  /** `/users/:id/messages`; a part may also be `directoryRoles(roleTemplateId=':role')`. */
  readonly path: string
  /** Any one of these permissions opens it. */
  readonly needs: readonly string[]
  /** Content of a mailbox: other errors, other limits. */
  readonly mail?: boolean
  run(call: GraphCall): Answer
}

export function param(call: GraphCall, name: string): string {
  return call.at[name] ?? ''
}

export function query(call: GraphCall, name: string): string {
  return call.request.url.searchParams.get(name) ?? ''
}

export function body(call: GraphCall): Props {
  return bodyOf(call.request)
}

export function context(call: GraphCall, what: string): string {
  return `${call.request.url.origin}/v1.0/$metadata#${what}`
}

export function created(value: Props): Answer {
  return { status: 201, body: value }
}

export const NO_CONTENT: Answer = { status: 204 }

/** One object, trimmed to what `$select` asks for or to what is shown by default. */
export function oneAnswer(call: GraphCall, what: string, row: Props, shown?: readonly string[]): Answer {
  return { status: 200, body: { '@odata.context': context(call, `${what}/$entity`), ...trim(call, row, shown) } }
}

export function trim(call: GraphCall, row: Props, shown?: readonly string[]): Props {
  const select = query(call, '$select')
  if (select !== '') return pick(row, ['id', ...select.split(',').map((one) => one.trim())])
  return shown === undefined ? row : pick(row, shown)
}

export type ListOptions = {
  readonly what: string
  readonly defaultTop: number
  readonly maxTop: number
  readonly shown?: readonly string[]
  /** Directory objects: `$count` and some operators want `ConsistencyLevel: eventual`. */
  readonly directory?: boolean
}

/** A page of rows: `$filter`, `$search` in the form `"property:text"`, `$orderby`, `$count`, `$select`, `$top`, and a link to the next page. */
export function listAnswer(call: GraphCall, rows: readonly Props[], options: ListOptions): Answer {
  const { url, headers } = call.request
  const filter = query(call, '$filter')
  const counted = query(call, '$count').toLowerCase() === 'true'
  const eventual = headers['consistencylevel']?.toLowerCase() === 'eventual'
  if (options.directory === true && !eventual && filter !== '' && isAdvancedFilter(filter))
    throw graphRefusal(
      400,
      'Request_UnsupportedQuery',
      'Operator is not supported without the header ConsistencyLevel: eventual and $count=true.',
    )
  const filtered = searched(call, filter === '' ? rows : rows.filter(parseFilter(filter)), options, eventual)
  const found = order(filtered, query(call, '$orderby'))
  const preferred = /odata\.maxpagesize=(\d+)/.exec(headers['prefer'] ?? '')?.[1]
  const asked = Number(query(call, '$top') || preferred || options.defaultTop)
  if (!Number.isInteger(asked) || asked < 1 || asked > options.maxTop)
    throw graphRefusal(
      400,
      'Request_UnsupportedQuery',
      `Invalid page size specified: '${query(call, '$top')}'. Must be between 1 and ${options.maxTop} inclusive.`,
    )
  const offset = Number(Buffer.from(query(call, '$skiptoken'), 'base64url').toString()) || Number(query(call, '$skip')) || 0
  const page = found.slice(offset, offset + asked)
  const out: Record<string, Json> = { '@odata.context': context(call, options.what) }
  if (counted && (options.directory !== true || eventual)) out['@odata.count'] = found.length
  if (offset + asked < found.length) {
    const next = new URL(url)
    next.searchParams.delete('$skip')
    next.searchParams.set('$skiptoken', Buffer.from(`${offset + asked}`).toString('base64url'))
    out['@odata.nextLink'] = next.href
  }
  out['value'] = page.map((row) => trim(call, row, options.shown))
  return { status: 200, body: out }
}

function searched(call: GraphCall, rows: readonly Props[], options: ListOptions, eventual: boolean): readonly Props[] {
  const [, property = '', text = ''] = /^"(\w+):([^"]*)"$/.exec(query(call, '$search')) ?? []
  if (query(call, '$search') === '') return rows
  if (property === '' || (options.directory === true && !eventual))
    throw graphRefusal(
      400,
      'Request_UnsupportedQuery',
      "Request with $search query parameter only works through MSGraph with a special request header: 'ConsistencyLevel: eventual'",
    )
  return rows.filter((row) => textOf(row[property]).toLowerCase().includes(text.toLowerCase()))
}

function order(rows: readonly Props[], by: string): readonly Props[] {
  const [property = '', direction = 'asc'] = by.trim().split(/\s+/)
  if (property === '') return rows
  const key = (row: Props): string => textOf(row[property])
  const sorted = rows.toSorted((a, b) => key(a).localeCompare(key(b)))
  return direction.toLowerCase() === 'desc' ? sorted.toReversed() : sorted
}

/** The id at the end of `{"@odata.id": ".../directoryObjects/ID"}`. */
export function referenced(call: GraphCall): string {
  const id = textOf(propsOf(body(call))['@odata.id'])
  return decodeURIComponent(id.slice(id.lastIndexOf('/') + 1))
}
