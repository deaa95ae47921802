/** Servers that cannot be installed here, as the simulator plays them, for the suite of the source port. */
import { imapDestination } from '../../src/destination/adapters/imap.ts'
import { imapEndpoint } from '../../src/imap/endpoint.ts'
import { Secret } from '../../src/model/secret.ts'
import { domino, hasNoDate } from '../../src/simulator/domino.ts'
import { exchangeOnprem } from '../../src/simulator/exchange-onprem.ts'
import { startImapServer } from '../../src/simulator/imap-server.ts'
import { heldContent, MailStore, type Message } from '../../src/simulator/mail-store.ts'
import type { Personality } from '../../src/simulator/personality.ts'
import { yahoo } from '../../src/simulator/yahoo.ts'
import { zimbra } from '../../src/simulator/zimbra.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import type { Bench, BenchKind } from './bench.ts'
import { LETTERS } from './letters.ts'

const ARRIVED = new Date('2026-03-05T06:08:09Z')

/** A message of the store with these bytes, as the suite leaves it there. */
function message(bytes: Buffer): Message {
  const content = heldContent(bytes)
  return { uid: 1, internalDate: ARRIVED, content, flags: [], modseq: 1, gone: false, flaggedOnlyByAppend: false }
}

function kindOf(name: string, personality: Personality, more: Partial<BenchKind> = {}): BenchKind {
  return {
    name: `the simulator's ${name}`,
    skip: false,
    keepsRecent: true,
    keeps: (bytes) => bytes,
    open: () => played(personality),
    ...more,
  }
}

export const SIMULATED_SOURCES: readonly BenchKind[] = [
  kindOf('Exchange on premises', exchangeOnprem, {
    keeps: (bytes) => exchangeOnprem.render(message(bytes)),
    // Nothing is taken away: but sizes are estimates.
    own: (bytes) => bytes,
  }),
  kindOf('Yahoo', yahoo),
  kindOf('Zimbra', zimbra),
  kindOf('Domino', domino, {
    keeps: withoutDomain,
    own: withoutDomain,
    undated: (uid) => hasNoDate(message([...LETTERS.values()][uid - 1] ?? Buffer.alloc(0))),
  }),
]

function withoutDomain(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/^(Message-ID: <[^@>]*)@[^>]*>/m, '$1>'), 'latin1')
}

async function played(personality: Personality): Promise<Bench> {
  const login = 'anna@example.test'
  const password = 'secret'
  const store = new MailStore({ separator: personality.separator, nameKey: (name) => personality.nameKey(name) })
  for (const name of [personality.oddities?.inboxName ?? 'INBOX', 'Sent']) store.createFolder(name)
  const server = await startImapServer(personality, { users: [{ login, password, store }] })
  const endpoint = imapEndpoint({ host: server.host, port: server.port, tls: 'none' })
  const byPassword = { kind: 'password', user: login, password: new Secret(password), authzid: null } as const
  return {
    port: server.port,
    login,
    password,
    source: imapSource(endpoint, byPassword),
    destination: imapDestination(endpoint, byPassword),
    refused: null,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
