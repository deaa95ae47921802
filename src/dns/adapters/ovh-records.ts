import { z } from 'zod'
import type { HttpCall } from '../http.ts'
import { fromPresentation, relativeName, toPresentation, utf8Bytes, utf8Text } from '../presentation.ts'
import type { Opaque, ZoneRef, ZoneView } from '../provider.ts'
import { canonicalName, canonicalSet, type RecordSet, type RecordType } from '../record-set.ts'
import type { Swap } from '../update-message.ts'

/** One record as OVH keeps it; `ttl` 0: that of the zone. */
export const OVH_RECORD = z.object({
  id: z.number(),
  fieldType: z.string(),
  subDomain: z.string().nullish(),
  target: z.string(),
  ttl: z.number().nullish(),
})
export type OvhRecord = z.infer<typeof OVH_RECORD>

export const OVH_TYPES: readonly RecordType[] = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'SRV', 'CAA', 'TLSA']
/** What a record without a time of its own is served with, as long as no name server was asked. */
const ZONE_TTL_SECONDS = 3600
/** Types of OVH alone, which are TXT to the world, with what each of them takes. A record keeps its type for life. */
const NATIVE: Readonly<Record<string, RegExp>> = { SPF: /^v=spf1(?: |$)/i, DKIM: /(?:^|;)\s*[vkp]=/i, DMARC: /^v=DMARC1/i }

export function ovhName({ subDomain }: OvhRecord, zone: ZoneRef): string {
  return subDomain ? canonicalName(`${subDomain}.${zone.name}`) : zone.name
}

/** Everything at these records as sets, with what is no set of ours. */
export function ovhView(records: readonly OvhRecord[], zone: ZoneRef): ZoneView {
  const sets = new Map<string, RecordSet>()
  const opaque: Opaque[] = []
  for (const record of records) {
    const name = ovhName(record, zone)
    const type = typeOf(record)
    if (type === null) {
      opaque.push({ name, type: record.fieldType, says: 'records of this type are changed by hand at OVH' })
      continue
    }
    const key = `${name} ${type}`
    const same = sets.get(key)
    const ttl = record.ttl || ZONE_TTL_SECONDS
    const ttlSeconds = Math.min(ttl, same?.ttlSeconds ?? Infinity)
    const isDefault = !record.ttl && (same === undefined || same.held !== undefined)
    sets.set(key, {
      ...canonicalSet({ name, type, ttlSeconds, data: [...(same?.data ?? []), dataOf(type, record)] }),
      ...(isDefault ? { held: heldTime(ttlSeconds) } : {}),
    })
  }
  return { sets: [...sets.values()], opaque }
}

/** Kept in `held`: the time is the zone's, as long as it is this one. */
export function heldTime(ttlSeconds: number): string {
  return `ovh:zone-ttl:${ttlSeconds}`
}

export function hasZoneTime({ held }: RecordSet): boolean {
  return held?.startsWith('ovh:zone-ttl:') === true
}

function typeOf({ fieldType }: OvhRecord): RecordType | null {
  return Object.hasOwn(NATIVE, fieldType) ? 'TXT' : (OVH_TYPES.find((type) => type === fieldType) ?? null)
}

function dataOf(type: RecordType, { target }: OvhRecord): string {
  if (type === 'TXT' && !target.trimStart().startsWith('"')) return utf8Bytes(target)
  return fromPresentation(type, target)
}

function targetOf(fieldType: string, type: RecordType, data: string): string {
  return fieldType === 'DKIM' || fieldType === 'DMARC' ? utf8Text(data) : toPresentation(type, data)
}

/**
 * The calls that bring these records to what the swaps want, as the zone is before it is published; none where it is that already. A
 * record that is no longer wanted is edited into one that is; a native one only into what its type takes.
 */
export function ovhEdits(swaps: readonly Swap[], records: readonly OvhRecord[], zone: ZoneRef): readonly HttpCall[] {
  const at = `domain/zone/${encodeURIComponent(zone.id)}/record`
  const calls: HttpCall[] = []
  // What goes makes room for what comes.
  const ordered = swaps.toSorted((a, b) => Number(a.after !== null) - Number(b.after !== null))
  for (const { name, type, after } of ordered) {
    const free = records.filter((record) => ovhName(record, zone) === name && typeOf(record) === type)
    const subDomain = name === zone.name ? '' : relativeName(name, zone.name)
    const ttl = after === null ? 0 : after.held === heldTime(after.ttlSeconds) ? 0 : after.ttlSeconds
    const edit = ({ id, fieldType }: OvhRecord, data: string): void => {
      calls.push({ method: 'PUT', path: `${at}/${id}`, body: { subDomain, target: targetOf(fieldType, type, data), ttl } })
    }
    const missing: string[] = []
    for (const data of after?.data ?? []) {
      const found = free.findIndex((record) => dataOf(type, record) === data)
      const [same] = found < 0 ? [] : free.splice(found, 1)
      if (same === undefined) missing.push(data)
      else if ((same.ttl ?? 0) !== ttl) edit(same, data)
    }
    const made: string[] = []
    for (const data of missing) {
      const native = free.findIndex(({ fieldType }) => NATIVE[fieldType]?.test(data) === true)
      const plain = native < 0 ? free.findIndex(({ fieldType }) => fieldType === type) : native
      const [old] = plain < 0 ? [] : free.splice(plain, 1)
      if (old === undefined) made.push(data)
      else edit(old, data)
    }
    calls.push(...free.map(({ id }): HttpCall => ({ method: 'DELETE', path: `${at}/${id}` })))
    for (const data of made)
      calls.push({ method: 'POST', path: at, body: { fieldType: type, subDomain, target: targetOf(type, type, data), ttl } })
  }
  return calls
}
