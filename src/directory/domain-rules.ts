import { inAscii } from './plain-text.ts'

/** Reserved, or used inside many networks, and never on the internet (RFC 2606, RFC 6761, RFC 6762, RFC 8375, ICANN SAC 113). */
const INSIDE = new Set(
  `local localhost localdomain lan intern internal corp corporate home private intranet ad domain test example invalid onion workgroup dom
   office network priv dmz hq arpa`.split(/\s+/),
)

/** Why mail cannot reach this domain over the internet; null: it could. */
export function whyUnroutable(domain: string): string | null {
  const labels = domain.toLowerCase().split('.')
  const top = labels.at(-1) ?? ''
  if (labels.length < 2) return `"${domain}" has no dot: it is no domain of the internet`
  if (INSIDE.has(top)) return `".${top}" is no top-level domain of the internet`
  if (!/^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/.test(top)) return `"${top}" is no top-level domain`
  return null
}

/** Why this is no domain name; null: it is one (RFC 1035 §2.3.1, RFC 1123 §2.1). */
export function whyNoDomain(domain: string): string | null {
  if (domain === '') return 'it has no domain'
  if (domain.length > 253) return 'its domain is longer than 253 characters'
  const wrong = domain.split('.').find((label) => !/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/i.test(label))
  if (wrong === undefined) return null
  return wrong === '' ? 'its domain has a dot too many' : `"${wrong}" cannot be a part of a domain`
}

/** The domain, of those given, that stands for this one: `contoso.com` for `contoso.local`; else the first. null: none is given. */
export function domainInstead(domain: string, verified: readonly string[]): string | null {
  const name = inAscii(domain.toLowerCase()).split('.')[0]
  return (
    verified.find((one) => one.split('.')[0] === name) ?? verified.find((one) => !one.endsWith('.onmicrosoft.com')) ?? verified[0] ?? null
  )
}
