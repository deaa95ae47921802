import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fingerprint } from '../message/fingerprint.ts'
import { Arrivals } from './arrivals.ts'

const header = (id: string): Buffer =>
  Buffer.from(`Message-ID: <${id}@example.test>\r\nSubject: ${id}\r\nDate: Mon, 02 Mar 2026 10:00:00 +0000\r\n\r\n`)
const identity = (id: string) => fingerprint(header(id))

function arrivals(...ids: readonly string[]): Arrivals {
  const all = new Arrivals()
  for (const [at, id] of ids.entries()) all.add(at + 1, identity(id))
  return all
}

test('two equal messages are two: each is given away once', () => {
  const all = arrivals('twin', 'other', 'twin')
  const { strict } = identity('twin')
  assert.deepEqual([all.takeStrict(strict), all.takeStrict(strict), all.takeStrict(strict)], [1, 3, null])
  assert.deepEqual(all.left(), [2])
})

test('among twins the one that fits is taken, and none when none fits', () => {
  const all = arrivals('twin', 'twin')
  const { strict } = identity('twin')
  assert.equal(
    all.takeStrict(strict, (uid) => uid > 2),
    null,
  )
  assert.equal(
    all.takeStrict(strict, (uid) => uid === 2),
    2,
  )
  assert.equal(all.takeStrict(strict), 1)
})

test('the loose identity counts only where exactly one is left', () => {
  const one = arrivals('a')
  assert.equal(one.takeLoose(identity('a').loose), 1)
  assert.equal(one.takeLoose(identity('a').loose), null)
  const two = arrivals('a', 'a')
  assert.equal(two.takeLoose(identity('a').loose), null)
  assert.equal(two.takeStrict(identity('a').strict), 1)
  assert.equal(two.takeLoose(identity('a').loose), 2)
})

test('as many equal messages may be taken loosely as are looked for, and none where there are more', () => {
  const two = arrivals('a', 'a')
  assert.equal(two.takeLoose(identity('a').loose, 2), 1)
  assert.equal(two.takeLoose(identity('a').loose, 1), 2)
  assert.equal(arrivals('a', 'a', 'a').takeLoose(identity('a').loose, 2), null)
})

test('what was taken one way is not given away the other', () => {
  const all = arrivals('a')
  assert.equal(all.takeStrict(identity('a').strict), 1)
  assert.equal(all.takeLoose(identity('a').loose), null)
  assert.equal(all.takeUid(1), false)
  assert.equal(all.takeStrict(null), null)
})
