import type { Graph } from '../../microsoft/graph.ts'
import { graphPath } from '../../microsoft/graph-path.ts'
import type { JsonObject } from '../../microsoft/wire-json.ts'
import { objectsIn, textIn } from '../../microsoft/wire-json.ts'
import { Failure } from '../../model/failure.ts'

/** A secret or certificate of the application, as the directory knows it. */
export type Credential = {
  readonly name: string
  readonly endsMs: number
  /** The first characters of a secret; '' for a certificate. */
  readonly hint: string
}

/** What the directory tells about the application that we are. */
export type AppFacts = {
  readonly displayName: string
  /** Object id of the enterprise application: this one counts. */
  readonly principalId: string
  /** Object id of the registration; null where that is in another tenant. */
  readonly registrationId: string | null
  /** `graph User.Read.All`, `exchange IMAP.AccessAsApp`, and since when. */
  readonly granted: ReadonlyMap<string, number | null>
  /** Template ids of the roles it has in the directory; null where that may not be read. */
  readonly roles: readonly string[] | null
  readonly secrets: readonly Credential[]
  readonly certificates: readonly Credential[]
}

/** One of Microsoft's services as it stands in this tenant: object id, and the ids of its permissions by name. */
type Service = { readonly id: string; readonly roleIds: ReadonlyMap<string, string> }

export const SERVICE_IDS = { graph: '00000003-0000-0000-c000-000000000000', exchange: '00000002-0000-0ff1-ce00-000000000000' } as const

/** null where the application may not look itself up, or is not there. Throws a `Failure` where the service does not answer. */
export async function readAppFacts(graph: Graph, appId: string): Promise<AppFacts | null> {
  const self = await orNull(graph.object(graphPath`/servicePrincipals(appId='${appId}')`, { query: { $select: 'id,appId,displayName' } }))
  const principalId = textIn(self?.['id'])
  if (self === null || principalId === '') return null
  const [assignments, roles, registration, ...services] = await Promise.all([
    orNull(Array.fromAsync(graph.rows(graphPath`/servicePrincipals/${principalId}/appRoleAssignments`))),
    orNull(Array.fromAsync(graph.rows(graphPath`/servicePrincipals/${principalId}/transitiveMemberOf`))),
    orNull(
      graph.object(graphPath`/applications(appId='${appId}')`, {
        query: { $select: 'id,displayName,passwordCredentials,keyCredentials' },
      }),
    ),
    serviceIn(graph, SERVICE_IDS.graph),
    serviceIn(graph, SERVICE_IDS.exchange),
  ])
  if (assignments === null) return null
  const known = { graph: services[0] ?? null, exchange: services[1] ?? null }
  return {
    displayName: textIn(self['displayName']) || appId,
    principalId,
    registrationId: textIn(registration?.['id']) || null,
    granted: grantedIn(assignments, known),
    roles: roles === null ? null : roles.map((row) => textIn(row['roleTemplateId'])).filter((id) => id !== ''),
    secrets: objectsIn(registration?.['passwordCredentials']).map(credentialIn),
    certificates: objectsIn(registration?.['keyCredentials']).map(credentialIn),
  }
}

async function serviceIn(graph: Graph, appId: string): Promise<Service | null> {
  const row = await orNull(graph.object(graphPath`/servicePrincipals(appId='${appId}')`, { query: { $select: 'id,appRoles' } }))
  if (row === null) return null
  return { id: textIn(row['id']), roleIds: new Map(objectsIn(row['appRoles']).map((role) => [textIn(role['value']), textIn(role['id'])])) }
}

function grantedIn(
  assignments: readonly JsonObject[],
  services: Readonly<Record<'graph' | 'exchange', Service | null>>,
): AppFacts['granted'] {
  const granted = new Map<string, number | null>()
  for (const row of assignments)
    for (const api of ['graph', 'exchange'] as const) {
      const service = services[api]
      if (service === null || service.id !== textIn(row['resourceId'])) continue
      const name = [...service.roleIds].find(([, id]) => id === textIn(row['appRoleId']))?.[0]
      const since = Date.parse(textIn(row['createdDateTime']))
      if (name !== undefined) granted.set(`${api} ${name}`, Number.isNaN(since) ? null : since)
    }
  return granted
}

function credentialIn(row: JsonObject): Credential {
  return { name: textIn(row['displayName']), hint: textIn(row['hint']), endsMs: Date.parse(textIn(row['endDateTime'])) }
}

/** null where it may not be read or is not there. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Failure && (error.code === 'permission-missing' || error.code === 'object-unknown')) return null
    throw error
  }
}
