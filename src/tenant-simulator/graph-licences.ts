import { badRequest, type Answer } from './answers.ts'
import { body, listAnswer, type GraphCall, type Route } from './graph-call.ts'
import { showUser, SHOWN, userAt } from './graph-users.ts'
import { MAILBOX_PLANS, NEEDS_MAILBOX_PLAN, PLANS, planOf } from './plans.ts'
import { listOf, pick, rowsOf, textOf, type Props } from './props.ts'
import { plansOf, reconsider } from './provisioning.ts'
import type { Licence, LicenceError, Sku, User } from './state.ts'
import type { Events, TenantWorld } from './world.ts'

export const LICENCE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '/subscribedSkus',
    needs: ['Organization.Read.All', 'Directory.Read.All', 'Directory.ReadWrite.All', 'LicenseAssignment.Read.All'],
    run: (call) => {
      if (call.request.url.searchParams.has('$filter')) throw badRequest('Filter is not supported for this resource.')
      return listAnswer(
        call,
        call.world.state.skus.map((sku) => showSku(call, sku)),
        { what: 'subscribedSkus', defaultTop: 999, maxTop: 999 },
      )
    },
  },
  {
    method: 'POST',
    path: '/users/:id/assignLicense',
    needs: ['LicenseAssignment.ReadWrite.All', 'User.ReadWrite.All', 'Directory.ReadWrite.All'],
    run: assignLicense,
  },
]

function showSku(call: GraphCall, sku: Sku): Props {
  const plan = planOf(sku.skuId)
  return {
    id: `${call.tenantId}_${sku.skuId}`,
    accountId: call.tenantId,
    accountName: 'example',
    appliesTo: 'User',
    capabilityStatus: sku.capabilityStatus,
    skuId: sku.skuId,
    skuPartNumber: plan?.part ?? sku.skuId,
    consumedUnits: consumed(call.world, sku),
    prepaidUnits: { enabled: sku.enabled, suspended: 0, warning: 0, lockedOut: 0 },
    subscriptionIds: [`9a9a9a9a-0000-4000-8000-${sku.skuId.slice(-12)}`],
    servicePlans: (plan?.servicePlans ?? []).map(({ id, name }) => ({
      servicePlanId: id,
      servicePlanName: name,
      provisioningStatus: 'Success',
      appliesTo: 'User',
    })),
  }
}

function consumed(world: TenantWorld, { skuId, otherUnits }: Sku): number {
  const own = world.state.users.filter((user) => user.deletedAtMs === null && user.licences.some((one) => one.skuId === skuId))
  return otherUnits + own.length
}

function assignLicense(call: GraphCall): Answer {
  const { world } = call
  const user = userAt(call)
  const asked = body(call)
  if (!Array.isArray(asked['addLicenses']) || !Array.isArray(asked['removeLicenses']))
    throw badRequest("Bad request. Parameters 'addLicenses' and 'removeLicenses' are required.")
  const add = rowsOf(asked['addLicenses']).map((one) => ({
    skuId: textOf(one['skuId']).toLowerCase(),
    disabledPlans: listOf(one['disabledPlans']),
  }))
  const remove = listOf(asked['removeLicenses']).map((one) => one.toLowerCase())
  for (const skuId of remove) {
    const held = user.licences.filter((one) => one.skuId === skuId)
    if (held.length === 0) throw badRequest('User does not have a corresponding license.')
    if (held.every(({ byGroup }) => byGroup !== null))
      throw badRequest('User license is inherited from a group membership and it cannot be removed directly from the user.')
  }
  const usable = world.now() >= user.usageLocationAtMs + world.timing.usageLocationMs
  if (add.length > 0 && (textOf(user.props['usageLocation']) === '' || !usable))
    throw badRequest('License assignment cannot be done for user with invalid usage location.')
  const after = user.licences.filter(({ skuId, byGroup }) => byGroup !== null || !remove.includes(skuId))
  for (const one of add) {
    const problem = seatProblem(world, user, one.skuId)
    if (problem !== null) throw badRequest(problem.message)
    put(after, { ...one, byGroup: null, sinceMs: world.now() })
  }
  const conflict = planProblem(after)
  if (conflict !== null) throw badRequest(conflict.message)
  user.licences = after
  user.licenceErrors = user.licenceErrors.filter(({ skuId }) => after.some((one) => one.skuId === skuId))
  reconsider(world, user)
  return { status: 200, body: pick(showUser(world, user), [...SHOWN, 'assignedLicenses', 'licenseAssignmentStates']) }
}

/** The same SKU again keeps its day and takes the new list of disabled plans. */
function put(licences: Licence[], licence: Licence): void {
  const at = licences.findIndex(({ skuId, byGroup }) => skuId === licence.skuId && byGroup === licence.byGroup)
  const known = licences[at]
  if (known === undefined) licences.push(licence)
  else licences[at] = { ...licence, sinceMs: known.sinceMs }
}

type Problem = { readonly error: string; readonly message: string }

function seatProblem(world: TenantWorld, user: User, skuId: string): Problem | null {
  const sku = world.state.skus.find((one) => one.skuId === skuId)
  if (sku === undefined) return { error: 'Other', message: `License ${skuId} does not correspond to a valid company License.` }
  if (user.licences.some((one) => one.skuId === skuId)) return null
  const full = consumed(world, sku) >= sku.enabled || !['Enabled', 'Warning'].includes(sku.capabilityStatus)
  return full ? { error: 'CountViolation', message: `Subscription with SKU ${skuId} does not have any available licenses.` } : null
}

/** Plans that exclude each other, or lack another one. */
function planProblem(licences: readonly Licence[]): Problem | null {
  const plans = licences.flatMap(plansOf)
  const mailbox = [...new Set(plans.filter(({ id }) => MAILBOX_PLANS.has(id)).map(({ id }) => id))]
  if (mailbox.length > 1) {
    const message = `License assignment failed because service plans ${mailbox.join(', ')} are mutually exclusive.`
    return { error: 'MutuallyExclusiveViolation', message }
  }
  const lonely = plans.find(({ id }) => NEEDS_MAILBOX_PLAN.has(id) && mailbox.length === 0)
  if (lonely === undefined) return null
  const needed = PLANS.find(({ part }) => part === 'EXCHANGESTANDARD')?.servicePlans[0]?.id ?? ''
  const message = `License assignment failed because service plan ${lonely.id} depends on the service plan(s) ${needed}`
  return { error: 'DependencyViolation', message }
}

/** Licences by group: worked out some time after the group or its members changed; problems show in the members only. */
export function applyGroupLicences(world: TenantWorld, groupId: string): void {
  const group = world.state.groups.find(({ id, deletedAtMs }) => id === groupId && deletedAtMs === null)
  const wanted = group?.licences ?? []
  for (const user of world.state.users) {
    if (user.deletedAtMs !== null) continue
    const member = group?.members.includes(user.id) === true
    const kept = user.licences.filter(({ byGroup, skuId }) => byGroup !== groupId || (member && wanted.some((one) => one.skuId === skuId)))
    const errors: LicenceError[] = user.licenceErrors.filter(({ byGroup }) => byGroup !== groupId)
    for (const { skuId, disabledPlans } of member ? wanted : []) {
      const licence = { skuId, disabledPlans, byGroup: groupId, sinceMs: world.now() }
      const problem =
        textOf(user.props['usageLocation']) === ''
          ? { error: 'ProhibitedInUsageLocationViolation', message: '' }
          : (seatProblem(world, user, skuId) ?? planProblem([...kept, licence]))
      if (problem === null) put(kept, licence)
      else errors.push({ skuId, error: problem.error, byGroup: groupId })
    }
    const changed = JSON.stringify(kept) !== JSON.stringify(user.licences)
    user.licences = kept
    user.licenceErrors = errors
    if (changed) reconsider(world, user)
  }
}

export const LICENCE_EVENTS: Events = { 'group-licence': (world, { id }) => applyGroupLicences(world, id) }
