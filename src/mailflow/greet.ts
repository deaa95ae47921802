import type { Context } from '../lib/context.ts'
import { Failure } from '../model/failure.ts'
import { notFromHere } from './not-from-here.ts'
import { SmtpSession, type SmtpOptions } from './smtp-session.ts'
import type { SmtpTarget } from './smtp-wire.ts'
import { NO_TLS, OPPORTUNISTIC, unmet, type TlsDemand, type TlsState } from './tls-state.ts'

/** How a mail host greets: evidence that it is there and speaks SMTP. */
export type Greeted = {
  readonly kind: 'greeting'
  readonly host: string
  /** Where the connection went; '' where none came about. */
  readonly address: string
  readonly port: number
  readonly at: number
  /** `not-run`: from here nobody on that port is reached, which says nothing about the host. */
  readonly status: 'ok' | 'failed' | 'not-run'
  readonly says: string
  readonly greeting: string
  readonly extensions: readonly string[]
  readonly tls: TlsState
  readonly dialogue: readonly string[]
}

/** Connects to a mail host, says EHLO and encrypts; asks nothing of it. Throws nothing but a stop. */
export async function greet(
  target: SmtpTarget,
  ctx: Context,
  options: SmtpOptions & { readonly demand?: TlsDemand } = {},
): Promise<Greeted> {
  const { host, port } = target
  const about = { kind: 'greeting', host, port, at: ctx.clock.now() } as const
  try {
    const session = await SmtpSession.open(target, options, ctx)
    await session.end()
    const short = unmet(options.demand ?? OPPORTUNISTIC, host, session.tls)
    return {
      ...about,
      address: session.remoteAddress,
      status: short === null ? 'ok' : 'failed',
      says: short ?? `${host} answers, ${session.tls.used ? `with encryption (${session.tls.protocol ?? ''})` : 'without encryption'}`,
      greeting: session.greeting,
      extensions: [...session.extensions.keys()],
      tls: session.tls,
      dialogue: session.dialogue,
    }
  } catch (error) {
    const why = notFromHere(error)
    const says = why ?? (error instanceof Failure ? error.message : '')
    return {
      ...about,
      address: '',
      status: why === null ? 'failed' : 'not-run',
      says,
      greeting: '',
      extensions: [],
      tls: NO_TLS,
      dialogue: [],
    }
  }
}
