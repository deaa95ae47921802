import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ZoneRecord, ZoneServer } from './zone-server.ts'

export type DnsHost = AsyncDisposable & { readonly url: string }

type Wanted = {
  readonly rrsets: readonly {
    readonly name: string
    readonly type: ZoneRecord['type']
    readonly changetype: 'REPLACE' | 'DELETE'
    readonly ttl?: number
    readonly records?: readonly { readonly content: string }[]
  }[]
}

/**
 * The administration of a zone over HTTP on 127.0.0.1, in the shape of PowerDNS: what is written there is answered by the zone server at
 * once. `onChange` is told of all records of the names that were touched.
 */
export async function startDnsHost(
  zone: string,
  server: ZoneServer,
  key: string,
  onChange: (records: readonly ZoneRecord[]) => void,
): Promise<DnsHost> {
  const base = '/api/v1/servers/localhost/zones'
  const http = createServer((request, response) => {
    void handle(request, response).catch(() => answer(response, 500, { error: 'Internal Server Error' }))
  })
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '').split('?')[0] ?? ''
    if (request.headers['x-api-key'] !== key) return answer(response, 401, { error: 'Unauthorized' })
    if (path === base) return answer(response, 200, [{ id: `${zone}.`, name: `${zone}.`, kind: 'Native' }])
    if (decodeURIComponent(path.slice(base.length + 1)) === `${zone}./export`) {
      response.writeHead(200, { 'content-type': 'text/plain' })
      response.end(
        server
          .records(zone)
          .map((one) => `${one.name}.\t${one.ttl}\tIN\t${one.type}\t${content(one)}`)
          .join('\n'),
      )
      return
    }
    if (decodeURIComponent(path.slice(base.length + 1)) !== `${zone}.`) return answer(response, 404, { error: 'Could not find domain' })
    if (request.method === 'PATCH') {
      const { rrsets } = JSON.parse((await bytesOf(request)).toString()) as Wanted
      const changed = rrsets.flatMap(({ name, type, changetype, ttl = 3600, records = [] }): readonly ZoneRecord[] => {
        const owner = name.replace(/\.$/, '').toLowerCase()
        if (changetype === 'DELETE') return [{ name: owner, type, value: '' }]
        return records.map((one) => ({ name: owner, type, value: plain(type, one.content), ttl }))
      })
      server.set(changed)
      onChange(changed)
      response.writeHead(204)
      response.end()
      return
    }
    const sets = Map.groupBy(server.records(zone), ({ name, type }) => `${name} ${type}`)
    answer(response, 200, {
      id: `${zone}.`,
      name: `${zone}.`,
      kind: 'Native',
      rrsets: [...sets.values()].map((records) => ({
        name: `${records[0]?.name ?? zone}.`,
        type: records[0]?.type,
        ttl: records[0]?.ttl,
        comments: [],
        records: records.map((one) => ({ content: content(one), disabled: false })),
      })),
    })
  }
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      http.closeAllConnections()
      await new Promise<void>((resolve) => http.close(() => resolve()))
    },
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

const NAMES_LAST: ReadonlySet<string> = new Set(['CNAME', 'NS', 'MX', 'SRV'])

/** As a zone file has it: names end with a dot, text stands in quotes, in strings of 255 bytes at most (RFC 1035 §5.1). */
function content({ type, value }: ZoneRecord): string {
  if (type === 'TXT') return (value.match(/.{1,255}/gs) ?? ['']).map((part) => `"${part.replaceAll(/["\\]/g, '\\$&')}"`).join(' ')
  return NAMES_LAST.has(type) ? `${value.replace(/\.$/, '')}.` : value
}

function plain(type: ZoneRecord['type'], text: string): string {
  if (type !== 'TXT') return NAMES_LAST.has(type) ? text.replace(/\.$/, '') : text
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, inner = '']) => inner.replaceAll(/\\(.)/g, '$1')).join('')
}
