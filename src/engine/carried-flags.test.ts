import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exchangeLimits, plainLimits } from '../destination/limits.ts'
import { flagsFor, owed, readFlags, showsOurs } from './carried-flags.ts'

const LIMITS = exchangeLimits(1000)
const ROW = ['\\Seen', owed('\\Flagged')].join(' ')

test('a row tells which flags were carried and which are owed', () => {
  assert.deepEqual(readFlags(ROW), { carried: ['\\Seen'], owed: ['\\Flagged'] })
  assert.deepEqual(readFlags(''), { carried: [], owed: [] })
})

test('a copy shows our flags with what is owed and without it, and not with anything else', () => {
  assert.equal(showsOurs(['\\Flagged', '\\Seen'], ROW, LIMITS), true)
  assert.equal(showsOurs(['\\Seen'], ROW, LIMITS), true)
  assert.equal(showsOurs(['\\Flagged'], ROW, LIMITS), false)
  assert.equal(showsOurs(['\\Seen', '\\Answered', '\\Flagged'], ROW, LIMITS), false)
  assert.equal(showsOurs(['\\Seen', '\\Flagged'], '\\Seen', LIMITS), false, 'a star that we never gave is a person’s')
})

test('a keyword that no server may be sure to take is not sent, and is no difference', () => {
  const limits = plainLimits('/', true, null)
  const long = `label:${'x'.repeat(60)}`
  assert.deepEqual(flagsFor(['\\Seen', 'label:Work', long], limits, false), {
    append: ['\\Seen', 'label:Work'],
    store: [],
    dropped: [long],
  })
  assert.equal(showsOurs(['\\Seen', 'label:Work'], `\\Seen label:Work ${long}`, limits), true)
})
