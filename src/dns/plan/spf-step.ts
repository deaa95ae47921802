import { canonicalName } from '../record-set.ts'
import { mergeSpf, type SpfMerge } from '../spf/merge.ts'
import { isSpf, parseSpf } from '../spf/record.ts'
import { MOST_LOOKUPS } from '../spf/record.ts'
import { mxOf } from './conflicts.ts'
import type { DomainFacts } from './facts.ts'
import type { TenantRecords } from './tenant-records.ts'

/**
 * What the tenant wants included, from the SPF record that Graph shows: of that only the include counts, as its sample has a blank
 * inside of it and ends otherwise than other pages of Microsoft. null: it was not told.
 */
export function includeIn({ domain, records }: TenantRecords): string | null {
  const text = records.find(({ type, name, data }) => type === 'TXT' && name === domain && isSpf(data))?.data
  const host = /\binclude:\s*([^\s]+)/i.exec(text ?? '')?.[1]
  return host === undefined ? null : canonicalName(host)
}

/** The one record that stands until the switch and through it. */
export function widenedSpf(values: readonly string[], facts: DomainFacts, include: string): SpfMerge {
  const { wishes, pristine, trees, includeLookups } = facts
  const { oldMx } = pristine
  const own = values.filter(isSpf)
  // Without a record everybody could send: at least the present mail host still may.
  const isFirst = own.length === 0 && oldMx.length > 0 && !wasSwitched(facts)
  const merge = mergeSpf(withSenders(isFirst ? ['v=spf1 mx'] : own, wishes.senders), {
    domain: wishes.domain,
    include,
    includeLookups,
    oldMx,
    trees,
  })
  const others = merge.notes.filter(({ code }) => code !== 'pinned' && code !== 'no-all')
  return isFirst ? { ...merge, notes: [{ code: 'first', says: firstSpf(merge.ours) }, ...others] } : merge
}

/** Whether MX named the tenant before anything of ours was done. */
function wasSwitched({ wishes, pristine, tenant }: DomainFacts): boolean {
  const targets = new Set(mxOf(tenant).map((one) => one.split(' ')[1]))
  const mx = pristine.sets.find(({ name, type }) => name === wishes.domain && type === 'MX')
  return mx?.data.some((one) => targets.has(one.split(' ')[1])) ?? false
}

function firstSpf(ours: readonly string[]): string {
  return `There is no SPF record yet. The new one lets the present mail host send too (${ours.join(' ')}, to be taken away when the old side is quiet); "~all" marks all others as suspect. Name who else sends under dns: senders: in the definition.`
}

/** Terms that were put in for the time of the move, and stood in no record before. */
export function passingTerms(facts: DomainFacts, include: string): readonly string[] {
  const first = facts.pristine.sets.find(({ name, type }) => name === facts.wishes.domain && type === 'TXT')?.data ?? []
  const stood = new Set(first.filter(isSpf).flatMap((text) => parseSpf(text).terms.map((term) => term.text.toLowerCase())))
  return widenedSpf(first, { ...facts, trees: [] }, include).ours.filter((text) => !stood.has(text.toLowerCase()))
}

/** The record without these terms; every other one as it is written. */
export function withoutTerms(text: string, terms: readonly string[]): string {
  const gone = new Set(terms.map((term) => term.toLowerCase().replace(/^\+/, '')))
  return ['v=spf1', ...parseSpf(text).terms.map((term) => term.text)]
    .filter((word) => !gone.has(word.toLowerCase().replace(/^\+/, '')))
    .join(' ')
}

export function tooManyLookups({ lookups }: SpfMerge): boolean {
  return lookups > MOST_LOOKUPS
}

/** Before what ends the record. */
function withSenders(records: readonly string[], senders: readonly string[]): readonly string[] {
  const known = new Set(records.flatMap((text) => parseSpf(text).terms.map((term) => term.text.toLowerCase())))
  const missing = senders.filter((sender) => !known.has(sender.toLowerCase()))
  if (missing.length === 0) return records
  const [first = 'v=spf1', ...others] = records
  const terms = parseSpf(first).terms.map((term) => term.text)
  const end = parseSpf(first).terms.findIndex(({ kind }) => kind === 'all' || kind === 'redirect')
  return [['v=spf1', ...terms.toSpliced(end === -1 ? terms.length : end, 0, ...missing)].join(' '), ...others]
}
