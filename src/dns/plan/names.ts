import type { SetName } from '../provider.ts'
import { RECORD_TYPES, type RecordType } from '../record-set.ts'
import type { TenantRecords } from './tenant-records.ts'
import type { WantedDns } from '../../model/wanted-dns.ts'

const HOST: readonly RecordType[] = ['A', 'AAAA', 'CNAME']
const ALL: readonly RecordType[] = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'SRV']
/** Ways by which mail programs find the old server (RFC 6186), and Thunderbird's own. */
export const CLIENT_SERVICES = ['_imap', '_imaps', '_pop3', '_pop3s', '_submission', '_submissions'].map((one) => `${one}._tcp`)

/** Every set that a plan for this domain looks at. */
export function namesToRead({ domain, retireNames }: WantedDns, tenant: TenantRecords): readonly SetName[] {
  const at = (label: string, types: readonly RecordType[]): readonly SetName[] =>
    types.map((type) => ({ name: label === '' ? domain : `${label}.${domain}`, type }))
  const wanted = [
    ...at('', ALL),
    ...at('*', ALL),
    // Nothing at all may stand beside a CNAME.
    ...at('autodiscover', RECORD_TYPES),
    ...at('_autodiscover._tcp', ['SRV']),
    ...at('autoconfig', HOST),
    ...CLIENT_SERVICES.flatMap((label) => at(label, ['SRV'])),
    ...['_dmarc', '_mta-sts', '_smtp._tls'].flatMap((label) => at(label, ['TXT', 'CNAME'])),
    ...at('_domainkey', ['NS']),
    ...at('msoid', ['CNAME']),
    ...tenant.dkim.flatMap(({ name }) => RECORD_TYPES.map((type) => ({ name, type }))),
    ...[...tenant.records, ...tenant.proof].flatMap(({ name, type }) =>
      [type, ...(type === 'CNAME' ? RECORD_TYPES : (['CNAME'] as const))].map((one) => ({ name, type: one })),
    ),
    ...retireNames.flatMap((name) => ALL.map((type) => ({ name, type }))),
  ]
  return [...new Map(wanted.map((one) => [`${one.name} ${one.type}`, one])).values()]
}
