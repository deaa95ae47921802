import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UidSet } from '../model/uid-set.ts'
import { KeptUnread } from './kept-unread.ts'

test('what was unread is known again by the next pass, and void under another UIDVALIDITY', () => {
  const kept = new Map<string, Uint8Array>()
  const notes = { read: (name: string) => kept.get(name) ?? null, write: (name: string, bytes: Uint8Array) => void kept.set(name, bytes) }
  const first = new KeptUnread()
  first.notes = notes
  first.add('INBOX', '7', UidSet.of([1, 2, 3, 9]))
  first.add('INBOX', '7', UidSet.of([20]))
  first.add('Sent', '8', UidSet.of([4]))
  const next = new KeptUnread()
  next.notes = notes
  assert.deepEqual([...next.of('INBOX', '7')], [1, 2, 3, 9, 20])
  assert.deepEqual([...next.of('Sent', '8')], [4])
  assert.equal(next.of('INBOX', '8').size, 0)
  assert.equal(new KeptUnread().of('INBOX', '7').size, 0)
})
