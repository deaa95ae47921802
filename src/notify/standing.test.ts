import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Moment } from '../model/moment.ts'
import { addressees, type Addressee, type Known } from './addressee.ts'
import type { JournalRow } from './journal.ts'
import { timesOf } from './schedule.ts'
import { standingOf, type Circumstances } from './standing.ts'

const [HOUR, DAY] = [3_600_000, 86_400_000]
const CUTOVER = Date.parse('2026-12-04T18:00+01:00')
const NOTHING = { kickoff: null, cutover: null, switched: null, done: null }

function known(more: Partial<Known> = {}): Known {
  return {
    addresses: ['anna@example.org'],
    name: 'Anna',
    address: 'anna@example.org',
    login: 'anna@example.org',
    locale: 'en',
    language: 'en',
    newSide: 'anna@example.onmicrosoft.com',
    elsewhere: null,
    needsPassword: false,
    anchors: { ...NOTHING, cutover: CUTOVER },
    role: 'user',
    ...more,
  }
}

function anna(more: Partial<Addressee> = {}): Addressee {
  return { ...known(), person: 'anna@example.org', ...more }
}

function row(moment: Moment, state: JournalRow['state'], more: Partial<JournalRow> = {}): JournalRow {
  const [person, address] = ['anna@example.org', 'anna@example.org']
  return {
    id: 1,
    moment,
    person,
    address,
    version: 1,
    way: 'usual',
    messageId: 'x',
    state,
    tries: 1,
    says: null,
    at: 0,
    told: CUTOVER,
    ...more,
  }
}

function about(now: number, more: Partial<Circumstances> = {}): Circumstances {
  return { now, timeZone: 'Europe/Berlin', by: 'smtp', off: new Set(), ownTime: () => null, ...more }
}

function stateOf(moment: Moment, now: number, rows: readonly JournalRow[] = [], to = anna(), more: Partial<Circumstances> = {}): string {
  return standingOf(moment, to, rows, about(now, more)).state
}

test('days before the cutover are days of the calendar at nine in the morning there, over a change of clocks too', () => {
  const due = (moment: Moment, cutover: string, timeZone: string): string =>
    new Date(timesOf(moment, { ...NOTHING, cutover: Date.parse(cutover) }, timeZone).dueAt ?? 0).toISOString()
  assert.equal(due('announcement', '2026-12-04T18:00+01:00', 'Europe/Berlin'), '2026-11-20T08:00:00.000Z')
  // Clocks were put back on 25 October.
  assert.equal(due('announcement', '2026-10-30T18:00+01:00', 'Europe/Berlin'), '2026-10-16T07:00:00.000Z')
  assert.equal(due('reminder', '2026-10-25T12:00+01:00', 'Europe/Berlin'), '2026-10-24T07:00:00.000Z')
  // Hours are hours: 2 in the morning after the night in which an hour came twice.
  assert.equal(due('access-early', '2026-10-25T06:00+01:00', 'Europe/Berlin'), '2026-10-24T21:00:00.000Z')
  assert.equal(due('expect', '2026-12-05T01:00+13:00', 'Pacific/Auckland'), '2026-11-29T20:00:00.000Z')
})

test('a message is planned, due, late after a day, and in the end of no use', () => {
  const due = Date.parse('2026-11-20T08:00Z')
  assert.equal(stateOf('announcement', due - 1), 'planned')
  assert.equal(stateOf('announcement', due), 'due')
  assert.equal(stateOf('announcement', due + DAY), 'due')
  assert.equal(stateOf('announcement', due + DAY + 1), 'overdue')
  assert.equal(stateOf('announcement', CUTOVER - DAY), 'missed')
  assert.equal(stateOf('announcement', due, [row('announcement', 'sent')]), 'sent')
  assert.equal(stateOf('announcement', due, [row('announcement', 'later')]), 'due')
  assert.equal(stateOf('announcement', due, [row('announcement', 'refused')]), 'refused')
  assert.equal(stateOf('announcement', due, [row('announcement', 'doubt')]), 'doubt')
  assert.equal(stateOf('announcement', due, [], anna(), { off: new Set(['announcement']) }), 'off')
  assert.equal(stateOf('announcement', due, [], anna(), { ownTime: () => due + 1 }), 'planned')
  assert.equal(stateOf('announcement', due, [], anna({ anchors: NOTHING })), 'waits')
})

test('that somebody is live is said once mail goes to the new side, and to a second place where they may still be reading', () => {
  const switched = CUTOVER + HOUR
  const live = anna({ anchors: { ...NOTHING, cutover: CUTOVER, switched }, elsewhere: 'anna@elsewhere.example' })
  assert.equal(stateOf('live', CUTOVER + 5 * HOUR), 'waits')
  const standing = standingOf('live', live, [], about(switched))
  assert.deepEqual(
    standing.deliveries.map(({ way, address }) => `${way} ${address}`),
    ['usual anna@example.org', 'private anna@elsewhere.example'],
  )
  // What reached one place and was put off at another is sent to the other one alone.
  const half = standingOf('live', live, [row('live', 'sent'), row('live', 'later', { way: 'private' })], about(switched))
  assert.deepEqual([half.state, half.deliveries.map(({ way }) => way)], ['due', ['private']])
  assert.equal(stateOf('done', switched, [], live), 'waits')
  assert.equal(stateOf('done', switched, [], anna({ anchors: { ...live.anchors, done: switched } })), 'due')
  assert.equal(stateOf('follow-up', switched + 6 * DAY, [], live), 'planned')
})

test('from the tenant nothing is sent to a user before the switch but the early way in, as nobody would read it', () => {
  const due = Date.parse('2026-11-20T08:00Z')
  const graph = { by: 'graph' } as const
  assert.equal(stateOf('announcement', due, [], anna(), graph), 'blocked')
  const early = standingOf('access-early', anna({ elsewhere: 'a@elsewhere.example' }), [], about(CUTOVER - 8 * HOUR, graph))
  assert.deepEqual(
    early.deliveries.map(({ way }) => way),
    ['new-side', 'private'],
  )
  assert.equal(
    stateOf('kickoff', 0, [], anna({ role: 'customer', anchors: { ...NOTHING, kickoff: 0, cutover: CUTOVER } }), graph),
    'planned',
  )
})

test('who was told a date that no longer holds is told the new one by a word of a person, and once', () => {
  const to = anna({ anchors: { ...NOTHING, cutover: CUTOVER + 7 * DAY } })
  const told = row('announcement', 'sent')
  assert.equal(stateOf('new-date', 0, [told], to), 'by-hand')
  assert.equal(stateOf('new-date', 0, [told, row('new-date', 'sent', { at: 1, told: CUTOVER + 7 * DAY })], to), 'not-needed')
  assert.equal(stateOf('new-date', 0, [told]), 'not-needed')
  // Postponed again, and without a date.
  const undated = anna({ anchors: NOTHING })
  const again = standingOf('new-date', undated, [told, row('new-date', 'sent', { at: 1, told: CUTOVER + 7 * DAY })], about(0))
  assert.deepEqual([again.state, again.version], ['by-hand', 2])
})

test('rows that share an address are one person, whose earliest cutover counts, and whose move is finished once all of it is', () => {
  const second = known({
    address: 'office@example.org',
    addresses: ['office@example.org', 'anna@example.org'],
    anchors: { ...NOTHING, cutover: CUTOVER - DAY, done: 5 },
    needsPassword: true,
  })
  const [one, other, ...rest] = addressees([
    known({ anchors: { ...NOTHING, cutover: CUTOVER, done: null } }),
    known({ address: 'b@x.test', addresses: ['b@x.test'] }),
    second,
  ])
  assert.deepEqual(
    [one?.person, one?.anchors.cutover, one?.anchors.done, one?.needsPassword],
    ['anna@example.org', CUTOVER - DAY, null, true],
  )
  assert.deepEqual([other?.person, rest.length], ['b@x.test', 0])
  // A third row that knows both joins what looked like two.
  const joined = addressees([
    known(),
    known({ address: 'b@x.test', addresses: ['b@x.test'] }),
    known({ address: 'c@x.test', addresses: ['c@x.test', 'b@x.test', 'anna@example.org'] }),
  ])
  assert.equal(joined.length, 1)
})
