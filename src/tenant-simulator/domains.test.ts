import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowsOf, textOf } from './props.ts'
import { cmdletError, graphError, startTenant } from './tenant-client.fixture.ts'

const NAME = 'fresh.example'

test('a domain is verified when its record is in DNS and not before; Exchange accepts it a minute later', async () => {
  await using tenant = await startTenant()
  assert.equal((await tenant.graph('POST', '/domains', { id: NAME })).body['isVerified'], false)
  const records = rowsOf((await tenant.graph('GET', `/domains/${NAME}/verificationDnsRecords`)).body['value'])
  assert.deepEqual(
    records.map(({ recordType }) => recordType),
    ['Txt', 'Mx'],
  )
  for (let n = 0; n < 2; n++)
    assert.match(graphError(await tenant.graph('POST', `/domains/${NAME}/verify`))[2], /'DNS verification record cannot be found\.'/)
  tenant.simulator.setDns([{ name: NAME, type: 'TXT', value: textOf(records[0]?.['text']) }])
  assert.equal((await tenant.graph('POST', `/domains/${NAME}/verify`)).body['isVerified'], true)
  assert.equal((await tenant.cmdlet('Get-AcceptedDomain', { Identity: NAME })).status, 404)
  tenant.simulator.advance(60_000 + 3_000)
  assert.equal((await tenant.cmdlet('Get-AcceptedDomain', { Identity: NAME })).rows[0]?.['DomainType'], 'Authoritative')
})

test('the MX record of the verification proves a domain as well', async () => {
  await using tenant = await startTenant()
  await tenant.graph('POST', '/domains', { id: NAME })
  const [, mx] = rowsOf((await tenant.graph('GET', `/domains/${NAME}/verificationDnsRecords`)).body['value'])
  tenant.simulator.setDns([{ name: NAME, type: 'MX', value: `32767 ${textOf(mx?.['mailExchange'])}` }])
  assert.equal((await tenant.graph('POST', `/domains/${NAME}/verify`)).status, 200)
})

test('a domain that is verified elsewhere, exists already or is no name at all is refused', async () => {
  await using tenant = await startTenant()
  await tenant.graph('POST', '/domains', { id: NAME })
  assert.match(graphError(await tenant.graph('POST', '/domains', { id: NAME }))[2], /already exists/)
  assert.equal((await tenant.graph('POST', '/domains', { id: 'no name' })).status, 400)
  const domain = tenant.simulator.world.state.domains.find(({ id }) => id === NAME)
  assert.ok(domain)
  tenant.simulator.world.state.domains = tenant.simulator.world.state.domains.map((one) =>
    one === domain ? { ...one, elsewhere: true } : one,
  )
  tenant.simulator.setDns([{ name: NAME, type: 'TXT', value: domain.proof }])
  assert.match(graphError(await tenant.graph('POST', `/domains/${NAME}/verify`))[2], /already verified/)
})

test('the records of a service are told only when the domain supports it, and DKIM is never among them', async () => {
  await using tenant = await startTenant()
  const records = async (): Promise<string[]> =>
    rowsOf((await tenant.graph('GET', '/domains/example.test/serviceConfigurationRecords')).body['value']).map(({ recordType }) =>
      textOf(recordType),
    )
  assert.deepEqual(await records(), ['Mx', 'Txt', 'CName', 'Srv'])
  assert.equal((await tenant.graph('PATCH', '/domains/example.test', { supportedServices: ['Email'] })).status, 204)
  assert.deepEqual(await records(), ['Mx', 'Txt', 'CName'])
  assert.equal((await tenant.graph('PATCH', '/domains/example.test', { supportedServices: ['Sharepoint'] })).status, 400)
})

test('the default domain moves, and a domain in use is not removed', async () => {
  await using tenant = await startTenant()
  await tenant.person('anna')
  assert.match(graphError(await tenant.graph('DELETE', '/domains/example.test'))[2], /initial or the default/)
  assert.equal((await tenant.graph('PATCH', '/domains/example.onmicrosoft.com', { isDefault: true })).status, 204)
  assert.match(graphError(await tenant.graph('DELETE', '/domains/example.test'))[2], /is being used/)
  const { rows } = await tenant.cmdlet('Get-AcceptedDomain')
  assert.deepEqual(
    rows.filter((row) => row['Default'] === true).map((row) => row['DomainName']),
    ['example.onmicrosoft.com'],
  )
})

test('DKIM is switched on only when both CNAME records point where Exchange said, and its refusal names them', async () => {
  await using tenant = await startTenant()
  const made = (await tenant.cmdlet('New-DkimSigningConfig', { DomainName: 'example.test', KeySize: 2048, Enabled: false })).rows[0]
  assert.deepEqual([made?.['Status'], made?.['Selector1KeySize']], ['CnameMissing', 2048])
  tenant.simulator.advance(3_000)
  const enable = () => tenant.cmdlet('Set-DkimSigningConfig', { Identity: 'example.test', Enabled: true })
  const [status, exception, text] = cmdletError(await enable())
  assert.deepEqual([status, exception], [400, 'ValidationException'])
  assert.match(
    text,
    /^CNAME record does not exist for this config\. Please publish the following two CNAME records first\. Domain Name : example\.test Host Name : selector1\._domainkey/,
  )
  assert.ok(text.includes(textOf(made?.['Selector2CNAME'])))
  tenant.simulator.setDns(
    [1, 2].map((n) => ({ name: `selector${n}._domainkey.example.test`, type: 'CNAME', value: textOf(made?.[`Selector${n}CNAME`]) })),
  )
  assert.equal((await enable()).status, 400)
  tenant.simulator.advance(10_000)
  assert.equal((await enable()).status, 200)
  tenant.simulator.advance(5_000)
  assert.deepEqual(
    (await tenant.cmdlet('Get-DkimSigningConfig')).rows.map((row) => [row['Enabled'], row['Status']]),
    [[true, 'Valid']],
  )
  assert.match(
    cmdletError(await tenant.cmdlet('New-DkimSigningConfig', { DomainName: 'example.test', Enabled: false }))[2],
    /already exists/,
  )
})

test('autodiscover tells the service for our domains, sends others away, and knows no other protocol', async () => {
  await using tenant = await startTenant()
  const ask = (email: string, protocol: string) =>
    fetch(`${tenant.simulator.url}/autodiscover/autodiscover.json?Email=${encodeURIComponent(email)}&Protocol=${protocol}`, {
      redirect: 'manual',
    })
  const known = await ask('nobody@example.test', 'EWS')
  assert.deepEqual(await known.json(), { Protocol: 'EWS', Url: 'https://outlook.office365.com/EWS/Exchange.asmx' })
  assert.equal((await ask('a@other.example', 'EWS')).status, 302)
  assert.equal((await ask('a@example.test', 'x')).status, 400)
})
