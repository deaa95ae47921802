import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assert as holdsFor, constantFrom, property, uniqueArray } from 'fast-check'
import { movesInto, type Move } from './rule-order.ts'

const moved = (list: readonly string[], moves: readonly Move[]): readonly string[] =>
  moves.reduce<readonly string[]>((names, { name, to }) => names.filter((one) => one !== name).toSpliced(to, 0, name), list)

test('what is in order is not moved, and one move is enough for one that is out of it', () => {
  assert.deepEqual(movesInto(['a', 'x', 'b', 'c'], ['a', 'b', 'c']), [])
  assert.deepEqual(movesInto(['a', 'b'], ['b', 'a']).length, 1)
  assert.deepEqual(movesInto(['b', 'c', 'd', 'a'], ['a', 'b', 'c', 'd']), [{ name: 'a', to: 0 }])
  assert.deepEqual(moved(['c', 'x', 'a', 'b'], movesInto(['c', 'x', 'a', 'b'], ['a', 'b', 'c'])), ['a', 'x', 'b', 'c'])
})

test('whatever the order was, ours come into theirs, all others are where they were, and nothing moves twice', () => {
  const wanted = ['a', 'b', 'c', 'd', 'e', 'f']
  const lists = uniqueArray(constantFrom(...wanted, 'u', 'v', 'w', 'x', 'y', 'z'), { minLength: 1 })
  holdsFor(
    property(lists, (current) => {
      const moves = movesInto(current, wanted)
      const after = moved(current, moves)
      assert.deepEqual(
        after.filter((name) => wanted.includes(name)),
        wanted.filter((name) => current.includes(name)),
      )
      for (const [at, name] of current.entries()) if (!wanted.includes(name)) assert.equal(after[at], name)
      assert.equal(new Set(moves.map(({ name }) => name)).size, moves.length)
      assert.ok(moves.every(({ to }) => to >= 0 && to < current.length))
    }),
    { numRuns: 2000 },
  )
})
