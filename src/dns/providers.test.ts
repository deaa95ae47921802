import assert from 'node:assert/strict'
import { test } from 'node:test'
import { silentLog } from '../lib/log.ts'
import { Failure } from '../model/failure.ts'
import { Secret } from '../model/secret.ts'
import { PROVIDERS, providerNamed, providerOf } from './providers.ts'

const ctx = { clock: { now: () => 0, sleep: () => Promise.resolve() }, log: silentLog, signal: new AbortController().signal }

for (const [nameServers, name] of [
  [['ada.ns.cloudflare.com', 'Bob.NS.cloudflare.com.'], 'cloudflare'],
  [['ns-1.awsdns-12.com', 'ns-2.awsdns-03.co.uk'], 'route53'],
  [['ns1-05.azure-dns.com', 'ns2-05.azure-dns.net'], 'azure'],
  [['ns-cloud-a1.googledomains.com'], 'google'],
  [['ns11.domaincontrol.com'], 'godaddy'],
  [['dns1.registrar-servers.com', 'dns2.registrar-servers.com'], 'namecheap'],
  [['dns101.ovh.net', 'ns101.ovh.net'], 'ovh'],
  [['ns1.example.org'], undefined],
  [['ada.ns.cloudflare.com', 'ns1.example.org'], undefined],
  [['ada.ns.cloudflare.com', 'ns11.domaincontrol.com'], undefined],
  [['ns.cloudflare.com.evil.example'], undefined],
  [['xdomaincontrol.com'], undefined],
  [['ns-1.awsdns-x.com'], undefined],
  [[], undefined],
] as const)
  test(`the name servers ${nameServers.join(' and ') || '(none)'} are those of ${name ?? 'nobody that is certain'} (T14)`, () => {
    assert.equal(providerOf(nameServers)?.name, name)
  })

test('every host has a name of its own, and an unknown name is told with those that there are', () => {
  assert.equal(new Set(PROVIDERS.map(({ name }) => name)).size, PROVIDERS.length)
  for (const { name } of PROVIDERS) assert.equal(providerNamed(name).name, name)
  assert.throws(() => providerNamed('cloudfare'), /"cloudfare".*azure, cloudflare/)
})

for (const provider of PROVIDERS) {
  const { name, settings } = provider
  test(`${name}: a setting that is missing is named`, () => {
    for (const { key } of settings.filter(({ required }) => required)) {
      const others = Object.fromEntries(settings.filter((one) => one.key !== key).map((one) => [one.key, sensible(one.key)]))
      assert.throws(
        () => provider.open(others, ctx),
        (error) => error instanceof Failure && error.code === 'bad-input' && error.message.includes(`"${key}"`),
        key,
      )
    }
  })

  test(`${name}: no key goes to another place, or in plain text`, () => {
    const all = Object.fromEntries(settings.map(({ key }) => [key, sensible(key)]))
    const places = settings.some(({ key }) => key === 'url')
      ? [{ url: 'http://ns1.example.org:8081' }, { url: 'ftp://ns1.example.org' }, { url: 'https://user@ns1.example.org' }]
      : [{ base: 'https://evil.example/' }, { base: 'http://127.0.0.1.evil.example/' }, { base: 'what' }]
    if (name === 'rfc2136' || name === 'manual') return
    for (const place of places)
      assert.throws(
        () => provider.open({ ...all, ...place }, ctx),
        (error) => error instanceof Failure && error.code === 'bad-input' && !error.message.includes('s3cret'),
        JSON.stringify(place),
      )
  })
}

function sensible(key: string): string | Secret {
  if (key === 'url') return 'https://ns1.example.org'
  if (key === 'key') return new Secret('hmac-sha256:s3cret:c2VjcmV0')
  if (key === 'cloud') return 'global'
  if (key === 'region') return 'eu'
  if (key === 'clientIp') return '192.0.2.1'
  if (key === 'subscription') return 'subscription-1'
  return key.toLowerCase().includes('secret') || key === 'token' ? new Secret('s3cret') : 'example.org'
}
