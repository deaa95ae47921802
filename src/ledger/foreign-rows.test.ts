import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ForeignMailbox, ForeignSkipped } from './foreign-rows.ts'
import { copyAll, ledgerRig } from './rig.ts'

test('what Microsoft says of a mailbox is kept with the messages it skipped, and the books do not move by it', () => {
  using rig = ledgerRig()
  const { ledger, mailboxId, folder } = rig
  const told: ForeignMailbox = {
    mailboxId,
    lane: 'Microsoft',
    batch: 'wave 1',
    state: 'synced',
    status: 'Synced',
    synced: 40,
    skipped: 1,
    detail: null,
    lastSyncAt: 7,
    movedAt: 8,
    readAt: 9,
  }
  const large: ForeignSkipped = {
    kind: 'LargeItem',
    reason: 'too large',
    folder: 'INBOX',
    subject: 'Plans',
    sender: null,
    date: null,
    sizeBytes: 9,
  }
  ledger.foreign.put({ ...told, state: 'copying', synced: null, skipped: null, lastSyncAt: null })
  ledger.foreign.put(told)
  ledger.foreign.putSkipped(mailboxId, [large, { ...large, subject: 'Old' }])
  ledger.foreign.putSkipped(mailboxId, [large])
  assert.deepEqual(ledger.foreign.all(), [told])
  assert.deepEqual(ledger.foreign.skipped(mailboxId), [large])
  assert.deepEqual(ledger.statement({ mailboxId }).found, 0)
  assert.deepEqual(ledger.foreign.figures(mailboxId), { messages: 0, largestBytes: 0, repaired: 0 })
  copyAll(ledger, folder.id, [1, 30])
  assert.deepEqual(ledger.foreign.figures(mailboxId), { messages: 2, largestBytes: 1030, repaired: 0 })
})
