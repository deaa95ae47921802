import { getDomain } from 'tldts'

/** What its owner registered of a name, by the public suffix list (RFC 7489 §3.2); the name itself where that cannot be told. */
export function organisationalDomain(name: string): string {
  return getDomain(name, { allowPrivateDomains: true }) ?? name
}
