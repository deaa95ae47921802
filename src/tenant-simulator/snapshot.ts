import { planOf } from './plans.ts'
import { textOf, type Json, type Props } from './props.ts'
import type { TenantWorld } from './world.ts'

/** Differ from one run to the next, whatever was done. */
const VOLATILE =
  /^(?:Guid|ExchangeGuid|ArchiveGuid|ExternalDirectoryObjectId|When\w+|Sid|Mailbox|UserId|Recipient|TrusteeId|Received|LastChecked|KeyCreationTime|MessageTraceId)$/

/**
 * What the tenant is like, without ids and moments, in a fixed order: two of them are equal when the same things are there with the same
 * settings. What was deleted and can still be restored is left out, and so is mail.
 */
export function snapshot(world: TenantWorld): Props {
  const { users, groups, domains, objects, organization } = world.state
  const upnOf = (id: string): string => textOf(users.find((user) => user.id === id)?.props['userPrincipalName']) || id
  const sorted = (rows: readonly Json[]): Json[] => rows.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
  const plain = (props: Props): Props =>
    Object.fromEntries(
      Object.entries(props)
        .filter(([key]) => !VOLATILE.test(key))
        .map(([key, value]) => [
          key,
          key === 'Members' && Array.isArray(value) ? sorted(value.map((id: Json) => upnOf(textOf(id)))) : value,
        ])
        .toSorted(([a], [b]) => textOf(a).localeCompare(textOf(b))),
    )
  const standing = objects.filter(({ removedAtMs }) => removedAtMs === null)
  const kinds = [...new Set(standing.map(({ kind }) => kind))]
    .filter((kind) => kind !== 'MessageTrace' && kind !== 'QuarantineMessage')
    .toSorted()
  return {
    organization,
    domains: sorted(domains.map(({ props }) => plain(props))),
    users: sorted(
      users
        .filter(({ deletedAtMs }) => deletedAtMs === null)
        .map(({ props, licences }) => ({
          ...plain({ ...props, lastPasswordChangeDateTime: null }),
          licences: sorted(
            licences.map(({ skuId, disabledPlans, byGroup }) => ({ sku: planOf(skuId)?.part ?? skuId, disabledPlans, byGroup })),
          ),
        })),
    ),
    groups: sorted(
      groups
        .filter(({ deletedAtMs }) => deletedAtMs === null)
        .map(({ props, members, licences }) => ({
          ...plain({ ...props, createdDateTime: null }),
          members: members.map(upnOf).toSorted(),
          licences: licences.map(({ skuId }) => skuId),
        })),
    ),
    objects: Object.fromEntries(
      kinds.map((kind) => [kind, sorted(standing.filter((one) => one.kind === kind).map(({ props }) => plain(props)))]),
    ),
  }
}
