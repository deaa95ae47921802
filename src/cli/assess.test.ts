import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assessedMailbox, assessmentOf } from '../assess/assessment.fixture.ts'
import type { AssessInput, AssessResult } from '../api/assess.ts'
import { stage } from './cli.fixture.ts'
import { widthOf } from './printable.ts'

const PLACE = ['--source', 'imaps://mail.example.org', '--mailboxes', 'people.csv']
const CLEAR: AssessResult = { ...assessmentOf([assessedMailbox('anna'), assessedMailbox('ben', { messages: 2000 })]), files: [] }

function scene(result: AssessResult = CLEAR) {
  const calls: AssessInput[] = []
  const at = stage({
    assess: async (input) => {
      calls.push(input)
      return result
    },
  })
  return { calls, run: (...argv: readonly string[]) => at.run(...argv) }
}

test('assess tells the important first, in 80 columns: figures, findings, the biggest mailboxes, time and price', async () => {
  const { code, out } = await scene().run('assess', ...PLACE)
  assert.equal(code, 0)
  assert.match(out, /^mail\.example\.org: Dovecot\n2 mailboxes, 0 folders, 2,100 messages, 210 MB\nEvery message was read whole/)
  assert.match(out, /Nothing stands in the way\. 0 things to look at\./)
  assert.match(out, /\nben +2,000 +200 MB/)
  assert.ok(out.indexOf('\nben ') < out.indexOf('\nanna '))
  assert.match(out, /By hand \(Dovecot\): contacts, calendars/)
  assert.match(out, /First copy: .*, in one case of ten longer than/)
  assert.match(out, /Price: USD 110 \(90, 2 mailboxes at 10\)/)
  for (const line of out.split('\n')) assert.ok(widthOf(line) <= 80, line)
})

test('what has to be solved first is marked, and the exit code is 3; names cannot write on the terminal', async () => {
  const failure = { code: 'auth-rejected', message: 'It said \u001b[31mno\u001b[0m.', help: 'Check it.' } as const
  const bad = { ...assessmentOf([assessedMailbox('an\u001b[2Jna', { failure, messages: 0 })]), files: [] }
  for (const more of [[], ['--details']]) {
    const { code, out } = await scene(bad).run('assess', ...PLACE, ...more)
    assert.equal(code, 3)
    assert.match(out, /1 thing to be solved first \(!!\)/)
    assert.match(out, /\n!! an/)
    assert.ok(!out.includes('\u001b'))
    for (const line of out.split('\n')) assert.ok(widthOf(line) <= 80, line)
  }
})

test('every option reaches the operation, and the JSON is its result whole', async () => {
  const { calls, run } = scene()
  const options = ['--sample', '5%', '--vip', 'boss@example.org', '--risk-size', '10GB', '--price', '120.50', '--no-dns', '--no-tenant']
  const { code, out } = await run('assess', ...PLACE, ...options, '--json', '--only', 'anna', '--max-message-size', '35MB')
  assert.equal(code, 0)
  assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(CLEAR)))
  const [{ sample, also, risks, price, only, maxMessageBytes, project, source }] = calls as [AssessInput]
  assert.deepEqual(
    { sample, also, risks, price, only, maxMessageBytes, project, source },
    {
      sample: { percent: 5 },
      also: { dns: false, tenant: false },
      risks: { mailboxBytes: 10e9, deletedBytes: null, vip: ['boss@example.org'] },
      price: { base: 120.5, perMailbox: null },
      only: ['anna'],
      maxMessageBytes: 35e6,
      project: null,
      source: 'imaps://mail.example.org',
    },
  )
})

test('a project is looked at where one is named, or where nothing else says what to look at', async () => {
  const { calls, run } = scene()
  await run('assess', '--project', 'example', '--store', 'there')
  await run('assess')
  await run('assess', '-f', 'cutover.yaml')
  assert.deepEqual(
    calls.map(({ project, definitionFile, stateDir }) => [project, definitionFile, stateDir]),
    [
      [{ store: 'there', name: 'example' }, null, null],
      [{ store: 'cutover-projects', name: null }, null, null],
      [null, 'cutover.yaml', './cutover-state'],
    ],
  )
})

test('what cannot be understood is wrong usage, and nothing is asked', async () => {
  for (const wrong of [
    ['--sample', 'some'],
    ['--sample', '0'],
    ['--sample', '101%'],
    ['--price', 'free'],
    ['--risk-size', 'big'],
  ]) {
    const { calls, run } = scene()
    assert.equal((await run('assess', ...PLACE, ...wrong)).code, 2, wrong.join(' '))
    assert.equal(calls.length, 0)
  }
})

test('rehearse takes real mailboxes by a list, a definition or a project, and a number makes mailboxes up', async () => {
  const seen: unknown[] = []
  const at = stage({
    rehearseProject: async (input) => {
      seen.push([input.source, input.mailboxesFile, input.project, input.sample])
      return Promise.reject(new Error('enough'))
    },
    rehearse: async ({ mailboxes }) => {
      seen.push(mailboxes)
      return Promise.reject(new Error('enough'))
    },
  })
  await at.run('rehearse', ...PLACE, '--sample', '10%')
  await at.run('rehearse', '--project', 'example')
  await at.run('rehearse', '--copy', '--mailboxes', '3')
  assert.deepEqual(seen, [
    ['imaps://mail.example.org', 'people.csv', null, { percent: 10 }],
    [null, null, { store: 'cutover-projects', name: 'example' }, 'full'],
    3,
  ])
  const lost = await at.run('rehearse', '--mailboxes', 'people.csv')
  assert.deepEqual([lost.code, /Where are the mailboxes of people\.csv\?/.test(lost.err)], [2, true])
})
