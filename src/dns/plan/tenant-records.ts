import type { ExchangeAdmin } from '../../microsoft/exchange-admin.ts'
import { graphPath } from '../../microsoft/graph-path.ts'
import type { Graph } from '../../microsoft/graph.ts'
import { objectsIn, textIn, type JsonObject } from '../../microsoft/wire-json.ts'
import { Failure } from '../../model/failure.ts'
import { canonicalData, canonicalName, type RecordType } from '../record-set.ts'

/** One record as the tenant wants it. */
export type TenantRecord = {
  readonly name: string
  readonly type: RecordType
  readonly data: string
  readonly ttlSeconds: number
  /** `Email`, `EmailInternalRelayOnly`, `OfficeCommunicationsOnline`, `Intune` … */
  readonly service: string
  readonly isOptional: boolean
}

/** What the tenant says of one domain. No value here is ever computed: Microsoft's labels follow no rule that holds. */
export type TenantRecords = {
  readonly domain: string
  readonly isInTenant: boolean
  readonly isVerified: boolean
  /** What proves that the domain is ours; TXT or MX, one of them is enough. [] where it is proven. */
  readonly proof: readonly TenantRecord[]
  readonly records: readonly TenantRecord[]
  /** What the tenant says of records that it cannot tell yet. */
  readonly unavailable: readonly string[]
  /** Records that it tells and that are not understood, or are of another domain. */
  readonly strange: readonly string[]
  /** The two CNAMEs of DKIM; [] where its keys are not made yet. */
  readonly dkim: readonly TenantRecord[]
  readonly isSigning: boolean
}

export type TenantClients = { readonly graph: Graph; readonly admin: ExchangeAdmin }

/** Asks Graph and Exchange for the records of these domains. A domain that the tenant does not have is told, and no error. */
export async function readTenantRecords(clients: TenantClients, domains: readonly string[]): Promise<readonly TenantRecords[]> {
  const { rows } = await clients.admin.invoke('Get-DkimSigningConfig')
  return Promise.all(domains.map((domain) => tenantRecordsOf(clients.graph, domain, rows)))
}

async function tenantRecordsOf(graph: Graph, domain: string, dkimRows: readonly JsonObject[]): Promise<TenantRecords> {
  const object = await orNull(graph.object(graphPath`/domains/${domain}`))
  const isVerified = object?.['isVerified'] === true
  const nothing = { rows: [], unavailable: [] }
  const proof = object === null || isVerified ? nothing : await told(graph, graphPath`/domains/${domain}/verificationDnsRecords`)
  // Until the domain serves anything the list is empty, or refused.
  const service = isVerified ? await told(graph, graphPath`/domains/${domain}/serviceConfigurationRecords`) : nothing
  const [proofs, services] = [decodeRecords(domain, proof.rows), decodeRecords(domain, service.rows)]
  return {
    domain,
    isInTenant: object !== null,
    isVerified,
    proof: proofs.records,
    records: services.records,
    unavailable: [...proof.unavailable, ...service.unavailable, ...proofs.unavailable, ...services.unavailable],
    strange: [...proofs.strange, ...services.strange],
    ...decodeDkim(domain, dkimRows),
  }
}

async function told(
  graph: Graph,
  path: string,
): Promise<{ readonly rows: readonly JsonObject[]; readonly unavailable: readonly string[] }> {
  try {
    const { body } = await graph.send('GET', path)
    return { rows: objectsIn(body['value']), unavailable: [] }
  } catch (error) {
    if (error instanceof Failure && ['request-refused', 'object-unknown'].includes(error.code))
      return { rows: [], unavailable: [error.message] }
    throw error
  }
}

async function orNull(object: Promise<JsonObject>): Promise<JsonObject | null> {
  try {
    return await object
  } catch (error) {
    if (error instanceof Failure && error.code === 'object-unknown') return null
    throw error
  }
}

type Decoded = Pick<TenantRecords, 'records' | 'unavailable' | 'strange'>

/** Graph's records by their `@odata.type`; the names that they carry are taken as they are. */
export function decodeRecords(domain: string, rows: readonly JsonObject[]): Decoded {
  const [records, unavailable, strange]: [TenantRecord[], string[], string[]] = [[], [], []]
  for (const row of rows) {
    const kind = /domainDns(\w+)Record$/i.exec(textIn(row['@odata.type']))?.[1]?.toLowerCase() ?? textIn(row['recordType']).toLowerCase()
    if (kind === 'unavailable') {
      unavailable.push(textIn(row['description']) || 'Microsoft does not say why.')
      continue
    }
    const record = decoded(kind, row)
    if (record === null) strange.push(`a record of type ${textIn(row['recordType']) || kind || 'unknown'} for ${textIn(row['label'])}`)
    else if (record.name !== domain && !record.name.endsWith(`.${domain}`)) strange.push(`${record.type} at ${record.name}`)
    else records.push(record)
  }
  return { records, unavailable, strange }
}

const VALUES: Readonly<Record<string, readonly [RecordType, (row: JsonObject) => string]>> = {
  mx: ['MX', (row) => `${numberIn(row['preference'])} ${textIn(row['mailExchange'])}`],
  txt: ['TXT', (row) => textIn(row['text'])],
  cname: ['CNAME', (row) => textIn(row['canonicalName'])],
  srv: ['SRV', (row) => `${['priority', 'weight', 'port'].map((name) => numberIn(row[name])).join(' ')} ${textIn(row['nameTarget'])}`],
}

function decoded(kind: string, row: JsonObject): TenantRecord | null {
  const [type, valueOf] = VALUES[kind] ?? []
  const label = textIn(row['label'])
  if (type === undefined || valueOf === undefined || label === '') return null
  const [service, protocol] = [textIn(row['service']), textIn(row['protocol'])]
  // Of SRV the label may be the domain alone, with the rest beside it.
  const name = type === 'SRV' && !label.startsWith('_') && service !== '' ? `${service}.${protocol}.${label}` : label
  try {
    return {
      name: canonicalName(name),
      type,
      data: canonicalData(type, valueOf(row)),
      ttlSeconds: numberIn(row['ttl']) || 3600,
      service: textIn(row['supportedService']),
      isOptional: row['isOptional'] === true,
    }
  } catch (error) {
    if (error instanceof Failure) return null
    throw error
  }
}

/** The names are fixed, their targets are not: Exchange has two ways to form them, and tells which. */
export function decodeDkim(domain: string, rows: readonly JsonObject[]): Pick<TenantRecords, 'dkim' | 'isSigning'> {
  const row = rows.find((one) => textIn(one['Domain']).toLowerCase() === domain)
  const dkim = [1, 2].flatMap((n): readonly TenantRecord[] => {
    const target = textIn(row?.[`Selector${n}CNAME`])
    if (target === '') return []
    const name = `selector${n}._domainkey.${domain}`
    return [{ name, type: 'CNAME', data: canonicalName(target), ttlSeconds: 3600, service: 'Email', isOptional: false }]
  })
  return { dkim, isSigning: row?.['Enabled'] === true }
}

function numberIn(value: unknown): number {
  return typeof value === 'number' ? value : Number(textIn(value)) || 0
}
