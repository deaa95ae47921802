import { Failure } from '../model/failure.ts'
import { azure } from './adapters/azure.ts'
import { cloudflare } from './adapters/cloudflare.ts'
import { cpanel } from './adapters/cpanel.ts'
import { godaddy } from './adapters/godaddy.ts'
import { google } from './adapters/google.ts'
import { manual } from './adapters/manual.ts'
import { namecheap } from './adapters/namecheap.ts'
import { ovh } from './adapters/ovh.ts'
import { powerdns } from './adapters/powerdns.ts'
import { rfc2136 } from './adapters/rfc2136.ts'
import { route53 } from './adapters/route53.ts'
import type { DnsProvider } from './provider.ts'
import { canonicalName } from './record-set.ts'

/** Every host of DNS that is known; a new one is one file and one line here. */
export const PROVIDERS: readonly DnsProvider[] = [
  azure,
  cloudflare,
  cpanel,
  godaddy,
  google,
  manual,
  namecheap,
  ovh,
  powerdns,
  rfc2136,
  route53,
]

/** Throws `bad-input`. */
export function providerNamed(name: string): DnsProvider {
  const found = PROVIDERS.find((one) => one.name === name)
  if (found !== undefined) return found
  throw new Failure('bad-input', `There is no DNS provider "${name}". Known: ${PROVIDERS.map((one) => one.name).join(', ')}.`)
}

/**
 * Whose these name servers are, as a suggestion to a person; null where that is unknown or they are of several. Ends are compared by
 * whole labels: `ns.cloudflare.com.evil.example` is nobody's.
 */
export function providerOf(nameServers: readonly string[]): DnsProvider | null {
  const owners = nameServers.map((one) => {
    const name = canonicalName(one)
    return PROVIDERS.find((provider) => provider.nameServers.some((end) => matches(name, end))) ?? null
  })
  const [first = null] = owners
  return owners.every((one) => one === first) ? first : null
}

/** A star stands for digits in a label, as in `ns*.example`. */
function matches(name: string, end: string): boolean {
  const pattern = end.split('.').map((label) => label.replaceAll(/[^a-z0-9*-]/g, '').replaceAll('*', String.raw`\d+`))
  return new RegExp(String.raw`(?:^|\.)${pattern.join(String.raw`\.`)}$`).test(name)
}
