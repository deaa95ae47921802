import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { MESSAGE_MOVES, MESSAGE_STATES, type MessageState } from '../model/message.ts'
import { copyAll, leftOut, ledgerRig, moveTo, newEntry, type LedgerRig } from './rig.ts'

test('found is copied and verified plus skipped plus failed, and what is sending stays unexplained', () => {
  using rig = ledgerRig()
  const { ledger, folder, mailboxId } = rig
  ledger.updateFolder(folder.id, { found: 7 })
  copyAll(ledger, folder.id, [1, 2])
  moveTo(ledger, folder.id, 2, 'verified')
  moveTo(ledger, folder.id, 3, 'skipped')
  moveTo(ledger, folder.id, 4, 'failed')
  moveTo(ledger, folder.id, 5, 'sending')
  copyAll(ledger, folder.id, [6])
  moveTo(ledger, folder.id, 6, 'gone')
  const expected = { found: 7, copied: 2, skipped: 1, failed: 1, unexplained: 3, bytes: 1001 + 1002 }
  assert.deepEqual(ledger.statement({ folderId: folder.id }), expected)
  assert.deepEqual(ledger.statement({ mailboxId }), expected)
  assert.deepEqual(ledger.statement('all'), expected)
  assert.equal(ledger.verifiedCount({ mailboxId }), 1)
  ledger.updateFolder(folder.id, { found: 3 })
  assert.equal(ledger.statement('all').unexplained, -1, 'more entries than messages found is a fault as well')
})

test('the statement of a mailbox holds its folders alone, and a folder that is gone has found nothing', () => {
  using rig = ledgerRig()
  const { ledger, folder, mailboxId } = rig
  const second = ledger.putFolder(mailboxId, { sourceName: 'Sent', sourcePath: ['Sent'], found: 1 })
  const other = ledger.mailbox({ source: 'a', destination: 'b', name: 'b' })
  const theirs = ledger.putFolder(other, { sourceName: 'INBOX', sourcePath: ['INBOX'], found: 1 })
  ledger.updateFolder(folder.id, { found: 5, goneAt: 1 })
  copyAll(ledger, second.id, [1])
  copyAll(ledger, theirs.id, [2])
  assert.deepEqual(ledger.statement({ mailboxId }), { found: 1, copied: 1, skipped: 0, failed: 0, unexplained: 0, bytes: 1001 })
  assert.deepEqual(ledger.statement('all'), { found: 2, copied: 2, skipped: 0, failed: 0, unexplained: 0, bytes: 2003 })
  assert.deepEqual(ledger.statement({ mailboxId: 99 }), { found: 0, copied: 0, skipped: 0, failed: 0, unexplained: 0, bytes: 0 })
})

test('reasons add up to what was skipped and failed', () => {
  using rig = ledgerRig()
  const { ledger, folder, mailboxId } = rig
  ledger.record({
    failed: [leftOut(folder.id, 1), leftOut(folder.id, 2), leftOut(folder.id, 3, { code: 'message-too-large' })],
    skipped: [{ ...leftOut(folder.id, 4), code: 'deleted-flag' }],
  })
  assert.deepEqual(ledger.reasons({ mailboxId }), [
    { state: 'failed', code: 'message-refused', count: 2, bytes: 2003 },
    { state: 'failed', code: 'message-too-large', count: 1, bytes: 1003 },
    { state: 'skipped', code: 'deleted-flag', count: 1, bytes: 1004 },
  ])
})

test('the running figures are what counting every entry would give, whatever happened to them', () => {
  const step = fc.record({
    folder: fc.integer({ min: 0, max: 1 }),
    uid: fc.integer({ min: 1, max: 6 }),
    to: fc.constantFrom<MessageState | 'grow' | 'forget'>(...MESSAGE_STATES, 'grow', 'forget'),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      using rig = ledgerRig()
      const folders = [rig.folder, rig.ledger.putFolder(rig.mailboxId, { sourceName: 'Sent', sourcePath: ['Sent'] })]
      for (const { folder, uid, to } of steps) {
        const folderId = folders[folder]?.id ?? 0
        if (to === 'forget') rig.ledger.forgetUids(folderId)
        else if (to === 'grow') rig.db.run('UPDATE entry SET size_bytes = size_bytes + 7 WHERE folder_id = ? AND uid = ?', folderId, uid)
        else if (mayMove(rig, folderId, uid, to)) moveTo(rig.ledger, folderId, uid, to)
      }
      const counted = rig.db.all(
        `SELECT folder_id, state, count(*) AS messages, sum(size_bytes) AS bytes FROM entry WHERE uid IS NOT NULL
        GROUP BY folder_id, state ORDER BY folder_id, state`,
      )
      assert.deepEqual(rig.db.all('SELECT * FROM tally WHERE messages <> 0 OR bytes <> 0 ORDER BY folder_id, state'), counted)
    }),
    { numRuns: 30 },
  )
})

function mayMove(rig: LedgerRig, folderId: number, uid: number, to: MessageState): boolean {
  const from = rig.ledger.lookup(folderId, uid)?.state
  return from === undefined ? to !== 'copied' : MESSAGE_MOVES[from].includes(to)
}

test('errors come with mailbox, folder, reason, the words of the server and what names them to their owner', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  const note = { subject: 'Offer', from: 'anna@example.org', date: 'Mon, 1 Jan 2024 10:00:00 +0000' }
  ledger.record({ sending: [newEntry(folder.id, 2, { repairs: ['drop-nul'] })] })
  ledger.record({
    failed: [leftOut(folder.id, 2, { note }), leftOut(folder.id, 1)],
    skipped: [{ ...leftOut(folder.id, 3), code: 'duplicate' }],
  })
  const rows = [...ledger.errors()]
  assert.deepEqual(
    rows.map((row) => [row.uid, row.state, row.code, row.subject]),
    [
      [1, 'failed', 'message-refused', null],
      [2, 'failed', 'message-refused', 'Offer'],
      [3, 'skipped', 'duplicate', null],
    ],
  )
  assert.deepEqual(rows[1], {
    entryId: ledger.lookup(folder.id, 2)?.id,
    mailboxId: rig.mailboxId,
    mailboxName: 'anna',
    folderId: folder.id,
    folderPath: ['INBOX'],
    uid: 2,
    internalDate: '17-Jul-1996 02:44:25 -0700',
    sizeBytes: 1002,
    repairs: ['drop-nul'],
    state: 'failed',
    code: 'message-refused',
    serverText: 'NO not this one',
    attempts: 1,
    ...note,
  })
  assert.deepEqual([...ledger.errors({ folderId: folder.id + 1 })], [])
})

test('subject and sender leave the ledger when the message is taken up again', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  ledger.record({ failed: [leftOut(folder.id, 1, { note: { subject: 'Offer', from: 'anna@example.org', date: '' } })] })
  moveTo(ledger, folder.id, 1, 'sending')
  assert.equal(rig.db.all('SELECT * FROM note').length, 0)
})

test('repaired messages are listed with the hash before and after, for more than a page of them', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  const uids = Array.from({ length: 1201 }, (_, index) => index + 1)
  ledger.record({
    sending: uids.map((uid) =>
      newEntry(folder.id, uid, { repairs: ['wrap-long-lines'], sentSha256: Buffer.alloc(32, uid + 1), sentBytes: uid }),
    ),
  })
  moveTo(ledger, folder.id, 1201, 'gone')
  const rows = [...ledger.repaired({ mailboxId: rig.mailboxId })]
  assert.deepEqual(
    rows.map((row) => row.uid),
    uids.slice(0, 1200),
  )
  assert.deepEqual(
    [rows[4]?.repairs, rows[4]?.sha256, rows[4]?.sentSha256, rows[4]?.sentBytes],
    [['wrap-long-lines'], Buffer.alloc(32, 5), Buffer.alloc(32, 6), 5],
  )
})
