import { words } from './props.ts'
import type { TokenRequest } from '../simulator/tenant.ts'
import { isGraphAudience } from './bearer.ts'
import type { App } from './state.ts'
import { guidFrom, type TenantWorld } from './world.ts'

export type AppRole = { readonly id: string; readonly value: string }
export type Resource = { readonly id: string; readonly appId: string; readonly displayName: string; readonly roles: readonly AppRole[] }

const role = (value: string): AppRole => ({
  id: value === 'Exchange.ManageAsApp' ? 'dc50a0fb-09a3-484d-be87-e023b12c6440' : guidFrom(`app role ${value}`),
  value,
})

export const GRAPH_RESOURCE: Resource = {
  id: guidFrom('service principal of Graph'),
  appId: '00000003-0000-0000-c000-000000000000',
  displayName: 'Microsoft Graph',
  roles: [
    ...words('User.Read.All User.ReadWrite.All Directory.Read.All Directory.ReadWrite.All Organization.Read.All'),
    ...words('Organization.ReadWrite.All LicenseAssignment.Read.All LicenseAssignment.ReadWrite.All Domain.Read.All Domain.ReadWrite.All'),
    ...words('Group.Read.All Group.ReadWrite.All GroupMember.Read.All GroupMember.ReadWrite.All Mail.ReadBasic Mail.Read'),
    ...words('Mail.ReadWrite Mail.Send MailboxSettings.Read MailboxSettings.ReadWrite Reports.Read.All AuditLog.Read.All'),
    ...words('ExchangeMessageTrace.Read.All Application.Read.All Application.ReadWrite.OwnedBy Application.ReadWrite.All'),
    ...words('AppRoleAssignment.ReadWrite.All RoleManagement.Read.Directory RoleManagement.ReadWrite.Directory'),
    ...words('MailboxFolder.ReadWrite.All MailboxItem.ImportExport.All'),
  ].map(role),
}

export const EXCHANGE_RESOURCE: Resource = {
  id: guidFrom('service principal of Exchange'),
  appId: '00000002-0000-0ff1-ce00-000000000000',
  displayName: 'Office 365 Exchange Online',
  roles: ['IMAP.AccessAsApp', 'POP.AccessAsApp', 'SMTP.SendAsApp', 'Exchange.ManageAsApp', 'Exchange.ManageAsAppV2'].map(role),
}

export const RESOURCES: readonly Resource[] = [GRAPH_RESOURCE, EXCHANGE_RESOURCE]

export const DIRECTORY_ROLES = {
  exchangeAdministrator: '29232cdf-9323-42fd-ade2-1d097af3e4de',
  recipientAdministrator: '31392ffb-586c-42d1-9346-e59415a2cc4e',
  securityAdministrator: '194ae4cb-b126-40b2-bd5b-6091b380977d',
  globalReader: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
} as const

/** In every token, whatever its roles. */
const DEFAULT_ROLE = '0997a1d0-0d1d-4acb-b408-d5ca73121e90'

/** What a new token of an application says. A role granted a moment ago is not in it yet. */
export function claimsFor(world: TenantWorld, mainAppId: string, about: TokenRequest): Readonly<Record<string, unknown>> {
  if (about.upn !== undefined) return personClaims(world, mainAppId, about)
  const app = world.state.apps.find(({ appId }) => appId === (about.appId ?? mainAppId))
  if (app === undefined) return { roles: [] }
  const resource = about.audience !== undefined && isGraphAudience(about.audience) ? GRAPH_RESOURCE : EXCHANGE_RESOURCE
  const inForce = ({ sinceMs }: { readonly sinceMs: number }): boolean => world.now() >= sinceMs + world.timing.roleMs
  return {
    oid: app.servicePrincipalId ?? '',
    sub: app.servicePrincipalId ?? '',
    roles: app.appRoles.filter((one) => one.resourceId === resource.id && inForce(one)).map(({ value }) => value),
    wids: [...app.directoryRoles.filter(inForce).map(({ roleTemplateId }) => roleTemplateId), DEFAULT_ROLE],
  }
}

/** Whoever types a code is an administrator, who has consented to the same permissions for persons as the application has for itself. */
function personClaims(world: TenantWorld, mainAppId: string, about: TokenRequest): Readonly<Record<string, unknown>> {
  const graph = about.audience !== undefined && isGraphAudience(about.audience)
  const roles = world.state.apps.find(({ appId }) => appId === mainAppId)?.appRoles ?? []
  const consented = roles.filter(({ resourceId }) => resourceId === GRAPH_RESOURCE.id).map(({ value }) => value)
  return {
    scp: graph ? ['User.Read', ...consented].join(' ') : 'IMAP.AccessAsUser.All Exchange.Manage',
    wids: [DIRECTORY_ROLES.exchangeAdministrator, DEFAULT_ROLE],
  }
}

/** Grants an application permission as of long ago. */
export function grantRole(app: App, value: string, sinceMs = 0): void {
  for (const resource of RESOURCES) {
    const found = resource.roles.find((one) => one.value === value)
    if (found === undefined) continue
    const id = guidFrom(`${app.appId} ${found.id}`)
    app.appRoles.push({ id, resourceId: resource.id, appRoleId: found.id, value, sinceMs })
  }
}
