import type { RecordSet } from '../record-set.ts'
import { isSpf } from '../spf/record.ts'
import { walkSpf } from '../spf/tree.ts'
import type { DkimKey, Dmarc, Spf } from './assessment.ts'
import { isName } from './is-name.ts'
import type { Found, Names } from './names.ts'
import { organisationalDomain } from './organisational-domain.ts'
import { ownerOf } from './owners.ts'
import { selectorOwner } from './selectors.ts'
import { SENDER_SERVICES } from './sender-services.ts'

export async function spfOf(domain: string, txt: Found, names: Names): Promise<Spf> {
  const records = (txt.set?.data ?? []).filter(isSpf)
  const [trees, old] = await Promise.all([Promise.all(records.map((text) => walkSpf(domain, text, names.spf))), names.find(domain, 'SPF')])
  return { records, trees, oldType: old.others.length > 0 }
}

/** The policy that receivers find: of the domain itself, else of the registered one (RFC 7489 §6.6.3). */
export async function dmarcOf(domain: string, names: Names): Promise<Dmarc> {
  const registered = organisationalDomain(domain)
  for (const at of new Set([domain, registered])) {
    const { set, aliases } = await names.find(`_dmarc.${at}`, 'TXT')
    const records = (set?.data ?? []).filter((text) => /^v\s*=\s*DMARC1\s*(?:;|$)/i.test(text))
    if (records.length === 0) continue
    const tags = tagsOf(records[0] ?? '')
    const policy = (at === domain ? undefined : tags.get('sp')) ?? tags.get('p')
    const reportsTo = (tags.get('rua') ?? '').split(',').flatMap((uri) => /^\s*mailto:([^!\s]+)/i.exec(uri)?.[1] ?? [])
    const foreign = [...new Set(reportsTo.map((one) => one.split('@').at(-1) ?? '').filter(isName))].filter(
      (one) => organisationalDomain(one) !== registered,
    )
    const consents = await Promise.all(foreign.map((one) => names.find(`${at}._report._dmarc.${one}`, 'TXT')))
    return {
      at,
      records,
      policy: records.length > 1 ? null : policyOf(policy),
      alias: aliases.length > 0,
      reportsTo,
      withoutConsent: foreign.filter((_, index) => ['no-name', 'no-data'].includes(consents[index]?.status ?? '')),
    }
  }
  return { at: null, records: [], policy: null, alias: false, reportsTo: [], withoutConsent: [] }
}

/** Keys under the names that are tried; what a wildcard answers to any name is none. */
export async function dkimOf(domain: string, selectors: readonly string[], random: string, names: Names): Promise<readonly DkimKey[]> {
  const nothing = await names.find(`${random}._domainkey.${domain}`, 'TXT')
  const keys = await Promise.all(
    selectors
      .filter((one) => isName(one))
      .map(async (selector): Promise<DkimKey | null> => {
        const found = await names.find(`${selector}._domainkey.${domain}`, 'TXT')
        if (sameAnswer(found, nothing)) return null
        const target = found.aliases[0]?.data[0] ?? null
        const text = found.set?.data.find((one) => tagsOf(one).has('p'))
        if (text === undefined && target === null) return null
        const key = text === undefined ? 'missing' : tagsOf(text).get('p') === '' ? 'revoked' : 'published'
        return { selector, how: target === null ? 'TXT' : 'CNAME', target, key, owner: keyOwner(selector, target) }
      }),
  )
  return keys.filter((one) => one !== null)
}

/** Microsoft's own names of keys, in both forms. */
export function isMicrosoftKey(target: string | null): boolean {
  return target !== null && /\.(?:onmicrosoft\.(?:com|us|cn|de)|dkim\.mail\.microsoft)$/.test(target)
}

/** `v=DMARC1; p=none` as a map; tags in lower case, of several the first (RFC 6376 §3.2). */
export function tagsOf(text: string): ReadonlyMap<string, string> {
  const tags = new Map<string, string>()
  for (const part of text.split(';')) {
    const [, tag, value] = /^\s*([a-z][a-z0-9_]*)\s*=\s*([\s\S]*?)\s*$/i.exec(part) ?? []
    if (tag !== undefined && value !== undefined && !tags.has(tag.toLowerCase())) tags.set(tag.toLowerCase(), value)
  }
  return tags
}

/** Whether both were answered alike: by the same wildcard. */
export function sameAnswer(a: Found, b: Found): boolean {
  const text = ({ set, aliases }: Found): string => JSON.stringify([set?.data ?? null, aliases.map((one: RecordSet) => one.data)])
  return (b.set !== null || b.aliases.length > 0) && text(a) === text(b)
}

function keyOwner(selector: string, target: string | null): string {
  if (target === null) return selectorOwner(selector)
  return isMicrosoftKey(target) ? 'Microsoft 365' : (ownerOf(target, SENDER_SERVICES)?.name ?? organisationalDomain(target))
}

function policyOf(text: string | undefined): Dmarc['policy'] {
  const lower = text?.toLowerCase()
  return lower === 'none' || lower === 'quarantine' || lower === 'reject' ? lower : null
}
