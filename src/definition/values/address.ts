import { domainToASCII } from 'node:url'
import type { Checked } from './checked.ts'

const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i
/** RFC 5322, 3.2.3, without its quoted form, which Exchange does not take. */
const LOCAL_PART = /[^A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]/u
/** Microsoft Graph, userPrincipalName. */
const SIGN_IN_NAME = /[^A-Za-z0-9'._!#^~-]/u
/** Microsoft Graph, mailNickname. */
const MAIL_ALIAS = /[^!-~]|[@()\\[\]";:<>,]/u
/** Letters that do not come apart into a base and an accent. */
const SPELLED: Readonly<Record<string, string>> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  æ: 'ae',
  ø: 'oe',
  œ: 'oe',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

/** An SMTP address in lower case; `smtp:` before it is taken away. */
export function addressOf(text: string): Checked<string> {
  return inTwo(text.trim().replace(/^smtp:/i, ''), { bad: LOCAL_PART, called: 'an address', longest: 64, longestDomain: 255 })
}

/** A userPrincipalName in lower case. */
export function signInNameOf(text: string): Checked<string> {
  return inTwo(text.trim(), { bad: SIGN_IN_NAME, called: 'a sign-in name', longest: 64, longestDomain: 48 })
}

/** Exchange's mail alias. */
export function mailAliasOf(text: string): Checked<string> {
  const alias = text.trim()
  const bad = MAIL_ALIAS.exec(alias)?.[0]
  if (bad !== undefined) return { says: `${shownSign(bad)} may not stand in a mail alias${proposal(alias, MAIL_ALIAS, '')}` }
  if (alias.length > 64) return { says: 'a mail alias has at most 64 characters' }
  if (!isDotted(alias)) return { says: 'a mail alias neither begins nor ends with a dot, and has no two side by side' }
  return { value: alias }
}

export function domainOf(text: string): Checked<string> {
  const domain = text.trim().toLowerCase().replace(/\.$/, '')
  const labels = domain.split('.')
  if (domain.length <= 255 && labels.length >= 2 && labels.every((label) => LABEL.test(label))) return { value: domain }
  const ascii = /^[\p{L}\p{N}.-]+$/u.test(domain) ? domainToASCII(domain) : ''
  if (ascii !== '' && ascii !== domain && ascii.includes('.')) return { says: `a domain is written in ASCII: ${ascii}` }
  return { says: 'a domain like example.org' }
}

type Rules = { readonly bad: RegExp; readonly called: string; readonly longest: number; readonly longestDomain: number }

function inTwo(text: string, { bad, called, longest, longestDomain }: Rules): Checked<string> {
  const at = text.lastIndexOf('@')
  if (at < 1 || at === text.length - 1) return { says: `${called} like anna@example.org` }
  const [local, host] = [text.slice(0, at), text.slice(at + 1)]
  const domain = domainOf(host)
  const sign = bad.exec(local)?.[0]
  if (sign !== undefined) return { says: `${shownSign(sign)} may not stand in ${called}${proposal(local, bad, `@${host}`)}` }
  if ('says' in domain) return { says: `after the @ stands ${domain.says}` }
  if (local.length > longest) return { says: `before the @ there are at most ${longest} characters, not ${local.length}` }
  if (domain.value.length > longestDomain) return { says: `after the @ there are at most ${longestDomain} characters` }
  if (!isDotted(local))
    return { says: `before the @ no dot stands at the beginning, at the end or beside another${proposal(local, bad, `@${host}`)}` }
  return { value: `${local}@${domain.value}`.toLowerCase() }
}

function isDotted(local: string): boolean {
  return !/^\.|\.$|\.\./.test(local)
}

/** `; juergen@example.org would do`, or nothing. */
function proposal(local: string, bad: RegExp, end: string): string {
  const spelled = spelling(local, bad)
  return spelled === '' || !/^[!-~]*$/.test(end) ? '' : `; ${spelled}${end} would do`
}

function spelling(text: string, bad: RegExp): string {
  return Array.from(text.normalize('NFC').toLowerCase(), (sign) => SPELLED[sign] ?? sign.normalize('NFD').replaceAll(/\p{M}/gu, ''))
    .join('')
    .replaceAll(/[\s@]+/gu, '.')
    .replaceAll(new RegExp(bad.source, 'gu'), '')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^\.|\.$/g, '')
    .slice(0, 64)
}

function shownSign(sign: string): string {
  if (/\s/u.test(sign)) return 'a blank'
  return /\p{C}/u.test(sign) ? 'an invisible character' : `"${sign}"`
}
