import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { complaints, Desk, TENANT } from './definition.fixture.ts'
import { wantedDns } from './wanted-dns.ts'

let desk: Desk
before(async () => {
  desk = await Desk.make()
})
after(() => desk[Symbol.asyncDispose]())

const wanted = async (text: string) => wantedDns(await desk.definition(`${TENANT}${text}`))

test('the domains are those of the tenant, with what is said for all of them', async () => {
  const [one, two] = await wanted(`domains: [{ name: example.org }, { name: example.net }]
dns:
  provider: rfc2136
  settings: { server: 192.0.2.53, zone: example.org, key: env:KEY }
  senders: include:_spf.crm.example
  keep: [autoconfig, mail.example.org]
  services: teams
  low_ttl: 600
`)
  assert.deepEqual(one, {
    domain: 'example.org',
    provider: 'rfc2136',
    settings: { server: '192.0.2.53', zone: 'example.org', key: 'env:KEY' },
    nameServers: [],
    ttlSeconds: 3600,
    lowTtlSeconds: 600,
    senders: ['include:_spf.crm.example'],
    keep: ['autoconfig.example.org', 'mail.example.org'],
    dmarcReports: null,
    tlsReports: null,
    services: ['OfficeCommunicationsOnline'],
    retireSenders: [],
    retireNames: [],
    where: 'cutover.yaml line 6',
  })
  assert.equal(two?.domain, 'example.net')
})

test('what is said of one domain goes before, and another host has other settings', async () => {
  const [one, two] = await wanted(`dns:
  provider: cloudflare
  settings: { token: env:TOKEN }
  domains:
    - name: example.org
    - name: example.net
      provider: manual
      senders: [ip4:192.0.2.7]
`)
  assert.deepEqual([one?.provider, one?.settings, one?.senders], ['cloudflare', { token: 'env:TOKEN' }, []])
  assert.deepEqual([two?.provider, two?.settings, two?.senders], ['manual', {}, ['ip4:192.0.2.7']])
})

test('what is wrong is told where it stands, and no setting is repeated', async () => {
  const line = (text: string) => complaints(wanted(text))
  assert.deepEqual(await line('dns: { provider: manual, senders: all, domains: [{ name: example.org }] }\n'), [
    '6, column 35: dns.senders is "all": one sender alone, not what ends or begins the record',
  ])
  assert.deepEqual(await line('dns: { domains: [{ name: example.org }] }\n'), [
    '6, column 18: who hosts the DNS of example.org is missing: provider, under dns or here',
  ])
  assert.deepEqual(await line('dns: { provider: manual }\n'), ['6: there is no domain: name them under domains, or under dns: domains'])
  assert.deepEqual(await line('domains: [{ name: example.org }]\n'), ['cutover.yaml: dns is missing: who hosts the DNS of the domains'])
  const [hidden] = await line('dns: { provider: cloudflare, settings: { token: [hunter2] }, domains: [{ name: example.org }] }\n')
  assert.doesNotMatch(hidden ?? '', /hunter2/)
})
