import { Failure } from '../model/failure.ts'
import { retryAfterIn } from './api-http.ts'
import { batchChunk } from './batch-chunk.ts'
import { graphFailure } from './graph-errors.ts'
import { withQuery } from './graph-path.ts'
import type { GraphMethod, GraphReply, GraphRequest } from './graph-request.ts'
import { graphHeaders, graphQuery, isRepeatable } from './graph-request.ts'
import type { Line } from './persistent-call.ts'
import { inDoubt, isBusy, stopOr, waitBefore } from './persistent-call.ts'
import type { JsonObject } from './wire-json.ts'
import { objectIn, objectsIn, textIn, wireJson } from './wire-json.ts'

export type BatchPart = GraphRequest & {
  /** Unique among the parts. */
  readonly id: string
  readonly method: GraphMethod
  readonly path: string
  /** Parts further up that must have been carried out before this one is tried. */
  readonly dependsOn?: readonly string[]
}

export type BatchAnswer = { readonly ok: true; readonly reply: GraphReply } | { readonly ok: false; readonly failure: Failure }
/** By the parts' ids. */
export type BatchAnswers = ReadonlyMap<string, BatchAnswer>

export type Send = (method: GraphMethod, path: string, request: GraphRequest) => Promise<GraphReply>
type Waiting = { readonly part: BatchPart; tries: number; renewed: boolean; doubt: boolean; dueAtMs: number }

/** A part that says 500 or nothing at all is not tried for long. */
const ATTEMPTS = 4

/**
 * Carries out the parts, twenty in a request, until each has its answer (Graph: json-batching). A part that was throttled, or may
 * be repeated, is tried again by itself, after its own Retry-After; the others go on. What needs a part that failed is not tried.
 * A stop and whatever else spoils everything is the answer to the parts that were not carried out; what was done stays told.
 */
export async function batched(parts: readonly BatchPart[], send: Send, line: Line): Promise<BatchAnswers> {
  const { clock, signal } = line.ctx
  checkParts(parts)
  const giveUpAtMs = clock.now() + line.patienceMs
  const answers = new Map<string, BatchAnswer>()
  const waiting = new Map<string, Waiting>(parts.map((part) => [part.id, { part, tries: 0, renewed: false, doubt: false, dueAtMs: 0 }]))
  const settle = (id: string, answer: BatchAnswer): void => {
    answers.set(id, answer)
    waiting.delete(id)
  }
  const fail = ({ part, doubt }: Waiting, failure: Failure): void => {
    settle(part.id, { ok: false, failure: doubt ? inDoubt(failure) : failure })
  }

  while (waiting.size > 0) {
    for (const entry of waiting.values()) {
      const blocked = entry.part.dependsOn?.map((id) => answers.get(id)).find((answer) => answer?.ok === false)
      if (blocked?.ok === false) fail(entry, notTried('what it needs failed', blocked.failure))
    }
    const now = clock.now()
    const due = [...waiting.values()].filter((one) => one.dueAtMs <= now)
    const chunk = batchChunk(
      due.map(({ part }) => part),
      (id) => answers.has(id),
    )
    if (chunk.length === 0) {
      if (waiting.size === 0) break
      const dueAtMs = Math.min(...[...waiting.values()].map((one) => one.dueAtMs).filter((at) => at > now))
      const stop = await clock.sleep(dueAtMs - now, signal).then(
        () => null,
        (error: unknown) => stopOr(error, signal),
      )
      if (stop instanceof Failure) for (const entry of waiting.values()) fail(entry, notTried('the work ended', stop))
      else if (stop !== null) throw stop
      continue
    }
    const secrets: string[] = []
    const replies = await sent(chunk, send, secrets)
    let expired = false
    for (const [at, { part }] of chunk.entries()) {
      const entry = waiting.get(part.id)
      if (entry === undefined) continue
      const answer = answerOf(part, replies, at, clock.now(), secrets)
      if (answer.ok) {
        settle(part.id, answer)
        continue
      }
      // What it needs comes again or has failed: the next round sees which.
      if (answer.status === 424 && part.dependsOn?.every((id) => answers.get(id)?.ok === true) === false) continue
      entry.tries++
      entry.doubt ||= !answer.failure.notDone
      expired ||= answer.status === 401
      const waitMs = againAfterMs(entry, answer, line)
      if (waitMs === null || clock.now() + waitMs > giveUpAtMs) fail(entry, answer.failure)
      else entry.dueAtMs = clock.now() + waitMs
    }
    if (expired) line.tokens.renew()
    // Signing in, stopping and the like spoil every other request too.
    if (replies instanceof Failure && replies.spoils === 'project')
      for (const entry of waiting.values()) fail(entry, notTried('the work ended', replies))
  }
  return new Map(
    parts.flatMap(({ id }) => {
      const answer = answers.get(id)
      return answer === undefined ? [] : [[id, answer] as const]
    }),
  )
}

type Refused = { readonly ok: false; readonly failure: Failure; readonly status: number }

/** How long until the part is tried again; null: never. */
function againAfterMs(entry: Waiting, { status, failure }: Refused, line: Line): number | null {
  const { part, tries } = entry
  if (status === 401 && !entry.renewed) {
    // The whole request was let in: the token ran out while its parts were carried out.
    entry.renewed = true
    return 0
  }
  const waitMs = waitBefore(tries, failure.retryAfterMs ?? null, line.random)
  if (status === 429) return waitMs
  if (!isRepeatable(part.method, part) || failure.spoils === 'project') return null
  if (isBusy(status)) return waitMs
  return (status === 500 || status === 424 || status === 0) && tries < ATTEMPTS ? waitMs : null
}

async function sent(
  chunk: ReturnType<typeof batchChunk<BatchPart>>,
  send: Send,
  secrets: string[],
): Promise<readonly JsonObject[] | Failure> {
  const requests = chunk.map(({ part, after }, at) => {
    const body = part.body === undefined ? null : wireJson(part.body)
    secrets.push(...(body?.secrets ?? []))
    return {
      // Ours would have to be unique without regard to case.
      id: String(at + 1),
      method: part.method,
      url: withQuery(part.path, graphQuery(part)),
      headers: graphHeaders(part),
      ...(part.body === undefined ? {} : { body: part.body }),
      ...(after === null ? {} : { dependsOn: [String(after + 1)] }),
    }
  })
  try {
    const repeatable = chunk.every(({ part }) => isRepeatable(part.method, part))
    const reply = await send('POST', '/$batch', { body: { requests }, repeatable })
    return objectsIn(reply.body['responses'])
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}

function answerOf(
  part: BatchPart,
  replies: readonly JsonObject[] | Failure,
  at: number,
  now: number,
  secrets: readonly string[],
): Extract<BatchAnswer, { ok: true }> | Refused {
  if (replies instanceof Failure) return { ok: false, failure: replies, status: 0 }
  const reply = replies.find((one) => String(one['id']) === String(at + 1))
  const status = typeof reply?.['status'] === 'number' ? reply['status'] : 0
  if (reply === undefined || status < 200) {
    return {
      ok: false,
      status: 0,
      failure: new Failure('answer-unreadable', `Microsoft Graph left the answer to ${part.method} ${part.path} out.`),
    }
  }
  const headers = lowerCase(objectIn(reply['headers']))
  const requestId = headers['request-id'] ?? null
  const body = objectIn(reply['body'])
  if (status < 400) {
    return { ok: true, reply: { status, body, text: textIn(reply['body']), location: headers['location'] ?? null, requestId } }
  }
  const retryAfterMs = retryAfterIn({ get: (name) => headers[name] ?? null }, now)
  return {
    ok: false,
    status,
    failure: graphFailure({ method: part.method, path: part.path, status, json: body, requestId, retryAfterMs, secrets }),
  }
}

function notTried(why: string, cause: Failure): Failure {
  return new Failure(cause.code, `Not tried, as ${why}: ${cause.message}`, { cause, notDone: true })
}

function lowerCase(headers: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), textIn(value)]))
}

function checkParts(parts: readonly BatchPart[]): void {
  const seen = new Set<string>()
  for (const { id, dependsOn } of parts) {
    if (seen.has(id)) throw new Error(`two parts of a batch are called ${id}`)
    if (dependsOn?.every((other) => seen.has(other)) === false)
      throw new Error(`part ${id} of a batch depends on one that is not further up`)
    seen.add(id)
  }
}
