import assert from 'node:assert/strict'
import { test } from 'node:test'
import { batchChunk } from './batch-chunk.ts'

const part = (id: number, ...dependsOn: readonly number[]) => ({ id: String(id), dependsOn: dependsOn.map(String) })
const many = Array.from({ length: 30 }, (_, n) => n)
const shape = (chunk: ReturnType<typeof batchChunk>): unknown => chunk.map(({ part, after }) => [part.id, after])
const nothing = (): boolean => false

test('no chunk holds more than twenty, whatever depends on what', () => {
  assert.equal(
    batchChunk(
      many.map((n) => part(n)),
      nothing,
    ).length,
    20,
  )
  assert.equal(
    batchChunk(
      many.map((n) => (n === 0 ? part(0) : part(n, n - 1))),
      nothing,
    ).length,
    20,
  )
  assert.equal(
    batchChunk(
      many.map((n) => (n === 0 ? part(0) : part(n, 0))),
      nothing,
    ).length,
    20,
  )
})

test('two that are ready go together, and who waits for one of them waits for the next chunk', () => {
  assert.deepEqual(shape(batchChunk([part(1), part(2), part(3, 1)], nothing)), [
    ['1', null],
    ['2', null],
  ])
})

test('a chain ends where it forks, and what was done before counts as ready', () => {
  const parts = [part(2, 1), part(3, 2), part(4, 3), part(5, 3)]
  assert.deepEqual(shape(batchChunk(parts, (id) => id === '1')), [
    ['2', null],
    ['3', 0],
  ])
})

test('what waits for two others does not go along with one of them', () => {
  assert.deepEqual(shape(batchChunk([part(3, 1, 2)], (id) => id === '1')), [])
  assert.deepEqual(shape(batchChunk([part(1), part(2, 1), part(3, 1, 2)], nothing)), [
    ['1', null],
    ['2', 0],
  ])
})
