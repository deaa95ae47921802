import { azure } from '../../src/dns/adapters/azure.ts'
import { cpanel } from '../../src/dns/adapters/cpanel.ts'
import { godaddy } from '../../src/dns/adapters/godaddy.ts'
import { google } from '../../src/dns/adapters/google.ts'
import { cloudflare } from '../../src/dns/adapters/cloudflare.ts'
import { manual } from '../../src/dns/adapters/manual.ts'
import { namecheap } from '../../src/dns/adapters/namecheap.ts'
import { ovh } from '../../src/dns/adapters/ovh.ts'
import { powerdns } from '../../src/dns/adapters/powerdns.ts'
import { rfc2136 } from '../../src/dns/adapters/rfc2136.ts'
import { route53 } from '../../src/dns/adapters/route53.ts'
import { ask } from '../../src/dns/ask.ts'
import type { DnsProvider, Settings, ZoneRef } from '../../src/dns/provider.ts'
import { presented } from '../../src/dns/record-set.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { silentLog } from '../../src/lib/log.ts'
import { Secret } from '../../src/model/secret.ts'
import { needs } from '../servers/available.ts'
import { startBind, type NameServer } from '../servers/bind.ts'
import { startKnot } from '../servers/knot.ts'
import { startPdns } from '../servers/pdns.ts'
import { UPDATE_KEY, type Zone } from '../servers/zone.ts'
import { byPerson } from './dns-person.ts'
import { OLD_SPF, OTHER_TEXT, type DnsHost, type DnsRig } from './dns.ts'
import { carryOut } from '../../src/dns/carry-out.ts'
import { CLOUDFLARE_READER, CLOUDFLARE_TOKEN, startCloudflare } from './dns-stubs/cloudflare.ts'
import { AZURE_APP, startAzure } from './dns-stubs/azure.ts'
import { CPANEL_OTHER, CPANEL_USER, startCpanel } from './dns-stubs/cpanel.ts'
import { GODADDY_KEY, GODADDY_SMALL, startGodaddy } from './dns-stubs/godaddy.ts'
import { googleKey, startGoogleDns } from './dns-stubs/google.ts'
import { NAMECHEAP_SMALL, NAMECHEAP_USER, startNamecheap } from './dns-stubs/namecheap.ts'
import { OVH_KEY, OVH_READER, startOvh } from './dns-stubs/ovh.ts'
import { ROUTE53_KEY, ROUTE53_READER, startRoute53 } from './dns-stubs/route53.ts'
import { byStub, type StubSettings } from './dns-stubs/rig.ts'

const ZONE: Zone = {
  name: 'cutover.test',
  records: [
    '@ IN MX 10 mx.old.test.',
    ...[OLD_SPF, OTHER_TEXT, 'MS=ms12345678'].map((text) => `@ IN TXT ${presented('TXT', text)}`),
    'autodiscover IN A 127.0.0.11',
  ],
}

function byUpdates(name: string, server: 'bind' | 'knot', start: (zones: readonly Zone[]) => Promise<NameServer>): DnsHost {
  const provider = { ...rfc2136, name: `rfc2136 at ${name}` }
  return { provider, skip: needs(server), stubbed: false, start: () => updateRig(start) }
}

async function updateRig(start: (zones: readonly Zone[]) => Promise<NameServer>): Promise<DnsRig> {
  const server = await start([ZONE])
  const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
  const at = { server: `127.0.0.1:${server.port}`, zone: ZONE.name }
  const settings = keyed(at)
  const withoutRights = { ...at, key: new Secret(`${UPDATE_KEY.algorithm}:stranger:${UPDATE_KEY.secret}`) }
  return rigOf({ server, provider: rfc2136, settings, withoutRights, zone: { id: ZONE.name, name: ZONE.name }, ctx })
}

type Real = Pick<DnsRig, 'settings' | 'withoutRights' | 'ctx'> & {
  readonly server: NameServer
  readonly provider: DnsProvider
  readonly zone: ZoneRef
}

function rigOf({ server, provider, settings, withoutRights, zone, ctx }: Real): DnsRig {
  const zones = provider.open(settings, ctx)
  const served: DnsRig['served'] = async (name, type) => {
    const answer = await ask({ address: server.host, port: server.port }, name, type, ctx)
    return answer.sets.find((set) => set.name === name && set.type === type)?.data ?? []
  }
  return {
    zone: ZONE.name,
    settings,
    withoutRights,
    ctx,
    served,
    writes: () => null,
    stub: null,
    async edit({ name, type, data, ...rest }) {
      const before = (await zones.read(zone, [{ name, type }])).sets[0] ?? null
      const after = data === null || !('ttlSeconds' in rest) ? null : { name, type, data, ttlSeconds: rest.ttlSeconds }
      await carryOut(provider, zones, zone, [{ name, type, before, after }], ctx)
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

async function powerdnsRig(): Promise<DnsRig> {
  const server = await startPdns([ZONE])
  const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
  const settings = { url: server.url, key: new Secret(server.key) }
  const withoutRights = { url: server.url, key: new Secret('another-key') }
  return rigOf({ server, provider: powerdns, settings, withoutRights, zone: { id: `${ZONE.name}.`, name: ZONE.name }, ctx })
}

/** A real name server, and a person who changes it as they are told to. */
async function manualRig(): Promise<DnsRig> {
  const server = await startBind([ZONE])
  const ctx = { clock: systemClock, log: silentLog, signal: new AbortController().signal }
  const settings = { zone: ZONE.name, servers: `127.0.0.1:${server.port}` }
  return rigOf({ server, provider: manualWithPerson, settings, withoutRights: null, zone: { id: ZONE.name, name: ZONE.name }, ctx })
}

const manualWithPerson: DnsProvider = {
  ...manual,
  open(settings, ctx) {
    const panel = rfc2136.open(keyed({ server: settings['servers'] ?? '', zone: ZONE.name }), ctx)
    return { ...manual.open(settings, ctx), write: (zone, swaps) => byPerson(panel, zone, swaps) }
  },
}

function keyed(at: Settings): Settings {
  return { ...at, key: new Secret(`${UPDATE_KEY.algorithm}:${UPDATE_KEY.name}:${UPDATE_KEY.secret}`) }
}

/** Every host of DNS that the suite runs on; a new adapter adds one line. */
export const DNS_HOSTS: readonly DnsHost[] = [
  byUpdates('bind', 'bind', startBind),
  byUpdates('knot', 'knot', startKnot),
  { provider: manualWithPerson, skip: needs('bind'), stubbed: false, start: manualRig },
  { provider: powerdns, skip: needs('pdns'), stubbed: false, start: powerdnsRig },
  byStub(cloudflare, startCloudflare, tokens(CLOUDFLARE_TOKEN, CLOUDFLARE_READER, '/client/v4/')),
  byStub(route53, startRoute53, {
    settings: (url) => ({ base: `${url}/2013-04-01/`, accessKeyId: ROUTE53_KEY.id, secretAccessKey: new Secret(ROUTE53_KEY.secret) }),
    withoutRights: (url) => ({
      base: `${url}/2013-04-01/`,
      accessKeyId: ROUTE53_READER.id,
      secretAccessKey: new Secret(ROUTE53_READER.secret),
    }),
  }),
  byStub(google, startGoogleDns, {
    settings: (url) => ({ base: `${url}/dns/v1/`, key: new Secret(googleKey(url, 'writer')) }),
    withoutRights: (url) => ({ base: `${url}/dns/v1/`, key: new Secret(googleKey(url, 'reader')) }),
  }),
  byStub(azure, startAzure, { settings: azureSettings('writer'), withoutRights: azureSettings('reader') }),
  byStub(godaddy, startGodaddy, { settings: godaddySettings(GODADDY_KEY), withoutRights: godaddySettings(GODADDY_SMALL) }),
  byStub(cpanel, startCpanel, { settings: cpanelSettings(CPANEL_USER), withoutRights: cpanelSettings(CPANEL_OTHER) }),
  byStub(namecheap, (zone) => startNamecheap(zone), {
    settings: namecheapSettings(NAMECHEAP_USER),
    withoutRights: namecheapSettings(NAMECHEAP_SMALL),
  }),
  byStub(ovh, startOvh, { settings: ovhSettings(OVH_KEY), withoutRights: ovhSettings(OVH_READER) }),
]

function godaddySettings({ key, secret }: typeof GODADDY_KEY) {
  return (url: string): Settings => ({ base: `${url}/v1/`, key, secret: new Secret(secret) })
}

function cpanelSettings({ user, token }: typeof CPANEL_USER) {
  return (url: string): Settings => ({ url, user, token: new Secret(token) })
}

function namecheapSettings({ user, key, clientIp }: typeof NAMECHEAP_USER) {
  return (url: string, names: string): Settings => ({ base: `${url}/`, user, key: new Secret(key), clientIp, servers: names })
}

function ovhSettings({ applicationKey, applicationSecret, consumerKey }: typeof OVH_KEY) {
  return (url: string, names: string): Settings => ({
    base: `${url}/1.0/`,
    applicationKey,
    applicationSecret: new Secret(applicationSecret),
    consumerKey: new Secret(consumerKey),
    servers: names,
  })
}

function azureSettings(clientId: string) {
  const { clientSecret, ...rest } = AZURE_APP
  return (url: string): Settings => ({ base: `${url}/`, ...rest, clientId, clientSecret: new Secret(clientSecret) })
}

/** Hosts that take one token. */
function tokens(token: string, reader: string, path: string): StubSettings {
  const settings = (one: string) => (url: string) => ({ base: `${url}${path}`, token: new Secret(one) })
  return { settings: settings(token), withoutRights: settings(reader) }
}
