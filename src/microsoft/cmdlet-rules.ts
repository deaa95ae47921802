import type { CmdletCall, CmdletValue } from './cmdlet.ts'

/** Run twice they do no more than once. What makes, adds, removes, sends or starts something is not among them. */
const REPEATABLE_VERB = /^(?:Get|Set|Enable|Disable|Update)-/i
/** The second time it is an error. */
const ONCE = new Set(['enable-organizationcustomization', 'enable-mailbox', 'disable-mailbox'])
/** They look into a mailbox, and are answered where it lives. */
const IN_MAILBOX = /^Get-MailboxStatistics$|^Get-MailboxFolderStatistics$|^[GS]et-MailboxRegionalConfiguration$|-MailboxFolderPermission$/i
const AUDIT = /^Search-UnifiedAuditLog$|-AdminAuditLogConfig$/i

const ORGANIZATION_MAILBOX = 'SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}'
const AUDIT_MAILBOX = 'SystemMailbox{8cc370d3-822a-4ab8-a926-bb94bd0641a9}'

/** Whether the call may be sent again when nobody knows if it was carried out. */
export function isRepeatableCall({ cmdlet, parameters }: CmdletCall): boolean {
  if (!REPEATABLE_VERB.test(cmdlet) || ONCE.has(cmdlet.toLowerCase())) return false
  // An entry that is added or removed twice is an error the second time.
  return !Object.values(parameters).some(isListChange)
}

function isListChange(value: CmdletValue): boolean {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'change'
}

/**
 * The mailbox whose server should answer (header X-AnchorMailbox). A wrong one costs a redirect, or an object is not found that is
 * there. `person`: who signed in; null: the application itself.
 */
export function anchorMailbox(call: CmdletCall, tenant: string, person: string | null): string {
  const identity = call.parameters['Identity']
  const address = typeof identity === 'string' ? (identity.split(':')[0] ?? '') : ''
  // A header takes printable ASCII only.
  if (IN_MAILBOX.test(call.cmdlet) && /^[!-~]+@[!-~]+$/.test(address)) return `UPN:${address}`
  if (person !== null) return `UPN:${person}`
  return `APP:${AUDIT.test(call.cmdlet) ? AUDIT_MAILBOX : ORGANIZATION_MAILBOX}@${tenant}`
}

/** What the service counts together when it throttles: message traces by themselves, a hundred in five minutes. */
export function cmdletLane(cmdlet: string): string {
  return /^Get-MessageTrace/i.test(cmdlet) ? 'message trace' : 'administration'
}
