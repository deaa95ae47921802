import type { FlowRun, Told } from './flow-run.ts'
import { authenticationResults } from './headers.ts'
import { localVerdict, type LocalVerdict } from './local-verdict.ts'
import { resolverBy } from './mx-route.ts'
import { inbound } from './routes-in.ts'
import { seenOf, worst, type Outcome } from './route-result.ts'
import type { Sighting } from './sighting.ts'

const NO_TENANT: Told = { outcome: 'not-run', says: ['No tenant is given.'] }

/** P4: from a mailbox of the tenant to the mailbox outside, with SPF, DKIM and DMARC as the receiver found them and as we do. */
export async function outbound(flow: FlowRun): Promise<Told & { readonly answered?: string }> {
  const { graph, user, reflector } = flow.setup
  if (graph === null) return NO_TENANT
  if (reflector === null) return { outcome: 'not-run', says: ['No mailbox outside is given (--reflector).'] }
  const { id, messageId } = await flow.byGraph('out', user, reflector.address)
  const arrival = await flow.arrival(flow.reflector(), { id, messageId: null })
  const sent = (await messageId()) ?? arrival.sighting?.messageId
  const evidence = { probe: id, ...(sent === undefined ? {} : { messageId: sent }) }
  if (arrival.sighting === null) return { outcome: arrival.outcome, says: [arrival.says], evidence }
  const judged = await judgedOutbound(flow, arrival.sighting, user)
  return {
    outcome: worst([arrival.outcome, judged.outcome]),
    says: [arrival.says, ...judged.says],
    evidence: { ...evidence, arrived: seenOf(arrival.sighting), ...(judged.local === null ? {} : { local: judged.local }) },
    answered: arrival.sighting.messageId,
  }
}

type Judged = { readonly outcome: Outcome; readonly says: readonly string[]; readonly local: LocalVerdict | null }

/** What DMARC wants of mail in the domain's name: that SPF or DKIM passes for that very domain. */
async function judgedOutbound(flow: FlowRun, sighting: Sighting, from: string): Promise<Judged> {
  const says: string[] = []
  const outcomes: Outcome[] = ['passed']
  const told = authenticationResults(sighting.headers)
  const dmarc = told['dmarc']?.result ?? 'none'
  const signer = told['dkim']?.properties['header.d'] ?? ''
  if (told['spf'] === undefined && told['dkim'] === undefined)
    says.push('The receiver writes nothing of SPF, DKIM and DMARC into the header.')
  else
    says.push(
      `The receiver found spf=${told['spf']?.result ?? 'none'}, dkim=${told['dkim']?.result ?? 'none'}${signer === '' ? '' : ` (${signer})`}, dmarc=${dmarc}.`,
    )
  const [resolver] = flow.setup.resolvers
  const envelope = sighting.headers.find(({ name }) => /^return-path$/i.test(name))?.value.replace(/^<|>$/g, '') ?? from
  const local =
    sighting.bytes === null || resolver === undefined
      ? null
      : await localVerdict(sighting.bytes, envelope === '' ? from : envelope, resolverBy(resolver, flow.ctx.signal))
  if (local !== null) {
    says.push(`We find spf=${local.spf}, dkim=${local.dkim}${local.signer === '' ? '' : ` (${local.signer})`}, dmarc=${local.dmarc}.`)
    const domain = from.slice(from.lastIndexOf('@') + 1)
    if (local.signer.endsWith('.onmicrosoft.com')) {
      outcomes.push('warning')
      says.push(`It is signed for ${local.signer}, not for ${domain}: DKIM of the domain is not switched on yet.`)
    } else if (local.dkim !== 'pass' || !aligned(local.signer, domain)) {
      outcomes.push('warning')
      says.push(`It bears no valid signature of ${domain}.`)
    }
    if (local.dmarc === 'fail') outcomes.push('failed')
    if (
      told['dmarc'] !== undefined &&
      dmarc !== local.dmarc &&
      ['pass', 'fail'].includes(dmarc) &&
      ['pass', 'fail'].includes(local.dmarc)
    ) {
      outcomes.push('warning')
      says.push('The receiver and we do not agree on DMARC.')
    }
  } else if (dmarc === 'fail') outcomes.push('failed')
  return { outcome: worst(outcomes), says, local }
}

function aligned(signer: string, domain: string): boolean {
  const [one, other] = [signer.toLowerCase(), domain.toLowerCase()]
  return one === other || one.endsWith(`.${other}`) || other.endsWith(`.${one}`)
}

/** D3: the mailbox outside answers what it got. */
export async function reply(flow: FlowRun, answered: string | undefined): Promise<Told> {
  if (answered === undefined) return { outcome: 'not-run', says: ['There is nothing to answer: nothing arrived outside.'] }
  return inbound(flow, 'reply', flow.setup.user, flow.setup.user, { inReplyTo: answered })
}

/** D1: from one mailbox of the tenant to another. */
export async function inside(flow: FlowRun): Promise<Told> {
  const { graph, second } = flow.setup
  if (graph === null) return NO_TENANT
  if (second === null) return { outcome: 'not-run', says: ['Only one mailbox is given (--to).'] }
  return byGraphTo(flow, 'inside', second, flow.tenantMailbox(second))
}

/** P6: to somebody whose mailbox is still at the old side, which has to come by the connector. */
export async function toUnmoved(flow: FlowRun): Promise<Told> {
  const { graph, unmoved, user } = flow.setup
  if (graph === null) return NO_TENANT
  if (unmoved === null) return { outcome: 'not-run', says: ['Nobody is named who has not moved (--unmoved).'] }
  const old = flow.oldMailbox()
  if (old !== null) return byGraphTo(flow, 'unmoved', unmoved, old)
  const { id } = await flow.byGraph('unmoved', user, unmoved)
  return { outcome: 'not-run', says: ['Sent, but nobody can look into the old mailbox (--old-imap).'], evidence: { probe: id } }
}

async function byGraphTo(flow: FlowRun, route: string, to: string, lookout: Parameters<FlowRun['arrival']>[0]): Promise<Told> {
  const { id, messageId } = await flow.byGraph(route, flow.setup.user, to)
  const arrival = await flow.arrival(lookout, { id, messageId: null })
  const sent = await messageId()
  const evidence = { probe: id, ...(sent === null ? {} : { messageId: sent }) }
  return {
    outcome: arrival.outcome,
    says: [arrival.says],
    evidence: arrival.sighting === null ? evidence : { ...evidence, arrived: seenOf(arrival.sighting) },
  }
}
