import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExchangeMailbox } from '../../microsoft/exchange-reads.ts'
import type { WantedMailbox } from '../../model/wanted-tenant.ts'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import { actualWith, applied, codes, sentences, undone, wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { mailboxAddressesPart } from './mailbox-addresses.ts'
import { mailboxAt, plannedMailboxes, wantedGroup, wantedWith } from './mailbox.fixture.ts'
import type { Recipient } from '../recipients.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const accepted = { domain: 'example.test', type: 'Authoritative', isDefault: true, isInitial: false }
const group: Recipient = {
  id: 'group',
  name: 'Sales',
  kind: 'MailUniversalDistributionGroup',
  primaryAddress: 'sales@example.test',
  addresses: ['sales@example.test'],
  isSynced: false,
}

function compared(wanted: Partial<WantedMailbox>, mailbox: Partial<ExchangeMailbox> = {}, deleted: readonly ExchangeMailbox[] = []) {
  const all = wantedWith({
    mailboxes: [wantedMailbox('anna@example.test', wanted)],
    groups: [wantedGroup('team@example.test', 'Team')],
  })
  const recipients = {
    mailboxes: [mailboxAt('anna@example.test', mailbox)],
    all: [group],
    deletedMailboxes: deleted,
    acceptedDomains: [accepted],
  }
  return mailboxAddressesPart.compare(all, actualWith({}, recipients), null)
}

test('only aliases that are missing are added, in whatever letters they are written, and others are left', () => {
  const addresses = ['SMTP:anna@example.test', 'smtp:a@example.test', 'smtp:kept@example.test']
  const plan = compared({ aliases: ['A@Example.test', 'Anna@example.test', 'b@example.test', 'B@example.test'] }, { addresses })
  assert.deepEqual(sentences(plan), ['Give anna@example.test the further address b@example.test'])
  assert.deepEqual(plan.changes[0]?.expect, { is: 'holds', property: 'EmailAddresses', entries: ['smtp:b@example.test'] })
  assert.deepEqual(sentences(compared({ aliases: ['a@example.test'] }, { addresses })), [])
})

test('an alias that cannot be given is told, and does not hold up the others', () => {
  const gone = [mailboxAt('old@example.test')]
  const aliases = [
    'sales@example.test',
    'old@example.test',
    'team@example.test',
    'é@example.test',
    'a@foreign.example',
    'good@example.test',
  ]
  const plan = compared({ aliases }, {}, gone)
  assert.deepEqual(sentences(plan), ['Give anna@example.test the further address good@example.test'])
  assert.deepEqual(codes(plan), ['alias-taken', 'alias-taken', 'alias-taken', 'invalid-alias', 'alias-domain-unknown'])
  assert.match(plan.findings[0]?.says ?? '', /the distribution group "Sales" has it/)
  assert.match(plan.findings[1]?.remedy ?? '', /30 days/)
  assert.match(plan.findings[2]?.remedy ?? '', /cutover\.yaml line 9/)
})

test('more than 400 addresses are a blocker', () => {
  const aliases = Array.from({ length: 400 }, (_, i) => `a${i}@example.test`)
  const plan = compared({ aliases })
  assert.deepEqual([codes(plan), plan.changes, plan.findings[0]?.severity], [['too-many-addresses'], [], 'blocker'])
  assert.equal(compared({ aliases: aliases.slice(1) }).changes.length, 1)
})

test('addresses of a synced mailbox are left to Active Directory', () => {
  const plan = compared(
    { aliases: ['b@example.test'], address: 'new@example.test', userPrincipalName: 'anna@example.test' },
    { isSynced: true },
  )
  assert.deepEqual([codes(plan), plan.changes], [['synced-object'], []])
  assert.match(plan.findings[0]?.says ?? '', /SMTP:new@example\.test and smtp:b@example\.test/)
  assert.deepEqual(codes(compared({}, { isSynced: true })), [])
})

test('the primary address is changed, the old one stays, and undo leaves both as they were', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const before = snapshot(tenant.simulator.world)
  const wanted = wantedWith({
    mailboxes: [
      wantedMailbox('Anna.New@example.test', { userPrincipalName: 'anna@example.test', aliases: ['anna@example.test', 'x@example.test'] }),
    ],
  })
  const plan = await plannedMailboxes(wanted, tenant)
  assert.deepEqual(sentences(plan), [
    'Make Anna.New@example.test the primary address (was anna@example.test, which stays as a further one)',
    'Give Anna.New@example.test the further address x@example.test',
  ])
  const done = await applied(plan, tenant)
  assert.deepEqual(sentences(await plannedMailboxes(wanted, tenant)), [])
  await undone(done, tenant)
  assert.deepEqual(snapshot(tenant.simulator.world), before)
})

test('a mailbox that is yet to come gets its primary address where its person signs in with another one', () => {
  const wanted = wantedWith({
    mailboxes: [wantedMailbox('new@example.test', { userPrincipalName: 'n@example.test' }), wantedMailbox('b@example.test')],
  })
  const plan = mailboxAddressesPart.compare(wanted, actualWith({}, { acceptedDomains: [accepted] }), null)
  assert.deepEqual(sentences(plan), ['Make new@example.test the primary address of n@example.test'])
  assert.deepEqual(plan.changes[0]?.after, ['mailbox new@example.test', 'domain-accepted example.test'])
})
