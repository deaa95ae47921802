import { badRequest, Refused, type Answer } from './answers.ts'
import { graphCaller } from './bearer.ts'
import { answerGraph, type Graph } from './graph.ts'
import { listOf, propsOf, rowsOf, textOf, type Json, type Props } from './props.ts'
import { bodyOf, type ServiceRequest } from './request.ts'

/** `POST /$batch`: at most twenty requests. The answer is 200 whatever becomes of its members; who depends on a failed one gets 424. */
export function answerGraphBatch(graph: Graph, request: ServiceRequest): Answer {
  try {
    graphCaller(graph.tenant, request)
    return { status: 200, body: { responses: run(graph, request, membersOf(request)) } }
  } catch (error) {
    if (error instanceof Refused) return error.answer
    throw error
  }
}

function membersOf(request: ServiceRequest): Props[] {
  const members = rowsOf(bodyOf(request)['requests'])
  if (members.length === 0) throw badRequest('Invalid batch payload format.')
  if (members.length > 20) throw badRequest(`Number of batch request steps exceeds the maximum value of 20 (${members.length} were sent).`)
  const ids = members.map(({ id }) => textOf(id).toLowerCase())
  const doubled = ids.find((id, i) => ids.indexOf(id) !== i)
  if (doubled !== undefined) throw badRequest(`Request Id '${doubled}' has to be unique in a batch.`)
  if (ids.includes('')) throw badRequest('Every request of a batch needs an id.')
  for (const member of members)
    for (const other of listOf(member['dependsOn']))
      if (!ids.includes(other.toLowerCase())) throw badRequest(`Dependency '${other}' is not a request of this batch.`)
  return members
}

function run(graph: Graph, outer: ServiceRequest, members: readonly Props[]): Json[] {
  const done = new Map<string, number>()
  return members.map((member) => {
    const id = textOf(member['id'])
    const failed = listOf(member['dependsOn']).some((other) => (done.get(other.toLowerCase()) ?? 424) >= 400)
    const answer = failed ? badRequest('').answer : answerGraph(graph, memberRequest(outer, member))
    const status = failed ? 424 : answer.status
    done.set(id.toLowerCase(), status)
    const body = failed ? { error: { code: 'FailedDependency', message: 'A request that this one depends on failed.' } } : answer.body
    const headers = { 'Content-Type': 'application/json', ...capitals(answer.headers ?? {}) }
    return { id, status, headers, ...(body === undefined ? {} : { body }) }
  })
}

function capitals(headers: Readonly<Record<string, string>>): Props {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.replace(/(^|-)(\w)/g, (_, dash: string, c: string) => dash + c.toUpperCase()),
      value,
    ]),
  )
}

function memberRequest(outer: ServiceRequest, member: Props): ServiceRequest {
  const headers = Object.fromEntries(Object.entries(propsOf(member['headers'])).map(([name, value]) => [name.toLowerCase(), textOf(value)]))
  const path = textOf(member['url'])
  const { body } = member
  return {
    method: textOf(member['method']).toUpperCase(),
    url: new URL(`${outer.url.origin}/v1.0${path.startsWith('/') ? '' : '/'}${path}`),
    headers: { ...headers, authorization: outer.headers['authorization'] ?? '' },
    bytes: body === undefined ? Buffer.alloc(0) : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  }
}
