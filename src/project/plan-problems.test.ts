import assert from 'node:assert/strict'
import { test } from 'node:test'
import { csvRows } from '../lib/csv-rows.ts'
import { inspectBytes } from '../definition/inspect.ts'
import { mailboxesIn } from '../definition/mailbox-list.ts'
import { planProblems } from './plan-problems.ts'

const HEAD = `version: 1
tenant: { id: a.example, client_id: 11111111-2222-3333-4444-555555555555, sign_in: device }
`
const PROJECT = 'project: { name: acme, customer: Acme, time_zone: Europe/Berlin, kickoff: 2026-11-02, cutover: 2026-12-11T18:00 }\n'
const NOW = Date.parse('2026-12-01T11:00Z')

/** What is told of a definition that begins with a project, with three mailboxes. */
async function told(
  yaml: string,
  list: string | null = 'target,source_login\na@x.org,a\nb@x.org,b\nc@x.org,c\n',
  project = PROJECT,
): Promise<readonly string[]> {
  const inspected = inspectBytes(Buffer.from(HEAD + project + yaml), 'cutover.yaml')
  assert.deepEqual(inspected.problems, [])
  const { lines } = await mailboxesIn(
    csvRows(Buffer.from(list ?? '')),
    { directory: '', env: {} },
    { source: false, target: false, unread: true },
  )
  return planProblems(inspected, { now: NOW, before: null, list: list === null ? null : lines }).map((each) =>
    'line' in each ? `list ${each.line}: ${each.says}` : `${inspected.at(each.at).line}: ${each.says}`,
  )
}

test('what contradicts itself is told with its place, and what fits together is not', async () => {
  for (const [yaml, says] of [
    ['', []],
    ['batches: [{ name: one }]\n', []],
    [
      'batches: [{ name: one, mailboxes: [a@x.org, A@x.org] }, { name: two, mailboxes: [a@x.org, b@x.org, c@x.org, d@x.org] }]\n',
      [
        '4: a@x.org stands in the batch "one" twice',
        '4: a@x.org is in two batches, "one" and "two"',
        '4: the batch "two" names d@x.org, which is none of the mailboxes; did you mean a@x.org?',
      ],
    ],
    [
      'batches: [{ name: one, mailboxes: a@x.org }, { name: two, mailboxes: b@x.org }]\n',
      ['list 4: c@x.org is in no batch: there are one, two'],
    ],
    [
      'batches: [{ name: one, starts: 2026-10-01 }, { name: two, starts: 2026-12-20, mailboxes: [a@x.org, b@x.org, c@x.org] }]\n',
      ['4: the batch "one" starts before the kickoff on 2026-11-02', '4: the batch "two" starts after its cutover on 2026-12-11'],
    ],
    ['messages: { from: it@x.org }\n', ['4: messages.smtp is missing: with `by: smtp` it says which mail host takes them']],
    [
      'messages: { from: it@x.org, by: graph, smtp: { url: smtp://h } }\n',
      ['4: messages.smtp and `by: graph` contradict each other: leave one of them out'],
    ],
    ['messages: { from: it@x.org, smtp: { url: smtp://h, login: it } }\n', ['4: messages.smtp needs both login and secret, or neither']],
    [
      'messages: { from: it@x.org, by: graph, opt_out: aa@x.org }\n',
      ['4: messages.opt_out names aa@x.org, which is none of the mailboxes; did you mean a@x.org?'],
    ],
    ['transfer: { between: [22:00-06:00, 08:00-18:00] }\n', []],
    [
      'transfer: { between: [18:00-08:00, 08:00-18:00] }\n',
      ['4: transfer.between leaves no time of the day: nothing would ever be copied'],
    ],
    [
      'transfer: { between: [18:00-24:00, 00:00-18:00] }\n',
      ['4: transfer.between leaves no time of the day: nothing would ever be copied'],
    ],
    [
      'tasks: { without: [go, gone], entries: [{ id: go }, { id: mine, says: x }, { id: scope, phase: assess, signs_off: false }] }\n',
      [
        `4: tasks.without is "gone": there are `,
        '4: the task go stands under tasks.without too: it is one or the other',
        '4: the task mine needs side: it is none of the standard list',
        '4: the task scope holds up assess and nobody signs it off: leave one of them out',
      ],
    ],
  ] as const) {
    const found = await told(yaml)
    assert.deepEqual(
      found.map((each, at) => (says[at] !== undefined && says[at].endsWith(' ') && each.startsWith(says[at]) ? says[at] : each)),
      says,
      yaml,
    )
  }
})

test('the batches that the list alone names are all there are, and every mailbox is in one', async () => {
  assert.deepEqual(await told('', 'target,source_login,batch\na@x.org,a,one\nb@x.org,b,two\nc@x.org,c,one\n'), [])
  assert.deepEqual(await told('', 'target,source_login,batch\na@x.org,a,one\nb@x.org,b,\n'), [
    'list 3: b@x.org is in no batch: there is one',
  ])
  assert.deepEqual(
    await told('batches: [{ name: batch-one }, { name: two }]\n', 'target,source_login,batch\na@x.org,a,batch-on\nb@x.org,b,two\n'),
    ['list 2: the batch "batch-on" is unknown: did you mean "batch-one"?'],
  )
})

test('of a list that could not be read nothing is asserted', async () => {
  assert.deepEqual(
    await told('batches: [{ name: one, mailboxes: a@x.org }]\nmessages: { from: it@x.org, by: graph, opt_out: z@x.org }\n', null),
    [],
  )
})

test('nights in which clocks are set are told, and the cutover is after the kickoff and to come', async () => {
  const on = (time: string): string => PROJECT.replace('2026-12-11T18:00', time)
  assert.deepEqual(await told('', null, on('2027-03-28T02:30')), [
    '3: project.cutover is at 02:30, which does not come that night: clocks in Europe/Berlin are put forward; take another time',
  ])
  assert.deepEqual(await told('', null, on('2027-10-31T02:30')), [
    '3: project.cutover is at 02:30, which comes twice that night: clocks in Europe/Berlin are put back; take another time',
  ])
  assert.deepEqual(await told('', null, on('2026-12-01T12:00')), [
    '3: project.cutover is in the past: Tue, 1 Dec 2026, 12:00; now it is Tue, 1 Dec 2026, 12:00 in Europe/Berlin',
  ])
  assert.deepEqual(await told('', null, on('2026-12-01T12:01')), [])
})
