import assert from 'node:assert/strict'
import { test } from 'node:test'
import { activatePresets } from './base-tenant.ts'
import { listOf, textOf } from './props.ts'
import { cmdletError, startTenant, type TenantClient } from './tenant-client.fixture.ts'

async function rules(tenant: TenantClient): Promise<(readonly [string, number])[]> {
  tenant.simulator.advance(5_000)
  return (await tenant.cmdlet('Get-TransportRule')).rows
    .map((row) => [textOf(row['Name']), Number(row['Priority'])] as const)
    .toSorted((a, b) => a[1] - b[1])
}

test('transport rules keep their priorities without gaps: a new one shifts the others down, a removed one closes up', async () => {
  await using tenant = await startTenant()
  for (const Name of ['a', 'b']) assert.equal((await tenant.cmdlet('New-TransportRule', { Name, DeleteMessage: true })).status, 200)
  await tenant.cmdlet('New-TransportRule', { Name: 'first', DeleteMessage: true, Priority: 0 })
  assert.deepEqual(await rules(tenant), [
    ['first', 0],
    ['a', 1],
    ['b', 2],
  ])
  await tenant.cmdlet('Set-TransportRule', { Identity: 'b', Priority: 0 })
  assert.deepEqual(await rules(tenant), [
    ['b', 0],
    ['first', 1],
    ['a', 2],
  ])
  await tenant.cmdlet('Remove-TransportRule', { Identity: 'first', Confirm: false })
  assert.deepEqual(await rules(tenant), [
    ['b', 0],
    ['a', 1],
  ])
})

test('a rule tells its conditions and actions, is switched off and on, and is refused twice or when it does nothing', async () => {
  await using tenant = await startTenant()
  const rule = {
    Name: 'Block macros',
    FromScope: 'NotInOrganization',
    AttachmentExtensionMatchesWords: ['docm'],
    RejectMessageEnhancedStatusCode: '5.7.901',
  }
  const [made] = (await tenant.cmdlet('New-TransportRule', rule)).rows
  assert.deepEqual([made?.['State'], made?.['Mode'], made?.['Priority']], ['Enabled', 'Enforce', 0])
  assert.deepEqual(listOf(made?.['Conditions']), ['FromScope', 'AttachmentExtensionMatchesWords'])
  const text = async (parameters: Parameters<typeof tenant.cmdlet>[1]): Promise<string> =>
    cmdletError(await tenant.cmdlet('New-TransportRule', parameters))[2]
  assert.match(await text(rule), /already exists/)
  assert.match(await text({ Name: 'idle', SubjectContainsWords: ['x'] }), /At least one action/)
  assert.match(await text({ Name: 'code', RejectMessageEnhancedStatusCode: '5.8.1' }), /5\.7\.900 to 5\.7\.999/)
  assert.match(await text({ Name: 'mode', DeleteMessage: true, Mode: 'Sometimes' }), /Enforce, Audit, AuditAndNotify/)
  tenant.simulator.advance(3_000)
  await tenant.cmdlet('Disable-TransportRule', { Identity: 'Block macros' })
  tenant.simulator.advance(5_000)
  assert.equal((await tenant.cmdlet('Get-TransportRule', { State: 'Disabled' })).rows.length, 1)
})

test('connectors are kept as given, and contradictions are refused', async () => {
  await using tenant = await startTenant()
  const outbound = {
    Name: 'To old system',
    ConnectorType: 'Partner',
    RecipientDomains: ['example.test'],
    UseMXRecord: false,
    SmartHosts: ['mx.old.example.test'],
    TlsSettings: 'EncryptionOnly',
  }
  assert.equal((await tenant.cmdlet('New-OutboundConnector', { ...outbound, SmartHosts: [] })).status, 400)
  assert.equal((await tenant.cmdlet('New-OutboundConnector', outbound)).rows[0]?.['Enabled'], true)
  assert.equal(cmdletError(await tenant.cmdlet('New-OutboundConnector', outbound))[1], 'ManagementObjectAlreadyExistsException')
  tenant.simulator.advance(3_000)
  const { rows } = await tenant.cmdlet('Validate-OutboundConnector', { Identity: 'To old system', Recipients: ['anna@example.test'] })
  assert.deepEqual(
    rows.map((row) => row['Status']),
    ['Succeeded', 'Succeeded'],
  )
  const inbound = { Name: 'From old system', SenderDomains: ['smtp:*;1'], SenderIPAddresses: ['192.0.2.0/24'] }
  assert.equal((await tenant.cmdlet('New-InboundConnector', { ...inbound, SenderIPAddresses: ['192.0.2.0/16'] })).status, 400)
  assert.equal((await tenant.cmdlet('New-InboundConnector', inbound)).status, 200)
})

test('an accepted domain becomes a relay, and only a relay matches subdomains', async () => {
  await using tenant = await startTenant()
  assert.equal((await tenant.cmdlet('Set-AcceptedDomain', { Identity: 'example.test', MatchSubDomains: true })).status, 400)
  assert.equal(
    (await tenant.cmdlet('Set-AcceptedDomain', { Identity: 'example.test', DomainType: 'InternalRelay', MatchSubDomains: true })).status,
    200,
  )
  assert.equal((await tenant.cmdlet('New-AcceptedDomain', { Name: 'x' })).status, 400)
})

test('protection has its default objects from the start, checks values, and binds a policy by a rule with recipients', async () => {
  await using tenant = await startTenant()
  assert.equal((await tenant.cmdlet('Get-HostedContentFilterPolicy', { Identity: 'Default' })).rows[0]?.['BulkThreshold'], 7)
  assert.equal(
    (await tenant.cmdlet('Set-HostedContentFilterPolicy', { Identity: 'Default', HighConfidencePhishAction: 'MoveToJmf' })).status,
    400,
  )
  assert.equal((await tenant.cmdlet('Set-HostedContentFilterPolicy', { Identity: 'Default', BulkThreshold: 10 })).status, 400)
  assert.equal((await tenant.cmdlet('Remove-HostedContentFilterPolicy', { Identity: 'Default' })).status, 400)
  await tenant.cmdlet('New-HostedContentFilterPolicy', { Name: 'Strict', BulkThreshold: 5 })
  tenant.simulator.advance(3_000)
  assert.equal((await tenant.cmdlet('New-HostedContentFilterRule', { Name: 'Strict', HostedContentFilterPolicy: 'Strict' })).status, 400)
  const rule = { Name: 'Strict', HostedContentFilterPolicy: 'Strict', RecipientDomainIs: ['example.test'] }
  assert.equal((await tenant.cmdlet('New-HostedContentFilterRule', rule)).rows[0]?.['State'], 'Enabled')
  assert.equal(
    (await tenant.cmdlet('New-MalwareFilterRule', { Name: 'x', MalwareFilterPolicy: 'Nothing', RecipientDomainIs: ['example.test'] }))
      .status,
    404,
  )
})

test('a rule for mail that goes out is bound to senders, and rules of policies shift as transport rules do', async () => {
  await using tenant = await startTenant()
  await tenant.cmdlet('New-HostedOutboundSpamFilterPolicy', { Name: 'Out' })
  for (const Name of ['a', 'b']) await tenant.cmdlet('New-MalwareFilterPolicy', { Name })
  tenant.simulator.advance(3_000)
  const rule = { Name: 'Out', HostedOutboundSpamFilterPolicy: 'Out' }
  assert.equal((await tenant.cmdlet('New-HostedOutboundSpamFilterRule', { ...rule, RecipientDomainIs: ['example.test'] })).status, 400)
  assert.equal((await tenant.cmdlet('New-HostedOutboundSpamFilterRule', { ...rule, SenderDomainIs: ['example.test'] })).status, 200)
  const malware = (Name: string) => ({ Name, MalwareFilterPolicy: Name, RecipientDomainIs: ['example.test'] })
  await tenant.cmdlet('New-MalwareFilterRule', malware('a'))
  await tenant.cmdlet('New-MalwareFilterRule', { ...malware('b'), Priority: 0 })
  tenant.simulator.advance(5_000)
  assert.deepEqual(
    (await tenant.cmdlet('Get-MalwareFilterRule')).rows.map((row) => [row['Name'], row['Priority']]),
    [
      ['a', 1],
      ['b', 0],
    ],
  )
})

test('parameters of Defender are known only where a licence brings it', async () => {
  const set = async (part: string): Promise<number> => {
    await using tenant = await startTenant({ tenant: { seats: { [part]: 1 } } })
    return (await tenant.cmdlet('Set-AntiPhishPolicy', { Identity: 'Office365 AntiPhish Default', PhishThresholdLevel: 2 })).status
  }
  assert.deepEqual([await set('EXCHANGESTANDARD'), await set('ENTERPRISEPACK')], [400, 200])
})

test('preset rules are not there until a person turned one on once', async () => {
  await using tenant = await startTenant()
  const enable = () => tenant.cmdlet('Enable-EOPProtectionPolicyRule', { Identity: 'Standard Preset Security Policy' })
  assert.deepEqual([(await tenant.cmdlet('Get-EOPProtectionPolicyRule')).rows.length, (await enable()).status], [0, 404])
  activatePresets(tenant.simulator.world)
  assert.equal((await enable()).status, 200)
  tenant.simulator.advance(5_000)
  assert.equal((await tenant.cmdlet('Get-EOPProtectionPolicyRule', { State: 'Enabled' })).rows.length, 1)
})

test('a migration batch goes from Created over Syncing to Synced, and names the user without a mailbox', async () => {
  await using tenant = await startTenant()
  const anna = await tenant.person('anna')
  const csv = (text: string): string => Buffer.from(text).toString('base64')
  assert.equal(
    (
      await tenant.cmdlet('Test-MigrationServerAvailability', {
        IMAP: true,
        RemoteServer: 'imap.old.example.test',
        Port: 993,
        Security: 'Ssl',
      })
    ).rows[0]?.['Result'],
    'Success',
  )
  assert.equal(
    (
      await tenant.cmdlet('New-MigrationEndpoint', {
        Name: 'E',
        IMAP: true,
        RemoteServer: 'imap.old.example.test',
        MaxConcurrentMigrations: 5,
      })
    ).status,
    400,
  )
  await tenant.cmdlet('New-MigrationEndpoint', { Name: 'E', IMAP: true, RemoteServer: 'imap.old.example.test' })
  tenant.simulator.advance(3_000)
  const batch = { Name: 'Wave 1', SourceEndpoint: 'E' }
  const wrong = cmdletError(await tenant.cmdlet('New-MigrationBatch', { ...batch, CSVData: csv('EmailAddress,UserName\r\na,b') }))[2]
  assert.equal(wrong, 'The column Password is missing from the CSV file.')
  const rows = `EmailAddress,UserName,Password\r\n${anna},anna,pw\r\nnobody@example.test,nobody,pw\r\n`
  assert.equal((await tenant.cmdlet('New-MigrationBatch', { ...batch, CSVData: csv(rows) })).rows[0]?.['Status'], 'Created')
  tenant.simulator.advance(3_000)
  await tenant.cmdlet('Start-MigrationBatch', { Identity: 'Wave 1' })
  tenant.simulator.advance(60_000)
  const [told] = (await tenant.cmdlet('Get-MigrationBatch', { Identity: 'Wave 1' })).rows
  assert.deepEqual([told?.['Status'], told?.['TotalCount'], told?.['SyncedCount'], told?.['FailedCount']], ['SyncedWithErrors', 2, 1, 1])
  const [failed] = (await tenant.cmdlet('Get-MigrationUser', { BatchId: 'Wave 1', Status: 'Failed' })).rows
  assert.match(textOf(failed?.['ErrorSummary']), /^A recipient wasn't found for "nobody@example\.test"/)
})
