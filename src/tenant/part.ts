import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import type { Graph } from '../microsoft/graph.ts'
import type { Context } from '../lib/context.ts'
import type { WantedTenant } from '../model/wanted-tenant.ts'
import type { TenantPlan } from './call.ts'
import type { Directory } from './directory.ts'
import type { Recipients } from './recipients.ts'

export type Clients = { readonly graph: Graph; readonly admin: ExchangeAdmin; readonly ctx: Context }

/** What every part may look at: read once, before any of them. */
export type Actual = {
  readonly directory: Directory
  readonly recipients: Recipients
  /** The application that we are, as Entra knows it. */
  readonly app: { readonly appId: string; readonly servicePrincipalId: string; readonly displayName: string }
}

/**
 * One part of the tenant: what it must read besides, and what must change. `compare` is pure; what it plans holds once it is carried
 * out, so that the next plan is empty. Parts name each other's changes only through `key.ts`.
 */
export type Part<Own> = {
  readonly name: string
  read(clients: Clients, wanted: WantedTenant, actual: Actual): Promise<Own>
  compare(wanted: WantedTenant, actual: Actual, own: Own): TenantPlan
}
