import { finding, valueOf, valuesOf, type AdFinding, type AdObject } from './ad-object.ts'
import { domainInstead, whyNoDomain, whyUnroutable } from './domain-rules.ts'
import { fitted, strangers } from './plain-text.ts'

/** RFC 5321 §4.1.2 dot-string; what stands in quotes is left out, as Exchange Online takes none. */
const LOCAL = /[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/
/** IdFix: proxyAddresses, mail and targetAddress. */
const LONGEST = 256
const TYPED = /^([A-Za-z0-9]{1,20}):(.*)$/s

/** The address of an `smtp:` entry without its type; null for one of another kind. */
export function smtpOf(entry: string): string | null {
  const match = TYPED.exec(entry.trim())
  if (match === null) return entry.includes('@') ? entry.trim() : null
  return match[1]?.toLowerCase() === 'smtp' ? (match[2] ?? '').trim() : null
}

/** The primary address: the one `SMTP:` entry, else `mail`; '' where there is none. */
export function primaryOf(object: AdObject): string {
  const marked = valuesOf(object, 'proxyAddresses').find((entry) => entry.trim().startsWith('SMTP:'))
  return (marked === undefined ? valueOf(object, 'mail') : (smtpOf(marked) ?? '')).trim()
}

/** What is wrong with proxyAddresses, mail and targetAddress of one object. `verified`: domains of the tenant, in lower case; [] where none are known. */
export function addressFindings(object: AdObject, verified: readonly string[]): readonly AdFinding[] {
  const found: AdFinding[] = []
  for (const entry of valuesOf(object, 'proxyAddresses')) found.push(...entryFindings(object, entry, verified))
  for (const attribute of ['mail', 'targetAddress'] as const) {
    for (const value of valuesOf(object, attribute)) {
      const typed = attribute === 'targetAddress' ? (TYPED.exec(value)?.[1] ?? null) : null
      if (typed !== null && typed.toLowerCase() !== 'smtp') continue
      const prefix = typed === null ? '' : `${typed}:`
      found.push(...addressWrong(object, attribute, value, value.slice(prefix.length), prefix, attribute === 'mail' ? verified : []))
    }
  }
  return [...found, ...primaryFindings(object)]
}

function entryFindings(object: AdObject, entry: string, verified: readonly string[]): readonly AdFinding[] {
  const [, type = '', address = ''] = TYPED.exec(entry) ?? []
  if (type === '' && entry.includes('@'))
    return [
      finding(object, 'proxyAddresses', entry, {
        code: 'format',
        severity: 'refused',
        says: 'The entry has no type: it begins with smtp: for a further address and SMTP: for the primary one.',
        instead: `smtp:${entry.trim()}`,
      }),
    ]
  if (type.toLowerCase() !== 'smtp') return []
  // A contact's address is outside.
  return addressWrong(object, 'proxyAddresses', entry, address, `${type}:`, object.kind === 'contact' ? [] : verified)
}

function addressWrong(
  object: AdObject,
  attribute: string,
  value: string,
  address: string,
  prefix: string,
  verified: readonly string[],
): readonly AdFinding[] {
  const found: AdFinding[] = []
  const tell = (code: string, severity: AdFinding['severity'], says: string, instead: string | null): void =>
    void found.push(finding(object, attribute, value, { code, severity, says, instead }))
  const trimmed = address.trim()
  if (trimmed !== address || value !== value.trim()) tell('format', 'refused', 'Blanks stand at an end of it.', prefix + trimmed)
  if (trimmed === '') {
    tell('blank', 'refused', 'It is empty.', null)
    return found
  }
  if (trimmed.length > LONGEST) tell('length', 'refused', `It has ${trimmed.length} characters; ${LONGEST} are allowed.`, null)
  const at = trimmed.lastIndexOf('@')
  const [local, domain] = at < 0 ? [trimmed, ''] : [trimmed.slice(0, at), trimmed.slice(at + 1)]
  const proposal = (): string | null => {
    const kept = fitted(local.replaceAll('@', ''), LOCAL, 64)
    return kept === '' || whyNoDomain(domain) !== null ? null : `${prefix}${kept}@${domain}`
  }
  const strange = strangers(local, LOCAL)
  if (at < 0) tell('format', 'refused', 'It has no @.', null)
  else if (local === '') tell('format', 'refused', 'Nothing stands before the @.', null)
  else if (strange !== '') tell('character', 'refused', `Not allowed before the @: ${strange}.`, proposal())
  else if (/^\.|\.$|\.\./.test(local)) tell('format', 'refused', 'A dot stands at an end of the name, or two together.', proposal())
  else if (local.length > 64) tell('length', 'refused', `${local.length} characters stand before the @; 64 are allowed.`, null)
  const wrong = at < 0 ? null : whyNoDomain(domain)
  if (wrong !== null) tell('format', 'refused', `${wrong.charAt(0).toUpperCase()}${wrong.slice(1)}.`, null)
  if (at < 0 || wrong !== null || object.kind === 'contact') return found
  const lower = domain.toLowerCase()
  if (verified.includes(lower)) return found
  const unroutable = whyUnroutable(domain)
  const better = domainInstead(domain, verified)
  const other = better === null || strange !== '' ? null : `${prefix}${local}@${better}`
  if (unroutable !== null)
    tell(
      'suffix',
      'changed',
      `${unroutable}. Entra leaves this address away.`,
      attribute === 'proxyAddresses' && prefix === 'smtp:' ? '' : other,
    )
  else if (verified.length > 0 && attribute === 'proxyAddresses')
    tell(
      'suffix',
      'changed',
      `${lower} is no verified domain of the tenant: Exchange Online leaves this address away.`,
      prefix === 'smtp:' ? '' : other,
    )
  return found
}

function primaryFindings(object: AdObject): readonly AdFinding[] {
  const entries = valuesOf(object, 'proxyAddresses')
  const primaries = entries.filter((entry) => entry.trim().startsWith('SMTP:'))
  const mail = valueOf(object, 'mail').trim()
  const found: AdFinding[] = []
  const [first = '', ...more] = primaries
  for (const entry of more) {
    const says = `There are ${primaries.length} primary addresses (SMTP:), and only one can be.`
    // The one that `mail` names is meant, whichever comes first.
    const kept = primaries.find((one) => smtpOf(one)?.toLowerCase() === mail.toLowerCase()) ?? first
    const wrong = entry === kept ? first : entry
    found.push(
      finding(object, 'proxyAddresses', wrong, { code: 'primary', severity: 'refused', says, instead: `smtp:${smtpOf(wrong) ?? ''}` }),
    )
  }
  const smtp = entries.filter((entry) => smtpOf(entry) !== null)
  if (primaries.length === 0 && smtp.length > 0) {
    const named = smtp.find((entry) => smtpOf(entry)?.toLowerCase() === mail.toLowerCase())
    const instead = named === undefined ? (mail === '' ? null : `SMTP:${mail}`) : `SMTP:${smtpOf(named) ?? ''}`
    const says = 'No address is the primary one (SMTP: in capitals): Exchange Online chooses.'
    found.push(finding(object, 'proxyAddresses', named ?? smtp[0] ?? '', { code: 'primary', severity: 'changed', says, instead }))
  }
  const primary = smtpOf(first) ?? ''
  if (primaries.length === 1 && mail !== '' && primary.toLowerCase() !== mail.toLowerCase()) {
    const says = `mail differs from the primary address ${primary}, which is the one that counts in Exchange Online.`
    found.push(finding(object, 'mail', valueOf(object, 'mail'), { code: 'mismatch', severity: 'changed', says, instead: primary }))
  }
  const once = new Set<string>()
  for (const entry of smtp) {
    const key = (smtpOf(entry) ?? '').toLowerCase()
    if (once.has(key)) {
      const says = 'The object has this address twice.'
      found.push(finding(object, 'proxyAddresses', entry, { code: 'duplicate', severity: 'note', says, instead: '' }))
    }
    once.add(key)
  }
  return found
}
