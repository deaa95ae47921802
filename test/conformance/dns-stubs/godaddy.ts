/** GoDaddy's API, as documented: one call for one set, and those that replace a whole type or zone, which nobody here may use. */
import { z } from 'zod'
import { jsonIn, startStub, type Answer, type Stub } from './stub-server.ts'
import { Clash, type StubRecord, type StubZone } from './stub-zone.ts'

export const GODADDY_KEY = { key: 'gd-key', secret: 'gd-secret' }
/** Valid, of an account that is too small. */
export const GODADDY_SMALL = { key: 'gd-small', secret: 'gd-secret' }

const BODY = z.array(z.object({ data: z.string(), ttl: z.number(), priority: z.number().optional() }))

export function startGodaddy(zone: StubZone): Promise<Stub> {
  return startStub(
    zone,
    ({ method }) => method !== 'GET',
    ({ method, path, query, headers, text }) => {
      if (headers.authorization === `sso-key ${GODADDY_SMALL.key}:${GODADDY_SMALL.secret}`)
        return path === '/v1/domains' ? domains(zone, query) : refuse(403, 'ACCESS_DENIED', 'Authenticated user is not allowed access')
      if (headers.authorization !== `sso-key ${GODADDY_KEY.key}:${GODADDY_KEY.secret}`)
        return refuse(401, 'UNABLE_TO_AUTHENTICATE', 'Unauthorized : Could not authenticate API key/secret')
      if (path === '/v1/domains') return domains(zone, query)
      const [, domain, type, relative] =
        /^\/v1\/domains\/([^/]+)\/records(?:\/([A-Z]+))?(?:\/([^/]+))?\/?$/.exec(decodeURIComponent(path)) ?? []
      if (domain !== zone.name) return refuse(404, 'UNKNOWN_DOMAIN', 'The given domain is not registered')
      if (method === 'GET' && type === undefined)
        return paged(
          zone.shown().map((one) => told(one, zone.name)),
          query,
        )
      if (type === undefined || relative === undefined) return refuse(422, 'TOO_WIDE', 'the stand-in does not take this')
      const name = relative === '@' ? zone.name : `${relative}.${zone.name}`
      try {
        if (method === 'DELETE') {
          zone.change(zone.without(name, type))
          return { status: 204 }
        }
        const body = BODY.safeParse(jsonIn(text))
        if (method !== 'PUT' || !body.success)
          return refuse(422, 'INVALID_BODY', "Request body doesn't fulfill schema, see details in `fields`")
        if (body.data.some(({ ttl }) => ttl < 600)) return refuse(422, 'INVALID_BODY', 'ttl must be at least 600')
        zone.change([
          ...zone.without(name, type),
          ...body.data.map((one) => zone.make({ name, type, ttl: one.ttl, data: wordsOf(type, one) })),
        ])
        return { status: 200 }
      } catch (error) {
        if (error instanceof Clash) return refuse(422, 'DUPLICATE_RECORD', 'Another record with the same attributes already exists')
        throw error
      }
    },
  )
}

function refuse(status: number, code: string, message: string): Answer {
  return { status, json: { code, message } }
}

/** Two a page. */
function domains({ name }: StubZone, query: URLSearchParams): Answer {
  const all = ['alpha.test', 'beta.test', name]
  const from = all.indexOf(query.get('marker') ?? '') + 1
  return {
    status: 200,
    json: all.slice(from, from + 2).map((domain) => ({ domain, status: 'ACTIVE', nameServers: ['ns01.domaincontrol.com'] })),
  }
}

function paged(all: readonly unknown[], query: URLSearchParams): Answer {
  const from = Number(query.get('offset') ?? 0)
  return { status: 200, json: all.slice(from, from + 3) }
}

function told({ name, type, ttl, data }: StubRecord, zone: string): unknown {
  const relative = name === zone ? '@' : name.slice(0, -zone.length - 1)
  const bare = (data.at(-1) ?? '').replace(/\.$/, '')
  if (type === 'TXT') return { type, name: relative, ttl, data: Buffer.from(data.join(''), 'latin1').toString('utf8') }
  if (type === 'MX') return { type, name: relative, ttl, data: bare, priority: Number(data[0]) }
  return { type, name: relative, ttl, data: bare === zone ? '@' : bare }
}

function wordsOf(type: string, { data, priority }: z.infer<typeof BODY>[number]): readonly string[] {
  if (type === 'TXT')
    return (
      Buffer.from(data)
        .toString('latin1')
        .match(/[\s\S]{1,255}/g) ?? ['']
    )
  if (type === 'MX') return [String(priority ?? 0), `${data}.`]
  return [type === 'CNAME' ? `${data}.` : data]
}
