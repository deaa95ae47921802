import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openLedger } from './ledger.ts'

test('what a source notes, what it handed out and when it was closed is there after opening the ledger again, by mailbox', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cutover-source-rows-'))
  try {
    const identity = { source: 'imap a', destination: 'imap b', name: 'Anna' }
    using ledger = openLedger(folder)
    const id = ledger.mailbox(identity)
    const notes = ledger.sourceNotes(id)
    assert.equal(notes.read('labels'), null)
    notes.write('labels', Buffer.from([1, 2, 3]))
    notes.write('labels', Buffer.from([4, 5]))
    for (const [hour, bytes] of [
      [10, 5],
      [11, 7],
      [10, 1],
    ] as const)
      ledger.addTraffic(id, { hour, bytes })
    ledger.park(id, { until: 77, times: 2, detail: 'NO [OVERQUOTA]' })
    ledger.close()
    using again = openLedger(folder)
    const other = again.mailbox({ ...identity, source: 'imap c' })
    assert.deepEqual([...(again.sourceNotes(id).read('labels') ?? [])], [4, 5])
    assert.deepEqual(again.trafficSince(id, 10), [
      { hour: 10, bytes: 6 },
      { hour: 11, bytes: 7 },
    ])
    assert.deepEqual(again.trafficSince(id, 11), [{ hour: 11, bytes: 7 }])
    assert.deepEqual(again.parked(id), { until: 77, times: 2, detail: 'NO [OVERQUOTA]' })
    assert.deepEqual([again.sourceNotes(other).read('labels'), again.trafficSince(other, 0), again.parked(other)], [null, [], null])
    again.park(id, null)
    assert.equal(again.parked(id), null)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
