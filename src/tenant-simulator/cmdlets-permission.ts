import { cmdletRefusal, objectMissing } from './answers.ts'
import { given, type CmdletCall, type CmdletTable } from './cmdlet.ts'
import { alreadyExists, cmdletsOf, named } from './cmdlet-family.ts'
import { addObject, existing, findObject, removeObject } from './exchange-objects.ts'
import { paceOf } from './faults-by-address.ts'
import { addressOf } from './graph-mailbox.ts'
import { listOf, sameText, textOf, type Props, without } from './props.ts'
import { inScope } from './rbac-for-applications.ts'
import type { ExchangeObject } from './state.ts'

const RIGHTS = ['FullAccess', 'ReadPermission', 'DeleteItem', 'ChangePermission', 'ChangeOwner', 'ExternalAccount']
const NEVER = 9e15
const KEYS = ['Identity!', 'User!', 'AccessRights!', 'InheritanceType', 'AutoMapping', 'Deny', 'Owner']

/** Who may do what to which mailbox: service principals, permissions, roles of applications. */
export const PERMISSION_CMDLETS: CmdletTable = {
  ...cmdletsOf({
    noun: 'ServicePrincipal',
    family: 'organization',
    verbs: ['Get', 'Remove'],
    parameters: ['DisplayName'],
    key: 'DisplayName',
  }),
  'New-ServicePrincipal': {
    family: 'organization',
    parameters: ['AppId!', 'ObjectId', 'ServiceId', 'DisplayName'],
    run: (call) => {
      const AppId = given(call, 'AppId')
      const ObjectId = given(call, 'ObjectId') || given(call, 'ServiceId')
      if (ObjectId === '')
        throw cmdletRefusal(
          400,
          'ParameterBindingException',
          'Cannot process command because of one or more missing mandatory parameters: ObjectId.',
        )
      const taken = existing(call.world, 'ServicePrincipal').some(({ props }) => sameText(textOf(props['AppId']), AppId))
      if (taken) throw alreadyExists(AppId)
      const DisplayName = given(call, 'DisplayName') || AppId
      const made = addObject(call.world, 'ServicePrincipal', {
        Identity: ObjectId,
        Id: ObjectId,
        AppId,
        ObjectId,
        DisplayName,
        Name: ObjectId,
        Sid: `S-1-5-21-${call.world.state.ids}`,
      })
      made.times['effectiveAt'] = call.world.now() + call.world.timing.grantMs
      return [made.props]
    },
  },
  'Add-MailboxPermission': { family: 'recipient', parameters: KEYS, enums: { AccessRights: RIGHTS }, run: addPermission },
  'Remove-MailboxPermission': { family: 'recipient', parameters: KEYS, enums: { AccessRights: RIGHTS }, run: removePermission },
  'Get-MailboxPermission': {
    family: 'recipient',
    parameters: ['Identity!', 'User', 'Owner', 'ResultSize'],
    run: (call) => {
      const mailbox = named(call, 'Mailbox')
      const user = given(call, 'User') === '' ? null : grantee(call, 'User').id
      const own = {
        Identity: mailbox.props['Identity'] ?? '',
        User: 'NT AUTHORITY\\SELF',
        AccessRights: ['FullAccess', 'ReadPermission'],
        IsInherited: false,
        Deny: false,
      }
      const rows = permissionsOf(call, mailbox).filter(({ props }) => user === null || props['UserId'] === user)
      return [...(user === null ? [own] : []), ...rows.map(({ props }) => shown(props))]
    },
  },
  'Add-RecipientPermission': {
    family: 'recipient',
    parameters: ['Identity!', 'Trustee!', 'AccessRights!'],
    enums: { AccessRights: ['SendAs'] },
    run: (call) => {
      const recipient = named(call, ['Mailbox', 'DistributionGroup'])
      const { id, name } = grantee(call, 'Trustee')
      const known = trusteesOf(call, recipient).some(({ props }) => props['TrusteeId'] === id)
      const row = {
        Identity: recipient.props['Identity'] ?? '',
        Trustee: name,
        AccessControlType: 'Allow',
        AccessRights: ['SendAs'],
        IsInherited: false,
      }
      if (known) call.warn('The appropriate access control entry is already present on the object.')
      else addObject(call.world, 'RecipientPermission', { ...row, Recipient: recipient.guid, TrusteeId: id })
      return [row]
    },
  },
  'Get-RecipientPermission': {
    family: 'recipient',
    parameters: ['Identity', 'Trustee', 'AccessRights', 'ResultSize'],
    run: (call) => {
      const recipient = given(call, 'Identity') === '' ? null : named(call, ['Mailbox', 'DistributionGroup'])
      const trustee = given(call, 'Trustee') === '' ? null : grantee(call, 'Trustee').id
      return existing(call.world, 'RecipientPermission')
        .filter(({ props }) => recipient === null || props['Recipient'] === recipient.guid)
        .filter(({ props }) => trustee === null || props['TrusteeId'] === trustee)
        .map(({ props }) => props)
    },
  },
  'Remove-RecipientPermission': {
    family: 'recipient',
    parameters: ['Identity!', 'Trustee!', 'AccessRights!'],
    run: (call) => {
      const recipient = named(call, ['Mailbox', 'DistributionGroup'])
      const { id } = grantee(call, 'Trustee')
      const held = trusteesOf(call, recipient).find(({ props }) => props['TrusteeId'] === id)
      if (held === undefined) call.warn('The access control entry is not present on the object.')
      else removeObject(call.world, held)
      return []
    },
  },
  ...cmdletsOf({
    noun: 'ManagementScope',
    family: 'organization',
    verbs: ['Get', 'New', 'Set', 'Remove'],
    parameters: ['Name!', 'RecipientRestrictionFilter!'],
    customised: true,
  }),
  ...cmdletsOf({
    noun: 'ManagementRoleAssignment',
    family: 'organization',
    verbs: ['Get', 'Remove'],
    parameters: ['Name'],
    filters: ['RoleAssignee', 'Role'],
  }),
  'New-ManagementRoleAssignment': {
    family: 'organization',
    parameters: ['App!', 'Role!', 'CustomResourceScope', 'RecipientAdministrativeUnitScope', 'RecipientGroupScope', 'Name'],
    run: (call) => {
      const principal = findObject(call.world, 'ServicePrincipal', given(call, 'App'))
      if (principal === undefined) throw objectMissing(given(call, 'App'))
      const scope = given(call, 'CustomResourceScope')
      if (scope !== '' && findObject(call.world, 'ManagementScope', scope) === undefined) throw objectMissing(scope)
      const name = given(call, 'Name') || `${given(call, 'Role')}-${textOf(principal.props['ObjectId'])}`
      if (findObject(call.world, 'ManagementRoleAssignment', name) !== undefined) throw alreadyExists(name)
      return [
        addObject(call.world, 'ManagementRoleAssignment', {
          Identity: name,
          Name: name,
          App: principal.guid,
          RoleAssigneeName: textOf(principal.props['DisplayName']),
          Role: given(call, 'Role'),
          CustomResourceScope: scope,
        }).props,
      ]
    },
  },
  'Test-ServicePrincipalAuthorization': {
    family: 'organization',
    parameters: ['Identity!', 'Resource'],
    run: (call) => {
      const principal = named(call, 'ServicePrincipal')
      const resource = given(call, 'Resource') === '' ? null : named(call, 'Mailbox', 'Resource')
      return existing(call.world, 'ManagementRoleAssignment')
        .filter(({ props }) => props['App'] === principal.guid)
        .map(({ props }) => ({
          RoleName: props['Role'] ?? '',
          GrantedPermissions: textOf(props['Role']).replace(/^Application /, ''),
          AllowedResourceScope: textOf(props['CustomResourceScope']) || 'Organization',
          ScopeType: textOf(props['CustomResourceScope']) === '' ? 'OrganizationConfig' : 'CustomRecipientScope',
          InScope: inScope(call.world, props, resource?.props ?? null),
        }))
    },
  },
}

/** A person, a group or a service principal that something is granted to. */
function grantee(call: CmdletCall, parameter: string): { readonly id: string; readonly name: string } {
  const name = given(call, parameter)
  const found = findObject(call.world, ['ServicePrincipal', 'Mailbox', 'DistributionGroup'], name)
  if (found === undefined)
    throw cmdletRefusal(
      404,
      'ManagementObjectNotFoundException',
      `Couldn't find object "${name}". Please make sure that it was spelled correctly or specify a different object.`,
    )
  return { id: found.guid, name: textOf(found.props['ObjectId']) || textOf(found.props['PrimarySmtpAddress']) || name }
}

function permissionsOf(call: CmdletCall, mailbox: ExchangeObject): ExchangeObject[] {
  return existing(call.world, 'MailboxPermission').filter(({ props }) => props['Mailbox'] === mailbox.guid)
}

function trusteesOf(call: CmdletCall, recipient: ExchangeObject): ExchangeObject[] {
  return existing(call.world, 'RecipientPermission').filter(({ props }) => props['Recipient'] === recipient.guid)
}

function shown(props: Props): Props {
  return without(props, 'Mailbox', 'UserId')
}

function addPermission(call: CmdletCall): Props[] {
  const { world } = call
  const mailbox = named(call, 'Mailbox')
  const { id, name } = grantee(call, 'User')
  const rights = listOf(call.parameters['AccessRights'])
  const Deny = call.parameters['Deny'] === true
  const held = permissionsOf(call, mailbox).find(({ props }) => props['UserId'] === id && props['Deny'] === Deny)
  if (held !== undefined && rights.every((right) => listOf(held.props['AccessRights']).includes(right))) {
    call.warn('The appropriate access control entry is already present on the object.')
    return [shown(held.props)]
  }
  const AccessRights = [...new Set([...listOf(held?.props['AccessRights']), ...rights])]
  const row = { Identity: mailbox.props['Identity'] ?? '', User: name, AccessRights, IsInherited: false, Deny, InheritanceType: 'All' }
  if (held !== undefined) removeObject(world, held)
  const made = addObject(world, 'MailboxPermission', { ...row, Mailbox: mailbox.guid, UserId: id })
  made.times['effectiveAt'] = Math.min(NEVER, world.now() + world.timing.grantMs * paceOf(addressOf(mailbox)).grants)
  return [shown(made.props)]
}

function removePermission(call: CmdletCall): Props[] {
  const mailbox = named(call, 'Mailbox')
  const { id, name } = grantee(call, 'User')
  const held = permissionsOf(call, mailbox).find(({ props }) => props['UserId'] === id)
  if (held === undefined) {
    call.warn(
      `Can't remove the access control entry on the object "${textOf(mailbox.props['Identity'])}" for the user account "${name}" because the ACE doesn't exist on the object.`,
    )
    return []
  }
  const left = listOf(held.props['AccessRights']).filter((right) => !listOf(call.parameters['AccessRights']).includes(right))
  if (left.length === 0) removeObject(call.world, held)
  else held.props = { ...held.props, AccessRights: left }
  return []
}
