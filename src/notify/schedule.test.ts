import assert from 'node:assert/strict'
import { test } from 'node:test'
import { timesOf } from './schedule.ts'

const at = (text: string): number => Date.parse(text)
const BERLIN = 'Europe/Berlin'

test('in a project of a week nothing is due before its kickoff, and what to expect comes a day after the announcement', () => {
  const anchors = { kickoff: at('2026-11-22T23:00Z'), cutover: at('2026-11-27T17:00Z'), switched: null, done: null }
  const due = (moment: 'announcement' | 'credentials' | 'expect' | 'reminder'): string =>
    new Date(timesOf(moment, anchors, BERLIN).dueAt ?? 0).toISOString().slice(0, 16)
  assert.deepEqual(
    [due('announcement'), due('credentials'), due('expect'), due('reminder')],
    ['2026-11-23T08:00', '2026-11-23T08:00', '2026-11-24T08:00', '2026-11-26T08:00'],
  )
})

test('in a long project they keep their days before the cutover', () => {
  const anchors = { kickoff: at('2026-10-01T22:00Z'), cutover: at('2026-11-27T17:00Z'), switched: null, done: null }
  assert.equal(timesOf('announcement', anchors, BERLIN).dueAt, at('2026-11-13T08:00Z'))
  assert.equal(timesOf('expect', anchors, BERLIN).dueAt, at('2026-11-22T08:00Z'))
})
