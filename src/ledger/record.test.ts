import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MESSAGE_MOVES, MESSAGE_STATES, type MessageState } from '../model/message.ts'
import { UidSet } from '../model/uid-set.ts'
import { copyAll, leftOut, ledgerRig, moveTo, newEntry, receipt } from './rig.ts'

/** How a message gets into each state from nothing. */
const WAY: Readonly<Record<MessageState, readonly MessageState[]>> = {
  sending: ['sending'],
  copied: ['sending', 'copied'],
  verified: ['sending', 'copied', 'verified'],
  skipped: ['skipped'],
  failed: ['failed'],
  gone: ['sending', 'copied', 'gone'],
}
/** Moves of whole UID sets, which pass over what is there already. */
const IDEMPOTENT = new Set<MessageState>(['verified', 'gone'])

for (const from of MESSAGE_STATES) {
  for (const to of MESSAGE_STATES) {
    const allowed = MESSAGE_MOVES[from].includes(to) || (from === to && IDEMPOTENT.has(to))
    test(`a message in ${from} ${allowed ? 'can' : 'cannot'} become ${to}`, () => {
      using rig = ledgerRig()
      const { ledger, folder } = rig
      for (const step of WAY[from]) moveTo(ledger, folder.id, 1, step)
      assert.equal(ledger.lookup(folder.id, 1)?.state, from)
      if (allowed) moveTo(ledger, folder.id, 1, to)
      else assert.throws(() => moveTo(ledger, folder.id, 1, to), { name: 'Error', message: /cannot become|not in sending/ })
      assert.equal(ledger.lookup(folder.id, 1)?.state, allowed ? to : from)
    })
  }
}

test('the database itself refuses a state that is not in the table', () => {
  using rig = ledgerRig()
  copyAll(rig.ledger, rig.folder.id, [1])
  assert.throws(() => rig.db.run(`UPDATE entry SET state = 'lost'`), /CHECK constraint failed/)
})

test('a batch with one forbidden move is not written at all', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  assert.throws(() => ledger.record({ sending: [newEntry(folder.id, 1)], copied: [receipt(folder.id, 2)] }), /message 2 .* there is no row/)
  assert.equal(ledger.lookup(folder.id, 1), null)
  assert.equal(ledger.statement('all').unexplained, 0)
})

test('an entry gives back what was recorded', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  const uid = 2 ** 32 - 1
  const sent = newEntry(folder.id, uid, { repairs: ['wrap-long-lines', 'drop-nul'], sentSha256: Buffer.alloc(32, 3), sentBytes: 2 ** 33 })
  ledger.record({ sending: [sent] })
  rig.clock.ms += 5
  ledger.record({ copied: [{ ...receipt(folder.id, uid), destinationFolderName: 'Other' }] })
  const entry = ledger.lookup(folder.id, uid)
  assert.ok(entry)
  assert.deepEqual(
    { ...entry, id: 0 },
    {
      id: 0,
      ...sent,
      state: 'copied',
      attempts: 1,
      destinationName: 'Other',
      destinationUidValidity: '9',
      destinationUid: 5000 + uid,
      code: null,
      detail: null,
      vanishedIn: null,
      sentAt: 1_000_000,
      settledAt: 1_000_005,
    },
  )
  assert.deepEqual(ledger.entry(entry.id), entry)
})

test('the true size and hash of a streamed message come with its receipt', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  ledger.record({ sending: [newEntry(folder.id, 1, { sha256: null, repairs: ['drop-nul'], sentSha256: Buffer.alloc(32, 8) })] })
  ledger.record({
    copied: [{ ...receipt(folder.id, 1), proof: { sizeBytes: 77, sha256: Buffer.alloc(32, 9), sentSha256: null, sentBytes: 70 } }],
  })
  const entry = ledger.lookup(folder.id, 1)
  assert.equal(entry?.sizeBytes, 77)
  assert.deepEqual(entry.sha256, Buffer.alloc(32, 9))
  assert.deepEqual([entry.sentSha256, entry.sentBytes], [Buffer.alloc(32, 8), 70])
  assert.equal(ledger.statement('all').bytes, 77)
})

test('sending again counts an attempt and forgets the former outcome', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  moveTo(ledger, folder.id, 1, 'sending')
  moveTo(ledger, folder.id, 1, 'failed')
  assert.deepEqual([ledger.lookup(folder.id, 1)?.attempts, ledger.lookup(folder.id, 1)?.code], [1, 'message-refused'])
  moveTo(ledger, folder.id, 1, 'failed')
  assert.equal(ledger.lookup(folder.id, 1)?.attempts, 2, 'failing without having been sent is an attempt too')
  moveTo(ledger, folder.id, 1, 'sending')
  const again = ledger.lookup(folder.id, 1)
  assert.deepEqual([again?.attempts, again?.code, again?.detail, again?.settledAt], [3, null, null, null])
  moveTo(ledger, folder.id, 1, 'copied')
  moveTo(ledger, folder.id, 1, 'sending')
  assert.equal(ledger.lookup(folder.id, 1)?.destinationUid, null)
})

test('settling tells arrived from not arrived, once', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  ledger.record({ sending: [1, 2].map((uid) => newEntry(folder.id, uid)) })
  const [first, second] = ledger.sending(folder.id)
  assert.ok(first && second)
  const arrived = { entryId: first.id, arrived: true, destinationUidValidity: '9', destinationUid: 44 } as const
  ledger.record({ settled: [arrived, { entryId: second.id, arrived: false, code: 'connection-lost', detail: null }] })
  assert.deepEqual([ledger.lookup(folder.id, 1)?.state, ledger.lookup(folder.id, 1)?.destinationUid], ['copied', 44])
  assert.deepEqual(
    ledger.retryable(folder.id).map(({ uid, code, attempts }) => ({ uid, code, attempts })),
    [{ uid: 2, code: 'connection-lost', attempts: 1 }],
  )
  assert.throws(() => ledger.record({ settled: [arrived] }), /not in sending/)
})

test('flags are changed without touching the state, and only of a known message', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  copyAll(ledger, folder.id, [1])
  ledger.record({ flags: [{ folderId: folder.id, uid: 1, flags: '\\Flagged $label1' }] })
  assert.deepEqual([ledger.lookup(folder.id, 1)?.flags, ledger.lookup(folder.id, 1)?.state], ['\\Flagged $label1', 'copied'])
  assert.throws(() => ledger.record({ flags: [{ folderId: folder.id, uid: 2, flags: '' }] }), /there is no row/)
})

test('sets of UIDs may span messages without an entry', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  copyAll(ledger, folder.id, [3, 5, 9])
  ledger.record({ verified: [{ folderId: folder.id, uids: UidSet.ofRanges([[1, 6]]) }] })
  assert.deepEqual(
    [...ledger.entries(folder.id, 1, 100)].map((entry) => entry.state),
    ['verified', 'verified', 'copied'],
  )
})

test('a message under another UIDVALIDITY than its folder is refused until the old UIDs are forgotten', () => {
  using rig = ledgerRig()
  const { ledger, folder } = rig
  copyAll(ledger, folder.id, [1])
  const other = newEntry(folder.id, 2, { uidValidity: '8' })
  assert.throws(() => ledger.record({ sending: [other] }), /forget them/)
  assert.throws(() => ledger.record({ failed: [leftOut(folder.id, 2, { uidValidity: '8' })] }), /forget them/)
  assert.throws(() => ledger.record({ sending: [newEntry(rig.folder.id, 2), other] }), /forget them/)
  ledger.forgetUids(folder.id)
  ledger.record({ sending: [other] })
  assert.equal(ledger.lookup(folder.id, 2)?.uidValidity, '8')
})

test('what a server said is kept to a bearable length', () => {
  using rig = ledgerRig()
  rig.ledger.record({ skipped: [leftOut(rig.folder.id, 1, { detail: 'x'.repeat(100_000) })] })
  assert.equal(rig.ledger.lookup(rig.folder.id, 1)?.detail?.length, 2000)
})
