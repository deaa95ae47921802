import type { CmdletResult, ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import { graphPath } from '../microsoft/graph-path.ts'
import { textIn } from '../microsoft/wire-json.ts'
import type { Finding } from '../model/change.ts'
import type { WantedTenant } from '../model/wanted-tenant.ts'
import { readDirectory } from './directory-read.ts'
import type { Actual, Clients } from './part.ts'
import { PARTS } from './parts.ts'
import { joined, type WholePlan } from './plan.ts'
import { readRecipients } from './recipients-read.ts'

/**
 * Reads the tenant and compares it with what is wanted. Changes nothing. `findings`: what was found before, in the definition.
 * Throws the `Failure` of whatever could not be read: half a reading would be a wrong plan.
 */
export async function planTenant(
  clients: Clients,
  clientId: string,
  wanted: WantedTenant,
  findings: readonly Finding[],
  onRead: OnRead = () => {},
): Promise<WholePlan> {
  const reading: Clients = { ...clients, admin: counted(clients.admin, onRead) }
  const [directory, recipients, app] = await Promise.all([
    readDirectory(clients.graph, clients.ctx),
    readRecipients(reading.admin, clients.ctx),
    readApp(clients, clientId),
  ])
  const actual: Actual = { directory, recipients, app }
  const plans = await Promise.all(PARTS.map((part) => part.plan(reading, wanted, actual)))
  return joined([{ changes: [], findings }, ...plans])
}

/** Questions to Exchange: how many are answered, of how many that were asked. A thousand mailboxes take minutes. */
export type OnRead = (answered: number, asked: number) => void

function counted(admin: ExchangeAdmin, onRead: OnRead): ExchangeAdmin {
  let [answered, asked] = [0, 0]
  const count = async (work: Promise<CmdletResult>): Promise<CmdletResult> => {
    onRead(answered, ++asked)
    try {
      return await work
    } finally {
      onRead(++answered, asked)
    }
  }
  return {
    invoke: (...call) => count(admin.invoke(...call)),
    run: (...call) => count(admin.run(...call)),
    pages: (...call) => admin.pages(...call),
  }
}

/** Exchange wants the id of the service principal; that of the application is another one (microsoft365.md §1.1). */
async function readApp({ graph }: Clients, appId: string): Promise<Actual['app']> {
  const found = await graph.object(graphPath`/servicePrincipals(appId='${appId}')`, { query: { $select: 'id,displayName' } })
  return { appId, servicePrincipalId: textIn(found['id']), displayName: textIn(found['displayName']) }
}
