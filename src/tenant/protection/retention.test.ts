import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WantedMailbox } from '../../model/wanted-tenant.ts'
import { actualWith, codes, NOTHING_WANTED, planned, wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { retention, type Retention } from './retention.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const there: Retention = {
  policies: [
    { Name: 'Default MRM Policy', IsDefault: true, RetentionPolicyTagLinks: ['Two years', 'Mine'] },
    { Name: 'Harmless', RetentionPolicyTagLinks: 'Mine' },
  ],
  tags: [
    { Name: 'Two years', Type: 'All', RetentionAction: 'MoveToArchive', RetentionEnabled: true, AgeLimitForRetention: '730.00:00:00' },
    { Name: 'Mine', Type: 'Personal', RetentionAction: 'PermanentlyDelete', RetentionEnabled: true, AgeLimitForRetention: '7.00:00:00' },
  ],
  mailboxes: [
    { PrimarySmtpAddress: 'Held@a.example', RetentionPolicy: 'Default MRM Policy', RetentionHoldEnabled: true },
    { PrimarySmtpAddress: 'harmless@a.example', RetentionPolicy: 'Harmless' },
    { PrimarySmtpAddress: 'old@a.example', RetentionPolicy: 'Default MRM Policy' },
  ],
  isOff: false,
}
const compared = (mailboxes: readonly WantedMailbox[], suspendRetention = false, found = there) =>
  retention.compare({ ...NOTHING_WANTED, mailboxes, migration: { ...NOTHING_WANTED.migration, suspendRetention } }, actualWith(), found)

test('retention that would reach for copied mail is told with what it does and for how many mailboxes', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const people = (tenant.simulator.prepared?.people ?? []).map(({ address }) => wantedMailbox(address))
  const wanted = { ...NOTHING_WANTED, mailboxes: people, migration: { ...NOTHING_WANTED.migration, suspendRetention: false } }
  const plan = await planned(retention, wanted, tenant)
  assert.deepEqual(plan.changes, [])
  assert.equal(
    plan.findings[0]?.says,
    'The retention policy "Default MRM Policy" of 50 mailboxes would reach for mail that has just been copied: it moves to the archive what is older than 730 days ("Default 2 year move to archive"); deletes what is older than 30 days in the folder JunkEmail ("Junk Email").',
  )
  assert.equal((await planned(retention, { ...wanted, migration: NOTHING_WANTED.migration }, tenant)).findings[0]?.severity, 'note')
})

test('mailboxes that are held off, or whose tags do nothing by themselves, are not counted', () => {
  const [found] = compared(
    ['held@a.example', 'harmless@a.example', 'OLD@a.example', 'new@a.example'].map((one) => wantedMailbox(one)),
  ).findings
  assert.match(
    found?.says ?? '',
    /"Default MRM Policy" of 2 mailboxes .*: it moves to the archive what is older than 730 days \("Two years"\)\.$/,
  )
  assert.deepEqual(codes(compared([wantedMailbox('old@a.example', { retentionHold: true })])), [])
  assert.deepEqual(codes(compared([wantedMailbox('held@a.example', { retentionHold: false })])), ['retention-acts'])
  assert.deepEqual(codes(compared([wantedMailbox('old@a.example', { isMigrated: false })])), [])
  assert.deepEqual(codes(compared([wantedMailbox('old@a.example')], false, { ...there, isOff: true })), [])
})
