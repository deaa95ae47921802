/** Exchange Online whose folders go through Graph, as a bench for the suite of destinations. */
import { exchangeImapDestination } from '../../src/destination/adapters/exchange-imap.ts'
import { imapEndpoint } from '../../src/imap/endpoint.ts'
import { CLOUDS } from '../../src/microsoft/clouds.ts'
import { tenantTokens } from '../../src/microsoft/exchange-token.ts'
import { graph } from '../../src/microsoft/graph.ts'
import { Secret } from '../../src/model/secret.ts'
import { TenantClient } from '../../src/tenant-simulator/tenant-client.fixture.ts'
import { startTenantSimulator } from '../../src/tenant-simulator/tenant-simulator.ts'
import { ctx, SIMULATED_EXCHANGE, type Bench, type BenchKind } from './bench.ts'

export const SIMULATED_TENANT: BenchKind = { ...SIMULATED_EXCHANGE, name: "the simulator's tenant, with Graph", open: tenant }

async function tenant(): Promise<Bench> {
  const simulator = await startTenantSimulator({ imapFolderClass: 'IPF.Imap', language: 'fr' })
  const client = new TenantClient(simulator)
  const address = await client.person('anna')
  const User = simulator.world.state.apps[0]?.servicePrincipalId ?? ''
  await client.cmdlet('Add-MailboxPermission', { Identity: address, User, AccessRights: ['FullAccess'] })
  simulator.advance(60_000)
  const { tenantId, clientId, clientSecret, url, imap } = simulator
  const identity = { kind: 'secret', tenant: tenantId, clientId, clientSecret: new Secret(clientSecret) } as const
  const tokens = tenantTokens(identity, { cloud: CLOUDS.global, authority: url, ctx })
  const access = { graph: graph({ cloud: CLOUDS.global, base: url, tokens: tokens.graph, ctx }) }
  const endpoint = imapEndpoint({ host: imap.host, port: imap.port, tls: 'none' })
  await using plain = await SIMULATED_EXCHANGE.open()
  return {
    port: imap.port,
    login: address,
    password: '',
    source: plain.source,
    destination: exchangeImapDestination(endpoint, address, tokens.imap, 36_000_000, access),
    refused: plain.refused,
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}
