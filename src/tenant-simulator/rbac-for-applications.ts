import { existing } from './exchange-objects.ts'
import { param, type GraphCall } from './graph-call.ts'
import { mailboxAt, mailboxOf, userOf } from './address-book.ts'
import { parseFilter } from './odata-filter.ts'
import { textOf, type Props } from './props.ts'
import type { TenantWorld } from './world.ts'

/** RBAC for Applications: a role of Exchange opens the mailboxes of its scope to the application, besides what the token says. */
export function mayByRoleAssignment(call: GraphCall, needs: readonly string[]): boolean {
  const user = userOf(call.world, param(call, 'id'))
  const mailbox = user === undefined ? mailboxAt(call.world, param(call, 'id')) : mailboxOf(call.world, user.id)
  if (mailbox === undefined) return false
  return assignmentsOf(call.world, call.claims.appid).some(
    (assignment) =>
      needs.some((need) => assignment['Role'] === `Application ${need}`) && inScope(call.world, assignment, mailbox.props) === 'True',
  )
}

/** The role assignments of an application that are in force. */
export function assignmentsOf(world: TenantWorld, appId: string): Props[] {
  const principal = existing(world, 'ServicePrincipal').find(({ props }) => props['AppId'] === appId)
  if (principal === undefined) return []
  return existing(world, 'ManagementRoleAssignment')
    .filter(({ props }) => props['App'] === principal.guid)
    .map(({ props }) => props)
}

/** Whether the recipient is in the scope of an assignment; one without a scope is for everybody. */
export function inScope(world: TenantWorld, assignment: Props, recipient: Props | null): 'True' | 'False' | 'Not Run' {
  if (recipient === null) return 'Not Run'
  const name = textOf(assignment['CustomResourceScope'])
  if (name === '') return 'True'
  const scope = existing(world, 'ManagementScope').find(({ props }) => props['Name'] === name)
  const filter = textOf(scope?.props['RecipientRestrictionFilter']).replace(/(^|[\s(])-(\w+)(?=\s)/g, '$1$2')
  return filter !== '' && parseFilter(filter)(recipient) ? 'True' : 'False'
}
