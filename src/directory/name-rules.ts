import { finding, valueOf, valuesOf, type AdFinding, type AdObject } from './ad-object.ts'
import { primaryOf } from './address-rules.ts'
import { domainInstead, whyNoDomain, whyUnroutable } from './domain-rules.ts'
import { fitted, strangers } from './plain-text.ts'

/** Graph: user-post-users. Letters with accents are not among them. */
const UPN_LOCAL = /[A-Za-z0-9'.\-_!#^~]/
/** Entra: mailNickname (microsoft365.md §3.2). */
const NICKNAME = /[\x21-\x7e]/
const NICKNAME_WITHOUT = /[@()\\[\]";:<>,]/
/** What IdFix reports beyond that; Exchange takes some of them. */
const NICKNAME_ODD = /[!#$%&*+/=?^`{|}~']/

/** The most characters that Entra takes (Entra Connect: attributes synchronised; IdFix). The last ones are from memory of the schema. */
const LONGEST: Readonly<Record<string, number>> = {
  displayName: 256,
  givenName: 64,
  sn: 64,
  mailNickname: 64,
  department: 64,
  title: 128,
  company: 64,
  l: 128,
  st: 128,
  streetAddress: 1024,
  postalCode: 40,
  telephoneNumber: 64,
  mobile: 64,
  physicalDeliveryOfficeName: 128,
}
const ACCOUNT = /[^"/\\[\]:|<>+=;?,*]/

/** What is wrong with the names of one object. `verified`: domains of the tenant, in lower case; [] where none are known. */
export function nameFindings(object: AdObject, verified: readonly string[]): readonly AdFinding[] {
  const found: AdFinding[] = []
  if (/\\0ACNF:|\nCNF:/i.test(object.dn)) {
    const says =
      'Two domain controllers made it at the same moment: it is a conflict object, and never synchronised. Delete the one that is not used.'
    found.push(finding(object, 'dn', object.dn, { code: 'conflict', severity: 'refused', says }))
  }
  for (const attribute of Object.keys(LONGEST)) found.push(...lengthAndBlanks(object, attribute, LONGEST[attribute] ?? 0))
  if (valueOf(object, 'displayName').trim() === '') found.push(blankName(object))
  found.push(...nickname(object))
  if (object.kind === 'user') found.push(...userName(object, verified), ...account(object))
  return found
}

function blankName(object: AdObject): AdFinding {
  const words = [valueOf(object, 'givenName'), valueOf(object, 'sn')].map((part) => part.trim()).filter((part) => part !== '')
  const name = words.length > 0 ? words.join(' ') : valueOf(object, 'cn').trim() || valueOf(object, 'name').trim()
  const needed = object.kind !== 'user'
  const says = needed ? 'displayName is empty, and without one it is not synchronised.' : 'displayName is empty: people find nobody by it.'
  return finding(object, 'displayName', valueOf(object, 'displayName'), {
    code: 'blank',
    severity: needed ? 'refused' : 'changed',
    says,
    instead: name === '' ? null : name,
  })
}

function lengthAndBlanks(object: AdObject, attribute: string, most: number): readonly AdFinding[] {
  return valuesOf(object, attribute).flatMap((value) => {
    const plain = value.trim().replaceAll(/\p{Cc}+/gu, ' ')
    if (plain === '') return []
    const found: AdFinding[] = []
    if (plain.length > most) {
      const says = `It has ${plain.length} characters; ${most} are allowed.`
      found.push(finding(object, attribute, value, { code: 'length', severity: 'refused', says, instead: plain.slice(0, most).trim() }))
    }
    if (plain !== value) {
      const says = value.trim() === value ? 'It holds control characters.' : 'Blanks stand at an end of it.'
      found.push(finding(object, attribute, value, { code: 'character', severity: 'changed', says, instead: plain }))
    }
    return found
  })
}

function nickname(object: AdObject): readonly AdFinding[] {
  const value = valueOf(object, 'mailNickname').trim()
  if (value === '') return []
  const allowed = (char: string): boolean => NICKNAME.test(char) && !NICKNAME_WITHOUT.test(char)
  const strange = new Set(Array.from(value).filter((char) => !allowed(char)))
  const instead =
    fitted(
      Array.from(value)
        .filter((char) => !NICKNAME_WITHOUT.test(char))
        .join(''),
      /[A-Za-z0-9_.-]/,
      64,
    ) || null
  const tell = (code: string, severity: AdFinding['severity'], says: string): readonly AdFinding[] => [
    finding(object, 'mailNickname', valueOf(object, 'mailNickname'), { code, severity, says, instead }),
  ]
  if (strange.size > 0)
    return tell('character', 'refused', `Not allowed: ${[...strange].map((char) => (char === ' ' ? 'a blank' : char)).join(' ')}.`)
  if (/^\.|\.$|\.\./.test(value)) return tell('format', 'refused', 'A dot stands at an end of it, or two together.')
  const odd = new Set(Array.from(value).filter((char) => NICKNAME_ODD.test(char)))
  return odd.size === 0 ? [] : tell('character', 'note', `IdFix reports ${[...odd].join(' ')}; Exchange Online mostly takes it.`)
}

function userName(object: AdObject, verified: readonly string[]): readonly AdFinding[] {
  const raw = valueOf(object, 'userPrincipalName')
  const value = raw.trim()
  const proposed = proposedName(object, value, verified)
  const found: AdFinding[] = []
  const tell = (code: string, severity: AdFinding['severity'], says: string): void =>
    void found.push(finding(object, 'userPrincipalName', raw, { code, severity, says, instead: proposed }))
  if (value === '') {
    tell('blank', 'changed', 'It is empty: Entra makes a name of sAMAccountName and the onmicrosoft.com domain.')
    return found
  }
  if (raw !== value) tell('format', 'refused', 'Blanks stand at an end of it.')
  const [local = '', domain = '', ...more] = value.split('@')
  if (domain === '' || local === '' || more.length > 0) {
    tell('format', 'refused', more.length > 0 ? 'It has more than one @.' : 'It is not written name@domain.')
    return found
  }
  const strange = strangers(local, UPN_LOCAL)
  if (strange !== '') tell('character', 'refused', `Not allowed before the @: ${strange}.`)
  else if (/^\.|\.$|\.\./.test(local)) tell('format', 'refused', 'A dot stands at an end of the name, or two together.')
  if (local.length > 64) tell('length', 'refused', `${local.length} characters stand before the @; 64 are allowed.`)
  if (domain.length > 48) tell('length', 'refused', `Its domain has ${domain.length} characters; 48 are allowed.`)
  const wrong = whyNoDomain(domain)
  const lower = domain.toLowerCase()
  if (wrong !== null) tell('format', 'refused', `${wrong.charAt(0).toUpperCase()}${wrong.slice(1)}.`)
  else if (verified.includes(lower)) return found
  else if (whyUnroutable(domain) !== null)
    tell('suffix', 'changed', `${whyUnroutable(domain)}: the person would sign in with ${local}@….onmicrosoft.com.`)
  else if (verified.length > 0)
    tell('suffix', 'changed', `${lower} is no verified domain of the tenant: the person would sign in with ${local}@….onmicrosoft.com.`)
  return found
}

/** The primary address where it can be a name to sign in with, as people know that one; else the name itself, put right. */
function proposedName(object: AdObject, value: string, verified: readonly string[]): string | null {
  const primary = primaryOf(object)
  const [name = '', domain = ''] = primary.split('@')
  const isFit = strangers(name, UPN_LOCAL) === '' && !/^\.|\.$|\.\./.test(name) && name.length <= 64
  const isOurs = verified.length === 0 ? whyUnroutable(domain) === null : verified.includes(domain.toLowerCase())
  if (name !== '' && isFit && isOurs && whyNoDomain(domain) === null) return primary
  const [own = '', suffix = ''] = (value === '' ? valueOf(object, 'sAMAccountName') : value).split('@')
  const local = fitted(own, UPN_LOCAL, 64)
  const isGood =
    verified.length === 0 ? whyUnroutable(suffix) === null && whyNoDomain(suffix) === null : verified.includes(suffix.toLowerCase())
  const at = isGood ? suffix : domainInstead(suffix, verified)
  return local === '' || at === null ? null : `${local}@${at}`
}

function account(object: AdObject): readonly AdFinding[] {
  const value = valueOf(object, 'sAMAccountName')
  const strange = strangers(value, ACCOUNT)
  if (value.length <= 20 && strange === '') return []
  const says = strange === '' ? `It has ${value.length} characters; 20 are allowed.` : `Not allowed: ${strange}.`
  return [finding(object, 'sAMAccountName', value, { code: strange === '' ? 'length' : 'character', severity: 'note', says })]
}
