import { z } from 'zod'
import { toPresentation } from '../presentation.ts'
import type { RecordSet, RecordType } from '../record-set.ts'
import type { Swap } from '../update-message.ts'

/** One record as Cloudflare keeps it; `ttl` 1: automatic. */
export type CloudflareRecord = {
  readonly id: string
  readonly name: string
  readonly type: RecordType
  readonly data: string
  readonly ttl: number
  readonly proxied: boolean
}

/** What is kept of a record beside DNS, in `RecordSet.held`. */
const KEPT = z.object({
  data: z.string(),
  ttl: z.number(),
  proxied: z.boolean(),
  comment: z.string().optional(),
  tags: z.array(z.string()).optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
})
export type Kept = z.infer<typeof KEPT>

/** What a time of 1, automatic, is served with. */
export const AUTOMATIC_SECONDS = 300
const PROXIABLE: readonly RecordType[] = ['A', 'AAAA', 'CNAME']

type Fields = Readonly<Record<string, unknown>>
export type Batch = { readonly deletes: readonly Fields[]; readonly patches: readonly Fields[]; readonly posts: readonly Fields[] }

/**
 * The swaps as one batch. A record that stays is left alone; one that is no longer wanted is edited into one that is, so that the set
 * is never empty anywhere; only what is left over is deleted or made.
 */
export function batchOf(swaps: readonly Swap[], records: readonly CloudflareRecord[]): Batch {
  const batch: { deletes: Fields[]; patches: Fields[]; posts: Fields[] } = { deletes: [], patches: [], posts: [] }
  for (const { name, type, after } of swaps) {
    const free = records.filter((record) => record.name === name && record.type === type)
    const missing: string[] = []
    for (const data of after?.data ?? []) {
      const at = free.findIndex((record) => record.data === data)
      const [same] = at < 0 ? [] : free.splice(at, 1)
      if (same === undefined) missing.push(data)
      else if (after !== null && !staysAsItIs(same, after)) batch.patches.push({ id: same.id, ...fields(after, data) })
    }
    if (after !== null)
      for (const data of missing) {
        const [old] = free.splice(0, 1)
        if (old === undefined) batch.posts.push(fields(after, data))
        else batch.patches.push({ id: old.id, ...fields(after, data) })
      }
    batch.deletes.push(...free.map(({ id }) => ({ id })))
  }
  return batch
}

function staysAsItIs({ data, ttl, proxied }: CloudflareRecord, after: RecordSet): boolean {
  const wanted = fields(after, data)
  return ttl === wanted['ttl'] && proxied === (wanted['proxied'] ?? false)
}

/** A comment or tag is sent only where it is put back: whatever is not sent stays. */
function fields(after: RecordSet, data: string): Fields {
  const { name, type, ttlSeconds } = after
  const kept = heldOf(after).find((one) => one.data === data)
  const automatic = kept?.ttl === 1 && ttlSeconds === AUTOMATIC_SECONDS
  return {
    name,
    type,
    ...contentOf(type, data),
    ttl: automatic ? 1 : ttlSeconds,
    ...(PROXIABLE.includes(type) ? { proxied: after.proxied === true && (kept?.proxied ?? true) } : {}),
    ...(kept?.comment === undefined ? {} : { comment: kept.comment }),
    ...(kept?.tags === undefined ? {} : { tags: kept.tags }),
    ...(kept?.settings === undefined ? {} : { settings: kept.settings }),
  }
}

/** What a reading left in the set; nothing where it came from elsewhere. */
export function heldOf(set: RecordSet | undefined): readonly Kept[] {
  if (set?.held === undefined) return []
  try {
    return z.array(KEPT).parse(JSON.parse(set.held))
  } catch {
    return []
  }
}

function contentOf(type: RecordType, data: string): Fields {
  const words = data.split(' ')
  const number = (at: number): number => Number(words[at])
  const word = (at: number): string => words[at] ?? ''
  if (type === 'TXT') return { content: toPresentation('TXT', data) }
  if (type === 'MX') return { content: word(1), priority: number(0) }
  if (type === 'SRV') return { data: { priority: number(0), weight: number(1), port: number(2), target: word(3) } }
  if (type === 'CAA') return { data: { flags: number(0), tag: word(1), value: words.slice(2).join(' ').replaceAll('"', '') } }
  if (type === 'TLSA') return { data: { usage: number(0), selector: number(1), matching_type: number(2), certificate: word(3) } }
  return { content: data }
}
