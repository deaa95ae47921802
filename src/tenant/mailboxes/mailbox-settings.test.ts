import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExchangeMailbox } from '../../microsoft/exchange-reads.ts'
import type { WantedMailbox, WantedTenant } from '../../model/wanted-tenant.ts'
import { actualWith, codes, sentences, wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { mailboxSettingsPart } from './mailbox-settings.ts'
import { mailboxAt, wantedWith } from './mailbox.fixture.ts'
import { migrationPart } from './sizes.ts'

const MB = 1024 ** 2
const accepted = { domain: 'example.test', type: 'Authoritative', isDefault: true, isInitial: false }
const raise = (receiveBytes: number | null, suspendRetention = false): WantedTenant['migration'] => ({
  app: null,
  sizes: { receiveBytes, sendBytes: null },
  suspendRetention,
  where: 'cutover.yaml line 40',
})

type Case = {
  readonly wanted?: Partial<WantedMailbox>
  readonly mailbox?: Partial<ExchangeMailbox> | null
  readonly migration?: WantedTenant['migration']
  readonly modes?: readonly string[]
}

function compared({ wanted = {}, mailbox = {}, migration = raise(null), modes = [] }: Case) {
  const tenant = wantedWith({ mailboxes: [wantedMailbox('anna@example.test', wanted)], migration })
  const mailboxes = mailbox === null ? [] : [mailboxAt('anna@example.test', mailbox)]
  const actual = actualWith({}, { mailboxes, acceptedDomains: [accepted] })
  const forGood = mailboxSettingsPart.compare(tenant, actual, modes)
  const raised = migrationPart.compare(tenant, actual, null)
  return { forGood, raised, says: [...sentences(forGood), ...sentences(raised)], codes: [...codes(forGood), ...codes(raised)] }
}

test('what is null is left as it is, and so is what is wanted already', () => {
  assert.deepEqual(compared({}).says, [])
  const wanted: Partial<WantedMailbox> = {
    hidden: false,
    retentionHold: false,
    litigationHold: false,
    archive: false,
    sizes: { receiveBytes: 36 * MB, sendBytes: 35 * MB },
    forwarding: { to: 'Other@example.test', keepCopy: true },
  }
  assert.deepEqual(compared({ wanted, mailbox: { forwardingAddress: 'other@example.test', deliverAndForward: true } }).says, [])
})

test('all settings of a mailbox are one call, with what each was, and put back one by one', () => {
  const wanted: Partial<WantedMailbox> = {
    hidden: true,
    litigationHold: true,
    licences: ['ENTERPRISEPACK'],
    sizes: { receiveBytes: 100 * MB, sendBytes: 99_999_999 },
    forwarding: { to: 'other@example.test', keepCopy: false },
  }
  const { forGood } = compared({ wanted, mailbox: { forwardingAddress: 'Team', forwardsToObject: true } })
  assert.deepEqual(sentences(forGood), [
    'Set anna@example.test: hidden from address lists, takes messages up to 100 MB (was 36 MB), ' +
      'sends messages up to 95.4 MB (was 35 MB), litigation hold on, ' +
      'forwards to other@example.test and keeps no copy (was Team), no longer to an object of the directory',
  ])
  const [change = assert.fail()] = forGood.changes
  assert.deepEqual(change.calls, [
    {
      cmdlet: 'Set-Mailbox',
      parameters: {
        Identity: 'anna@example.test',
        HiddenFromAddressListsEnabled: true,
        MaxReceiveSize: '100MB',
        MaxSendSize: '99999999B',
        LitigationHoldEnabled: true,
        ForwardingSmtpAddress: 'smtp:other@example.test',
        ForwardingAddress: null,
        DeliverToMailboxAndForward: false,
      },
    },
  ])
  const [undo = assert.fail()] = 'cannot' in change.undo ? [] : change.undo
  assert.deepEqual('parameters' in undo && undo.parameters['MaxSendSize'], { $: 'before.MaxSendSize' })
  assert.deepEqual(change.after, ['mailbox anna@example.test', 'licence anna@example.test enterprisepack'])
})

test('sizes are raised for the migration, and the size that is wanted for good is what they are put back to', () => {
  const wanted = { sizes: { receiveBytes: 50 * MB, sendBytes: null } }
  const migration = raise(150 * MB)
  const both = compared({ wanted, migration })
  assert.deepEqual(both.says, [
    'Set anna@example.test: takes messages up to 50 MB (was 36 MB)',
    'For the migration, anna@example.test: takes messages up to 150 MB (was 50 MB)',
  ])
  assert.ok(both.raised.changes[0]?.after.includes(both.forGood.changes[0]?.key ?? ''))
  assert.equal(both.raised.changes[0]?.kind, 'migration')
  assert.deepEqual(both.raised.changes[0]?.undo, [
    { cmdlet: 'Set-Mailbox', parameters: { Identity: 'anna@example.test', MaxReceiveSize: '50MB' } },
  ])
  assert.deepEqual(compared({ wanted, migration, mailbox: { maxReceiveBytes: 150 * MB } }).says, [])
  assert.deepEqual(compared({ wanted, mailbox: { maxReceiveBytes: 150 * MB } }).says, [
    'Set anna@example.test: takes messages up to 50 MB (was 150 MB)',
  ])
})

test('nothing is raised where more is wanted for good, where it is large enough, or where no mail is moved', () => {
  const migration = raise(100 * MB)
  assert.deepEqual(compared({ migration, mailbox: { maxReceiveBytes: 150 * MB } }).says, [])
  assert.deepEqual(compared({ migration, wanted: { isMigrated: false } }).says, [])
  assert.deepEqual(compared({ migration, wanted: { sizes: { receiveBytes: 150 * MB, sendBytes: null } } }).says, [
    'Set anna@example.test: takes messages up to 150 MB (was 36 MB)',
  ])
})

test('more than 150 MB is told, and 150 MB set', () => {
  const { says, codes: found } = compared({ migration: raise(200 * MB), wanted: { sizes: { receiveBytes: null, sendBytes: 300 * MB } } })
  assert.deepEqual(found, ['size-too-large', 'size-too-large'])
  assert.deepEqual(says, [
    'Set anna@example.test: sends messages up to 150 MB (was 35 MB)',
    'For the migration, anna@example.test: takes messages up to 150 MB (was 36 MB)',
  ])
})

test('a retention hold that is not wanted stays as long as retention is suspended for the migration', () => {
  const wanted = { retentionHold: false }
  const held = { retentionHold: true, elcDisabled: true }
  assert.deepEqual(compared({ wanted, mailbox: held, migration: raise(null, true) }).says, [])
  assert.deepEqual(compared({ wanted, mailbox: held }).says, ['Set anna@example.test: retention hold off'])
  assert.deepEqual(compared({ mailbox: { retentionHold: true }, migration: raise(null, true) }).says, [
    'For the migration, anna@example.test: no retention or archive policy is applied',
  ])
})

test('a retention hold that is wanted for good is not put back with the migration', () => {
  assert.deepEqual(compared({ wanted: { retentionHold: true }, migration: raise(null, true) }).says, [
    'Set anna@example.test: retention hold on',
    'For the migration, anna@example.test: no retention or archive policy is applied',
  ])
})

test('forwarding to outside is told unless every outbound policy lets it go', () => {
  const wanted = { forwarding: { to: 'a@foreign.example', keepCopy: true } }
  assert.deepEqual(compared({ wanted, modes: ['Automatic', 'On'] }).codes, ['forwarding-outside'])
  assert.deepEqual(compared({ wanted, modes: ['On'] }).codes, [])
  assert.deepEqual(compared({ wanted: { forwarding: { to: 'b@example.test', keepCopy: true } }, modes: ['Off'] }).codes, [])
})

test('what Active Directory owns is told and left; the rest is set in the cloud', () => {
  const wanted = { hidden: true, alias: 'a.example', sizes: { receiveBytes: 100 * MB, sendBytes: null } }
  const plan = compared({ wanted, mailbox: { isSynced: true } })
  assert.deepEqual(plan.says, ['Set anna@example.test: takes messages up to 100 MB (was 36 MB)'])
  assert.deepEqual(plan.codes, ['synced-object'])
  assert.match(plan.forGood.findings[0]?.says ?? '', /mailNickname and msExchHideFromAddressLists/)
})

test('of a mailbox that is yet to come only what is not so by itself is planned', () => {
  const wanted: Partial<WantedMailbox> = { hidden: false, litigationHold: false, displayName: 'Anna', archive: true, retentionHold: true }
  assert.deepEqual(compared({ wanted, mailbox: null, migration: raise(100 * MB) }).says, [
    'Set anna@example.test: retention hold on',
    'Give anna@example.test an archive mailbox',
    'For the migration, anna@example.test: takes messages up to 100 MB',
  ])
})

test('an archive is never taken away', () => {
  const plan = compared({ wanted: { archive: false }, mailbox: { hasArchive: true } })
  assert.deepEqual([plan.says, plan.codes], [[], ['archive-kept']])
})
