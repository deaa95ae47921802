import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { FlowRun } from './flow-run.ts'
import { subjectsOf, traced, withTrace } from './flow-trace.ts'
import { filtered, inbound, nobody, straight } from './routes-in.ts'
import { fromOldHost, toOldHost } from './routes-old.ts'
import { inside, outbound, reply, toUnmoved } from './routes-out.ts'
import { worst, type Outcome, type RouteResult } from './route-result.ts'
import { protectionHeaders } from './protection-headers.ts'
import type { FlowSetup } from './setup.ts'

export type FlowReport = {
  readonly run: string
  readonly domain: string
  readonly began: number
  readonly at: number
  readonly routes: readonly RouteResult[]
  /** Of each criterion the worst of its routes. */
  readonly criteria: readonly {
    readonly id: string
    readonly title: string
    readonly outcome: Outcome
    readonly routes: readonly string[]
  }[]
  /** Probes that were taken out again, and where that did not work. */
  readonly removed: number
  readonly left: readonly string[]
}

export const CRITERIA: Readonly<Record<string, string>> = {
  D1: 'Mail inside the tenant arrives',
  D2: 'Mail to the outside arrives, and SPF, DKIM and DMARC hold',
  D3: 'Mail from outside arrives',
  D4: 'Unknown recipients get one clean refusal',
  D5: 'Aliases and groups receive',
  D6: 'A large message arrives',
  P3: 'Mail of users of the old host is not lost',
  P6: 'Mail to persons who have not moved arrives',
  P8: 'The old host still takes mail',
  E2: 'Spam is kept out of the inbox',
  E3: 'Malware is kept out',
  E4: 'Dangerous kinds of files are kept out',
  E5: 'Mail from outside goes through protection',
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
  const { user } = setup
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
    flow.route('large', 'D6', 'a large message', () => large(flow)),
    flow.route('old-user', 'P3', `user of the old host → ${user}`, () => fromOldHost(flow)),
    flow.route('unmoved', 'P6', `${user} → ${setup.unmoved ?? 'somebody who has not moved'}`, () => toUnmoved(flow)),
    flow.route('old', 'P8', 'outside → old host', () => toOldHost(flow)),
    flow.route('spam', 'E2', 'test spam', () => filtered(flow, 'spam')),
    flow.route('malware', 'E3', 'test malware', () => filtered(flow, 'malware')),
    flow.route('file', 'E4', 'a .vbs file', () => filtered(flow, 'file')),
  ].map(told)
  const [paired, ...rest] = await Promise.all([outThenReply(), ...single])
  const results = [...paired, ...rest]
  return [...results, await told(flow.route('headers', 'E5', 'headers of what came from outside', async () => protectionHeaders(results)))]
}

async function large(flow: FlowRun): Promise<Awaited<ReturnType<typeof inbound>>> {
  const { largeBytes, user } = flow.setup
  if (largeBytes === null) return { outcome: 'not-run', says: ['Not asked for (--large).'] }
  // In base64 a third more; harmless zeroes, so that no filter finds anything.
  const content = Buffer.alloc(Math.floor((largeBytes * 3) / 4.2))
  return inbound(flow, 'large', user, user, { attachment: { name: 'large.bin', type: 'application/octet-stream', content } })
}

function criteriaOf(routes: readonly RouteResult[]): FlowReport['criteria'] {
  return Object.entries(CRITERIA).flatMap(([id, title]) => {
    const mine = routes.filter(({ criterion }) => criterion === id)
    return mine.length === 0
      ? []
      : [{ id, title, outcome: worst(mine.map(({ outcome }) => outcome)), routes: mine.map(({ route }) => route) }]
  })
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
