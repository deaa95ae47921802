import { graphPath } from '../../microsoft/graph-path.ts'
import { objectsIn, textIn } from '../../microsoft/wire-json.ts'
import type { WantedDomain, WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantChange } from '../call.ts'
import type { TenantDomain } from '../directory.ts'
import { domainFindings, parentOf } from './domains-findings.ts'
import { key } from '../key.ts'
import type { Actual, Part } from '../part.ts'
import { lookAt, settingChange } from '../settings.ts'

/** The TXT record that proves a domain to be ours, by the domain's name. Only Entra knows it. */
export type DomainProofs = Readonly<Record<string, { readonly text: string; readonly ttlSeconds: number }>>

/** Domains: added, verified, used for mail, accepted by Exchange, of the wanted type, the default one. */
export const domains: Part<DomainProofs> = {
  name: 'domains',
  read: async ({ graph }, wanted, actual) => {
    const open = wanted.domains.filter(({ name }) => domainIn(actual, name)?.isVerified === false)
    const proofs = open.map(async ({ name }) => {
      const { body } = await graph.send('GET', graphPath`/domains/${name.toLowerCase()}/verificationDnsRecords`)
      const record = objectsIn(body['value']).find((one) => textIn(one['recordType']).toLowerCase() === 'txt')
      const ttl = record?.['ttl']
      return [name.toLowerCase(), { text: textIn(record?.['text']), ttlSeconds: typeof ttl === 'number' ? ttl : 3600 }] as const
    })
    return Object.fromEntries(await Promise.all(proofs))
  },
  compare: (wanted, actual, proofs) => ({
    changes: wanted.domains.flatMap((domain) => changesOf(domain, wanted, actual)),
    findings: domainFindings(wanted, actual, proofs),
  }),
}

function domainIn({ directory }: Actual, name: string): TenantDomain | undefined {
  return directory.domains.find((one) => one.name === name.toLowerCase())
}

function changesOf(domain: WantedDomain, wanted: WantedTenant, actual: Actual): readonly TenantChange[] {
  const name = domain.name.toLowerCase()
  const there = domainIn(actual, name)
  const accepted = actual.recipients.acceptedDomains.find((one) => one.domain === name)
  return [
    ...(there === undefined ? [added(name, wanted)] : []),
    ...(there?.isVerified === true ? [] : [verified(name, there === undefined)]),
    ...(hasMail(there) ? [] : [servedWithMail(name, there?.supportedServices ?? [])]),
    ...(accepted === undefined ? [acceptedByItself(name)] : []),
    ...typed(name, domain.type, accepted?.type ?? null),
    ...(domain.isDefault === true && there?.isDefault !== true ? [madeDefault(name, actual)] : []),
  ]
}

function hasMail(domain: TenantDomain | undefined): boolean {
  return domain?.supportedServices.some((service) => service.toLowerCase() === 'email') === true
}

function added(name: string, wanted: WantedTenant): TenantChange {
  // A subdomain of a verified domain needs no proof of its own.
  const parent = parentOf(
    name,
    wanted.domains.map((one) => one.name.toLowerCase()),
  )
  return {
    key: key.domain(name),
    kind: 'domain',
    about: name,
    says: `Add the domain ${name}`,
    after: parent === null ? [] : [key.domainVerified(parent)],
    look: look(name),
    expect: { is: 'there', id: 'id' },
    calls: [{ graph: 'POST', path: '/domains', body: { id: name } }],
    undo: [{ graph: 'DELETE', path: graphPath`/domains/${name}` }],
    takes: 'minutes',
  }
}

function verified(name: string, isNew: boolean): TenantChange {
  return {
    key: key.domainVerified(name),
    kind: 'domain',
    about: name,
    says: `Verify the domain ${name}, as soon as its TXT record is seen in DNS`,
    after: [key.domain(name)],
    look: look(name),
    expect: { is: 'set', values: { isVerified: { to: true, as: 'text' } } },
    calls: [{ graph: 'POST', path: graphPath`/domains/${name}/verify` }],
    // Where it was added by us it goes when that is taken back.
    undo: isNew ? [] : { cannot: `A domain that was verified stays so until it is removed from the tenant (${name}).` },
    takes: 'hours',
  }
}

function servedWithMail(name: string, services: readonly string[]): TenantChange {
  const path = graphPath`/domains/${name}`
  const kept = services.filter((service) => WRITABLE.has(service.toLowerCase()))
  return {
    key: `domain-mail ${name}`,
    kind: 'domain',
    about: name,
    says: `Let the domain ${name} have mail (its supported services were ${services.join(', ') || 'none'})`,
    after: [key.domainVerified(name)],
    look: look(name),
    expect: { is: 'holds', property: 'supportedServices', entries: ['Email'] },
    calls: [{ graph: 'PATCH', path, body: { supportedServices: [...kept, 'Email'] } }],
    undo: [{ graph: 'PATCH', path, body: { supportedServices: { $: 'before.supportedServices' } } }],
    takes: 'minutes',
  }
}

/** Others can be read, and are refused when they are written (Graph: domain-update). */
const WRITABLE: ReadonlySet<string> = new Set(['email', 'officecommunicationsonline', 'yammer'])

function acceptedByItself(name: string): TenantChange {
  return {
    key: key.domainAccepted(name),
    kind: 'domain',
    about: name,
    says: `Wait until Exchange accepts mail for ${name}`,
    after: [key.domainVerified(name), `domain-mail ${name}`],
    look: lookAt('AcceptedDomain', name),
    expect: { is: 'there', id: 'DomainName' },
    calls: [],
    undo: [],
    takes: 'hours',
  }
}

const TYPES = { authoritative: 'Authoritative', 'internal-relay': 'InternalRelay' } as const

function typed(name: string, type: WantedDomain['type'], was: string | null): readonly TenantChange[] {
  if (type === null || TYPES[type].toLowerCase() === was?.toLowerCase()) return []
  // Exchange takes every new domain as authoritative.
  if (was === null && type === 'authoritative') return []
  return [
    settingChange({
      key: `domain-type ${name}`,
      kind: 'domain',
      about: name,
      title: `the accepted domain ${name}`,
      noun: 'AcceptedDomain',
      identity: name,
      different: [{ name: 'DomainType', wanted: { to: TYPES[type], as: 'text' }, was: was ?? 'Authoritative' }],
      after: [key.domainAccepted(name)],
    }),
  ]
}

function madeDefault(name: string, { directory }: Actual): TenantChange {
  const former = directory.domains.find(({ isDefault }) => isDefault)?.name
  const setTo = (domain: string) => ({ graph: 'PATCH', path: graphPath`/domains/${domain}`, body: { isDefault: true } }) as const
  return {
    key: `domain-default ${name}`,
    kind: 'domain',
    about: name,
    says: `Make ${name} the default domain for new users${former === undefined ? '' : ` (was ${former})`}`,
    after: [key.domainVerified(name)],
    look: look(name),
    expect: { is: 'set', values: { isDefault: { to: true, as: 'text' } } },
    calls: [setTo(name)],
    undo: former === undefined ? { cannot: 'It is not known which domain was the default one.' } : [setTo(former)],
    takes: 'minutes',
  }
}

function look(name: string): TenantChange['look'] {
  return { call: { graph: 'GET', path: graphPath`/domains/${name}` } }
}
