import type { Tenant, TokenClaims } from '../simulator/tenant.ts'
import { cmdletRefusal, Refused, type Answer } from './answers.ts'
import { DIRECTORY_ROLES } from './app-roles.ts'
import { allows, exchangeCaller } from './bearer.ts'
import { bindParameters, type Cmdlet } from './cmdlet.ts'
import { CMDLETS } from './cmdlets.ts'
import { around, meetFault } from './fault-book.ts'
import { pick, propsOf, rowsOf, textOf, type Json, type Props } from './props.ts'
import { bodyOf, type ServiceRequest } from './request.ts'
import type { Throttle } from './throttle.ts'
import type { TenantWorld } from './world.ts'

export type Admin = { readonly world: TenantWorld; readonly tenant: Tenant; readonly throttle: Throttle }

/** Answers under `/adminapi/`. */
export function answerAdmin(admin: Admin, request: ServiceRequest): Answer {
  try {
    const match = /^\/adminapi\/(beta|v1\.0|v2\.0)\/([^/]+)\/(.+)$/.exec(decodeURIComponent(request.url.pathname))
    const [, version = '', tenant = '', what = ''] = match ?? []
    const claims = exchangeCaller(admin.tenant, request)
    if (match === null) return { status: 404, body: { error: { code: 'NotFound', message: 'Resource not found' } } }
    if (!admin.tenant.knows(tenant))
      return { status: 401, body: { error: { code: 'Unauthorized', message: 'The tenant of the token is another one.' } } }
    if (version === 'v2.0') return documented(admin, request, claims, what)
    if (what === '$batch') return batch(admin, request)
    requireAdministrator(claims)
    if (what === 'EXOModuleFile') return moduleFile(claims)
    if (what === 'InvokeCommand') return invoke(admin, request, claims, bodyOf(request))
    return entity(admin, request, claims, what)
  } catch (error) {
    if (error instanceof Refused) return error.answer
    throw error
  }
}

function requireAdministrator(claims: TokenClaims): void {
  if (!allows(claims, ['Exchange.ManageAsApp', 'Exchange.Manage']))
    throw new Refused({ status: 403, body: { error: { code: 'Forbidden', message: '' } } })
  const wids = claims.wids ?? []
  if (Object.values(DIRECTORY_ROLES).some((role) => wids.includes(role))) return
  const message =
    `The role assigned to application ${claims.appid} isn't supported in this scenario. Please check online documentation for ` +
    'assigning correct Directory Roles to Azure AD Application for EXO App-Only Authentication.'
  throw new Refused({ status: 403, body: { error: { code: 'Forbidden', message } } })
}

/** Whether the directory roles of the caller show it this cmdlet. */
function isGranted({ wids = [] }: TokenClaims, name: string, { family }: Cmdlet): boolean {
  if (wids.includes(DIRECTORY_ROLES.exchangeAdministrator)) return true
  if (wids.includes(DIRECTORY_ROLES.recipientAdministrator) && family === 'recipient') return true
  if (wids.includes(DIRECTORY_ROLES.securityAdministrator) && family === 'protection') return true
  return wids.includes(DIRECTORY_ROLES.globalReader) && name.startsWith('Get-')
}

function cmdletNamed(claims: TokenClaims, name: string): readonly [string, Cmdlet] {
  const found = Object.entries(CMDLETS).find(([known]) => known.toLowerCase() === name.toLowerCase())
  if (found === undefined || !isGranted(claims, found[0], found[1]))
    throw cmdletRefusal(400, 'CommandNotFoundException', `The cmdlet '${name}' isn't present in the role definition of the current user.`)
  return found
}

function invoke(admin: Admin, request: ServiceRequest, claims: TokenClaims, body: Props): Answer {
  const input = propsOf(body['CmdletInput'])
  const name = textOf(input['CmdletName'])
  const header = request.headers['x-cmdletname']
  if (name === '' || (header !== undefined && header.toLowerCase() !== name.toLowerCase()))
    return {
      status: 400,
      body: { error: { code: 'BadRequest', message: 'CmdletInput.CmdletName is missing or differs from X-CmdletName.' } },
    }
  const { world, throttle } = admin
  const tight = name.toLowerCase().startsWith('get-messagetrace')
  const wait =
    throttle.hit('cmdlets', world.options.limits.cmdletsPer5Seconds, 5_000, world.now()) ??
    (tight ? throttle.hit('traces', world.options.limits.messageTracesPer5Minutes, 300_000, world.now()) : null)
  if (wait !== null) return tooMany(wait)
  const [real, cmdlet] = cmdletNamed(claims, name)
  return around(meetFault(world, 'admin', request, real), () => {
    const warnings: string[] = []
    const parameters = bindParameters(real, cmdlet, propsOf(input['Parameters']))
    if (cmdlet.customised === true && world.state.organization['IsDehydrated'] === true)
      throw cmdletRefusal(
        400,
        'InvalidOperationInDehydratedContextException',
        "The command you tried to run isn't currently allowed in your organization. To run this command, you first need to run the command: Enable-OrganizationCustomization.",
      )
    const rows = cmdlet.run({ world, name: real, parameters, claims, warn: (text) => warnings.push(text) })
    return page(admin, request, real, limitRows(real, parameters, rows, warnings), warnings)
  })
}

function tooMany(seconds: number): Answer {
  return {
    status: 429,
    body: { error: { code: 'TooManyRequests', message: 'Too many requests' } },
    headers: { 'retry-after': `${seconds}` },
  }
}

function limitRows(name: string, parameters: Props, rows: readonly Props[], warnings: string[]): readonly Props[] {
  const asked = textOf(parameters['ResultSize'])
  if (!name.startsWith('Get-') || asked.toLowerCase() === 'unlimited') return rows
  const limit = asked === '' ? 1000 : Number(asked)
  if (rows.length > limit)
    warnings.push(
      'There are more results available than are currently displayed. To view them, increase the value for the ResultSize parameter.',
    )
  return rows.slice(0, limit)
}

/** One page of rows; the link to the next one is asked for with the same body again. */
function page(admin: Admin, request: ServiceRequest, name: string, rows: readonly Props[], warnings: readonly string[]): Answer {
  const { url, headers } = request
  const size = Number(/odata\.maxpagesize=(\d+)/.exec(headers['prefer'] ?? '')?.[1] ?? 1000)
  const offset = Number(Buffer.from(url.searchParams.get('$skiptoken') ?? '', 'base64url').toString()) || 0
  const select = url.searchParams.get('$select') ?? ''
  const next = new URL(url)
  next.searchParams.set('$skiptoken', Buffer.from(`${offset + size}`).toString('base64url'))
  const base = `${url.origin}/adminapi/beta/${admin.tenant.options.tenantId}`
  const shown = rows.slice(offset, offset + size).map((row) => noisy(select === '' ? row : pick(row, select.split(','))))
  const body: Record<string, Json> = { '@odata.context': `${base}/$metadata#Collection(Exchange.GenericHashTable)` }
  if (warnings.length > 0) {
    body['adminapi.warnings@odata.type'] = '#Collection(String)'
    body['@adminapi.warnings'] = [...warnings]
  }
  if (offset + size < rows.length) body['@odata.nextLink'] = next.href
  body['value'] = shown
  return { status: 200, body, headers: { 'x-cmdletname': name } }
}

/** The type notes that the service strews in. */
function noisy(row: Props): Props {
  const out: Props = { '@odata.type': '#Exchange.GenericHashTable' }
  for (const [key, value] of Object.entries(row)) {
    if (typeof value === 'string' && /\([\d,]+ bytes\)$|^Unlimited$/.test(value)) {
      out[`${key}@data.type`] = 'Microsoft.Exchange.Data.Unlimited`1[[Microsoft.Exchange.Data.ByteQuantifiedSize]]'
    } else if (typeof value === 'string' && /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/.test(value)) out[`${key}@odata.type`] = '#Guid'
    else if (Array.isArray(value)) out[`${key}@odata.type`] = '#Collection(String)'
    out[key] = value
  }
  return out
}

function batch(admin: Admin, request: ServiceRequest): Answer {
  const members = rowsOf(bodyOf(request)['requests'])
  if (members.length === 0 || members.length > 10)
    return { status: 400, body: { error: { code: 'BadRequest', message: 'A batch holds one to ten requests.' } } }
  const responses = members.map((member) => {
    const headers = Object.entries(propsOf(member['headers'])).map(([name, value]) => [name.toLowerCase(), textOf(value)] as const)
    const url = textOf(member['url'])
    const path = url.includes('/adminapi/')
      ? url.slice(url.indexOf('/adminapi/'))
      : `${request.url.pathname.replace(/\$batch$|%24batch$/, '')}${url.replace(/^\//, '')}`
    const answer = answerAdmin(admin, {
      method: textOf(member['method']),
      url: new URL(path, request.url.origin),
      headers: {
        ...request.headers,
        ...Object.fromEntries(headers),
        'x-cmdletname': textOf(propsOf(propsOf(member['body'])['CmdletInput'])['CmdletName']),
      },
      bytes: Buffer.from(JSON.stringify(member['body'] ?? {})),
    })
    return { id: textOf(member['id']), status: answer.status, headers: { ...answer.headers }, body: answer.body ?? null }
  })
  return { status: 200, body: { responses } }
}

function moduleFile(claims: TokenClaims): Answer {
  const names = Object.entries(CMDLETS).filter(([name, cmdlet]) => isGranted(claims, name, cmdlet))
  return { status: 200, body: { value: [{ exportedCmdlets: names.map(([name]) => name).join(',') }] } }
}

const ENTITIES: Readonly<Record<string, string>> = {
  mailbox: 'Get-Mailbox',
  casmailbox: 'Get-CASMailbox',
  recipient: 'Get-Recipient',
  'exchange.getmailboxstatistics': 'Get-MailboxStatistics',
  'exchange.getmailboxfolderstatistics': 'Get-MailboxFolderStatistics',
  'exchange.getmailboxpermission': 'Get-MailboxPermission',
}

/** `Mailbox('anna@…')/Exchange.GetMailboxStatistics()`: the same reads under the names of entities. */
function entity(admin: Admin, request: ServiceRequest, claims: TokenClaims, what: string): Answer {
  const match = /^(\w+)(?:\('([^']+)'\))?(?:\/([\w.]+)\([^)]*\))?$/.exec(what)
  const name = ENTITIES[(match?.[3] ?? match?.[1] ?? '').toLowerCase()]
  if (name === undefined) return { status: 404, body: { error: { code: 'NotFound', message: 'Resource not found' } } }
  const identity = match?.[2]
  const parameters = identity === undefined ? { ResultSize: 'Unlimited' } : { Identity: identity }
  return invoke(admin, { ...request, headers: { ...request.headers, 'x-cmdletname': name } }, claims, {
    CmdletInput: { CmdletName: name, Parameters: parameters },
  })
}

/** The six endpoints that are documented, and what each of them runs. */
const DOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  OrganizationConfig: ['Get-OrganizationConfig'],
  AcceptedDomain: ['Get-AcceptedDomain'],
  Mailbox: ['Get-Mailbox', 'Set-Mailbox'],
  MailboxFolderPermission: [
    'Get-MailboxFolderPermission',
    'Add-MailboxFolderPermission',
    'Set-MailboxFolderPermission',
    'Remove-MailboxFolderPermission',
  ],
  DistributionGroupMember: ['Get-DistributionGroupMember'],
  DynamicDistributionGroupMember: ['Get-DynamicDistributionGroupMember'],
}

function documented(admin: Admin, request: ServiceRequest, claims: TokenClaims, what: string): Answer {
  if (!allows(claims, ['Exchange.ManageAsAppV2', 'Exchange.ManageV2']))
    return { status: 403, body: { error: { code: 'Forbidden', message: '' } } }
  const allowed = DOCUMENTED[what]
  if (allowed === undefined) return { status: 404, body: { error: { code: 'NotFound', message: 'Resource not found' } } }
  const name = textOf(propsOf(bodyOf(request)['CmdletInput'])['CmdletName'])
  if (!allowed.includes(name))
    return { status: 400, body: { error: { code: 'BadRequest', message: `The cmdlet '${name}' isn't supported by this endpoint.` } } }
  return invoke(admin, request, claims, bodyOf(request))
}
