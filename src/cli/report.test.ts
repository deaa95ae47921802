import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ReportsInput, ReportsResult } from '../api/reports.ts'
import { stage } from './cli.fixture.ts'

const RESULT: ReportsResult = {
  project: 'acme',
  folder: '/tmp/projects/acme/reports',
  reports: [
    {
      report: 'errors',
      title: 'Fehler\u001b[2J',
      files: ['/tmp/projects/acme/reports/errors.html', '/tmp/projects/acme/reports/errors-messages.csv'],
    },
  ],
  later: [{ report: 'analysis', why: 'There is no analysis yet: `cutover assess --project acme` makes one.' }],
}

function asked(): { readonly inputs: ReportsInput[]; readonly makeReports: (input: ReportsInput) => Promise<ReportsResult> } {
  const inputs: ReportsInput[] = []
  return {
    inputs,
    async makeReports(input) {
      inputs.push(input)
      return RESULT
    },
  }
}

test('without a name all reports are made in all forms, and what was written and what was not is told', async () => {
  const { inputs, makeReports } = asked()
  const { code, out } = await stage({ makeReports }).run('report', '--store', 's')
  assert.equal(code, 0)
  assert.equal(
    out,
    `2 files written to /tmp/projects/acme/reports

errors: Fehler\\x1b[2J
  errors.html, errors-messages.csv

Not made: analysis. There is no analysis yet: \`cutover assess --project acme\`
makes one.
`,
  )
  const [{ reports, formats, to, spent, store, name } = assert.fail()] = inputs
  assert.deepEqual(
    { reports, formats, to, spent, store, name },
    { reports: [], formats: ['html', 'pdf', 'csv', 'json'], to: null, spent: null, store: 's', name: null },
  )
})

test('what is asked for is handed on, with what was spent', async () => {
  const { inputs, makeReports } = asked()
  const given = [
    'closeout',
    'Errors',
    '--format',
    'pdf, CSV',
    '--to',
    'out',
    '--hours',
    '12.5',
    '--spent',
    'A=b=-3.5',
    '--spent',
    'Licences=480',
    '--language',
    'fr',
  ]
  assert.equal((await stage({ makeReports }).run('report', ...given)).code, 0)
  const [input] = inputs
  assert.deepEqual(input?.reports, ['closeout', 'errors'])
  assert.deepEqual([input?.formats, input?.to, input?.language], [['pdf', 'csv'], 'out', 'fr'])
  assert.deepEqual(input?.spent, {
    hours: 12.5,
    amounts: [
      { says: 'A=b', amount: -3.5 },
      { says: 'Licences', amount: 480 },
    ],
  })
})

for (const given of [['budget'], ['--format', 'doc'], ['--hours', 'many'], ['--spent', 'Licences'], ['--language', 'xx']])
  test(`report ${given.join(' ')} is wrong usage, and nothing is made`, async () => {
    const { inputs, makeReports } = asked()
    assert.equal((await stage({ makeReports }).run('report', ...given)).code, 2)
    assert.deepEqual(inputs, [])
  })

test('with --json the result is all that is printed', async () => {
  const { makeReports } = asked()
  const { out } = await stage({ makeReports }).run('report', '--json')
  assert.deepEqual(JSON.parse(out), JSON.parse(JSON.stringify(RESULT)))
})
