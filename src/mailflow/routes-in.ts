import { randomBytes } from 'node:crypto'
import type { Delivery } from './deliver.ts'
import { blockedKindOfFile, malwareTestFile, spamTestLine } from './test-strings.ts'
import type { Attachment } from './compose.ts'
import { notTaken, type FlowRun, type Told } from './flow-run.ts'
import { filterVerdict } from './filter-verdict.ts'
import { traced } from './flow-trace.ts'
import { antispamReport, authenticationResults, circleIn, hopsOf, verdictText } from './headers.ts'
import { seenOf, worst, type Outcome } from './route-result.ts'
import type { Sighting } from './sighting.ts'

type More = { readonly text?: string; readonly attachment?: Attachment; readonly inReplyTo?: string }

/** Who mail from outside comes from; null where neither a reflector nor a sender is given. */
export function outsider(flow: FlowRun): string | null {
  return flow.setup.reflector?.address ?? flow.setup.sender
}

const NOBODY_OUTSIDE: Told = { outcome: 'not-run', says: ['No mailbox outside is given (--reflector), and no --sender.'] }

/** P2, P5: from outside to an address of the domain, found in `owner`'s mailbox with what Exchange made of it. */
export async function inbound(flow: FlowRun, route: string, recipient: string, owner: string, more: More = {}): Promise<Told> {
  const handed = await handIn(flow, route, recipient, more)
  if ('outcome' in handed) return handed
  const { letter, deliveries } = handed
  const arrival = await flow.arrival(flow.tenantMailbox(owner), letter)
  const evidence = { probe: letter.id, messageId: letter.messageId, deliveries }
  if (arrival.sighting === null) return { outcome: arrival.outcome, says: [arrival.says], evidence }
  const judged = judgedInbound(arrival.sighting, more.inReplyTo)
  return {
    outcome: worst([arrival.outcome, judged.outcome]),
    says: [arrival.says, ...judged.says],
    evidence: { ...evidence, arrived: seenOf(arrival.sighting) },
  }
}

type Handed = { readonly letter: ReturnType<FlowRun['letter']>; readonly deliveries: readonly Delivery[] }

/** By the account outside where there is one, as a third party would; else from here to MX. */
export async function handIn(flow: FlowRun, route: string, recipient: string, more: More = {}): Promise<Handed | Told> {
  const sender = outsider(flow)
  if (sender === null) return NOBODY_OUTSIDE
  const letter = flow.letter(route, sender, recipient, more)
  const submission = flow.setup.reflector?.submission ?? null
  const deliveries =
    submission === null ? await flow.byMx(letter, sender, recipient) : [await flow.bySubmission(letter, submission, sender, recipient)]
  const refused = notTaken(deliveries)
  return refused ?? { letter, deliveries: typeof deliveries === 'string' ? [] : deliveries }
}

/** What the headers of mail from outside say: that it came through protection, from whom, and not in a circle. */
function judgedInbound({ headers }: Sighting, inReplyTo: string | undefined): { outcome: Outcome; says: string[] } {
  const says: string[] = []
  const outcomes: Outcome[] = ['passed']
  const report = antispamReport(headers)
  if (report === null) {
    outcomes.push('warning')
    says.push('It bears no report of Exchange Online Protection: was it delivered by another way?')
  } else says.push(`Protection: ${verdictText(report)}, from ${report['CIP'] ?? '?'}.`)
  const { spf, dkim, dmarc } = authenticationResults(headers)
  says.push(`Found of the sender: spf=${spf?.result ?? 'none'}, dkim=${dkim?.result ?? 'none'}, dmarc=${dmarc?.result ?? 'none'}.`)
  const hops = hopsOf(headers)
  const circle = circleIn(hops)
  if (circle !== null) {
    outcomes.push('failed')
    says.push(`It went through ${circle} again and again: a loop (${hops.length} hops).`)
  }
  const [first] = hops
  if (first !== undefined) says.push(`Handed in by ${first.from}${first.ip === null ? '' : ` [${first.ip}]`} to ${first.by}.`)
  if (inReplyTo !== undefined && !headers.some(({ name, value }) => /^in-reply-to$/i.test(name) && value.includes(inReplyTo))) {
    outcomes.push('warning')
    says.push('It does not say what it answers.')
  }
  return { outcome: worst(outcomes), says }
}

/** P2 through each resolver: straight from here to MX as the public sees it. */
export async function straight(flow: FlowRun, recipient: string): Promise<Told> {
  const sender = flow.setup.sender ?? outsider(flow)
  if (sender === null) return NOBODY_OUTSIDE
  const all: Told[] = []
  for (let at = 0; at < flow.setup.resolvers.length; at++) {
    const letter = flow.letter('straight', sender, recipient)
    const deliveries = await flow.byMx(letter, sender, recipient, at)
    const refused = notTaken(deliveries)
    if (refused !== null) {
      all.push(refused)
      continue
    }
    const arrival = await flow.arrival(flow.tenantMailbox(recipient), letter)
    const evidence = { probe: letter.id, messageId: letter.messageId, deliveries: typeof deliveries === 'string' ? [] : deliveries }
    const arrived = arrival.sighting === null ? {} : { arrived: seenOf(arrival.sighting) }
    const last = evidence.deliveries.at(-1)
    const where = last === undefined ? '' : `${last.host} took it${last.tls.used ? ', encrypted' : ', in the clear'}. `
    all.push({ outcome: arrival.outcome, says: [`${where}${arrival.says}`], evidence: { ...evidence, ...arrived } })
  }
  return {
    outcome: worst(all.map(({ outcome }) => outcome)),
    says: [...new Set(all.flatMap(({ says }) => says))],
    ...(all[0]?.evidence === undefined ? {} : { evidence: all[0].evidence }),
  }
}

/** P7: somebody who is not there. One clean refusal; whoever is taken is a catch-all or an internal relay, and must not run in a circle. */
export async function nobody(flow: FlowRun): Promise<Told> {
  const sender = flow.setup.sender ?? outsider(flow)
  if (sender === null) return NOBODY_OUTSIDE
  const recipient = `cutover-${randomBytes(8).toString('hex')}@${flow.setup.domain}`
  const letter = flow.letter('nobody', sender, recipient)
  const deliveries = await flow.byMx(letter, sender, recipient)
  if (typeof deliveries === 'string') return { outcome: 'failed', says: [deliveries] }
  const last = deliveries.at(-1)
  const evidence = { probe: letter.id, messageId: letter.messageId, deliveries }
  if (last === undefined || last.status === 'not-run') return { outcome: 'not-run', says: [last?.says ?? ''], evidence }
  if (last.status === 'refused') return { outcome: 'passed', says: [`Refused at once, as it should be: ${last.says}`], evidence }
  if (last.status !== 'accepted') return { outcome: 'failed', says: [last.says], evidence }
  const circle = await loopOf(flow, letter.messageId)
  if (circle !== null)
    return { outcome: 'failed', says: [`A made-up address was taken, and the message runs in a circle: ${circle}`], evidence }
  return {
    outcome: 'warning',
    says: [`${last.host} took mail for a made-up address: the domain is an internal relay, or somebody catches all.`],
    evidence,
  }
}

/** The same message in the trace again and again means that the tenant keeps getting it back. Its rows come one by one. */
async function loopOf(flow: FlowRun, messageId: string): Promise<string | null> {
  for (let asked = 0; asked < 3; asked++) {
    if (asked > 0) await flow.ctx.clock.sleep(60_000, flow.ctx.signal)
    const rows = await traced(flow, { messageId })
    const hop = rows.map(({ detail }) => detail).find((detail) => /5\.4\.(?:6|14)|hop count/i.test(detail))
    if (hop !== undefined) return hop
    if (rows.length > 2) return `the tenant has taken it ${rows.length} times`
    if (rows.length === 0) return null
  }
  return null
}

/** E2–E4: what the filters must keep away. */
export async function filtered(flow: FlowRun, kind: 'spam' | 'malware' | 'file'): Promise<Told> {
  if (!flow.setup.protection) return { outcome: 'not-run', says: ['Not asked for (--protection).'] }
  const { user } = flow.setup
  const more: More =
    kind === 'spam' ? { text: spamTestLine() } : { attachment: kind === 'malware' ? malwareTestFile() : blockedKindOfFile() }
  const handed = await handIn(flow, kind, user, more)
  if ('outcome' in handed) {
    const { says, evidence, outcome } = handed
    // Refused at the door by a gateway in front, or by the sender's own host: kept away all the same.
    const refused = evidence?.deliveries?.at(-1)
    if (evidence !== undefined && outcome === 'failed' && refused?.status === 'refused' && refused.step === 'message')
      return { outcome: 'warning', says: [`Refused on the way, so that the tenant's own filter was not tried: ${refused.says}`], evidence }
    return { outcome: outcome === 'failed' ? 'not-run' : outcome, says, ...(evidence === undefined ? {} : { evidence }) }
  }
  return filterVerdict(flow, kind, user, handed.letter, handed.deliveries)
}
