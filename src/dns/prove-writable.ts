import type { Context } from '../lib/context.ts'
import { carryOut } from './carry-out.ts'
import { heldTtl, type DnsProvider, type ZoneRef, type Zones } from './provider.ts'
import type { RecordSet } from './record-set.ts'

/** A name that nobody asks for. */
const NAME = '_cutover-check'
const TEXT = 'cutover looks whether it may change this zone; may be deleted'

/**
 * Proves that the key may change this zone, by a TXT at a name of its own that is made and taken away again. What an earlier proof left
 * is taken away too. `by-hand`: a person changes this zone, and nothing is done. Throws a `Failure` where the key may not.
 */
export async function proveWritable(
  provider: Pick<DnsProvider, 'can' | 'title'>,
  zones: Zones,
  zone: ZoneRef,
  ctx: Context,
): Promise<'writable' | 'by-hand'> {
  if (!provider.can.automatic) return 'by-hand'
  const at = { name: `${NAME}.${zone.name}`, type: 'TXT' } as const
  const wanted: RecordSet = { ...at, ttlSeconds: heldTtl(provider.can, 60), data: [TEXT] }
  const left = (await zones.read(zone, [at])).sets.find(({ name, type }) => name === at.name && type === at.type) ?? null
  if (left !== null) await carryOut(provider, zones, zone, [{ ...at, before: left, after: null }], ctx)
  await carryOut(provider, zones, zone, [{ ...at, before: null, after: wanted }], ctx)
  await carryOut(provider, zones, zone, [{ ...at, before: wanted, after: null }], ctx)
  return 'writable'
}
