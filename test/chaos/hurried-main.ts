/**
 * The real command line with less patience: silence counts as the end after a second, and its clock goes SPEED times as fast since
 * CHAOS_EPOCH, so that waiting after trouble costs less. Everything else is src/main.ts.
 */
import { operationsIn } from '../../src/api/operations-in.ts'
import type { EndpointUrl } from '../../src/api/endpoint-url.ts'
import type { World } from '../../src/api/world.ts'
import { realWorld } from '../../src/app.ts'
import { runCli } from '../../src/cli/run.ts'
import { exchangeImapDestination } from '../../src/destination/adapters/exchange-imap.ts'
import { imapDestination } from '../../src/destination/adapters/imap.ts'
import { imapEndpoint, type ImapEndpoint } from '../../src/imap/endpoint.ts'
import { systemClock, type Clock } from '../../src/lib/clock.ts'
import { CLOUDS } from '../../src/microsoft/clouds.ts'
import { exchangeTokens } from '../../src/microsoft/exchange-token.ts'
import { Secret } from '../../src/model/secret.ts'
import { simulatedEndpoints } from '../../src/simulated-world.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'

const SPEED = 4
const EPOCH = Number(process.env['CHAOS_EPOCH'] ?? Date.now())

const clock: Clock = {
  now: () => Math.round(EPOCH + (Date.now() - EPOCH) * SPEED),
  sleep: (ms, signal) => systemClock.sleep(ms / SPEED, signal),
}

function hurried(host: string, port: number): ImapEndpoint {
  return imapEndpoint({ host, port, tls: 'none', connectTimeoutMs: 2000, idleTimeoutMs: 1000 })
}

function addressOf(endpoint: EndpointUrl): ImapEndpoint {
  if (endpoint.kind !== 'imap') throw new Error('not IMAP')
  return hurried(endpoint.host, endpoint.port)
}

const byPassword = (user: string, password: Secret | null) =>
  ({ kind: 'password', user, password: password ?? new Secret(''), authzid: null }) as const

const world: World = {
  ...realWorld(),
  clock,
  sources: async (endpoint) => (login) => imapSource(addressOf(endpoint), byPassword(login.user, login.password)),
  async destinations(endpoint, _, ctx) {
    if (endpoint.kind === 'imap') return (login) => imapDestination(addressOf(endpoint), byPassword(login.user, login.password))
    const { host, port, identity } = await simulatedEndpoints(endpoint.simulator ?? '')
    const tokens = exchangeTokens(identity, { cloud: CLOUDS.global, authority: endpoint.simulator, ctx })
    return (login) => exchangeImapDestination(hurried(host, port), login.user, tokens, 150_000_000)
  },
}

process.exitCode = await runCli(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  stdin: () => Promise.resolve(Buffer.alloc(0)),
  ask: () => Promise.resolve(null),
  operations: operationsIn(world),
  clock,
  program: 'cutover',
  version: 'chaos',
  onSignal: () => () => {},
})
