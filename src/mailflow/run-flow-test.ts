import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { criteriaOf, type Criterion } from './criteria.ts'
import { FlowRun, type Told } from './flow-run.ts'
import { subjectsOf, traced, withTrace } from './flow-trace.ts'
import { filtered, inbound, nobody, straight } from './routes-in.ts'
import { programsFind, recordsHold } from './routes-clients.ts'
import { heldToDane, heldToSts, tlsReports } from './routes-encryption.ts'
import { between } from './routes-between.ts'
import { fromOldHost, fromUnmoved, toOldHost } from './routes-old.ts'
import { inside, outbound, reply, toUnmoved } from './routes-out.ts'
import type { RouteResult } from './route-result.ts'
import { protectionHeaders } from './protection-headers.ts'
import type { FlowSetup } from './setup.ts'

export type FlowReport = {
  readonly run: string
  readonly domain: string
  readonly began: number
  readonly at: number
  readonly routes: readonly RouteResult[]
  /** The whole list of acceptance, also what other commands prove. */
  readonly criteria: readonly Criterion[]
  /** Probes that were taken out again, and where that did not work. */
  readonly removed: number
  readonly left: readonly string[]
}

/**
 * Sends probes over every way of the mail that the setup allows, finds them again, reads their headers and the trace, and takes them out of
 * the mailboxes again, also after a stop. Ways that cannot be tried from here are `not-run`, with the reason.
 */
export async function runFlowTest(setup: FlowSetup, ctx: Context, onResult: (result: RouteResult) => void): Promise<FlowReport> {
  const flow = new FlowRun(setup, ctx)
  const began = ctx.clock.now()
  let routes: readonly RouteResult[] = []
  try {
    routes = await allRoutes(flow, onResult)
    if (routes.some(({ evidence }) => evidence.probe !== undefined))
      routes = withTrace(routes, await traced(flow, { subjectBeginsWith: subjectsOf(flow) }))
  } catch (error) {
    // Also when it was stopped: what is ours is not left behind for people to wonder at.
    await tidy(flow)
    throw error
  }
  const { removed, left } = await tidy(flow)
  return { run: flow.run, domain: setup.domain, began, at: ctx.clock.now(), routes, criteria: criteriaOf(routes), removed, left }
}

async function allRoutes(flow: FlowRun, onResult: (result: RouteResult) => void): Promise<readonly RouteResult[]> {
  const { setup } = flow
  const { user, between: looked = null } = setup
  const told = (work: Promise<RouteResult>): Promise<RouteResult> => work.then((result) => (onResult(result), result))
  let answered: string | undefined
  const outThenReply = async (): Promise<readonly RouteResult[]> => {
    const out = await told(
      flow.route('out', 'D2', `${user} → outside`, async () => {
        const result = await outbound(flow)
        answered = result.answered
        return result
      }),
    )
    return [out, await told(flow.route('reply', 'D3', 'its answer → back', () => reply(flow, answered)))]
  }
  const single: readonly Promise<RouteResult>[] = [
    flow.route('inside', 'D1', `${user} → ${setup.second ?? 'another mailbox'}`, () => inside(flow)),
    flow.route('outside-in', 'D3', `outside → ${user}`, () => inbound(flow, 'outside-in', user, user)),
    flow.route('straight', 'D3', `here → MX → ${user}`, () => straight(flow, user)),
    flow.route('nobody', 'D4', `outside → nobody@${setup.domain}`, () => nobody(flow)),
    ...setup.aliases.map(({ address, owner }) =>
      flow.route(`alias ${address}`, 'D5', `outside → ${address} (alias)`, () => inbound(flow, 'alias', address, owner)),
    ),
    ...setup.groups.map(({ address, member }) =>
      flow.route(`group ${address}`, 'D5', `outside → ${address} (group)`, () => inbound(flow, 'group', address, member)),
    ),
    ...(setup.aliases.length + setup.groups.length > 0 ? [] : [flow.route('aliases', 'D5', 'outside → an alias or a group', noAddress)]),
    flow.route('large', 'D6', 'a large message', () => large(flow)),
    flow.route('old-user', 'P3', `user of the old host → ${user}`, () => fromOldHost(flow)),
    flow.route('unmoved', 'P6', `${user} → ${setup.unmoved ?? 'somebody who has not moved'}`, () => toUnmoved(flow)),
    flow.route('unmoved-back', 'P6', `${setup.unmoved ?? 'somebody who has not moved'} → ${user}`, () => fromUnmoved(flow)),
    ...(looked === null ? [] : [flow.route('between', 'P7', 'between both sides', async () => between(await looked()))]),
    flow.route('old', 'P8', 'outside → old host', () => toOldHost(flow)),
    flow.route('spam', 'E2', 'test spam', () => filtered(flow, 'spam')),
    flow.route('malware', 'E3', 'test malware', () => filtered(flow, 'malware')),
    flow.route('file', 'E4', 'a .vbs file', () => filtered(flow, 'file')),
    flow.route('autodiscover', 'A1', `where programs are sent for ${user}`, () => programsFind(flow)),
    flow.route('records', 'A5', `the records of ${setup.domain}`, () => recordsHold(flow)),
    flow.route('sts', 'S1', `the policy of ${setup.domain}`, () => heldToSts(flow)),
    flow.route('dane', 'S2', 'certificates of the mail hosts', () => heldToDane(flow)),
    flow.route('tls-reports', 'S3', `reports to ${setup.domain}`, () => tlsReports(flow)),
  ].map(told)
  const [paired, ...rest] = await Promise.all([outThenReply(), ...single])
  const results = [...paired, ...rest]
  return [...results, await told(flow.route('headers', 'E5', 'headers of what came from outside', async () => protectionHeaders(results)))]
}

async function noAddress(): Promise<Told> {
  return { outcome: 'not-run', says: ['No alias and no group is given (--alias, --group).'] }
}

async function large(flow: FlowRun): Promise<Awaited<ReturnType<typeof inbound>>> {
  const { largeBytes, user } = flow.setup
  if (largeBytes === null) return { outcome: 'not-run', says: ['Not asked for (--large).'] }
  // In base64 a third more; harmless zeroes, so that no filter finds anything.
  const content = Buffer.alloc(Math.floor((largeBytes * 3) / 4.2))
  return inbound(flow, 'large', user, user, { attachment: { name: 'large.bin', type: 'application/octet-stream', content } })
}

/** Takes all probes of a run out of the mailboxes that were looked into. */
export async function tidy(flow: FlowRun): Promise<{ readonly removed: number; readonly left: readonly string[] }> {
  let removed = 0
  const left: string[] = []
  for (const lookout of flow.touched.values()) {
    try {
      removed += await lookout.remove(flow.run)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      left.push(`${lookout.mailbox}: ${error.message}`)
    }
  }
  return { removed, left }
}
