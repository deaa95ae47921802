/** A stand-in with the zone that the suite expects, and a clock that passes by sleeping only. */
import type { DnsProvider, Settings } from '../../../src/dns/provider.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { OLD_SPF, OTHER_TEXT, type DnsHost, type DnsRig } from '../dns.ts'
import type { Stub } from './stub-server.ts'
import { StubZone, wordsOf } from './stub-zone.ts'

export const STUB_ZONE = 'cutover.test'

/** `names`: the name server of the stand-in, '' where it has none. */
export type StubSettings = {
  readonly settings: (url: string, names: string) => Settings
  readonly withoutRights: (url: string, names: string) => Settings
}

export function byStub(provider: DnsProvider, start: (zone: StubZone) => Promise<Stub>, given: StubSettings): DnsHost {
  return { provider, skip: false, stubbed: true, start: () => stubRig(start, given) }
}

export async function stubRig(start: (zone: StubZone) => Promise<Stub>, given: StubSettings): Promise<DnsRig & { readonly host: Stub }> {
  const zone = new StubZone(STUB_ZONE)
  const at = (name: string): string => (name === '' ? STUB_ZONE : `${name}.${STUB_ZONE}`)
  zone.change([
    // Written as a person may have: neither the case nor the strings of a long text are ours.
    zone.make({ name: at(''), type: 'MX', ttl: 3600, data: ['10', 'Mx.Old.Test.'] }),
    zone.make({ name: at(''), type: 'TXT', ttl: 3600, data: [OLD_SPF.slice(0, 10), OLD_SPF.slice(10)] }),
    ...[OTHER_TEXT, 'MS=ms12345678'].map((text) => zone.make({ name: at(''), type: 'TXT', ttl: 3600, data: [text] })),
    zone.make({ name: at('autodiscover'), type: 'A', ttl: 3600, data: ['127.0.0.11'] }),
    zone.make({ name: at(''), type: 'NS', ttl: 86_400, data: ['ns1.host.test.'] }),
    zone.make({ name: at('www'), type: 'CNAME', ttl: 3600, data: ['web.host.test.'] }),
  ])
  const stub = await start(zone)
  let now = Date.UTC(2026, 0, 1)
  const began = now
  const clock = {
    now: () => now,
    sleep: async (ms: number, signal?: AbortSignal) => {
      signal?.throwIfAborted()
      now += ms
      await macrotask()
    },
  }
  const edit = (name: string, type: string, data: readonly string[], ttl: number): void =>
    zone.change([...zone.without(name, type), ...data.map((one) => zone.make({ name, type, ttl, data: wordsOf(type, one) }))])
  return {
    host: stub,
    zone: STUB_ZONE,
    settings: given.settings(stub.url, stub.names ?? ''),
    withoutRights: given.withoutRights(stub.url, stub.names ?? ''),
    ctx: { clock, log: silentLog, signal: new AbortController().signal },
    async served(name, type) {
      await macrotask()
      return zone.served(name, type)
    },
    writes: () => stub.writes(),
    async edit({ name, type, data, ...rest }) {
      edit(name, type, data ?? [], 'ttlSeconds' in rest ? rest.ttlSeconds : 3600)
    },
    stub: {
      faults: stub.faults,
      lag: (readings) => void (zone.lag = readings),
      editNow: ({ name, type, data, ttlSeconds }) => edit(name, type, data, ttlSeconds),
      everServed: (name, type) => zone.states.map((records) => zone.served(name, type, records)),
      waitedMs: () => now - began,
    },
    [Symbol.asyncDispose]: () => stub[Symbol.asyncDispose](),
  }
}

/** So that whoever watches lets others go on. */
function macrotask(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
