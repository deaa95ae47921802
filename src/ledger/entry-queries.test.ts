import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UidSet } from '../model/uid-set.ts'
import { copyAll, ledgerRig, moveTo, newEntry, receipt } from './rig.ts'

test('known UIDs are all that have an entry under this UIDVALIDITY, without those that are gone', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  assert.equal(ledger.knownUids(folder.id, '7').size, 0)
  copyAll(ledger, folder.id, [9, 3, 2, 1, 2 ** 32 - 1])
  moveTo(ledger, folder.id, 5, 'failed')
  moveTo(ledger, folder.id, 6, 'sending')
  moveTo(ledger, folder.id, 2, 'gone')
  assert.equal(ledger.knownUids(folder.id, '7').toString(), '1,3,5:6,9,4294967295')
  assert.equal(ledger.knownUids(folder.id, '8').size, 0)
  assert.equal(ledger.knownUids(folder.id + 1, '7').size, 0)
  assert.equal(ledger.unfinishedUids(folder.id).toString(), '6')
})

test('entries come ascending, within both ends, over many pages, while others are written', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  const uids = Array.from({ length: 450 }, (_, index) => 450 - index)
  copyAll(ledger, folder.id, uids)
  const seen: number[] = []
  for (const entry of ledger.entries(folder.id, 2, 449)) {
    seen.push(entry.uid)
    ledger.record({ verified: [{ folderId: folder.id, uids: UidSet.of([entry.uid]) }] })
    assert.equal(ledger.lookup(folder.id, entry.uid)?.state, 'verified')
  }
  assert.deepEqual(seen, uids.slice(1, -1).toReversed())
})

test('entries are found by where their copies stand, those sharing a destination UID all of them', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  const uids = Array.from({ length: 350 }, (_, index) => index + 1)
  ledger.record({
    sending: uids.map((uid) => newEntry(folder.id, uid)),
    copied: uids.map((uid) => ({ ...receipt(folder.id, uid), destinationUid: uid < 50 ? uid : uid < 300 ? 50 : 400 - uid })),
  })
  const found = [...ledger.byDestination(folder.id, 1, 75)]
  assert.deepEqual(
    [...found].map((entry) => entry.uid).sort((a, b) => a - b),
    [...uids.slice(0, 299), ...uids.slice(324)],
  )
  const order = found.map((entry) => entry.destinationUid ?? 0)
  assert.deepEqual(
    order,
    [...order].sort((a, b) => a - b),
  )
})

test('failed messages are to be tried again, skipped ones are not', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  moveTo(ledger, folder.id, 2, 'failed')
  moveTo(ledger, folder.id, 1, 'skipped')
  assert.deepEqual(
    ledger.retryable(folder.id).map((entry) => entry.uid),
    [2],
  )
})
