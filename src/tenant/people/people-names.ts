/** What Entra takes in a UPN before the `@` (Graph: user-post-users). */
const UPN_CHARACTER = /[A-Za-z0-9'.\-_!#^~]/
/** What Exchange takes in an address before the `@` (RFC 5322 atoms, ASCII only). */
const ADDRESS_CHARACTER = /[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/
const LONGEST_LOCAL = 64
const LONGEST_DOMAIN = 48
const LONGEST_NICKNAME = 64

/** Why Entra would not take it to sign in with; null: it would. */
export function upnProblem(upn: string): string | null {
  const { local, domain } = parts(upn)
  if (domain.length > LONGEST_DOMAIN) return `has more than ${LONGEST_DOMAIN} characters after the @`
  return localProblem(local, domain, UPN_CHARACTER)
}

/** Why Exchange would not take it as an address; null: it would. */
export function addressProblem(address: string): string | null {
  const { local, domain } = parts(address)
  return localProblem(local, domain, ADDRESS_CHARACTER)
}

function localProblem(local: string, domain: string, allowed: RegExp): string | null {
  if (local === '' || domain === '') return 'is not of the form name@domain'
  const bad = [...new Set(Array.from(local).filter((character) => !allowed.test(character)))]
  if (bad.length > 0) return `has characters that are not allowed there: ${bad.map(shownCharacter).join(' ')}`
  if (local.length > LONGEST_LOCAL) return `has more than ${LONGEST_LOCAL} characters before the @`
  if (local.startsWith('.') || local.endsWith('.')) return 'has a dot at the beginning or end of the name'
  return local.includes('..') ? 'has two dots in a row' : null
}

/** What cannot be seen is told by its code. */
function shownCharacter(character: string): string {
  return /[\s\p{C}\p{M}]/u.test(character) ? `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` : character
}

const SPELT: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  æ: 'ae',
  ø: 'oe',
  å: 'aa',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
}

/** The same name in letters that both take; null where nothing of it would be left. */
export function plainAddress(address: string): string | null {
  const { local, domain } = parts(address)
  const spelt = Array.from(local.normalize('NFC').toLowerCase())
    .map((letter) => SPELT[letter] ?? letter)
    .join('')
  const plain = tidy(spelt.normalize('NFKD'), UPN_CHARACTER)
  return plain === '' || domain === '' ? null : `${plain}@${domain}`
}

/** A mail alias out of a name or address, without what an alias cannot have. */
export function nickname(name: string): string {
  const local = name.includes('@') ? parts(name).local : name
  return tidy(local, /[A-Za-z0-9'.\-_!#^~$%&*+/=?`{|}]/).slice(0, LONGEST_NICKNAME)
}

function tidy(text: string, allowed: RegExp): string {
  return Array.from(text)
    .filter((character) => allowed.test(character))
    .join('')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^\.|\.$/g, '')
}

/** A name by which two people would be mistaken for each other: without letter case, accents, punctuation and double blanks. */
export function nameKey(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

export function domainOf(address: string): string {
  return parts(address).domain
}

export function localOf(address: string): string {
  return parts(address).local.toLowerCase()
}

function parts(address: string): { readonly local: string; readonly domain: string } {
  const at = address.lastIndexOf('@')
  return at < 0 ? { local: address, domain: '' } : { local: address.slice(0, at), domain: address.slice(at + 1).toLowerCase() }
}
