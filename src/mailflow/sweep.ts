import { randomBytes } from 'node:crypto'
import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { notFromHere, refusesThisMachine } from './not-from-here.ts'
import { isPositive, isTemporary, replyText } from './smtp-reply.ts'
import { SmtpSession, type SmtpOptions } from './smtp-session.ts'
import type { SmtpTarget } from './smtp-wire.ts'
import { NO_TLS, type TlsState } from './tls-state.ts'

/**
 * `accepted`: the host takes mail for it, and would not take it for just anybody. `unknown`: nothing can be said from here: the host takes
 * every address, or was not reached, or said nothing. `temporary`: asked to come back, for as long as we waited.
 */
export type RecipientAnswer = {
  readonly address: string
  readonly verdict: 'accepted' | 'refused' | 'temporary' | 'unknown'
  /** The host's words, or why there are none. */
  readonly text: string
  readonly at: number
}

/** What a mail host answered for each address: the evidence that nobody's mail will bounce once MX names it. */
export type Sweep = {
  readonly kind: 'recipient-sweep'
  readonly host: string
  readonly address: string
  readonly port: number
  readonly at: number
  readonly until: number
  readonly tls: TlsState
  readonly greeting: string
  /**
   * `by-recipient`: unknown ones are refused, so that each answer counts. `takes-all`: a made-up address was accepted too: an internal
   * relay or a catch-all; who is there must be asked of the tenant. `not-run`: nobody was reached from here.
   */
  readonly mode: 'by-recipient' | 'takes-all' | 'not-run'
  readonly says: string
  readonly answers: readonly RecipientAnswer[]
  readonly connections: number
}

export type SweepOptions = SmtpOptions & {
  /** Who seems to ask; '' (the default) is the sender of reports. Never an address of the domain that is swept: those are guarded. */
  readonly sender?: string
  /** How long "come back later" is waited out. Default 15 minutes. */
  readonly windowMs?: number
  readonly pauseMs?: number
  readonly random?: () => string
  readonly onProgress?: (done: number, of: number) => void
}

const CONNECTIONS = 2
const PER_CONNECTION = 20
const WINDOW_MS = 15 * 60_000
const PAUSE_MS = 1000
const RETRY_MS = 60_000
/** In a row, without one answer: then it is the host, not the connection. */
const LOST_CONNECTIONS = 4

/**
 * Asks a mail host which of these addresses it takes mail for, by RCPT and never with a message: two connections at a time, twenty
 * addresses on each, pauses between them. A made-up address of each domain is asked as well, as its acceptance makes all others worthless.
 * Greylisting is waited out. Throws nothing but a stop: what cannot be asked from here is `unknown`, with the reason.
 */
export async function sweepRecipients(
  target: SmtpTarget,
  addresses: readonly string[],
  ctx: Context,
  options: SweepOptions = {},
): Promise<Sweep> {
  const wanted = [...new Set(addresses.map((address) => address.trim().toLowerCase()))]
  const random = options.random ?? (() => `cutover-${randomBytes(8).toString('hex')}`)
  const madeUp = [...new Set(wanted.map((one) => one.slice(one.lastIndexOf('@') + 1)))].map((domain) => `${random()}@${domain}`)
  const round = new SweepRound(target, [...madeUp, ...wanted], ctx, options)
  await round.run()
  const taken = madeUp.filter((one) => round.answers.get(one)?.verdict === 'accepted').map((one) => one.slice(one.lastIndexOf('@') + 1))
  const answers = wanted.map((address): RecipientAnswer => {
    const answer = round.answers.get(address)
    if (answer === undefined) return { address, verdict: 'unknown', text: round.why ?? 'No answer came.', at: ctx.clock.now() }
    if (answer.verdict === 'accepted' && taken.includes(address.slice(address.lastIndexOf('@') + 1)))
      return { ...answer, verdict: 'unknown', text: `${answer.text} (but a made-up address was accepted as well)` }
    return answer
  })
  const mode = round.why !== null && round.answers.size === 0 ? 'not-run' : taken.length > 0 ? 'takes-all' : 'by-recipient'
  return {
    kind: 'recipient-sweep',
    host: target.host,
    port: target.port,
    ...round.seen,
    at: round.beganAt,
    until: ctx.clock.now(),
    mode,
    says: sayingOf(mode, target.host, answers, taken, round.why),
    answers,
    connections: round.connections,
  }
}

function sayingOf(
  mode: Sweep['mode'],
  host: string,
  answers: readonly RecipientAnswer[],
  taken: readonly string[],
  why: string | null,
): string {
  if (mode === 'not-run') return `Not run from here: ${why ?? ''}`
  if (mode === 'takes-all')
    return `${host} takes every address of ${taken.join(', ')}, made-up ones too (internal relay or a catch-all): ask the tenant who is there.`
  const of = (verdict: RecipientAnswer['verdict']): number => answers.filter((one) => one.verdict === verdict).length
  const rest = [`${of('refused')} refused`, `${of('temporary')} put off`, `${of('unknown')} without an answer`].filter(
    (text) => !text.startsWith('0 '),
  )
  return `${host} takes mail for ${of('accepted')} of ${answers.length}${rest.length === 0 ? '' : `; ${rest.join(', ')}`}`
}

/** One sweep while it runs. */
class SweepRound {
  readonly answers = new Map<string, RecipientAnswer>()
  readonly beganAt: number
  seen: Pick<Sweep, 'address' | 'tls' | 'greeting'> = { address: '', tls: NO_TLS, greeting: '' }
  /** Why nothing more is asked. */
  why: string | null = null
  connections = 0
  #pending: string[]
  #lost = 0
  /** Answers of all kinds, repeated ones too. */
  #asked = 0
  readonly #of: number
  readonly #target: SmtpTarget
  readonly #ctx: Context
  readonly #options: SweepOptions

  constructor(target: SmtpTarget, addresses: readonly string[], ctx: Context, options: SweepOptions) {
    this.#target = target
    this.#pending = [...addresses]
    this.#of = addresses.length
    this.#ctx = ctx
    this.#options = options
    this.beganAt = ctx.clock.now()
  }

  async run(): Promise<void> {
    const { clock, signal } = this.#ctx
    const until = this.beganAt + (this.#options.windowMs ?? WINDOW_MS)
    for (;;) {
      // The first connection alone: where it finds nobody, a second one finds nobody either.
      if (this.connections === 0) await this.#connection()
      await Promise.all(Array.from({ length: CONNECTIONS }, () => this.#lane()))
      const later = [...this.answers.values()].filter(({ verdict }) => verdict === 'temporary').map(({ address }) => address)
      if (later.length === 0 || this.why !== null || clock.now() + RETRY_MS > until) return
      await clock.sleep(RETRY_MS, signal)
      this.#pending = later
    }
  }

  async #lane(): Promise<void> {
    while (this.#pending.length > 0 && this.why === null) {
      if (this.connections > 0) await this.#ctx.clock.sleep(this.#options.pauseMs ?? PAUSE_MS, this.#ctx.signal)
      if (this.#pending.length > 0 && this.why === null) await this.#connection()
    }
  }

  async #connection(): Promise<void> {
    const mine = this.#pending.splice(0, PER_CONNECTION)
    const before = this.#asked
    this.connections += 1
    try {
      const session = await SmtpSession.open(this.#target, this.#options, this.#ctx)
      try {
        this.seen = { address: session.remoteAddress, tls: session.tls, greeting: session.greeting }
        await this.#ask(session, mine)
        await session.end()
      } finally {
        session.destroy()
      }
      this.#madeProgress(before, 'The host ends each connection without an answer.')
    } catch (error) {
      this.why = notFromHereOnce(error, this.answers.size)
      if (this.why !== null) return
      this.#madeProgress(before, error instanceof Failure ? error.message : 'The connection broke again and again.')
    } finally {
      // Whatever was not asked on this connection is asked on the next one.
      this.#pending.push(...mine)
    }
  }

  #madeProgress(before: number, why: string): void {
    this.#lost = this.#asked > before ? 0 : this.#lost + 1
    if (this.#lost >= LOST_CONNECTIONS) this.why ??= why
  }

  /** Takes what was answered out of `mine`. */
  async #ask(session: SmtpSession, mine: string[]): Promise<void> {
    const sender = await session.mail(this.#options.sender ?? '')
    if (!isPositive(sender)) {
      const text = replyText(sender)
      this.why = refusesThisMachine(this.#target.host, sender, text)
      if (this.why === null && isTemporary(sender)) for (const address of mine.splice(0)) this.#answer(address, 'temporary', text)
      else this.why ??= `${this.#target.host} does not take the sender: ${text}`
      return
    }
    while (mine.length > 0) {
      const [address = ''] = mine
      const reply = await session.recipient(address)
      const text = replyText(reply)
      // What one connection takes is used up: the rest goes on the next one (RFC 5321 §4.5.3.1.10).
      if (reply.code === 421 || reply.enhanced === '4.5.3' || (reply.code === 452 && reply.enhanced === null)) return
      this.why = refusesThisMachine(this.#target.host, reply, text)
      if (this.why !== null) return
      mine.shift()
      this.#answer(address, isPositive(reply) ? 'accepted' : isTemporary(reply) ? 'temporary' : 'refused', text)
    }
    await session.command('RSET')
  }

  #answer(address: string, verdict: RecipientAnswer['verdict'], text: string): void {
    this.#asked += 1
    this.answers.set(address, { address, verdict, text, at: this.#ctx.clock.now() })
    this.#options.onProgress?.(Math.min(this.answers.size, this.#of), this.#of)
  }
}

/** Once it has answered, a host that is silent has had enough of us; that is not the network. */
function notFromHereOnce(error: unknown, answered: number): string | null {
  const why = notFromHere(error)
  return answered > 0 ? null : why
}
