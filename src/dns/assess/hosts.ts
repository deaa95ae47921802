import { providerOf } from '../providers.ts'
import type { SpfNode, SpfStep } from '../spf/tree.ts'
import type { Hosted, Sender } from './assessment.ts'
import type { Seen } from './finding.ts'
import { isName } from './is-name.ts'
import { MAIL_HOSTS } from './mail-hosts.ts'
import { NAME_SERVER_HOSTS } from './name-server-hosts.ts'
import { organisationalDomain } from './organisational-domain.ts'
import { ownerOf, type Mark } from './owners.ts'
import { SENDER_SERVICES } from './sender-services.ts'
import { isWithin } from './zone.ts'

/** Who receives mail, who answers for the zone, and which of our providers that would be. Suggestions, each with its reason. */
export function hostsOf(seen: Pick<Seen, 'domain' | 'mail' | 'zone' | 'clients'>): {
  mail: Hosted | null
  dns: Hosted | null
  provider: string | null
} {
  const { zone } = seen
  if (!('apex' in zone)) return { mail: mailHost(seen), dns: null, provider: null }
  const servers = zone.parentNameServers ?? zone.nameServers
  return {
    mail: mailHost(seen),
    dns: dnsHost(servers, zone.apex),
    provider: servers.length === 0 || !servers.every(isName) ? null : (providerOf(servers)?.name ?? null),
  }
}

function mailHost({ domain, mail, clients }: Pick<Seen, 'domain' | 'mail' | 'clients'>): Hosted | null {
  const [first] = mail.exchangers
  if (first === undefined) return null
  const owner = ownerOf(first.host, MAIL_HOSTS)
  if (owner !== null) {
    const behind = owner.kind === 'gateway' ? behindGateway(domain, clients) : null
    const because = `MX ${first.host}${behind === null ? '' : `; mailboxes probably at ${behind}`}`
    return { name: owner.name, kind: owner.kind, because, mark: owner.mark }
  }
  if (!first.inside) return { name: organisationalDomain(first.host), kind: 'mailboxes', because: `MX ${first.host}`, mark: 'seen' }
  const [reverse] = first.reverse.filter((name) => !isWithin(name, domain))
  const where = reverse === undefined ? '' : `, which is ${reverse}`
  return {
    name: reverse === undefined ? 'a server of their own' : `a server at ${organisationalDomain(reverse)}`,
    kind: 'own server or hosting panel',
    because: `MX ${first.host} is a name of the domain itself${where}`,
    mark: 'seen',
  }
}

/** What a filter in front of the mailboxes hides: where programs of users are sent to. */
function behindGateway(domain: string, clients: Seen['clients']): string | null {
  const services = clients.services.filter(({ name }) => /^_(?:imaps?|submissions?|autodiscover)\./.test(name))
  const targets = [
    ...services.flatMap(({ data }) => data.map((one) => one.split(' ')[3] ?? '.')),
    ...clients.autodiscover.filter(({ type }) => type === 'CNAME').flatMap(({ data }) => data),
  ].filter((host) => host !== '.' && !isWithin(host, domain))
  const [host] = targets
  if (host === undefined) return null
  return host === 'autodiscover.outlook.com' ? 'Microsoft 365' : (ownerOf(host, MAIL_HOSTS)?.name ?? organisationalDomain(host))
}

function dnsHost(servers: readonly string[], apex: string): Hosted | null {
  const owners = servers.map((name) => ownerOf(name, NAME_SERVER_HOSTS))
  const [first] = owners
  if (first === undefined) return null
  if (first !== null && owners.every((one) => one?.name === first.name))
    return { name: first.name, kind: 'host of DNS', because: `name servers ${servers.join(', ')}`, mark: first.mark }
  const known = [...new Set(owners.flatMap((one) => one?.name ?? []))]
  if (known.length > 0)
    return {
      name: known.length > 1 ? known.join(' and ') : `${known.join('')} and others`,
      kind: 'several',
      because: `name servers ${servers.join(', ')}`,
      mark: 'unverified',
    }
  const own = servers.every((name) => isWithin(name, apex))
  const name = own ? 'name servers of their own' : [...new Set(servers.map(organisationalDomain))].join(', ')
  return {
    name,
    kind: own ? 'own server or hosting panel' : 'host of DNS',
    because: `name servers ${servers.join(', ')}`,
    mark: 'seen',
  }
}

/** Everybody who may send for the domain, as SPF and the keys of DKIM tell, each with what tells it. */
export function sendersOf({ spf, dkim, domain }: Pick<Seen, 'spf' | 'dkim' | 'domain'>): readonly Sender[] {
  const senders = new Map<string, { because: Set<string>; mark: Mark }>()
  const add = ({ name, because, mark }: { readonly name: string; readonly because: string; readonly mark: Mark }): void => {
    const known = senders.get(name) ?? { because: new Set<string>(), mark }
    known.because.add(because)
    senders.set(name, known)
  }
  for (const { root } of spf.trees) for (const one of ownSteps(root, domain)) add(senderIn(one, domain))
  for (const { selector, owner, key, target } of dkim) {
    if (key !== 'published') continue
    const because = `DKIM ${selector}${target === null ? '' : ` to ${target}`}`
    add({ name: owner === '' ? 'unknown' : owner, because, mark: target === null ? 'unverified' : 'documented' })
  }
  return [...senders].map(([name, { because, mark }]) => ({ name, because: [...because], mark }))
}

/** Terms that let somebody pass; an include of the domain's own names stands for what is in it. */
function ownSteps({ steps }: SpfNode, domain: string): readonly SpfStep[] {
  return steps.flatMap((step) => {
    const { kind, qualifier } = step.term
    if (qualifier === '-' || kind === 'all' || kind === 'exp' || kind === 'modifier' || kind === 'unknown') return []
    const own = step.child !== null && step.target !== null && isWithin(step.target, domain)
    return own && step.child !== null ? ownSteps(step.child, domain) : [step]
  })
}

function senderIn({ term, target }: SpfStep, domain: string): { readonly name: string; readonly because: string; readonly mark: Mark } {
  const because = `SPF ${term.text}`
  if (term.kind === 'include' || term.kind === 'redirect') {
    const name = target ?? term.value
    const owner = ownerOf(name, SENDER_SERVICES)
    return { name: owner?.name ?? (isWithin(name, domain) ? name : organisationalDomain(name)), because, mark: owner?.mark ?? 'seen' }
  }
  if (term.kind === 'mx' && target === domain) return { name: 'the present mail host', because, mark: 'seen' }
  if (term.kind === 'ip4' || term.kind === 'ip6') return { name: 'addresses that are listed', because, mark: 'seen' }
  if (term.kind === 'exists') return { name: 'addresses that are looked up', because, mark: 'seen' }
  if (target === null || isWithin(target, domain)) return { name: 'hosts of their own', because, mark: 'seen' }
  return { name: target, because, mark: 'seen' }
}
