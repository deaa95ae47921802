import type { Context } from '../lib/context.ts'
import { Lanes } from '../lib/lanes.ts'
import { Failure } from '../model/failure.ts'
import type { ApiReply } from './api-http.ts'
import type { Cloud } from './clouds.ts'
import type { TokenSource } from './exchange-token.ts'
import type { BatchAnswers, BatchPart } from './graph-batch.ts'
import { batched } from './graph-batch.ts'
import { graphFailure } from './graph-errors.ts'
import { laneOf, withQuery } from './graph-path.ts'
import type { GraphMethod, GraphReply, GraphRequest } from './graph-request.ts'
import { graphHeaders, graphQuery, isAnswer, isRepeatable } from './graph-request.ts'
import type { Line } from './persistent-call.ts'
import { answered } from './persistent-call.ts'
import { nextAddress, serviceBase } from './service-base.ts'
import type { JsonObject } from './wire-json.ts'
import { objectsIn, textIn, wireJson } from './wire-json.ts'

export type GraphOptions = {
  readonly cloud: Cloud
  /** Base URL of a simulator on loopback, such as http://127.0.0.1:8080; null: the cloud's own Graph. */
  readonly base: string | null
  readonly tokens: TokenSource
  readonly ctx: Context
  /** Requests at one time: 12 in all and 4 for one mailbox where nothing is said (Graph: throttling-limits). */
  readonly inFlight?: { readonly total: number; readonly each: number }
  /** How long a call waits for a Graph that is busy or away; 15 minutes where nothing is said. */
  readonly patienceMs?: number
  readonly random?: () => number
}

export type GraphPage = {
  readonly rows: readonly JsonObject[]
  /** `@odata.count`, where it was asked for. */
  readonly count: number | null
  /** On the last page of a `delta` call: where the next one begins. */
  readonly deltaLink: string | null
}

/** Microsoft Graph v1.0. Paths are those below the version; build them with `graphPath`. Every method throws a `Failure`. */
export type Graph = {
  send(method: GraphMethod, path: string, request?: GraphRequest): Promise<GraphReply>
  /** One object. */
  object(path: string, request?: GraphRequest): Promise<JsonObject>
  pages(path: string, request?: GraphRequest): AsyncIterable<GraphPage>
  /** The rows of all pages. One that comes on two pages, as rows moved in between, is given once. */
  rows(path: string, request?: GraphRequest): AsyncIterable<JsonObject>
  /** Any number of calls, twenty in each request. Each has an answer of its own, so that no `Failure` is thrown: see `batched`. */
  batch(parts: readonly BatchPart[]): Promise<BatchAnswers>
}

const VERSION = '/v1.0'
const TIMEOUT_MS = 100_000
const PATIENCE_MS = 15 * 60_000

/** Nothing is sent before the first call. A `base` that is not on this machine throws `bad-input` at once. */
export function graph(options: GraphOptions): Graph {
  const { ctx, tokens } = options
  const base = serviceBase(options.cloud.graphHost, options.base)
  const root = new URL(base.pathname.replace(/\/$/, '') + VERSION, base).href
  const line: Line = {
    service: 'Microsoft Graph service',
    tokens,
    ctx,
    lanes: new Lanes(options.inFlight ?? { total: 12, each: 4 }, ctx.clock),
    patienceMs: options.patienceMs ?? PATIENCE_MS,
    random: options.random ?? Math.random,
  }

  const sendTo = async (method: GraphMethod, url: URL, path: string, request: GraphRequest): Promise<ApiReply> => {
    const body = request.body === undefined ? null : wireJson(request.body)
    const secrets = body?.secrets ?? []
    return answered(
      {
        request: { method, url, headers: graphHeaders(request), body: body?.text ?? null, timeoutMs: TIMEOUT_MS },
        lane: laneOf(path),
        repeatable: isRepeatable(method, request),
        readable: (reply) => isAnswer(reply, method),
        failure: (reply, token) => graphFailure({ ...reply, method, path, secrets: [...secrets, token] }),
      },
      line,
    )
  }
  const target = (path: string, request: GraphRequest): URL => {
    if (!path.startsWith('/')) throw new Error(`a path of Graph begins with a slash: ${path}`)
    return new URL(root + withQuery(path, graphQuery(request)))
  }
  const send = async (method: GraphMethod, path: string, request: GraphRequest = {}): Promise<GraphReply> =>
    replyOf(await sendTo(method, target(path, request), path, request))

  async function* pages(path: string, request: GraphRequest = {}): AsyncGenerator<GraphPage> {
    const seen = new Set<string>()
    for (let url: URL | null = target(path, request); url !== null;) {
      seen.add(url.href)
      const { json } = await sendTo('GET', url, path, request)
      if (!Array.isArray(json?.['value']))
        throw new Failure('answer-unreadable', `Microsoft Graph answered GET ${path} with something other than a list.`)
      const count = json['@odata.count']
      const delta = textIn(json['@odata.deltaLink'])
      yield { rows: objectsIn(json['value']), count: typeof count === 'number' ? count : null, deltaLink: delta === '' ? null : delta }
      const link = textIn(json['@odata.nextLink'])
      url = link === '' ? null : nextAddress(link, base, seen)
    }
  }

  async function* rows(path: string, request: GraphRequest = {}): AsyncGenerator<JsonObject> {
    const given = new Set<string>()
    for await (const page of pages(path, request)) {
      for (const row of page.rows) {
        const id = textIn(row['id'])
        if (id !== '' && given.has(id)) continue
        given.add(id)
        yield row
      }
    }
  }

  return {
    send,
    object: async (path, request) => {
      const { body, requestId } = await send('GET', path, request)
      if (Object.keys(body).length > 0) return body
      const detail = requestId === null ? {} : { requestId }
      throw new Failure('answer-unreadable', `Microsoft Graph answered GET ${path} with nothing.`, detail)
    },
    pages,
    rows,
    batch: (parts) => batched(parts, send, line),
  }
}

function replyOf({ status, json, text, headers, requestId }: ApiReply): GraphReply {
  return { status, body: json ?? {}, text, location: headers.get('location'), requestId }
}
