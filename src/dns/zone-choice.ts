import { Failure } from '../model/failure.ts'
import type { ZoneRef } from './provider.ts'
import { canonicalName } from './record-set.ts'

/**
 * The zone that holds `name`: the longest that it ends in; of several with that name the one whose name servers are those that
 * the domain is delegated to. Throws `zone-refused` where there is none, and `bad-input` where it cannot be told which.
 */
export function zoneFor(name: string, zones: readonly ZoneRef[], delegatedTo: readonly string[]): ZoneRef {
  const wanted = canonicalName(name)
  const holding = zones.filter((zone) => wanted === zone.name || wanted.endsWith(`.${zone.name}`))
  const longest = Math.max(0, ...holding.map((zone) => zone.name.length))
  const found = holding.filter((zone) => zone.name.length === longest)
  const [only] = found
  if (only === undefined)
    throw new Failure('zone-refused', `This account has no zone that holds ${wanted}, or hides it from this key.`, { notDone: true })
  if (found.length === 1) return only
  const parent = new Set(delegatedTo.map(canonicalName))
  const served = found.filter(
    ({ nameServers = [] }) => nameServers.length > 0 && nameServers.every((one) => parent.has(canonicalName(one))),
  )
  const [one] = served
  if (one !== undefined && served.length === 1) return one
  const each = found.map(({ id, nameServers = [] }) => `${id} (${nameServers.join(', ') || 'name servers unknown'})`)
  throw new Failure(
    'bad-input',
    `There are ${found.length} zones called ${only.name}, and none is certainly the one that is asked: ${each.join('; ')}.`,
  )
}
