import { canonicalName } from '../record-set.ts'
import { mergeSpf, type SpfMerge } from '../spf/merge.ts'
import { isSpf, parseSpf } from '../spf/record.ts'
import { MOST_LOOKUPS } from '../spf/record.ts'
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
  return mergeSpf(withSenders(values.filter(isSpf), wishes.senders), {
    domain: wishes.domain,
    include,
    includeLookups,
    oldMx: pristine.oldMx,
    trees,
  })
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
