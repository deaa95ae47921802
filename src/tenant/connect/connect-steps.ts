import { asPowerShell, quoted } from '../../microsoft/as-powershell.ts'
import type { CloudName } from '../../microsoft/clouds.ts'
import type { CmdletCall } from '../../microsoft/cmdlet.ts'
import { EXCHANGE_ADMINISTRATOR } from './app-permissions.ts'
import { SERVICE_IDS } from './connect-app.ts'
import type { StepFor } from './connect-check.ts'

/** Who we are, for the lines of a step; null where nobody could tell, and a placeholder stands there. */
export type StepNames = {
  readonly appName: string | null
  readonly appId: string
  /** Object id of the enterprise application. */
  readonly principalId: string | null
  readonly cloud: CloudName
}

/** One thing to do: by hand in a portal, or by lines to paste. */
export type Step = {
  readonly says: string
  /** Path through a portal, level by level; [] where there is none. */
  readonly portal: readonly string[]
  /** Lines to paste, for Exchange Online PowerShell or Microsoft Graph PowerShell. */
  readonly lines: readonly { readonly kind: 'exchange' | 'graph'; readonly text: string }[]
}

/** What Connect-MgGraph calls the clouds; null: its default. */
const GRAPH_ENVIRONMENTS: Readonly<Record<CloudName, string | null>> = {
  global: null,
  'gcc-high': 'USGov',
  dod: 'USGovDoD',
  china: 'China',
}
const PRINCIPAL = '<object id of the enterprise application>'
const SERVICES = { graph: 'Microsoft Graph', exchange: 'Office 365 Exchange Online' } as const

/** The steps in the order in which they are done; those of one kind are one step. */
export function stepsFor(wanted: readonly StepFor[], names: StepNames): readonly Step[] {
  const of = <K extends StepFor['kind']>(kind: K): readonly Extract<StepFor, { kind: K }>[] =>
    wanted.filter((step): step is Extract<StepFor, { kind: K }> => step.kind === kind)
  const texts = [...new Set(of('text').map(({ says }) => says))]
  return [
    ...texts.map((says) => ({ says, portal: [], lines: [] })),
    ...of('secret')
      .slice(0, 1)
      .map(() => credential(names, 'a new client secret, and use its value, not its id', 'Client secrets')),
    ...of('certificate')
      .slice(0, 1)
      .map(() => credential(names, 'the certificate that belongs to the key', 'Certificates')),
    ...(['graph', 'exchange'] as const).flatMap((api) => {
      const permissions = of('permission').filter((step) => step.api === api)
      return permissions.length === 0 ? [] : [permissionStep(api, permissions, names)]
    }),
    ...of('role')
      .slice(0, 1)
      .map(() => role(names)),
    ...of('principal')
      .slice(0, 1)
      .map(({ wrong }) => principal(wrong, names)),
    ...perMailbox(of('licence'), licence),
    ...perMailbox(of('imap-on'), (mailboxes) => imapOn(mailboxes)),
    ...perMailbox(of('full-access'), (mailboxes) => fullAccess(mailboxes, names)),
  ]
}

/** The call that makes the application known to Exchange. */
export function newServicePrincipal(appId: string, objectId: string, displayName: string): CmdletCall {
  return { cmdlet: 'New-ServicePrincipal', parameters: { AppId: appId, ObjectId: objectId, DisplayName: displayName } }
}

function perMailbox(steps: readonly { readonly mailbox: string }[], make: (mailboxes: readonly string[]) => Step): readonly Step[] {
  return steps.length === 0 ? [] : [make(steps.map(({ mailbox }) => mailbox))]
}

function nameOf({ appName }: StepNames): string {
  return appName ?? 'the application'
}

/** The first step of all; it is not known to be missing before somebody signs in. */
export function register(names: Pick<StepNames, 'cloud'>): Step {
  return {
    says: 'Register an application in the tenant; --client-id is its application (client) id.',
    portal: [entra(names), 'Applications', 'App registrations', 'New registration', 'Accounts in this organizational directory only'],
    lines: graphLines([
      connect(names, ['Application.ReadWrite.All']),
      "$new = New-MgApplication -DisplayName 'cutover' -SignInAudience 'AzureADMyOrg'",
      'New-MgServicePrincipal -AppId $new.AppId',
    ]),
  }
}

function credential(names: StepNames, what: string, tab: string): Step {
  return {
    says: `Give ${nameOf(names)} ${what}.`,
    portal: [entra(names), 'Applications', 'App registrations', nameOf(names), 'Certificates & secrets', tab],
    lines: [],
  }
}

function permissionStep(
  api: 'graph' | 'exchange',
  permissions: readonly Extract<StepFor, { kind: 'permission' }>[],
  names: StepNames,
): Step {
  const listed = (isOptional: boolean): string =>
    permissions
      .filter((one) => one.isOptional === isOptional)
      .map(({ name }) => name)
      .join(', ')
  const [needed, optional] = [listed(false), listed(true)]
  const which = needed === '' ? `${optional} (optional)` : `${needed}${optional === '' ? '' : `; optional: ${optional}`}`
  const where = api === 'graph' ? ['Microsoft Graph'] : ['APIs my organization uses', SERVICES.exchange]
  const portal = [entra(names), 'Applications', 'App registrations', nameOf(names), 'API permissions', 'Add a permission', ...where]
  return {
    says: `Give ${nameOf(names)} these permissions of ${SERVICES[api]}: ${which}. Then press "Grant admin consent".`,
    portal: [...portal, 'Application permissions'],
    lines: graphLines([
      connect(names, ['Application.Read.All', 'AppRoleAssignment.ReadWrite.All']),
      ownPrincipal(names),
      `$api = Get-MgServicePrincipal -Filter ${quoted(`appId eq '${SERVICE_IDS[api]}'`)}`,
      `$wanted = ${permissions.map(({ name }) => quoted(name)).join(', ')}`,
      '$roles = $api.AppRoles | Where-Object { $wanted -contains $_.Value }',
      '$who = @{ ServicePrincipalId = $app.Id; PrincipalId = $app.Id; ResourceId = $api.Id }',
      'foreach ($role in $roles) { New-MgServicePrincipalAppRoleAssignment @who -AppRoleId $role.Id }',
    ]),
  }
}

function entra({ cloud }: Pick<StepNames, 'cloud'>): string {
  return cloud === 'global' ? 'entra.microsoft.com' : 'the Entra admin centre of this cloud'
}

function connect({ cloud }: Pick<StepNames, 'cloud'>, scopes: readonly string[]): string {
  const environment = GRAPH_ENVIRONMENTS[cloud]
  return `Connect-MgGraph${environment === null ? '' : ` -Environment ${environment}`} -Scopes ${scopes.map(quoted).join(', ')}`
}

function ownPrincipal({ appId }: StepNames): string {
  return `$app = Get-MgServicePrincipal -Filter ${quoted(`appId eq '${appId}'`)}`
}

function graphLines(texts: readonly string[]): Step['lines'] {
  return texts.map((text) => ({ kind: 'graph', text }))
}

function role(names: StepNames): Step {
  return {
    says: `Give ${nameOf(names)} the role ${EXCHANGE_ADMINISTRATOR.name}.`,
    portal: [entra(names), 'Roles & admins', EXCHANGE_ADMINISTRATOR.name, 'Add assignments', nameOf(names)],
    lines: graphLines([
      connect(names, ['Application.Read.All', 'RoleManagement.ReadWrite.Directory']),
      ownPrincipal(names),
      `$role = ${quoted(EXCHANGE_ADMINISTRATOR.templateId)}`,
      "New-MgRoleManagementDirectoryRoleAssignment -PrincipalId $app.Id -RoleDefinitionId $role -DirectoryScopeId '/'",
    ]),
  }
}

function principal(wrong: string | null, names: StepNames): Step {
  const { appId, principalId } = names
  const remove = { cmdlet: 'Remove-ServicePrincipal', parameters: { Identity: wrong ?? '' } }
  const make = newServicePrincipal(appId, principalId ?? PRINCIPAL, names.appName ?? 'cutover')
  const says =
    wrong === null
      ? 'Make the application known to Exchange, by the object id of the enterprise application (not of the registration).'
      : 'Remove the service principal in Exchange that has the wrong object id, and make it again; mailbox permissions of the old one do not count.'
  return {
    says: wrong === null && principalId !== null ? `${says} \`cutover tenant connect --apply\` does it.` : says,
    portal: [],
    lines: [...(wrong === null ? [] : [remove]), make].map((call) => ({ kind: 'exchange', text: asPowerShell(call) })),
  }
}

function fullAccess(mailboxes: readonly string[], { principalId }: StepNames): Step {
  const lines = mailboxes.map((mailbox) => {
    const parameters = { Identity: mailbox, User: principalId ?? PRINCIPAL, AccessRights: ['FullAccess'], AutoMapping: false }
    return { kind: 'exchange' as const, text: asPowerShell({ cmdlet: 'Add-MailboxPermission', parameters }) }
  })
  return { says: 'Give the application Full Access to the mailboxes that move. `cutover tenant apply` does it.', portal: [], lines }
}

function imapOn(mailboxes: readonly string[]): Step {
  const lines = mailboxes.map((mailbox) => {
    const parameters = { Identity: mailbox, ImapEnabled: true }
    return { kind: 'exchange' as const, text: asPowerShell({ cmdlet: 'Set-CASMailbox', parameters }) }
  })
  return {
    says: 'Switch IMAP on for these mailboxes; that can take an hour to work. `cutover tenant apply` does it where the definition says so.',
    portal: ['admin.exchange.microsoft.com', 'Recipients', 'Mailboxes', 'the mailbox', 'Manage email apps settings', 'IMAP'],
    lines,
  }
}

function licence(mailboxes: readonly string[]): Step {
  const who = mailboxes.length > 3 ? `${mailboxes.slice(0, 3).join(', ')} and ${mailboxes.length - 3} more` : mailboxes.join(', ')
  return {
    says: `Give a licence with Exchange Online, or make a shared mailbox: ${who}. \`cutover tenant plan\` plans it.`,
    portal: ['admin.microsoft.com', 'Users', 'Active users', 'the user', 'Licenses and apps'],
    lines: [],
  }
}
