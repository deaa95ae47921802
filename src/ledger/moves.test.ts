import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UidSet } from '../model/uid-set.ts'
import { copyAll, ledgerRig, moveTo, newEntry, receipt } from './rig.ts'

const DATE = '17-Jul-1996 02:44:25 -0700'

test('a vanished message leaves the books but stays listed until somebody decides on its copy', () => {
  using rig = ledgerRig()
  const { ledger, folder, mailboxId } = rig
  copyAll(ledger, folder.id, [1, 2, 3])
  moveTo(ledger, folder.id, 4, 'failed')
  moveTo(ledger, folder.id, 5, 'sending')
  const pass = ledger.beginPass(mailboxId, 'delta')
  ledger.markVanished(folder.id, UidSet.ofRanges([[2, 5]]), pass)
  assert.deepEqual(
    [...ledger.entries(folder.id, 1, 9)].map(({ state, vanishedIn }) => [state, vanishedIn]),
    [
      ['copied', null],
      ['gone', pass],
      ['gone', pass],
      ['gone', null],
      ['sending', null],
    ],
  )
  assert.deepEqual(
    [...ledger.vanished(mailboxId)].map((entry) => entry.uid),
    [2, 3],
  )
  assert.deepEqual([...ledger.vanished(mailboxId + 1)], [])
  assert.equal(ledger.statement('all').copied, 1)
  ledger.record({ gone: [{ folderId: folder.id, uids: UidSet.of([2]) }] })
  assert.deepEqual(
    [...ledger.vanished(mailboxId)].map((entry) => entry.uid),
    [3],
  )
})

test('a message that moved at the source takes its entry with it', () => {
  using rig = ledgerRig()
  const { ledger, folder, mailboxId } = rig
  const target = ledger.putFolder(mailboxId, { sourceName: 'Done', sourcePath: ['Done'], found: 1 })
  copyAll(ledger, folder.id, [1, 2])
  ledger.markVanished(folder.id, UidSet.of([1, 2]), ledger.beginPass(mailboxId, 'delta'))
  const [entry, ...more] = ledger.vanishedMatching(mailboxId, 1001, DATE)
  assert.ok(entry)
  assert.deepEqual([entry.uid, more.length, ledger.vanishedMatching(mailboxId, 1001, 'x').length], [1, 0, 0])
  assert.deepEqual(ledger.vanishedMatching(mailboxId + 1, 1001, DATE), [])
  const move = { entryId: entry.id, toFolderId: target.id, uidValidity: '70', uid: 50, destinationUidValidity: '90', destinationUid: 60 }
  ledger.moveEntry(move)
  const moved = ledger.lookup(target.id, 50)
  assert.deepEqual(
    [moved?.id, moved?.state, moved?.uidValidity, moved?.destinationUid, moved?.vanishedIn],
    [entry.id, 'copied', '70', 60, null],
  )
  assert.equal(ledger.lookup(folder.id, 1), null)
  assert.equal(ledger.statement({ folderId: target.id }).unexplained, 0)
  assert.throws(() => ledger.moveEntry(move), /has not vanished/)
})

test('an entry is not moved onto another one, nor among UIDs of another UIDVALIDITY', () => {
  using rig = ledgerRig()
  const { ledger, folder, mailboxId } = rig
  const target = ledger.putFolder(mailboxId, { sourceName: 'Done', sourcePath: ['Done'] })
  copyAll(ledger, folder.id, [1])
  copyAll(ledger, target.id, [50])
  ledger.markVanished(folder.id, UidSet.of([1]), ledger.beginPass(mailboxId, 'delta'))
  const [entry] = ledger.vanished(mailboxId)
  assert.ok(entry)
  const move = { entryId: entry.id, toFolderId: target.id, uidValidity: '7', uid: 50, destinationUidValidity: null, destinationUid: null }
  assert.throws(() => ledger.moveEntry(move), /UNIQUE constraint failed/)
  assert.throws(() => ledger.moveEntry({ ...move, uidValidity: '8', uid: 51 }), /forget them/)
  assert.equal(ledger.entry(entry.id)?.folderId, folder.id)
})

test('an entry takes the place of one that was left out', () => {
  using rig = ledgerRig()
  const { ledger, folder, mailboxId } = rig
  const target = ledger.putFolder(mailboxId, { sourceName: 'Done', sourcePath: ['Done'] })
  copyAll(ledger, folder.id, [1])
  moveTo(ledger, target.id, 50, 'skipped')
  moveTo(ledger, target.id, 51, 'failed')
  ledger.markVanished(folder.id, UidSet.of([1]), ledger.beginPass(mailboxId, 'delta'))
  const [entry] = ledger.vanished(mailboxId)
  const place = { toFolderId: target.id, uidValidity: '7', uid: 50, destinationUidValidity: '9', destinationUid: 7 }
  ledger.moveEntry({ entryId: entry?.id ?? 0, ...place })
  assert.deepEqual(
    [...ledger.entries(target.id, 1, 100)].map(({ uid, state }) => `${uid} ${state}`),
    ['50 copied', '51 failed'],
  )
  ledger.updateFolder(target.id, { found: 2 })
  assert.equal(ledger.statement({ folderId: target.id }).unexplained, 0)
})

test('a message that is back under its UID is no longer vanished', () => {
  using rig = ledgerRig()
  const { ledger, folder, mailboxId } = rig
  copyAll(ledger, folder.id, [1])
  ledger.markVanished(folder.id, UidSet.of([1]), ledger.beginPass(mailboxId, 'delta'))
  ledger.record({ copied: [receipt(folder.id, 1)] })
  assert.deepEqual([...ledger.vanished(mailboxId)], [])
  assert.equal(ledger.statement('all').copied, 1)
})

test('after a new UIDVALIDITY entries are found by likeness and bound to their new UIDs', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  ledger.updateFolder(folder.id, { found: 3 })
  copyAll(ledger, folder.id, [1, 2, 9])
  moveTo(ledger, folder.id, 9, 'gone')
  ledger.forgetUids(folder.id)
  assert.equal(ledger.statement('all').unexplained, 3)
  assert.deepEqual([...ledger.entries(folder.id, 1, 100)], [])
  assert.equal(ledger.knownUids(folder.id, '7').size, 0)

  assert.deepEqual(
    [...ledger.candidates(folder.id)].map((entry) => [entry.uid, entry.destinationUid]),
    [
      [0, 5001],
      [0, 5002],
    ],
  )
  const [first, ...more] = ledger.candidates(folder.id, { strict: Buffer.alloc(16, 1) })
  assert.ok(first)
  assert.equal(more.length, 0)
  assert.equal([...ledger.candidates(folder.id, { loose: Buffer.alloc(16, 2), sizeBytes: 1002, internalDate: DATE })].length, 1)
  assert.equal([...ledger.candidates(folder.id, { sha256: Buffer.alloc(32, 2), sizeBytes: 1 })].length, 0)

  ledger.rebind(first.id, '8', 501)
  assert.deepEqual([ledger.lookup(folder.id, 501)?.destinationUid, ledger.lookup(folder.id, 501)?.state], [5001, 'copied'])
  assert.equal(ledger.knownUids(folder.id, '8').toString(), '501')
  assert.equal(ledger.statement('all').unexplained, 2)
  assert.throws(() => ledger.rebind(first.id, '8', 502), /it has a UID/)
  const [left] = ledger.candidates(folder.id)
  assert.ok(left)
  assert.throws(() => ledger.rebind(left.id, '7', 502), /forget them/)
  ledger.record({ goneIds: [left.id] })
  assert.deepEqual([...ledger.candidates(folder.id)], [])
})

test('what no message claims under a new UIDVALIDITY may still be found elsewhere', () => {
  using rig = ledgerRig()
  const { ledger, folder, mailboxId } = rig
  const target = ledger.putFolder(mailboxId, { sourceName: 'Done', sourcePath: ['Done'] })
  copyAll(ledger, folder.id, [1, 2])
  moveTo(ledger, folder.id, 3, 'skipped')
  ledger.forgetUids(folder.id)
  const [again] = ledger.candidates(folder.id, { strict: Buffer.alloc(16, 2) })
  ledger.rebind(again?.id ?? 0, '8', 1)
  ledger.vanishForgotten(folder.id, ledger.beginPass(mailboxId, 'delta'))
  assert.deepEqual([...ledger.candidates(folder.id)], [])
  const [entry, ...more] = ledger.vanished(mailboxId)
  assert.deepEqual([entry?.uid, entry?.destinationUid, more.length], [0, 5001, 0])
  const place = { toFolderId: target.id, uidValidity: '3', uid: 50, destinationUidValidity: '9', destinationUid: 7 }
  ledger.moveEntry({ entryId: entry?.id ?? 0, ...place })
  assert.equal(ledger.lookup(target.id, 50)?.state, 'copied')
  assert.equal(ledger.lookup(folder.id, 1)?.state, 'copied')
})

test('a message in flight when the UIDVALIDITY changed can still be settled', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  ledger.record({ sending: [newEntry(folder.id, 1)] })
  ledger.forgetUids(folder.id)
  assert.equal(ledger.unfinishedUids(folder.id).size, 0)
  const [entry] = ledger.sending(folder.id)
  assert.ok(entry)
  ledger.record({ settled: [{ entryId: entry.id, arrived: true, destinationUidValidity: '9', destinationUid: 1 }] })
  assert.equal(ledger.entry(entry.id)?.state, 'copied')
})
