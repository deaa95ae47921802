import type { Finding } from '../../model/change.ts'
import type { WantedDomain, WantedTenant } from '../../model/wanted-tenant.ts'
import type { TenantDomain } from '../directory.ts'
import type { DomainProofs } from './domains.ts'
import type { Actual } from '../part.ts'

/** What a person must know about the wanted domains, and about the domains of the wanted mailboxes. */
export function domainFindings(wanted: WantedTenant, actual: Actual, proofs: DomainProofs): readonly Finding[] {
  const inTenant = new Map(actual.directory.domains.map((domain) => [domain.name, domain]))
  return [
    ...wanted.domains.flatMap((domain) => {
      const name = domain.name.toLowerCase()
      const there = inTenant.get(name)
      return [
        ...foreign(domain, name, there),
        ...proof(domain, name, there, wanted, actual, proofs),
        ...federated(domain, name, there),
        ...stillDefault(domain, name, there),
      ]
    }),
    ...strange(wanted, inTenant),
  ]
}

/** The nearest of these domains that this one is below; null: it is below none. */
export function parentOf(name: string, others: readonly string[]): string | null {
  const above = others.filter((one) => name.endsWith(`.${one}`))
  return above.toSorted((a, b) => b.length - a.length)[0] ?? null
}

function foreign({ where }: WantedDomain, name: string, there: TenantDomain | undefined): readonly Finding[] {
  if (there !== undefined || !name.endsWith('.onmicrosoft.com')) return []
  return [
    {
      code: 'domain-foreign',
      severity: 'blocker',
      about: name,
      says: `${name} is not a domain of this tenant, and names below onmicrosoft.com can only be made in the admin centre.`,
      remedy: 'Correct the name, or leave the domain out.',
      where,
    },
  ]
}

function proof(
  { where, hasDns = false }: WantedDomain,
  name: string,
  there: TenantDomain | undefined,
  wanted: WantedTenant,
  { directory }: Actual,
  proofs: DomainProofs,
): readonly Finding[] {
  if (there?.isVerified === true || (there === undefined && name.endsWith('.onmicrosoft.com'))) return []
  const verified = directory.domains.filter(({ isVerified }) => isVerified).map((domain) => domain.name)
  const parent = parentOf(name, verified)
  const waiting = waitingFor(name, wanted)
  if (there === undefined && parent !== null)
    return [
      {
        code: 'domain-subdomain',
        severity: 'note',
        about: name,
        says: `${name} is below ${parent}, which is verified: Entra takes it as verified too, with the same way to sign in.`,
        remedy: 'Nothing is to be done. Should a record be wanted all the same, the next plan shows it.',
        where,
      },
    ]
  const record = proofs[name]
  const isKnown = record !== undefined && record.text !== ''
  return [
    {
      code: 'domain-unverified',
      severity: 'warning',
      about: name,
      says: `The domain ${name} is not verified yet${waiting === '' ? '' : `, which holds up ${waiting}`}.`,
      remedy: isKnown
        ? `Publish this record in DNS: name ${name}, type TXT, value "${record.text}", TTL ${record.ttlSeconds}. Keep what is there already${hasDns ? `: \`cutover dns apply ${name} --phase prepare\` does it` : ''}. Then apply again: it goes on by itself.`
        : hasDns
          ? `Apply (with --wait 1, so that it does not wait for the record), then \`cutover dns apply ${name} --phase prepare\` publishes the record that proves it.`
          : 'Microsoft makes the TXT record that proves it when the domain is added. Apply (with --wait 1, so that it does not wait for the record), then plan again: the record is shown here.',
      where,
    },
  ]
}

function waitingFor(name: string, { mailboxes, groups }: WantedTenant): string {
  const inDomain = (list: readonly { readonly address: string }[]): number =>
    list.filter(({ address }) => domainOf(address) === name).length
  const counts = [counted(inDomain(mailboxes), 'mailbox', 'mailboxes'), counted(inDomain(groups), 'group', 'groups')]
  return counts.filter((one) => one !== '').join(' and ')
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`
}

function federated({ where }: WantedDomain, name: string, there: TenantDomain | undefined): readonly Finding[] {
  if (there?.authenticationType.toLowerCase() !== 'federated') return []
  return [
    {
      code: 'domain-federated',
      severity: 'warning',
      about: name,
      says: `${name} is federated: its users sign in elsewhere, and a password set here does not work for them.`,
      remedy: 'Make its users where they come from, or turn the domain into a managed one first.',
      where,
    },
  ]
}

function stillDefault({ where, isDefault }: WantedDomain, name: string, there: TenantDomain | undefined): readonly Finding[] {
  if (isDefault !== false || there?.isDefault !== true) return []
  return [
    {
      code: 'domain-default',
      severity: 'warning',
      about: name,
      says: `${name} is the default domain and is not wanted as such, but there must always be one.`,
      remedy: 'Name the domain that is to be the default one instead.',
      where,
    },
  ]
}

/** Domains of wanted mailboxes that are neither verified nor wanted: nothing will ever make these mailboxes possible. */
function strange(wanted: WantedTenant, inTenant: ReadonlyMap<string, TenantDomain>): readonly Finding[] {
  const listed = new Set(wanted.domains.map(({ name }) => name.toLowerCase()))
  const counts = new Map<string, { count: number; where: string }>()
  for (const { address, where } of wanted.mailboxes) {
    const name = domainOf(address)
    if (listed.has(name) || inTenant.get(name)?.isVerified === true) continue
    const known = counts.get(name)
    counts.set(name, { count: (known?.count ?? 0) + 1, where: known?.where ?? where })
  }
  return [...counts].map(([name, { count, where }]) => ({
    code: 'domain-not-wanted',
    severity: 'warning',
    about: name,
    says: `${counted(count, 'mailbox is', 'mailboxes are')} wanted in ${name}, which is not a verified domain of the tenant.`,
    remedy: `Add ${name} to the domains of the definition, or correct the addresses.`,
    where,
  }))
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase()
}
