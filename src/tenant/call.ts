import type { Change, Json, Plan } from '../model/change.ts'

/**
 * What the tenant takes, as data: a request to Microsoft Graph (path below the version, made with `graphPath`) or a cmdlet of
 * Exchange Online. A parameter may be `{ kind: 'change', add, remove }` or `{ kind: 'table', entries }` (see `CmdletValue`).
 */
export type TenantCall = GraphCall | CmdletCallData
export type GraphCall = {
  readonly graph: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: Json
}
export type CmdletCallData = { readonly cmdlet: string; readonly parameters: Readonly<Record<string, Json>> }

export type TenantChange = Change<TenantCall>
export type TenantPlan = Plan<TenantCall>
