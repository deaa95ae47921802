import { z } from 'zod'
import { utf8Bytes, utf8Strings } from '../presentation.ts'
import { canonicalData, canonicalSet, type RecordSet, type RecordType } from '../record-set.ts'

/** One record set as Azure writes it: a list for each type, with words of its own. */
export const AZURE_SET = z.object({
  etag: z.string(),
  properties: z.object({
    TTL: z.number().default(0),
    metadata: z.record(z.string(), z.string()).optional(),
    targetResource: z.object({ id: z.string().nullish() }).nullish(),
    ARecords: z.array(z.object({ ipv4Address: z.string() })).optional(),
    AAAARecords: z.array(z.object({ ipv6Address: z.string() })).optional(),
    CNAMERecord: z.object({ cname: z.string() }).optional(),
    MXRecords: z.array(z.object({ preference: z.number(), exchange: z.string() })).optional(),
    NSRecords: z.array(z.object({ nsdname: z.string() })).optional(),
    SRVRecords: z.array(z.object({ priority: z.number(), weight: z.number(), port: z.number(), target: z.string() })).optional(),
    TXTRecords: z.array(z.object({ value: z.array(z.string()) })).optional(),
    caaRecords: z.array(z.object({ flags: z.number(), tag: z.string(), value: z.string() })).optional(),
  }),
})
export type AzureSet = z.infer<typeof AZURE_SET>

export function isAlias({ properties }: AzureSet): boolean {
  return (properties.targetResource?.id ?? '') !== ''
}

/** null where the set holds nothing, which Azure allows and DNS does not. */
export function azureRecords(name: string, type: RecordType, { properties }: AzureSet): RecordSet | null {
  const p = properties
  const data = [
    ...(p.ARecords ?? []).map((one) => one.ipv4Address),
    ...(p.AAAARecords ?? []).map((one) => one.ipv6Address),
    ...(p.CNAMERecord === undefined ? [] : [p.CNAMERecord.cname]),
    ...(p.MXRecords ?? []).map((one) => `${one.preference} ${one.exchange}`),
    ...(p.NSRecords ?? []).map((one) => one.nsdname),
    ...(p.SRVRecords ?? []).map((one) => `${one.priority} ${one.weight} ${one.port} ${one.target}`),
    ...(p.TXTRecords ?? []).map((one) => utf8Bytes(one.value.join(''))),
    ...(p.caaRecords ?? []).map((one) => `${one.flags} ${one.tag} "${one.value}"`),
  ]
  if (data.length === 0) return null
  const held = p.metadata === undefined || Object.keys(p.metadata).length === 0 ? {} : { held: JSON.stringify(p.metadata) }
  return { ...canonicalSet({ name, type, ttlSeconds: p.TTL, data: data.map((one) => canonicalData(type, one)) }), ...held }
}

/** What is sent replaces all, so that metadata goes along: as it is now, or as it was where the set is put back. */
export function azureProperties({ type, ttlSeconds, data, held }: RecordSet, now: AzureSet | null): Readonly<Record<string, unknown>> {
  const metadata = now?.properties.metadata ?? metadataIn(held)
  return { TTL: ttlSeconds, ...(metadata === undefined ? {} : { metadata }), ...records(type, data) }
}

function metadataIn(held: string | undefined): Readonly<Record<string, string>> | undefined {
  try {
    return held === undefined ? undefined : z.record(z.string(), z.string()).parse(JSON.parse(held))
  } catch {
    return undefined
  }
}

function records(type: RecordType, data: readonly string[]): Readonly<Record<string, unknown>> {
  const words = data.map((one) => one.split(' '))
  if (type === 'A') return { ARecords: data.map((ipv4Address) => ({ ipv4Address })) }
  if (type === 'AAAA') return { AAAARecords: data.map((ipv6Address) => ({ ipv6Address })) }
  if (type === 'CNAME') return { CNAMERecord: { cname: data[0] } }
  if (type === 'MX') return { MXRecords: words.map(([preference, exchange]) => ({ preference: Number(preference), exchange })) }
  if (type === 'NS') return { NSRecords: data.map((nsdname) => ({ nsdname })) }
  if (type === 'SRV')
    return {
      SRVRecords: words.map(([priority, weight, port, target]) => ({
        priority: Number(priority),
        weight: Number(weight),
        port: Number(port),
        target,
      })),
    }
  if (type === 'CAA')
    return {
      caaRecords: words.map(([flags, tag, ...value]) => ({ flags: Number(flags), tag, value: value.join(' ').replaceAll('"', '') })),
    }
  return { TXTRecords: data.map((one) => ({ value: utf8Strings(one) })) }
}
