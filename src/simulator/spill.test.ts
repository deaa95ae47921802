import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Spill } from './spill.ts'

test('messages beyond the limit come back from the file byte for byte, in any order', () => {
  using spill = new Spill(10_000)
  const originals = Array.from({ length: 20 }, (_, i) => Buffer.alloc(3000 + i, `message ${i} `))
  const kept = originals.map((bytes) => spill.keep(bytes))
  for (const i of [19, 0, 7, 3, 19]) {
    assert.deepEqual(kept[i]?.bytes(), originals[i])
    assert.equal(kept[i]?.sizeBytes, originals[i]?.length)
  }
})
