import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ExchangeAdmin } from '../microsoft/exchange-admin.ts'
import { batchesIn, statisticsOf, usersIn } from './reads.ts'

/** An administration that answers each cmdlet with these rows, whatever is asked for. */
function answering(rows: readonly Record<string, unknown>[]): ExchangeAdmin {
  const result = { rows, warnings: [] }
  return {
    invoke: async () => result,
    run: async () => result,
    async *pages() {
      yield { ...result, requestId: null }
    },
  }
}

test('of all users those of the batch are picked, however the service writes the name of a batch', async () => {
  const admin = answering([
    { Identity: 'a@example.org', BatchId: 'wave', Status: 'Synced', SyncedItemCount: '12' },
    { Identity: { Id: 'b@example.org' }, MailboxEmailAddress: 'b@example.org', BatchId: { Name: 'Wave' }, SkippedItemCount: 2 },
    { Identity: 'c@example.org', BatchId: 'tenant\\wave' },
    { Identity: 'd@example.org', BatchId: 'wave 2' },
    { Identity: '', BatchId: 'wave' },
  ])
  const users = await usersIn(admin, ['wave'])
  assert.deepEqual(
    users.map(({ address, synced, skipped }) => [address, synced, skipped]),
    [
      ['a@example.org', 12, null],
      ['b@example.org', null, 2],
      ['c@example.org', null, null],
    ],
  )
  assert.equal((await usersIn(admin, null)).length, 4)
})

test('statistics of somebody else are not taken for those of the asked one, and nobody is never asked about', async () => {
  const admin = answering([{ Identity: 'other@example.org', Status: 'Failed' }])
  assert.equal(await statisticsOf(admin, 'a@example.org'), null)
  await assert.rejects(statisticsOf(admin, ' '), /nobody/)
})

test('skipped items are read as objects and as texts, and times without a zone are UTC', async () => {
  const SkippedItems = [{ Kind: 'LargeItem', Subject: 'Plans', MessageSize: '40 MB (41,943,040 bytes)', FolderName: '/Inbox' }, 'an item']
  const row = { Identity: 'a@example.org', SkippedItems, LastSuccessfulSyncTime: '2026-11-22T12:00:00', StatusDetail: 'Stalled' }
  const told = await statisticsOf(answering([row]), 'A@example.org')
  assert.deepEqual(
    told?.skipped.map(({ kind, subject, sizeBytes, folder, reason }) => [kind, subject, sizeBytes, folder, reason]),
    [
      ['LargeItem', 'Plans', 41_943_040, '/Inbox', null],
      ['unknown', null, null, null, 'an item'],
    ],
  )
  assert.deepEqual([told?.user.lastSyncAt, told?.detail], [Date.UTC(2026, 10, 22, 12), 'Stalled'])
})

test('a batch is known by its identity, be it a text or an object', async () => {
  const batches = await batchesIn(answering([{ Identity: 'one', Status: 'Synced' }, { Identity: { Name: 'two' } }, { Name: 'three' }]))
  assert.deepEqual(
    batches.map(({ name }) => name),
    ['one', 'two', 'three'],
  )
})
