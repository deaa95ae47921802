import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Answer } from '../ask.ts'
import { assessed, madeUp, ranks, type Told } from './assess.fixture.ts'
import type { Assessment } from './assessment.ts'
import type { Outside } from './outside.ts'
import { dnsServer } from './system-outside.ts'

const of = (records: readonly string[], nameServers: readonly string[] = ['ns1.example.org']): Told => ({
  zones: { 'example.org': nameServers },
  records,
})
const seen = (...records: readonly string[]): Promise<Assessment> => assessed('example.org', madeUp(of(records)))

test('senders are told by SPF and by keys, each with what tells it; who may not send is none', async () => {
  const { senders } = await seen(
    'example.org 300 TXT v=spf1 a mx a:out.example.org a:host.else.example ip4:192.0.2.1 include:sendgrid.net include:unheard.example include:_own.example.org ?include:servers.mcsv.net -include:mailgun.org exists:%{i}.rbl.example exp=why.example -all',
    '_own.example.org 300 TXT v=spf1 include:amazonses.com -all',
    'google._domainkey.example.org 300 TXT v=DKIM1; p=MIGf',
    'cm._domainkey.example.org 300 TXT v=DKIM1; p=',
    'hs1._domainkey.example.org 300 CNAME gone.example.net',
    'main._domainkey.example.org 300 TXT v=DKIM1; p=MIGf',
  )
  assert.deepEqual(
    senders.map(({ name, because, mark }) => `${name} | ${because.join(', ')} | ${mark}`),
    [
      'hosts of their own | SPF a, SPF a:out.example.org | seen',
      'the present mail host | SPF mx | seen',
      'host.else.example | SPF a:host.else.example | seen',
      'addresses that are listed | SPF ip4:192.0.2.1 | seen',
      'SendGrid | SPF include:sendgrid.net | documented',
      'unheard.example | SPF include:unheard.example | seen',
      'Amazon SES | SPF include:amazonses.com | documented',
      'Mailchimp | SPF ?include:servers.mcsv.net | documented',
      'addresses that are looked up | SPF exists:%{i}.rbl.example | seen',
      'Google Workspace | DKIM google | unverified',
      'unknown | DKIM main | unverified',
    ],
  )
})

test('behind a gateway the mailboxes are looked for where programs are sent to', async () => {
  const gateway = ['example.org 300 MX 10 mx1.pphosted.com', 'mx1.pphosted.com 300 A 192.0.2.7']
  const because = async (...records: readonly string[]): Promise<string | undefined> =>
    (await seen(...gateway, ...records)).hosts.mail?.because
  assert.equal(
    await because('autodiscover.example.org 300 CNAME autodiscover.outlook.com'),
    'MX mx1.pphosted.com; mailboxes probably at Microsoft 365',
  )
  assert.equal(
    await because('_imaps._tcp.example.org 300 SRV 0 1 993 imap.unheard.co.uk'),
    'MX mx1.pphosted.com; mailboxes probably at unheard.co.uk',
  )
  assert.equal(
    await because('_imaps._tcp.example.org 300 SRV 0 0 0 .', 'autodiscover.example.org 300 CNAME mail.example.org'),
    'MX mx1.pphosted.com',
  )
})

test('a host of the domain itself is told by what its address leads back to', async () => {
  const reverse = (name: string): Partial<Answer> | null =>
    name === '9.2.0.192.in-addr.arpa' ? { status: 'answer', others: [{ name, type: 'PTR', data: '"server7.hoster.example.net"' }] } : null
  const { hosts, mail } = await assessed(
    'example.org',
    madeUp(of(['example.org 300 MX 10 mx.example.org', 'mx.example.org 300 A 192.0.2.9']), reverse),
  )
  assert.deepEqual([hosts.mail?.name, mail.exchangers[0]?.reverse], ['a server at example.net', ['server7.hoster.example.net']])
})

test('name servers of several hosts are told as that, and give no provider', async () => {
  const dns = async (...names: readonly string[]): Promise<readonly unknown[]> => {
    const { hosts } = await assessed('example.org', madeUp(of(['example.org 300 MX 0 mx.example.org'], names)))
    return [hosts.dns?.name, hosts.provider]
  }
  assert.deepEqual(await dns('ada.ns.cloudflare.com', 'ns-1.awsdns-01.org'), ['Cloudflare and Amazon Route 53', null])
  assert.deepEqual(await dns('ada.ns.cloudflare.com', 'ns1.unheard.example'), ['Cloudflare and others', null])
  assert.deepEqual(await dns('ns1.unheard.co.uk', 'ns2.unheard.co.uk'), ['unheard.co.uk', null])
  assert.deepEqual(await dns('ns1.example.org', 'ns2.example.org'), ['name servers of their own', null])
})

test('where the servers give no answer about MX, that is no missing MX', async () => {
  const outside = madeUp(of(['example.org 300 TXT v=spf1 -all']), (_, type) =>
    type === 'MX' ? { status: 'server-failed', sets: [] } : null,
  )
  const { mail, findings } = await assessed('example.org', outside)
  assert.equal(mail.kind, 'unknown')
  assert.ok(ranks({ findings }).includes('block mx-unanswered'))
})

test('of several resolvers the next is asked where one is silent or refuses, and not where it knows that there is nothing', async () => {
  const told = madeUp(of(['example.org 300 MX 10 mx.other.example', 'mx.other.example 300 A 192.0.2.9']))
  const asked: string[] = []
  const outside: Outside = {
    ...told,
    resolvers: ['192.0.2.51', '192.0.2.52', '192.0.2.53', '192.0.2.54'].map((address) => ({ address, port: 53 })),
    ask: async (server, name, type, options) => {
      const answer = await told.ask(server, name, type, options)
      if (server.address === '192.0.2.51') return { ...answer, status: 'silent', sets: [] }
      if (server.address === '192.0.2.52') return { ...answer, status: 'refused', sets: [] }
      asked.push(server.address)
      return answer
    },
  }
  const { mail } = await assessed('example.org', outside)
  assert.deepEqual(mail.exchangers[0]?.addresses, ['192.0.2.9'])
  assert.ok(!asked.includes('192.0.2.54'))
})

test('servers are written as an address, with a port where it is not the usual one', () => {
  assert.deepEqual(
    [
      '192.0.2.1',
      '192.0.2.1:5353',
      '2001:db8::1',
      '[2001:db8::1]:5353',
      '192.0.2.1:0',
      '192.0.2.1:65536',
      '192.0.2.1:65535',
      '192.0.2.300',
      'ns1.example.org',
      '',
    ].map(dnsServer),
    [
      { address: '192.0.2.1', port: 53 },
      { address: '192.0.2.1', port: 5353 },
      { address: '2001:db8::1', port: 53 },
      { address: '2001:db8::1', port: 5353 },
      null,
      null,
      { address: '192.0.2.1', port: 65_535 },
      null,
      null,
      null,
    ],
  )
})
