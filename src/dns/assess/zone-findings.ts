import { providerNamed } from '../providers.ts'
import type { Judge, Judged } from './finding.ts'
import { serverText } from './outside.ts'
import type { FleetServer, Zone } from './zone.ts'

const LONG_NEGATIVE_SECONDS = 3600
/** From here on every mistake is seen for ten minutes. */
const HIGH_FLOOR_SECONDS = 600

export function judgeZone(seen: Judged, { add }: Judge): void {
  const { zone, domain } = seen
  if (!('apex' in zone)) {
    if (zone.missing === 'name')
      add('block', 'domain-unknown', `${domain} is not in DNS.`, 'Check the spelling, and whether the domain is still registered.')
    else if (zone.missing === 'resolver')
      add(
        'block',
        'no-resolver',
        `No resolver of this machine answers${zone.servers.length === 0 ? '' : ` (asked: ${zone.servers.join(', ')})`}.`,
        'Give one with --resolver, or the name servers of the domain with --server.',
      )
    else {
      const asked = zone.servers.length === 0 ? '' : ` (asked: ${zone.servers.join(', ')})`
      add(
        'block',
        'zone-unreachable',
        `No server answers for ${domain}${asked}.`,
        'Find out with the host of DNS why its servers do not answer. Nothing can be planned before.',
      )
    }
    return
  }
  judgeServers(zone, add)
  judgeState(seen, zone, add)
}

function judgeServers(zone: Zone, add: Judge['add']): void {
  const { apex, servers, parentNameServers, nameServers } = zone
  const state = (...wanted: FleetServer['state'][]): readonly FleetServer[] => servers.filter((one) => wanted.includes(one.state))
  const serving = state('serves')
  if (serving.length === 0)
    add(
      'block',
      'zone-unreachable',
      `No name server of ${apex} answers from the zone.`,
      'Ask the host of DNS. Nothing can be planned before.',
    )
  const dead = state('silent', 'refuses', 'fails', 'lame')
  const why = {
    silent: 'does not answer',
    refuses: 'refuses',
    fails: 'fails',
    lame: 'knows nothing of the zone',
    serves: '',
    'no-path': '',
  }
  for (const one of dead) {
    const where = serverText(one.server)
    const name = one.name === where ? where : `${one.name} (${where})`
    add(
      'warn',
      'name-server-dead',
      `The name server ${name} ${why[one.state]}.`,
      'Have it repaired, or taken out of the delegation at the registrar: each question that meets it waits.',
      one.name,
    )
  }
  if (state('no-path').length > 0)
    add(
      'info',
      'no-ipv6',
      'The name servers could be asked over IPv4 only.',
      'Nothing to do where this machine has no IPv6; else ask from one that has.',
    )
  if (parentNameServers !== null && nameServers.length > 0 && parentNameServers.join() !== [...nameServers].sort().join())
    add(
      'warn',
      'delegation-differs',
      `The parent delegates ${apex} to ${parentNameServers.join(', ')}, the zone itself names ${nameServers.join(', ')}.`,
      'Make both the same at the registrar and in the zone. Until then all of them are asked and must answer alike.',
    )
  const told = new Set(serving.map((one) => one.nameServers?.toSorted().join(' ') ?? ''))
  if (told.size > 1)
    add(
      'warn',
      'name-servers-disagree',
      `The name servers of ${apex} name different sets of name servers.`,
      'They must serve the same zone. If that is still so after an hour, nothing may be switched.',
    )
  const serials = [...Map.groupBy(serving, ({ serial }) => serial)].toSorted((a, b) => (b[0] ?? 0) - (a[0] ?? 0))
  if (serials.length > 1)
    add(
      'warn',
      'zone-lags',
      `The name servers of ${apex} have different states of the zone: ${serials.map(([serial, some]) => `${some.map(({ name }) => name).join(', ')} has ${serial}`).join('; ')}.`,
      'Look again in an hour. If it is still so, the transfer between them is broken, and nothing may be switched before it is repaired.',
    )
}

function judgeState(seen: Judged, zone: Zone, add: Judge['add']): void {
  const { apex, soa } = zone
  for (const { name, type, sameSerial, says } of seen.disagreements) {
    const [rank, remedy] =
      sameSerial && type === 'MX'
        ? (['block', 'An answer that depends on who asks (weighted, by country) must be made a plain one by hand first.'] as const)
        : (['warn', 'Look again when all servers have the newest zone. If it stays, ask the host of DNS.'] as const)
    add(rank, 'servers-disagree', `The servers do not agree on ${type} of ${name}: ${says}.`, remedy, name)
  }
  if (seen.dnssec.state === 'broken')
    add(
      'block',
      'dnssec-broken',
      `${apex} is signed by the word of its parent, and resolvers that check it get no valid answer: many senders cannot find the domain at all.`,
      'Repair DNSSEC with the host of DNS, or have the DS records taken out at the registrar and wait until they are forgotten.',
    )
  if (seen.dnssec.state === 'island')
    add(
      'info',
      'dnssec-island',
      `${apex} is signed, but its parent does not say so: nobody checks it.`,
      'Nothing has to be done. DANE for Microsoft 365 would need the DS record at the registrar.',
    )
  if (seen.dnssec.state === 'signed')
    add(
      'info',
      'dnssec',
      `${apex} is signed${seen.dnssec.validated ? ', and a resolver has checked it' : ''}.`,
      'Records must be changed where they are signed: if that is a hidden server, an API of the host of the name servers does not change what is published.',
    )
  if (soa !== null && soa.negativeSeconds > LONG_NEGATIVE_SECONDS)
    add(
      'warn',
      'negative-ttl',
      `Resolvers remember for ${soa.negativeSeconds} s that a name is not there.`,
      'Do not ask a resolver for a name before it is made, or lower the minimum of the SOA first.',
    )
  if (seen.apexAlias !== null)
    add(
      'block',
      'apex-alias',
      `${seen.domain} itself is a CNAME to ${seen.apexAlias}: beside it there can be neither MX nor TXT.`,
      'Replace it by A and AAAA, or by what the host of DNS calls ALIAS or flattening.',
    )
  for (const { name, nameServers } of seen.cuts)
    add(
      'warn',
      'delegated-below',
      `${name} is a zone of its own at ${nameServers.join(', ')}.`,
      'Records below it must be made there; the credentials of the zone above do not help.',
      name,
    )
  const { provider } = seen.hosts
  const lowest = provider === null ? 0 : providerNamed(provider).can.lowestTtlSeconds
  if (lowest >= HIGH_FLOOR_SECONDS)
    add(
      'warn',
      'lowest-ttl',
      `${providerNamed(provider ?? '').title} takes no TTL below ${lowest} s.`,
      'The switch and the way back take that much longer.',
    )
  if (seen.wildcard.length > 0)
    add(
      'warn',
      'wildcard',
      `Names that nobody made are answered: ${seen.wildcard.map(({ type, data }) => `${type} ${data.join(', ')}`).join('; ')}.`,
      'What only the wildcard answers was left out here. New names hide it for themselves and below; mail to any subdomain goes where its MX says.',
    )
}
