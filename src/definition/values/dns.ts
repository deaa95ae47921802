import type { Checked } from './checked.ts'

const LABEL = /^(?!-)[a-z0-9_-]{1,63}(?<!-)$/i

/** The name of a record, in lower case: with labels that begin with an underscore, and a star in front. */
export function recordNameOf(text: string): Checked<string> {
  const name = text.trim().toLowerCase().replace(/\.$/, '')
  const labels = name.replace(/^\*\./, '').split('.')
  if (name === '@' || (name.length <= 253 && labels.every((label) => LABEL.test(label)))) return { value: name }
  return { says: 'the name of a record, such as autodiscover or mail.example.org' }
}

/** A term of SPF that lets somebody send (RFC 7208 §4.6.1); `all` is none of them. */
export function spfTermOf(text: string): Checked<string> {
  const term = text.trim().replace(/^\+/, '')
  if (/^(?:include|exists):[^\s/]+\.[^\s/]+$/i.test(term) || /^(?:a|mx)(?::[^\s/]+)?(?:\/\d{1,2})?$/i.test(term)) return { value: term }
  if (/^ip4:\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/i.test(term) || /^ip6:[\da-f:.]+(?:\/\d{1,3})?$/i.test(term)) return { value: term }
  if (/^[-~?]/.test(term) || /^(?:all|v=spf1)/i.test(term)) return { says: 'one sender alone, not what ends or begins the record' }
  return { says: 'a sender as SPF writes it, such as include:_spf.crm.example or ip4:192.0.2.7' }
}

/** A server that answers questions: its name or address, and a port where it is not the usual one. */
export function nameServerOf(text: string): Checked<string> {
  const server = text.trim()
  if (/^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i.test(server) || /^[\da-f:]+$/i.test(server)) return { value: server }
  return { says: 'a name server, such as 192.0.2.53 or 127.0.0.1:5353' }
}
