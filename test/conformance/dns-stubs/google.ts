/** Google Cloud DNS's API, as documented, with its sign-in for service accounts. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto'
import { jwtVerify } from 'jose'
import { z } from 'zod'
import { jsonIn, startStub, type Answer, type Stub } from './stub-server.ts'
import { wireText, wordsIn, Clash, type StubRecord, type StubZone } from './stub-zone.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** The key file of an account: `writer` may change the zone, `reader` may not. */
export function googleKey(url: string, who: 'writer' | 'reader'): string {
  return JSON.stringify({
    type: 'service_account',
    client_email: `${who}@test-project.iam.gserviceaccount.com`,
    client_id: '1',
    private_key_id: 'k1',
    private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    token_uri: `${url}/token`,
  })
}

const SET = z.object({ name: z.string(), type: z.string(), ttl: z.number(), rrdatas: z.array(z.string()) })
const CHANGE = z.object({ additions: z.array(SET).default([]), deletions: z.array(SET).default([]) })

export function startGoogleDns(zone: StubZone): Promise<Stub> {
  let url = ''
  const changes = new Map<string, number>()
  const started = startStub(
    zone,
    ({ method, path }) => method === 'POST' && path !== '/token',
    async ({ method, path, query, headers, text }) => {
      if (path === '/token') return token(new URLSearchParams(text), `${url}/token`)
      const who = /^Bearer token-of-(writer|reader)$/.exec(headers.authorization ?? '')?.[1]
      if (who === undefined) return refuse(401, 'authError', 'Invalid Credentials')
      const [, rest] = /^\/dns\/v1\/projects\/test-project\/managedZones(.*)$/.exec(path) ?? []
      if (rest === '') return paged('managedZones', zones(zone), query)
      if (rest === undefined || !rest.startsWith('/zone-one/'))
        return refuse(404, 'notFound', `The 'parameters.managedZone' resource named '${rest}' does not exist.`)
      if (rest === '/zone-one/rrsets') {
        const name = query.get('name')
        return paged('rrsets', setsIn(zone.shown().filter((one) => name === null || `${one.name}.` === name)), query)
      }
      const [, change] = /^\/zone-one\/changes\/(\d+)$/.exec(rest) ?? []
      if (change !== undefined) {
        const left = (changes.get(change) ?? 0) - 1
        changes.set(change, left)
        return { status: 200, json: { kind: 'dns#change', id: change, status: left > 0 ? 'pending' : 'done' } }
      }
      if (rest !== '/zone-one/changes' || method !== 'POST') return refuse(404, 'notFound', 'Not Found')
      if (who === 'reader') return refuse(403, 'forbidden', 'Forbidden')
      const problem = changed(zone, CHANGE.parse(jsonIn(text)))
      if (problem !== null) return problem
      const id = String(changes.size)
      changes.set(id, 3)
      return { status: 200, json: { kind: 'dns#change', id, status: 'pending' } }
    },
  )
  return started.then((stub) => {
    url = stub.url
    return stub
  })
}

async function token(form: URLSearchParams, audience: string): Promise<Answer> {
  try {
    const checks = { audience, algorithms: ['RS256'], currentDate: new Date(Date.UTC(2026, 0, 1)), clockTolerance: 86_400 }
    const { payload } = await jwtVerify(
      form.get('assertion') ?? '',
      createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })),
      checks,
    )
    // A subject would be a user of a domain, which a project knows nothing of.
    if (payload.sub !== undefined || !String(payload['scope']).includes('clouddns')) throw new Error('sub or scope')
    return { status: 200, json: { access_token: `token-of-${String(payload.iss).split('@')[0]}`, expires_in: 3599, token_type: 'Bearer' } }
  } catch (error) {
    return { status: 400, json: { error: 'invalid_grant', error_description: String(error) } }
  }
}

function refuse(code: number, reason: string, message: string): Answer {
  return { status: code, json: { error: { code, message, errors: [{ message, domain: 'global', reason }] } } }
}

function paged(key: string, all: readonly unknown[], query: URLSearchParams): Answer {
  const from = Number(query.get('pageToken') ?? 0)
  return { status: 200, json: { [key]: all.slice(from, from + 2), ...(all.length > from + 2 ? { nextPageToken: String(from + 2) } : {}) } }
}

function zones({ name }: StubZone): readonly unknown[] {
  return [
    { name: 'other', dnsName: 'other.test.', visibility: 'public', nameServers: [] },
    { name: 'inside', dnsName: `${name}.`, visibility: 'private', nameServers: [] },
    { name: 'zone-one', dnsName: `${name}.`, visibility: 'public', nameServers: ['ns-cloud-a1.googledomains.com.'] },
  ]
}

function setsIn(records: readonly StubRecord[]): readonly unknown[] {
  const sets = Map.groupBy(records, ({ name, type }) => `${name} ${type}`)
  return [...sets.values()].map((group) => ({
    kind: 'dns#resourceRecordSet',
    name: `${group[0]?.name}.`,
    type: group[0]?.type,
    ttl: group[0]?.ttl,
    ...(group[0]?.more['routingPolicy'] === undefined
      ? { rrdatas: group.map((one) => wireText(one)) }
      : { routingPolicy: group[0].more['routingPolicy'] }),
  }))
}

function changed(zone: StubZone, { additions, deletions }: z.infer<typeof CHANGE>): Answer | null {
  let next = zone.records
  for (const [at, { name: absolute, type, ttl, rrdatas }] of deletions.entries()) {
    const name = absolute.replace(/\.$/, '')
    const there = next.filter((one) => one.name === name && one.type === type)
    if (there.length === 0)
      return refuse(404, 'notFound', `The 'entity.change.deletions[${at}]' resource named '${absolute} (${type})' does not exist.`)
    const same =
      there.every((one) => one.ttl === ttl) &&
      there
        .map((one) => wireText(one))
        .sort()
        .join('\n') === [...rrdatas].sort().join('\n')
    if (!same) return refuse(412, 'conditionNotMet', `Precondition not met for 'entity.change.deletions[${at}]'`)
    next = next.filter((one) => !there.includes(one))
  }
  for (const [at, { name: absolute, type, ttl, rrdatas }] of additions.entries()) {
    const name = absolute.replace(/\.$/, '')
    if (next.some((one) => one.name === name && one.type === type))
      return refuse(409, 'alreadyExists', `The resource 'entity.change.additions[${at}]' named '${absolute} (${type})' already exists`)
    next = [...next, ...rrdatas.map((value) => zone.make({ name, type, ttl, data: wordsIn(type, value) }))]
  }
  try {
    zone.change(next)
    return null
  } catch (error) {
    if (error instanceof Clash)
      return refuse(
        400,
        'cnameResourceRecordSetConflict',
        `The resource record set 'entity.change.additions[0]' is invalid because the DNS name may have either one CNAME resource record set or resource record sets of other types, but not both.`,
      )
    throw error
  }
}
