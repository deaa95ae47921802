import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { UidSet } from '../../model/uid-set.ts'
import { LabelIndex } from './gmail-index.ts'
import { choose } from './gmail-policy.ts'

const labels = fc.subarray(['\\Inbox', '\\Sent', '\\Important', 'Work', 'Work/Deep', 'Other'])
const puts = fc.array(fc.tuple(fc.integer({ min: 1, max: 200 }), labels), { maxLength: 120 })

test('the index tells of each message and of each folder what putting them told, in any order, and after being written and read', () => {
  fc.assert(
    fc.property(puts, fc.array(fc.integer({ min: 1, max: 200 })), (all, gone) => {
      const model = new Map<number, readonly string[]>()
      let index = new LabelIndex()
      for (const [uid, told] of all) {
        const before = model.get(uid)
        const moved = index.put(uid, told)
        model.set(uid, told)
        const same = before !== undefined && String([...before].sort()) === String([...told].sort())
        assert.equal(moved.length === 0, same)
      }
      const kept = UidSet.of(model.keys()).minus(UidSet.of(gone))
      for (const uid of gone) model.delete(uid)
      index.keepOnly(kept)
      const copy = new LabelIndex()
      assert.deepEqual(copy.read(index.write({ extra: 1 })), { extra: 1 })
      index = copy
      assert.equal(index.size, model.size)
      const folders = Map.groupBy(model, ([, told]) => choose(told).folder ?? '')
      for (const [uid, told] of model) assert.deepEqual(index.of(uid), choose(told))
      const figures = index.folders()
      assert.deepEqual([...figures.keys()].sort(), [...folders.keys()].sort())
      for (const [folder, here] of folders) {
        const uids = here.map(([uid]) => uid).sort((a, b) => a - b)
        assert.deepEqual([...index.uids(folder)], uids)
        assert.deepEqual(figures.get(folder), { messages: uids.length, last: uids.at(-1) })
        assert.deepEqual(
          [...index.uids(folder, 50, 100)],
          uids.filter((uid) => uid >= 50 && uid <= 100),
        )
      }
    }),
  )
})

test('damaged notes are refused', () => {
  const index = new LabelIndex()
  index.put(7, ['Work'])
  const bytes = index.write(null)
  assert.throws(() => new LabelIndex().read(bytes.subarray(0, -1)))
  assert.throws(() => new LabelIndex().read(Buffer.from('nonsense, nothing else')))
})

test('a million messages in fifty folders cost less than 45 MB, with the UIDs of every folder', () => {
  const sets = Array.from({ length: 50 }, (_, at) => [`Label ${at}`, '\\Inbox'])
  const before = process.memoryUsage()
  const index = new LabelIndex()
  for (let uid = 1; uid <= 1_000_000; uid++) index.put(uid, sets[(uid * 7) % 50] ?? [])
  const uids = sets.map(([label = '']) => index.uids(label))
  assert.equal(
    uids.reduce((sum, set) => sum + set.size, 0),
    1_000_000,
  )
  const after = process.memoryUsage()
  const grown = after.arrayBuffers - before.arrayBuffers
  assert.ok(grown < 45_000_000, `${grown} bytes in arrays`)
  assert.equal(
    uids.every((set) => set.ranges.length === set.size),
    true,
  )
})
