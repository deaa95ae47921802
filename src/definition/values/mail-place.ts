import { isIP } from 'node:net'
import type { Checked } from './checked.ts'

const HOST = /^(?=.{1,253}$)[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)*$/u

/** Whose value may hold a secret: it is never repeated. */
const NO_LOGIN = 'it holds a login or a password: write the address without them'

/** Old mailboxes, as `copy --source` takes them. What it means in detail is looked at where it is opened. */
export function sourceUrlOf(text: string): Checked<string> {
  const url = text.trim()
  if (/^[a-z]+:\/\/[^/?]*@/i.test(url)) return { says: NO_LOGIN }
  if (/^(?:imaps?:\/\/\S+|exchange:\S*)$/i.test(url)) return { value: url }
  return { says: 'an address such as imaps://mail.example.org or imap://mail.example.org:143' }
}

/** Where a mailbox is read. */
export function imapUrlOf(text: string): Checked<string> {
  const checked = sourceUrlOf(text)
  if ('says' in checked) return checked
  return /^imap/i.test(checked.value) ? checked : { says: 'an address such as imaps://imap.elsewhere.example' }
}

/** Where a mailbox hands in mail. */
export function smtpUrlOf(text: string): Checked<string> {
  const url = text.trim()
  if (/^[a-z]+:\/\/[^/?]*@/i.test(url)) return { says: NO_LOGIN }
  return /^smtps?:\/\/[^\s/]+$/i.test(url) ? { value: url } : { says: 'an address such as smtp://smtp.elsewhere.example' }
}

/** `mx.old.example`, or `mx.old.example=192.0.2.1` to go by the address. */
export function mailHostOf(text: string): Checked<string> {
  const [host = '', address, more] = text.trim().toLowerCase().split('=')
  if (HOST.test(host) && more === undefined && (address === undefined || isIP(address) !== 0))
    return { value: address === undefined ? host : `${host}=${address}` }
  return { says: 'a host such as mx.old.example, or mx.old.example=192.0.2.1 to go by its address' }
}

/** The name of a machine. */
export function hostNameOf(text: string): Checked<string> {
  const name = text.trim().toLowerCase().replace(/\.$/, '')
  return HOST.test(name) && isIP(name) === 0 ? { value: name } : { says: 'the name of a machine, such as move.example.org' }
}

/** `2525` for all mail hosts, `mx.example.org=2525` for one. */
export function portOf(text: string): Checked<string> {
  const [, host, digits = ''] = /^(?:([^=\s]+)=)?(\d{1,5})$/.exec(text.trim()) ?? []
  const port = Number(digits)
  if (port >= 1 && port <= 65_535 && (host === undefined || HOST.test(host))) return { value: text.trim() }
  return { says: 'a port such as 2525, or mx.example.org=2525' }
}

/** A resolver by its address. */
export function resolverOf(text: string): Checked<string> {
  const given = text.trim()
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(given) ?? []
  const isWhole = isIP(given) !== 0 || (isIP(bracketed ?? plain ?? '') !== 0 && Number(port) >= 1 && Number(port) <= 65_535)
  return isWhole ? { value: given } : { says: 'the address of a resolver, such as 9.9.9.9 or 127.0.0.1:5353' }
}
