import type { Context } from '../lib/context.ts'
import type { Graph } from '../microsoft/graph.ts'
import type { JsonObject } from '../microsoft/wire-json.ts'
import { objectIn, objectsIn, textIn } from '../microsoft/wire-json.ts'
import type { Directory, Sku, TenantDomain, TenantGroup, TenantUser } from './directory.ts'
import { MAILBOX_PLANS } from './people/plans.ts'

const PAGE = '999'
const USER =
  'id,userPrincipalName,displayName,givenName,surname,mail,proxyAddresses,usageLocation,accountEnabled,userType,' +
  'onPremisesSyncEnabled,onPremisesImmutableId,assignedLicenses,licenseAssignmentStates,assignedPlans'
const GROUP = 'id,displayName,mail,proxyAddresses,groupTypes,onPremisesSyncEnabled'

/** Reads the directory of the tenant: one request for each kind of object, and one more for each further thousand. Throws a `Failure`. */
export async function readDirectory(graph: Graph, ctx: Context): Promise<Directory> {
  const all = async (path: string, query: Readonly<Record<string, string>>): Promise<readonly JsonObject[]> =>
    Array.fromAsync(graph.rows(path, { query }))
  const [organizations, domains, users, deletedUsers, groups, skus] = await Promise.all([
    all('/organization', { $select: 'id,displayName,onPremisesSyncEnabled,onPremisesLastSyncDateTime' }),
    all('/domains', {}),
    all('/users', { $select: USER, $top: PAGE }),
    all('/directory/deletedItems/microsoft.graph.user', { $select: `${USER},deletedDateTime`, $top: PAGE }),
    all('/groups', { $select: GROUP, $top: PAGE }),
    all('/subscribedSkus', {}),
  ])
  ctx.log.debug('directory read', { users: users.length, groups: groups.length, domains: domains.length })
  const organization = objectIn(organizations[0])
  const known = domains.map(domainIn)
  return {
    tenantId: textIn(organization['id']),
    displayName: textIn(organization['displayName']),
    initialDomain: known.find(({ isInitial }) => isInitial)?.name ?? '',
    isSynced: organization['onPremisesSyncEnabled'] === true,
    lastSyncMs: momentIn(organization['onPremisesLastSyncDateTime']),
    domains: known,
    users: users.map(userIn),
    deletedUsers: deletedUsers.map(userIn),
    groups: groups.map(groupIn),
    skus: skus.map(skuIn),
  }
}

function domainIn(row: JsonObject): TenantDomain {
  return {
    name: textIn(row['id']).toLowerCase(),
    isVerified: row['isVerified'] === true,
    isDefault: row['isDefault'] === true,
    isInitial: row['isInitial'] === true,
    authenticationType: textIn(row['authenticationType']),
    supportedServices: textsIn(row['supportedServices']),
  }
}

export function userIn(row: JsonObject): TenantUser {
  const id = textIn(row['id'])
  const deletedMs = momentIn(row['deletedDateTime'])
  const upn = textIn(row['userPrincipalName']).toLowerCase()
  // A deleted user's name begins with its id, so that another user may have it.
  const mark = id.replaceAll('-', '').toLowerCase()
  const mail = textIn(row['mail']).toLowerCase()
  return {
    id,
    userPrincipalName: deletedMs !== null && mark !== '' && upn.startsWith(mark) ? upn.slice(mark.length) : upn,
    displayName: textIn(row['displayName']),
    givenName: orNull(row['givenName']),
    surname: orNull(row['surname']),
    mail: mail === '' ? null : mail,
    addresses: smtpIn(row),
    usageLocation: orNull(row['usageLocation']),
    isEnabled: row['accountEnabled'] !== false,
    isGuest: textIn(row['userType']).toLowerCase() === 'guest' || upn.includes('#ext#'),
    isSynced: row['onPremisesSyncEnabled'] === true,
    immutableId: orNull(row['onPremisesImmutableId']),
    licences: licencesIn(row),
    licenceErrors: objectsIn(row['licenseAssignmentStates'])
      .filter((state) => /error/i.test(textIn(state['state'])) && !['', 'None'].includes(textIn(state['error'])))
      .map((state) => ({ skuId: textIn(state['skuId']).toLowerCase(), error: textIn(state['error']) })),
    hasExchangePlan: objectsIn(row['assignedPlans']).some(
      (plan) =>
        textIn(plan['capabilityStatus']) === 'Enabled' &&
        MAILBOX_PLANS.some(({ id }) => id === textIn(plan['servicePlanId']).toLowerCase()),
    ),
    deletedMs,
  }
}

/**
 * A licence can come from several sides at once. What one of them switches on is on; and it is the user's own as soon as it was given
 * to the user, whatever groups give besides.
 */
function licencesIn(row: JsonObject): TenantUser['licences'] {
  const states = objectsIn(row['licenseAssignmentStates'])
  const bySku = new Map<string, { disabledPlans: readonly string[]; byGroup: boolean }>()
  for (const one of objectsIn(row['assignedLicenses'])) {
    const skuId = textIn(one['skuId']).toLowerCase()
    const disabled = textsIn(one['disabledPlans']).map((id) => id.toLowerCase())
    const own = states.filter((state) => textIn(state['skuId']).toLowerCase() === skuId && textIn(state['state']) !== 'Error')
    const byGroup = own.length > 0 && own.every((state) => textIn(state['assignedByGroup']) !== '')
    const known = bySku.get(skuId)
    bySku.set(skuId, { disabledPlans: known === undefined ? disabled : known.disabledPlans.filter((id) => disabled.includes(id)), byGroup })
  }
  return [...bySku].map(([skuId, licence]) => ({ skuId, ...licence }))
}

function groupIn(row: JsonObject): TenantGroup {
  return {
    id: textIn(row['id']),
    displayName: textIn(row['displayName']),
    addresses: smtpIn(row),
    isUnified: textsIn(row['groupTypes']).includes('Unified'),
    isSynced: row['onPremisesSyncEnabled'] === true,
  }
}

function skuIn(row: JsonObject): Sku {
  const units = objectIn(row['prepaidUnits'])
  const inForce = /^(?:enabled|warning)$/i.test(textIn(row['capabilityStatus'])) && textIn(row['appliesTo']).toLowerCase() !== 'company'
  const total = inForce ? countIn(units['enabled']) + countIn(units['warning']) : 0
  return {
    skuId: textIn(row['skuId']).toLowerCase(),
    part: textIn(row['skuPartNumber']),
    free: Math.max(0, total - countIn(row['consumedUnits'])),
    total,
    plans: objectsIn(row['servicePlans']).map((plan) => ({
      id: textIn(plan['servicePlanId']).toLowerCase(),
      name: textIn(plan['servicePlanName']),
    })),
  }
}

/** The primary one first. */
function smtpIn(row: JsonObject): readonly string[] {
  const kept = textsIn(row['proxyAddresses']).filter((address) => /^smtp:/i.test(address))
  const primary = kept.filter((address) => address.startsWith('SMTP:'))
  const bare = [...primary, ...kept].map((address) => address.slice('smtp:'.length).toLowerCase())
  return [...new Set([...bare, textIn(row['mail']).toLowerCase()])].filter((address) => address !== '')
}

function textsIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(textIn).filter((text) => text !== '') : []
}

function orNull(value: unknown): string | null {
  const text = textIn(value)
  return text === '' ? null : text
}

function countIn(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0
}

function momentIn(value: unknown): number | null {
  const ms = Date.parse(textIn(value))
  return Number.isNaN(ms) ? null : ms
}
