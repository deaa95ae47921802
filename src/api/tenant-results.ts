import type { ChangeProgress } from '../change/scene.ts'
import type { ChangeStatement } from '../change/statement.ts'
import type { Change, Finding } from '../model/change.ts'
import type { WholePlan } from '../tenant/plan.ts'
import type { Trouble } from './results.ts'

export type { ChangeProgress, ChangeStatement, Finding }

/** A change as people see it. */
export type ChangeView = {
  readonly key: string
  readonly kind: string
  readonly about: string
  readonly says: string
  readonly takes: 'seconds' | 'minutes' | 'hours'
  /** Why it cannot be taken back; null where it can. */
  readonly cannotUndo: string | null
  /** It comes by itself and is only waited for. */
  readonly waits: boolean
}

export type TenantPlanResult = {
  readonly tenantId: string
  readonly changes: readonly ChangeView[]
  /** Left out, as something blocks them. */
  readonly held: readonly ChangeView[]
  readonly findings: readonly Finding[]
  /** The same changes as a script for PowerShell, where it was asked for. */
  readonly powerShell: string | null
}

export type TenantApplyResult = {
  readonly approved: boolean
  /** null where nothing was to be done, or nothing was approved. */
  readonly statement: ChangeStatement | null
  /** The tenant compared again at the end: empty changes mean that all is as wanted. null where it did not come to that. */
  readonly plan: TenantPlanResult | null
  /** What ended it before its time. */
  readonly failure: Trouble | null
  /** Temporary passwords that wait to be handed out. */
  readonly passwordsWaiting: number
}

export type TenantUndoResult = {
  readonly approved: boolean
  readonly statement: ChangeStatement | null
  readonly cannot: readonly { readonly about: string; readonly says: string; readonly why: string }[]
  /** Mailboxes that stay, as there is mail in them. */
  readonly withMail: readonly { readonly address: string; readonly items: number }[]
  readonly failure: Trouble | null
}

export type TenantStatusResult = {
  readonly stateDir: string
  readonly runs: readonly { readonly id: number; readonly kind: string; readonly beganAt: string; readonly endedAt: string | null }[]
  readonly statement: ChangeStatement | null
  readonly changes: readonly {
    readonly about: string
    readonly kind: string
    readonly says: string
    readonly state: string
    readonly changedAt: string
  }[]
  readonly passwordsWaiting: number
}

export type TenantPasswordsResult = {
  /** null where there were none. */
  readonly file: string | null
  readonly handedOut: number
}

export function changeView({ key, kind, about, says, takes, undo, calls }: Change<unknown>): ChangeView {
  return { key, kind, about, says, takes, cannotUndo: 'cannot' in undo ? undo.cannot : null, waits: calls.length === 0 }
}

export function planResult(tenantId: string, plan: WholePlan, powerShell: string | null): TenantPlanResult {
  return { tenantId, changes: plan.changes.map(changeView), held: plan.held.map(changeView), findings: plan.findings, powerShell }
}
