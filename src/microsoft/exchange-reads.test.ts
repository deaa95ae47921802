import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { StubReply } from './api-stub.fixture.ts'
import { startApi, stubRig } from './api-stub.fixture.ts'
import { asPowerShell } from './as-powershell.ts'
import { CLOUDS } from './clouds.ts'
import { cmdlet } from './cmdlet-parameters.ts'
import { isRepeatableCall } from './cmdlet-rules.ts'
import { exchangeAdmin } from './exchange-admin.ts'
import {
  acceptedDomains,
  deletedMailboxes,
  isDehydrated,
  mailbox,
  mailboxes,
  mailboxPermissions,
  servicePrincipal,
} from './exchange-reads.ts'
import { objectIn } from './wire-json.ts'

async function withRows(rows: readonly unknown[], refusal?: StubReply) {
  const api = await startApi(() => refusal ?? { status: 200, json: { value: rows } })
  const { tokens, ctx } = stubRig()
  const admin = exchangeAdmin({
    cloud: CLOUDS.global,
    base: api.url,
    tenant: 'contoso.example',
    person: null,
    tokens,
    ctx,
    perSecond: 1000,
  })
  return { admin, api, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() }
}

const row = {
  Guid: 'g1',
  ExternalDirectoryObjectId: 'u1',
  UserPrincipalName: 'anna@example.test',
  DisplayName: 'Anna',
  Alias: 'anna',
  PrimarySmtpAddress: 'anna@example.test',
  EmailAddresses: ['SMTP:anna@example.test', 'smtp:a@example.test'],
  RecipientTypeDetails: 'UserMailbox',
  ProhibitSendReceiveQuota: '50 GB (53,687,091,200 bytes)',
  MaxSendSize: '35 MB (36,700,160 bytes)',
  MaxReceiveSize: 'Unlimited',
  ArchiveStatus: 'None',
  ForwardingSmtpAddress: 'smtp:elsewhere@example.test',
  IsDirSynced: true,
}

test('a mailbox is read with its sizes in bytes, and what is not told is not made up', async () => {
  await using at = await withRows([row])
  const read = await mailbox(at.admin, 'anna@example.test')
  assert.deepEqual(
    [read?.quotaBytes, read?.maxSendBytes, read?.maxReceiveBytes, read?.hasArchive, read?.forwardingAddress, read?.isSynced, read?.hidden],
    [53_687_091_200, 36_700_160, Infinity, false, 'elsewhere@example.test', true, false],
  )
  await using bare = await withRows([{ EmailAddresses: 'SMTP:x@example.test' }])
  const [only] = await Array.fromAsync(mailboxes(bare.admin))
  assert.deepEqual([only?.addresses, only?.quotaBytes, only?.forwardingAddress], [['SMTP:x@example.test'], null, null])
})

test('a mailbox that is not there is none, and any other refusal stays one', async () => {
  const said = (status: number, message: string): StubReply => ({ status, json: { error: { details: [{ message }] } } })
  await using missing = await withRows([], said(404, "Ex1|X.ManagementObjectNotFoundException|The object 'x' couldn't be found on 'DC1'."))
  assert.equal(await mailbox(missing.admin, 'x'), null)
  assert.equal(await servicePrincipal(missing.admin, 'x'), null)
  await using forbidden = await withRows([], said(403, ''))
  await assert.rejects(mailbox(forbidden.admin, 'x'), { code: 'permission-missing' })
})

test('deleted mailboxes are asked for as such, and all of them', async () => {
  await using at = await withRows([row])
  assert.equal((await Array.fromAsync(deletedMailboxes(at.admin))).length, 1)
  assert.deepEqual(objectIn(at.api.requests[0]?.body['CmdletInput'])['Parameters'], { SoftDeletedMailbox: true, ResultSize: 'Unlimited' })
})

test('domains, permissions, the application and the state of the organization are read', async () => {
  await using at = await withRows([
    {
      DomainName: 'example.test',
      DomainType: 'InternalRelay',
      Default: true,
      User: 'sp',
      AccessRights: ['FullAccess'],
      IsInherited: false,
      AppId: 'a',
      ObjectId: 'o',
      DisplayName: 'd',
      Identity: 'i',
      IsDehydrated: true,
    },
  ])
  assert.deepEqual(await acceptedDomains(at.admin), [{ domain: 'example.test', type: 'InternalRelay', isDefault: true, isInitial: false }])
  assert.deepEqual(await mailboxPermissions(at.admin, 'x'), [{ user: 'sp', rights: ['FullAccess'], inherited: false, deny: false }])
  assert.deepEqual(await servicePrincipal(at.admin, 'a'), { identity: 'i', appId: 'a', objectId: 'o', displayName: 'd' })
  assert.equal(await isDehydrated(at.admin), true)
})

test('a call that the compiler has checked is run as it is printed', async () => {
  await using at = await withRows([])
  const call = cmdlet('Add-MailboxPermission', {
    Identity: 'anna@example.test',
    User: 'sp',
    AccessRights: ['FullAccess'],
    AutoMapping: false,
  })
  await at.admin.run(call)
  assert.deepEqual(at.api.requests[0]?.body, { CmdletInput: { CmdletName: call.cmdlet, Parameters: call.parameters } })
  assert.equal(
    asPowerShell(call),
    "Add-MailboxPermission -Identity 'anna@example.test' -User 'sp' -AccessRights @('FullAccess') -AutoMapping:$false",
  )
})

test('only what does no more when it is done twice may be repeated', () => {
  const repeatable = (name: string): boolean => isRepeatableCall({ cmdlet: name, parameters: { Identity: 'x' } })
  for (const name of ['Get-Mailbox', 'Set-Mailbox', 'Enable-TransportRule', 'Disable-TransportRule', 'Update-DistributionGroupMember'])
    assert.ok(repeatable(name), name)
  for (const name of [
    'New-Mailbox',
    'Add-MailboxPermission',
    'Remove-Mailbox',
    'Enable-Mailbox',
    'Start-MigrationBatch',
    'Test-Message',
    'Rotate-DkimSigningConfig',
    'Enable-OrganizationCustomization',
  ])
    assert.ok(!repeatable(name), name)
  assert.ok(
    !isRepeatableCall({ cmdlet: 'Set-Mailbox', parameters: { Identity: 'x', EmailAddresses: { kind: 'change', add: ['smtp:a'] } } }),
  )
})
