import assert from 'node:assert/strict'
import { test } from 'node:test'
import { snapshot } from '../../tenant-simulator/snapshot.ts'
import { applied, codes, sentences, undone, wantedMailbox } from '../mail-flow/mail-flow.fixture.ts'
import { plannedMailboxes, wantedGroup, wantedWith } from './mailbox.fixture.ts'
import { simulatedTenant } from '../tenant.fixture.ts'

const MB = 1024 ** 2

const WANTED = wantedWith({
  mailboxes: [
    wantedMailbox('anna@example.test', {
      aliases: ['A.Example@example.test', 'anna@example.test'],
      language: 'de-DE',
      timeZone: 'W. Europe Standard Time',
      archive: true,
      retentionHold: false,
      forwarding: { to: 'anna@elsewhere.example', keepCopy: true },
      hidden: true,
      sizes: { receiveBytes: 50 * MB, sendBytes: null },
      protocols: { imap: false, pop: false, 'smtp-auth': true },
      fullAccess: ['ben@example.test', 'accounting@example.test'],
      sendAs: ['Ben@example.test'],
    }),
    wantedMailbox('accounting@example.test', { kind: 'shared', displayName: 'Info', fullAccess: ['anna@example.test'], hidden: true }),
    wantedMailbox('beamer@example.test', { kind: 'equipment', displayName: 'Beamer', isMigrated: false }),
    wantedMailbox('info@example.test', { kind: 'shared', displayName: 'Information' }),
    wantedMailbox('clara@example.test', { kind: 'shared' }),
  ],
  groups: [
    wantedGroup('team@example.test', 'Team', {
      aliases: ['crew@example.test'],
      members: ['anna@example.test', 'accounting@example.test', 'partner@elsewhere.example', 'staff@example.test', 'all@example.test'],
      owners: ['ben@example.test'],
      outsideSenders: true,
      hidden: true,
    }),
    wantedGroup('all@example.test', 'All', { members: ['team@example.test'] }),
    wantedGroup('staff@example.test', 'All staff', {
      members: ['clara@example.test'],
      exactly: true,
      owners: ['anna@example.test'],
      outsideSenders: true,
    }),
  ],
  contacts: [{ address: 'desk@supplier.example', name: 'Service desk', where: 'cutover.yaml line 30' }],
  migration: {
    app: { displayName: 'mail-mover' },
    sizes: { receiveBytes: 150 * MB, sendBytes: 150 * MB },
    suspendRetention: true,
    where: 'cutover.yaml line 40',
  },
})

test('mailboxes, groups and contacts are made as wanted; the next plan is empty, and undo leaves nothing behind', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const before = snapshot(tenant.simulator.world)
  const plan = await plannedMailboxes(WANTED, tenant)
  assert.deepEqual(codes(plan).toSorted(), ['forwarding-outside', 'imap-needed', 'mailbox-converted'])
  assert.deepEqual(plan.held, [])
  const done = await applied(plan, tenant)
  assert.deepEqual(
    done.map(({ change }) => change.says),
    sentences(plan),
  )
  const again = await plannedMailboxes(WANTED, tenant)
  assert.deepEqual(sentences(again), [])
  await undone(done, tenant)
  assert.deepEqual(snapshot(tenant.simulator.world), before)
})

test('what is only for the migration is put back by itself, to what is wanted for good', async () => {
  await using tenant = await simulatedTenant({ content: 'prepared' })
  const done = await applied(await plannedMailboxes(WANTED, tenant), tenant)
  await undone(
    done.filter(({ change }) => change.kind === 'migration'),
    tenant,
  )
  const over = { ...WANTED, migration: wantedWith({}).migration }
  assert.deepEqual(sentences(await plannedMailboxes(over, tenant)), ['Set the protocols of anna@example.test: IMAP off'])
})
