import type { Context } from '../lib/context.ts'
import { awaitArrival } from './arrival.ts'
import { newRun, probeId, probeLetter, PROBE_HEADER, PROBE_TEXT, subjectOf, type Attachment, type ProbeLetter } from './compose.ts'
import { deliver, type Delivery } from './deliver.ts'
import { daneOf } from './dane.ts'
import { imapLookout } from './find-by-imap.ts'
import { sentMessageId, tenantLookout } from './find-in-tenant.ts'
import { greet, type Greeted } from './greet.ts'
import { graphPath } from '../microsoft/graph-path.ts'
import { Failure } from '../model/failure.ts'
import { mailRoute, targetOf } from './mx-route.ts'
import { stsOf } from './policies.ts'
import type { Evidence, Outcome, RouteResult } from './route-result.ts'
import type { FlowSetup, Submission } from './setup.ts'
import type { Lookout, Sighting } from './sighting.ts'
import type { TlsDemand } from './tls-state.ts'

export type Told = { readonly outcome: Outcome; readonly says: readonly string[]; readonly evidence?: Evidence }

/** One run of the test: where its probes go and are looked for. Routes are functions over it. */
export class FlowRun {
  readonly run = newRun()
  readonly setup: FlowSetup
  readonly ctx: Context
  /** Whatever was looked into: probes are taken out of there at the end. */
  readonly touched = new Map<string, Lookout>()
  readonly #greetings = new Map<string, Promise<Greeted>>()
  readonly #demands = new Map<string, Promise<TlsDemand>>()

  constructor(setup: FlowSetup, ctx: Context) {
    this.setup = setup
    this.ctx = ctx
  }

  /** Of the result, with its times; what goes wrong on our side makes the route one that says nothing. */
  async route(route: string, criterion: string, title: string, work: () => Promise<Told>): Promise<RouteResult> {
    const began = this.ctx.clock.now()
    const told = await work().catch((error: unknown): Told => {
      if (!(error instanceof Failure) || error.code === 'stopped') throw error
      return { outcome: 'failed', says: [error.message, error.help] }
    })
    return {
      route,
      criterion,
      title,
      outcome: told.outcome,
      says: told.says,
      evidence: told.evidence ?? {},
      began,
      at: this.ctx.clock.now(),
    }
  }

  tenantMailbox(address: string): Lookout | null {
    const { graph } = this.setup
    return graph === null ? null : this.#lookout(`tenant ${address}`, () => tenantLookout(graph, address))
  }

  reflector(): Lookout | null {
    const { reflector } = this.setup
    if (reflector === null) return null
    const { address, imap, login } = reflector
    return this.#lookout('reflector', () => imapLookout(address, imap, login, this.ctx, true))
  }

  oldMailbox(): Lookout | null {
    const mailbox = this.setup.old?.mailbox ?? null
    if (mailbox === null) return null
    return this.#lookout('old', () => imapLookout(mailbox.address, mailbox.imap, mailbox.login, this.ctx, false))
  }

  #lookout(key: string, make: () => Lookout): Lookout {
    const known = this.touched.get(key) ?? make()
    this.touched.set(key, known)
    return known
  }

  /** How a mail host greets; asked once in a run. */
  greeting(host: string, address: string | null): Promise<Greeted> {
    const { helo, ports, ca } = this.setup
    const known = this.#greetings.get(host) ?? greet(targetOf(host, address, ports, ca), this.ctx, helo === null ? {} : { helo })
    this.#greetings.set(host, known)
    return known
  }

  /** What a careful sender of the outside is bound to at this host: DANE where it is published, else a policy that is enforced. */
  demandOf(host: string, domain: string): Promise<TlsDemand> {
    const known = this.#demands.get(`${host} ${domain}`) ?? this.#demandOf(host, domain)
    this.#demands.set(`${host} ${domain}`, known)
    return known
  }

  async #demandOf(host: string, domain: string): Promise<TlsDemand> {
    const { resolvers, page, demand } = this.setup
    const [resolver] = resolvers
    if (resolver === undefined) return demand
    const { state, tlsa } = await daneOf(host, resolver, this.ctx.signal)
    if (state === 'secure') return { kind: 'dane', tlsa }
    const { policy } = await stsOf(domain, resolver, page, this.ctx.signal)
    return policy?.mode === 'enforce' ? { kind: 'mta-sts', mx: policy.mx } : demand
  }

  letter(
    route: string,
    from: string,
    to: string,
    more: { readonly text?: string; readonly attachment?: Attachment; readonly inReplyTo?: string } = {},
  ): ProbeLetter {
    return probeLetter({ run: this.run, route, from, to, at: new Date(this.ctx.clock.now()), ...more })
  }

  /** From this machine to the hosts that a resolver of the outside names; the first that is reached counts. */
  async byMx(letter: ProbeLetter, sender: string, recipient: string, resolverAt = 0): Promise<readonly Delivery[] | string> {
    const { resolvers, ports, ca, helo, times } = this.setup
    const resolver = resolvers[resolverAt % Math.max(1, resolvers.length)]
    if (resolver === undefined) return 'No resolver is given.'
    const domain = recipient.slice(recipient.lastIndexOf('@') + 1)
    const route = await mailRoute(domain, resolver, this.ctx.signal)
    if (route.status !== 'found') return `${route.resolver} names no mail host for ${domain} (${route.status}).`
    const deliveries: Delivery[] = []
    for (const { host, addresses } of route.hosts) {
      const target = targetOf(host, addresses[0] ?? null, ports, ca)
      const demand = await this.demandOf(host, domain)
      const options = { demand, windowMs: times.greylistMs, ...(helo === null ? {} : { helo }) }
      const delivery = await deliver(target, { sender, recipient, messageId: letter.messageId, bytes: letter.bytes }, this.ctx, options)
      deliveries.push(delivery)
      // As senders do: the next host only where this one is not there.
      if (delivery.step !== 'connect') break
    }
    return deliveries
  }

  /** Through somebody's own account at the host of the sender. */
  async bySubmission(
    letter: ProbeLetter,
    { target, tls, user, password }: Submission,
    sender: string,
    recipient: string,
  ): Promise<Delivery> {
    const login = { user, password, clear: tls === 'none' }
    const options = { tls, login, windowMs: this.setup.times.greylistMs }
    return deliver(target, { sender, recipient, messageId: letter.messageId, bytes: letter.bytes }, this.ctx, options)
  }

  /** By Graph, as the person. What tells the probe is its subject: Exchange makes the Message-ID, which the copy in Sent Items tells. */
  async byGraph(
    route: string,
    from: string,
    to: string,
    text = PROBE_TEXT,
  ): Promise<{ readonly id: string; readonly messageId: () => Promise<string | null> }> {
    const { graph } = this.setup
    if (graph === null) throw new Failure('bad-input', 'No tenant is given.')
    const id = probeId(this.run, route)
    await graph.send('POST', graphPath`/users/${from}/sendMail`, {
      body: {
        message: {
          subject: subjectOf(id),
          body: { contentType: 'Text', content: text },
          toRecipients: [{ emailAddress: { address: to } }],
          internetMessageHeaders: [{ name: PROBE_HEADER.toLowerCase(), value: id }],
        },
        saveToSentItems: true,
      },
    })
    this.tenantMailbox(from)
    return { id, messageId: () => sentMessageId(graph, from, id) }
  }

  /** The sentence and the sighting of something that should come. */
  async arrival(lookout: Lookout | null, sought: { readonly id: string; readonly messageId: string | null }): Promise<Arrived> {
    if (lookout === null) return { outcome: 'not-run', says: 'Nobody can look whether it arrived.', sighting: null }
    const { sighting, waitedMs, trouble } = await awaitArrival(lookout, sought, this.ctx, this.setup.times)
    if (trouble !== null && sighting === null) return { outcome: 'not-run', says: trouble, sighting: null }
    const seconds = Math.round(waitedMs / 1000)
    if (sighting === null) return { outcome: 'failed', says: `Not in ${lookout.mailbox} after ${seconds} s.`, sighting: null }
    const slow = waitedMs > this.setup.times.slowMs
    const says = `In "${sighting.folder}" of ${lookout.mailbox} after ${seconds} s.${sighting.junk ? ' That is junk: it arrived, and people will not see it.' : ''}`
    return { outcome: slow || sighting.junk ? 'warning' : 'passed', says, sighting }
  }
}

export type Arrived = { readonly outcome: Outcome; readonly says: string; readonly sighting: Sighting | null }

/** What came of handing in, where it was not taken; null where it was. */
export function notTaken(deliveries: readonly Delivery[] | string): Told | null {
  if (typeof deliveries === 'string') return { outcome: 'failed', says: [deliveries] }
  const last = deliveries.at(-1)
  if (last?.status === 'accepted') return null
  const outcome = deliveries.every(({ status }) => status === 'not-run') ? 'not-run' : 'failed'
  return { outcome, says: [last?.says ?? 'Nobody was reached.'], evidence: { deliveries } }
}
