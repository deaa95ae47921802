import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UidSet } from '../model/uid-set.ts'
import { copyAll, ledgerRig, leftOut } from './rig.ts'

test('only what entered the ledger since is looked at, in order, and once', () => {
  using rig = ledgerRig()
  const { ledger, mailboxId, folder, clock } = rig
  copyAll(ledger, folder.id, [1, 2])
  clock.ms += 100
  const since = clock.ms
  copyAll(ledger, folder.id, [3])
  ledger.record({ skipped: [{ ...leftOut(folder.id, 4), code: 'deleted-flag' }] })
  const lookedTo = ledger.late.begin(mailboxId, since)
  const found = ledger.late.after(mailboxId, lookedTo, 10)
  assert.deepEqual(
    found.map(({ uid }) => uid),
    [3, 4],
  )
  assert.deepEqual(
    ledger.late.after(mailboxId, lookedTo, 1).map(({ uid }) => uid),
    [3],
  )
  ledger.late.put(mailboxId, found[1]?.entryId ?? 0, [{ entryId: found[0]?.entryId ?? 0, kind: 'inbound', cameAt: 5 }])
  assert.equal(ledger.late.after(mailboxId, ledger.late.begin(mailboxId, since), 10).length, 0)
})

test('what has gone from the source since is told without its UID', () => {
  using rig = ledgerRig()
  const { ledger, mailboxId, folder } = rig
  copyAll(ledger, folder.id, [1])
  ledger.record({ gone: [{ folderId: folder.id, uids: UidSet.of([1]) }] })
  assert.deepEqual(
    ledger.late.after(mailboxId, 0, 10).map(({ uid }) => uid),
    [null],
  )
})

test('a message that got a new UID is the same late message', () => {
  using rig = ledgerRig()
  const { ledger, mailboxId, folder } = rig
  copyAll(ledger, folder.id, [1])
  const [first] = ledger.late.after(mailboxId, 0, 10)
  const entryId = first?.entryId ?? 0
  ledger.late.put(mailboxId, entryId, [{ entryId, kind: 'inbound', cameAt: null }])
  ledger.forgetUids(folder.id)
  ledger.rebind(entryId, '8', 40)
  assert.equal(ledger.late.after(mailboxId, entryId, 10).length, 0)
  assert.equal(ledger.late.counts(0)[0]?.messages, 1)
})

test('the counts tell kind by kind how many came, when the last did, and how many have no copy', () => {
  using rig = ledgerRig()
  const { ledger, mailboxId, folder, clock } = rig
  copyAll(ledger, folder.id, [1, 2])
  ledger.record({ failed: [leftOut(folder.id, 3)] })
  const ids = ledger.late.after(mailboxId, 0, 10).map(({ entryId }) => entryId)
  const [one = 0, two = 0, three = 0] = ids
  ledger.late.put(mailboxId, one, [{ entryId: one, kind: 'own', cameAt: 10 }])
  clock.ms += 1000
  const later = clock.ms
  ledger.late.put(mailboxId, three, [
    { entryId: two, kind: 'inbound', cameAt: 30 },
    { entryId: three, kind: 'inbound', cameAt: 20 },
  ])
  assert.deepEqual(ledger.late.counts(0), [
    { mailboxId, kind: 'inbound', messages: 2, notCopied: 1, lastCameAt: 30, lastSeenAt: later },
    { mailboxId, kind: 'own', messages: 1, notCopied: 0, lastCameAt: 10, lastSeenAt: later - 1000 },
  ])
  assert.deepEqual(
    ledger.late.counts(later).map(({ kind }) => kind),
    ['inbound'],
  )
})

test('what came after another message is told, in whatever order the mailboxes were looked at', () => {
  using rig = ledgerRig()
  const { ledger, mailboxId, folder } = rig
  copyAll(ledger, folder.id, [1])
  const other = ledger.mailbox({ source: 'imap old.example.org bob', destination: 'imap new.example.org bob', name: 'bob' })
  const bobs = ledger.putFolder(other, { sourceName: 'INBOX', sourcePath: ['INBOX'], uidValidity: '7' })
  copyAll(ledger, bobs.id, [1])
  const idOf = (id: number): number => ledger.late.after(id, 0, 1)[0]?.entryId ?? 0
  assert.equal(ledger.late.last([mailboxId, other]), 0)
  ledger.late.put(other, idOf(other), [{ entryId: idOf(other), kind: 'inbound', cameAt: null }])
  const mark = ledger.late.last([mailboxId, other])
  ledger.late.put(mailboxId, idOf(mailboxId), [{ entryId: idOf(mailboxId), kind: 'local', cameAt: null }])
  assert.equal(ledger.late.last([other]), mark)
  assert.ok(ledger.late.last([mailboxId, other]) > mark)
  assert.deepEqual(
    ledger.late.counts(0, mark).map(({ kind }) => kind),
    ['local'],
  )
})

test('why a mailbox can no longer be watched is kept until it can', () => {
  using rig = ledgerRig()
  const { ledger, mailboxId, clock } = rig
  assert.equal(ledger.late.watched(mailboxId), null)
  ledger.late.put(mailboxId, 7, [], 'It is full.')
  assert.deepEqual(ledger.late.watched(mailboxId), { lookedTo: 7, lookedAt: clock.ms, trouble: 'It is full.' })
  ledger.late.put(mailboxId, 7, [])
  assert.equal(ledger.late.watched(mailboxId)?.trouble, null)
})
