import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import type { Secret } from '../model/secret.ts'
import { notFromHere, refusesThisMachine } from './not-from-here.ts'
import { isPositive, isTemporary, replyText, type SmtpReply } from './smtp-reply.ts'
import { SmtpSession, type SmtpOptions } from './smtp-session.ts'
import type { SmtpTarget } from './smtp-wire.ts'
import { NO_TLS, OPPORTUNISTIC, unmet, type TlsDemand, type TlsState } from './tls-state.ts'

/** What a mail host made of one message to one recipient. */
export type Delivery = {
  readonly kind: 'delivery'
  readonly host: string
  readonly address: string
  readonly port: number
  readonly sender: string
  readonly recipient: string
  readonly messageId: string
  readonly began: number
  readonly at: number
  /** `accepted`: the host is answerable for it now. `not-run`: nothing was learnt about the host. */
  readonly status: 'accepted' | 'refused' | 'temporary' | 'failed' | 'not-run'
  /** At which word a refusal came. */
  readonly step: 'connect' | 'sender' | 'recipient' | 'message'
  readonly says: string
  readonly tls: TlsState
  readonly tries: number
  readonly dialogue: readonly string[]
}

export type Letter = {
  readonly sender: string
  readonly recipient: string
  readonly messageId: string
  readonly bytes: Buffer
}

export type DeliverOptions = SmtpOptions & {
  readonly demand?: TlsDemand
  /** Signs in first: submission at the host of the sender. `clear`: also without encryption, as on this machine. */
  readonly login?: { readonly user: string; readonly password: Secret; readonly clear?: boolean }
  /** How long "come back later" is waited out. Default 15 minutes. */
  readonly windowMs?: number
  readonly retryMs?: number
}

const WINDOW_MS = 15 * 60_000
const RETRY_MS = 60_000

type Outcome = Pick<Delivery, 'status' | 'step' | 'says' | 'tls' | 'address' | 'dialogue'>

/**
 * Hands one message to a mail host. A host that says "later" is asked again until the window is over: greylisting is no fault. Throws
 * nothing but a stop.
 */
export async function deliver(target: SmtpTarget, letter: Letter, ctx: Context, options: DeliverOptions = {}): Promise<Delivery> {
  const { clock, signal } = ctx
  const began = clock.now()
  const until = began + (options.windowMs ?? WINDOW_MS)
  const retryMs = options.retryMs ?? RETRY_MS
  const { sender, recipient, messageId } = letter
  for (let tries = 1; ; tries++) {
    const outcome = await attempt(target, letter, ctx, options)
    if (outcome.status !== 'temporary' || clock.now() + retryMs > until)
      return {
        kind: 'delivery',
        host: target.host,
        port: target.port,
        sender,
        recipient,
        messageId,
        began,
        at: clock.now(),
        tries,
        ...outcome,
      }
    await clock.sleep(retryMs, signal)
  }
}

async function attempt(target: SmtpTarget, letter: Letter, ctx: Context, options: DeliverOptions): Promise<Outcome> {
  let session: SmtpSession
  try {
    session = await SmtpSession.open(target, options, ctx)
  } catch (error) {
    const why = notFromHere(error)
    const says = why ?? (error instanceof Failure ? error.message : '')
    const busy = why === null && error instanceof Failure && (error.serverText ?? '').startsWith('4')
    const status = why !== null ? 'not-run' : busy ? 'temporary' : 'failed'
    return { status, step: 'connect', says, tls: NO_TLS, address: '', dialogue: [] }
  }
  const seen = { tls: session.tls, address: session.remoteAddress, dialogue: session.dialogue }
  try {
    const short = unmet(options.demand ?? OPPORTUNISTIC, target.host, session.tls)
    if (short !== null) return { ...seen, status: 'failed', step: 'connect', says: short }
    if (options.login !== undefined) await session.login(options.login.user, options.login.password, options.login.clear)
    let reply = await session.mail(letter.sender, letter.bytes.length)
    if (!isPositive(reply)) return { ...seen, ...judged(target.host, 'sender', reply) }
    reply = await session.recipient(letter.recipient)
    if (!isPositive(reply)) return { ...seen, ...judged(target.host, 'recipient', reply) }
    reply = await session.data(letter.bytes)
    if (!isPositive(reply)) return { ...seen, ...judged(target.host, 'message', reply) }
    return { ...seen, status: 'accepted', step: 'message', says: replyText(reply) }
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'stopped') throw error
    return { ...seen, status: 'failed', step: 'connect', says: error.message }
  } finally {
    await session.end()
  }
}

function judged(host: string, step: Delivery['step'], reply: SmtpReply): Pick<Delivery, 'status' | 'step' | 'says'> {
  const says = replyText(reply)
  const aboutUs = refusesThisMachine(host, reply, says)
  if (aboutUs !== null) return { status: 'not-run', step, says: aboutUs }
  return { status: isTemporary(reply) ? 'temporary' : 'refused', step, says }
}
