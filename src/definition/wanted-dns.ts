import type { WantedDns } from '../model/wanted-dns.ts'
import { definitionFailure, type Definition } from './definition.ts'
import type { Path } from './yaml-file.ts'

/** As Graph calls them. */
const SERVICES = { teams: 'OfficeCommunicationsOnline', devices: 'Intune' } as const

/**
 * What the definition wants of the records of each domain. Whether there is such a host, and what it must be told, is looked at where
 * hosts are known. Throws `bad-input` where no host is named.
 */
export function wantedDns(definition: Definition): readonly WantedDns[] {
  const { dns, domains = [] } = definition.sections
  if (dns === undefined)
    throw definitionFailure(definition.fileName, [`${definition.fileName}: dns is missing: who hosts the DNS of the domains`])
  const { ttl, low_ttl: low, domains: own, ...all } = dns
  const entries = own ?? domains.map((domain) => ({ name: domain.name }))
  if (entries.length === 0)
    throw definitionFailure(definition.fileName, [
      `${definition.where(['dns'])}: there is no domain: name them under domains, or under dns: domains`,
    ])
  const wrong: string[] = []
  const wanted = entries.map((entry, at): WantedDns => {
    const path: Path = own === undefined ? ['domains', at] : ['dns', 'domains', at]
    const each = { ...all, ...entry }
    const domain = entry.name.toLowerCase()
    if (each.provider === undefined)
      wrong.push(`${definition.position(path)}: who hosts the DNS of ${domain} is missing: provider, under dns or here`)
    // Another host has other settings.
    const isOther = 'provider' in entry && entry.provider !== undefined
    const names = (labels: readonly string[] = []): readonly string[] => labels.map((label) => absolute(label, domain))
    return {
      domain,
      provider: each.provider ?? '',
      settings: isOther && !('settings' in entry && entry.settings !== undefined) ? {} : (each.settings ?? {}),
      nameServers: each.name_servers ?? [],
      ttlSeconds: ttl,
      lowTtlSeconds: Math.min(low, ttl),
      senders: each.senders ?? [],
      keep: names(each.keep),
      dmarcReports: each.dmarc_reports ?? null,
      tlsReports: each.tls_reports ?? null,
      services: [...new Set((each.services ?? []).map((one) => SERVICES[one]))],
      retireSenders: each.retire_senders ?? [],
      retireNames: names(each.retire),
      where: definition.where(path),
    }
  })
  if (wrong.length > 0) throw definitionFailure(definition.fileName, wrong)
  return wanted
}

/** `mail` and `mail.example.org` are the same name of example.org. */
function absolute(label: string, domain: string): string {
  if (label === '@' || label === domain) return domain
  return label.endsWith(`.${domain}`) ? label : `${label}.${domain}`
}
