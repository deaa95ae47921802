import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PROJECT_LANGUAGES } from '../definition/sections/project.ts'
import { TASK_PHASES } from '../definition/sections/tasks.ts'
import { SCHEMA } from '../definition/sections.ts'
import type { MailboxLine } from '../definition/mailbox-list.ts'
import { PHASE_ORDER } from './phase-names.ts'
import { projectPlan } from './plan-of.ts'
import { dueAt } from './plan-times.ts'
import type { ProjectPlan } from './plan.ts'
import { STANDARD_TASKS } from './standard-tasks.ts'

const HEAD = { version: 1, tenant: { id: 'a.example', client_id: '11111111-2222-3333-4444-555555555555', sign_in: 'device' } }
const PROJECT = { name: 'acme', customer: 'Acme', time_zone: 'Europe/Berlin', kickoff: '2026-10-05', cutover: '2026-10-30T18:00' }

function line(target: string, more: Partial<MailboxLine> = {}): MailboxLine {
  const none = {
    sourcePassword: null,
    hasSourcePassword: false,
    sourceRoot: null,
    targetPassword: null,
    kind: null,
    alias: null,
    notes: null,
  }
  return {
    line: 1,
    name: target,
    sourceLogin: target,
    target,
    aliases: [],
    batch: null,
    privateAddress: null,
    tenant: {},
    ...none,
    ...more,
  }
}

function plan(sections: object, list: readonly MailboxLine[] = []): ProjectPlan {
  return projectPlan(
    { sections: SCHEMA.parse({ ...HEAD, project: PROJECT, ...sections }), fileName: 'cutover.yaml', file: (name) => `/at/${name}` },
    list,
  )
}

const at = (text: string): number => Date.parse(text)

test('due dates are days on the calendar of the project, over a change of clocks too', () => {
  const anchors = { kickoffAt: at('2026-10-04T22:00Z'), cutoverAt: at('2026-10-30T17:00Z'), timeZone: 'Europe/Berlin' }
  for (const [due, instant] of [
    ['2026-12-01', '2026-12-01T22:59Z'],
    ['kickoff', '2026-10-05T21:59Z'],
    ['kickoff+2d', '2026-10-07T21:59Z'],
    ['cutover', '2026-10-30T17:00Z'],
    ['cutover-7d', '2026-10-23T21:59Z'],
    ['cutover+2h', '2026-10-30T19:00Z'],
    ['done+1d', null],
  ] as const)
    assert.equal(dueAt(due, anchors), instant === null ? null : at(instant), due)
  assert.equal(dueAt('cutover-7d', { ...anchors, cutoverAt: null }), null)
})

test('where a definition says nothing the standard holds', () => {
  const { price, risks, lagMs, transfer, messages, acceptance, batches, domains } = plan({}, [
    line('anna@example.org'),
    line('b@t.onmicrosoft.com'),
  ])
  assert.deepEqual(price, { currency: 'USD', base: 90, perMailbox: 10, hours: null, extras: [], costs: [] })
  assert.deepEqual([risks, lagMs], [{ mailboxBytes: 50 * 2 ** 30, deletedBytes: 30 * 2 ** 30, vip: [] }, 1_800_000])
  assert.deepEqual([transfer.deltaEveryMs, transfer.blackouts, transfer.deletions], [14_400_000, [], 'follow'])
  assert.deepEqual([messages.from, messages.kinds, acceptance.sample], [null, ['user'], null])
  assert.deepEqual(batches, [{ name: 'all', startsAt: null, cutoverAt: null, targets: ['anna@example.org', 'b@t.onmicrosoft.com'] }])
  assert.deepEqual(domains, ['example.org'])
})

test('mailboxes are in the batch that the list or the definition names, in the order of the batches', () => {
  const list = [line('a@x.org', { batch: 'late' }), line('b@x.org'), line('C@x.org')]
  const given = [
    { name: 'first', mailboxes: ['b@x.org', 'c@x.org'], starts: '2026-10-10' },
    { name: 'late', cutover: '2026-11-06T18:00' },
  ]
  const { batches, mailboxes } = plan({ batches: given, project: { ...PROJECT, risks: { vip: 'c@x.org' } } }, list)
  assert.deepEqual(batches, [
    { name: 'first', startsAt: at('2026-10-09T22:00Z'), cutoverAt: null, targets: ['b@x.org', 'C@x.org'] },
    { name: 'late', startsAt: null, cutoverAt: at('2026-11-06T17:00Z'), targets: ['a@x.org'] },
  ])
  assert.deepEqual(
    mailboxes.map(({ target, batch, vip }) => [target, batch, vip]),
    [
      ['a@x.org', 'late', false],
      ['b@x.org', 'first', false],
      ['C@x.org', 'first', true],
    ],
  )
  assert.deepEqual(
    plan({}, [line('a@x.org', { batch: 'two' }), line('b@x.org', { batch: 'one' })]).batches.map(({ name }) => name),
    ['two', 'one'],
  )
})

test('the standard tasks are in the language of the project, changed by their id, left out, and followed by its own', () => {
  const own = { id: 'parking', says: 'A place to park', side: 'us', phase: 'cutover' }
  const { tasks } = plan({
    project: { ...PROJECT, language: 'de' },
    tasks: { without: ['devices'], entries: [{ id: 'go', owner: 'Anna', due: '2026-10-28', signs_off: false }, own] },
  })
  assert.ok(!tasks.some(({ id }) => id === 'devices'))
  const go = tasks.find(({ id }) => id === 'go')
  assert.deepEqual(
    [go?.says, go?.owner, go?.signsOff, go?.dueAt],
    ['Freigabe: der Umstellung wird zugestimmt', 'Anna', false, at('2026-10-28T22:59Z')],
  )
  assert.deepEqual(tasks.at(-1), { ...own, owner: null, due: null, dueAt: null, signsOff: true })
})

test('every standard task is told in five languages, hangs on a phase that there is, and has an id of its own', () => {
  assert.deepEqual([...TASK_PHASES], PHASE_ORDER)
  assert.equal(new Set(STANDARD_TASKS.map(({ id }) => id)).size, STANDARD_TASKS.length)
  for (const { id, says } of STANDARD_TASKS)
    assert.equal(new Set(PROJECT_LANGUAGES.map((language) => says[language])).size, PROJECT_LANGUAGES.length, id)
})

test('a message keeps the time of day of the cutover when it is sent days before it', () => {
  const { templates } = plan({
    messages: {
      from: 'it@x.org',
      by: 'graph',
      templates: { announcement: { when: 'cutover-10d' }, live: { off: true }, done: { when: '2026-11-02' } },
    },
  }).messages
  assert.equal(templates.announcement?.at, at('2026-10-20T16:00Z'))
  assert.deepEqual([templates.live?.off, templates.live?.at], [true, null])
  assert.equal(templates.done?.at, at('2026-11-02T08:00Z'))
})
