import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readRecipients, recipientIn } from './recipients-read.ts'
import { simulatedTenant } from './tenant.fixture.ts'

test('all that has an address is read in four cmdlets, in lower case, deleted mailboxes apart', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const { admin, ctx } = tenant.clients
  const recipients = await readRecipients(admin, ctx)
  const anna = recipients.mailboxes.find(({ primaryAddress }) => primaryAddress === 'anna@example.test')
  assert.equal(anna?.kind, 'UserMailbox')
  assert.deepEqual(anna.addresses, ['SMTP:anna@example.test', 'smtp:anna@example.onmicrosoft.com'])
  assert.deepEqual(
    recipients.deletedMailboxes.map(({ primaryAddress }) => primaryAddress),
    ['soft-deleted@example.test'],
  )
  const staff = recipients.all.find(({ primaryAddress }) => primaryAddress === 'staff@example.test')
  assert.deepEqual([staff?.kind, staff?.name, staff?.addresses], ['MailUniversalDistributionGroup', 'Staff', ['staff@example.test']])
  assert.equal(recipients.all.find(({ primaryAddress }) => primaryAddress === 'synced@example.test')?.isSynced, true)
  assert.ok(recipients.acceptedDomains.some(({ domain, isDefault }) => domain === 'example.test' && isDefault))
})

test('a contact has the address that it stands for, and nobody has one of another kind than SMTP', () => {
  const contact = recipientIn({
    Guid: 'g',
    Name: 'Partner',
    RecipientTypeDetails: 'MailContact',
    ExternalEmailAddress: 'SMTP:Partner@Elsewhere.example',
    EmailAddresses: ['X500:/o=Old/cn=partner', 'smtp:Partner.Alias@example.test'],
  })
  assert.deepEqual(contact, {
    id: 'g',
    name: 'Partner',
    kind: 'MailContact',
    primaryAddress: 'partner@elsewhere.example',
    addresses: ['partner@elsewhere.example', 'partner.alias@example.test'],
    isSynced: false,
  })
})
