import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { notFromHere, refusesThisMachine } from './not-from-here.ts'
import { isPositive, isTemporary, replyText, type SmtpReply } from './smtp-reply.ts'
import { SmtpSession, type SmtpOptions } from './smtp-session.ts'
import type { SmtpTarget } from './smtp-wire.ts'
import { NO_TLS, type TlsState } from './tls-state.ts'

/** Whether the old host would take a message for this address at this moment. */
export type OldHostProbe = {
  readonly kind: 'old-host'
  readonly host: string
  readonly address: string
  readonly port: number
  readonly at: number
  readonly recipient: string
  /** `silent`: from here nothing is learnt about it, with the reason in `said`. */
  readonly answers: 'accepts' | 'defers' | 'refuses' | 'silent'
  readonly said: string
  readonly tls: TlsState
  readonly dialogue: readonly string[]
}

/**
 * Asks the old host by its address, not by MX, whether it still takes mail for an address of the domain; no message is sent. To be asked
 * again and again while mail may still come there: a panel that follows MX by itself turns it off within minutes. Throws nothing but a stop.
 */
export async function probeOldHost(
  target: SmtpTarget,
  recipient: string,
  ctx: Context,
  options: SmtpOptions & { readonly sender?: string } = {},
): Promise<OldHostProbe> {
  const about = { kind: 'old-host', host: target.host, port: target.port, at: ctx.clock.now(), recipient } as const
  let session: SmtpSession
  try {
    session = await SmtpSession.open(target, options, ctx)
  } catch (error) {
    const why = notFromHere(error)
    const said = why ?? (error instanceof Failure ? error.message : '')
    const answers = why !== null ? 'silent' : error instanceof Failure && (error.serverText ?? '').startsWith('4') ? 'defers' : 'refuses'
    return { ...about, address: '', answers, said, tls: NO_TLS, dialogue: [] }
  }
  const seen = { address: session.remoteAddress, tls: session.tls, dialogue: session.dialogue }
  try {
    const from = await session.mail(options.sender ?? '')
    const reply = isPositive(from) ? await session.recipient(recipient) : from
    return { ...about, ...seen, ...judged(target.host, reply) }
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'stopped') throw error
    return { ...about, ...seen, answers: 'silent', said: error.message }
  } finally {
    await session.end()
  }
}

function judged(host: string, reply: SmtpReply): Pick<OldHostProbe, 'answers' | 'said'> {
  const said = replyText(reply)
  if (isPositive(reply)) return { answers: 'accepts', said }
  const aboutUs = refusesThisMachine(host, reply, said)
  if (aboutUs !== null) return { answers: 'silent', said: aboutUs }
  return { answers: isTemporary(reply) ? 'defers' : 'refuses', said }
}
