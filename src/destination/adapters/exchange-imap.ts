import { connectImap } from '../../imap/connect.ts'
import type { ImapEndpoint } from '../../imap/endpoint.ts'
import { lookAtInbox } from '../../imap/look.ts'
import { Failure } from '../../model/failure.ts'
import type { TokenSource } from '../../microsoft/exchange-token.ts'
import { EXCHANGE_DOUBTS } from '../../microsoft/imap-doubts.ts'
import { imapDestinationSession } from '../imap-session.ts'
import { exchangeLimits } from '../limits.ts'
import type { Destination } from '../port.ts'

/**
 * One Exchange Online mailbox over IMAP with an app-only or delegated token.
 * A rejected token is renewed once before the failure is believed; tokens are renewed before they run out.
 */
export function exchangeImapDestination(
  endpoint: ImapEndpoint,
  address: string,
  tokens: TokenSource,
  maxMessageBytes: number,
): Destination {
  const careful: ImapEndpoint = { ...endpoint, without: new Set([...endpoint.without, ...EXCHANGE_DOUBTS]) }
  const limits = exchangeLimits(maxMessageBytes)
  const login = { kind: 'token', user: address, token: () => tokens.token(), renew: () => tokens.renew() } as const
  return {
    name: 'exchange-imap',
    async connect(ctx) {
      return await atDestination(async () => imapDestinationSession(await connectImap(careful, login, ctx), limits, 1, ''))
    },
    look: (ctx) => atDestination(async () => lookAtInbox(await connectImap(careful, login, ctx))),
  }
}

async function atDestination<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof Failure ? error.at('destination') : error
  }
}
