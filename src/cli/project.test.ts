import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Desk, HEAD, LIST, PROJECT } from '../api/project.fixture.ts'
import { stage, type Ran } from './cli.fixture.ts'

const PEOPLE = `people: [{ name: Anna, address: anna@example.org, side: customer, role: "decides \\u202e" }]\n`

/** As a person would type it, in 80 columns, with projects in a directory of their own. */
async function typed(desk: Desk, ...argv: readonly string[]): Promise<Ran> {
  const ran = await stage({ projects: async () => desk.projects }, { env: { CUTOVER_STORE: desk.store } }).run('project', ...argv)
  for (const line of `${ran.out}${ran.err}`.split('\n'))
    if (!line.startsWith('{') && !line.includes(desk.directory) && argv[0] !== 'export') assert.ok(line.length <= 80, line)
  return { ...ran, out: ran.out.replaceAll(desk.directory, '/here') }
}

function filed(desk: Desk, yaml = `${HEAD}${PROJECT}${PEOPLE}mailboxes: { list: people.csv }\n`): string {
  desk.write('people.csv', LIST)
  return desk.write('cutover.yaml', yaml)
}

test('import tells what was made, then that nothing changed, then what changed', async () => {
  using desk = new Desk()
  const file = filed(desk)
  const { code, out } = await typed(desk, 'import', file)
  assert.equal(code, 0)
  assert.equal(
    out,
    `The project acme was made.
  customer   Acme GmbH
  domains    example.org
  mailboxes  2 mailboxes in 2 batches: first 1, second 1
  kickoff    Mon, 2 Nov 2026
  cutover    Fri, 11 Dec 2026, 18:00 (Europe/Berlin)
1 password stood in the list: now each is in a file of its own in the folder of
the project, which only you may read, and its list names those files.
Next: cutover next --project acme
`,
  )
  assert.equal((await typed(desk, 'import', file)).out, 'acme: nothing changed.\n')
  desk.write(
    'cutover.yaml',
    readFileSync(file, 'utf8').replace('12-11T18:00', '12-18T18:00').replace('customer: Acme GmbH', 'customer: Acme AG'),
  )
  const look = await typed(desk, 'import', file, '--check')
  assert.match(
    look.out,
    /^acme: 2 changes, not kept yet:\n {2}- cutover postponed from Fri, 11 Dec 2026, 18:00 to Fri, 18 Dec 2026, 18:00\n {2}- project\.customer/,
  )
  const { out: json } = await typed(desk, 'import', file, '--json')
  const result: { readonly version?: unknown; readonly changes?: unknown } = JSON.parse(json)
  assert.equal(result.version, 2)
})

test('bad input is wrong usage, told line by line', async () => {
  using desk = new Desk()
  const { code, err, out } = await typed(desk, 'import', filed(desk, `${HEAD}${PROJECT.replace('acme', 'Acme')}oops: 1\n`))
  assert.deepEqual([code, out], [2, ''])
  assert.match(err, /has 2 mistakes:\n {4}cutover\.yaml line 7, column 9: project\.name is "Acme": small letters,/)
  assert.match(err, /line 12, column 1: oops is not known here/)
})

test('list, show and tasks tell where projects stand, harmless to look at', async () => {
  using desk = new Desk()
  assert.match((await typed(desk, 'list')).out, /^There are no projects in .* yet\.\n/)
  await typed(desk, 'import', filed(desk))
  assert.equal(
    (await typed(desk, 'list')).out,
    `project  customer   mailboxes  cutover             phase
acme     Acme GmbH          2  11 Dec 2026, 18:00  kickoff
`,
  )
  const { out } = await typed(desk, 'show')
  assert.match(out, /^acme: in the phase kickoff\n {2}customer {3}Acme GmbH\n/)
  assert.match(
    out,
    /^ {2}price {6}110 USD = 90 \+ 2 x 10\n {2}tasks {6}0 of 23 signed off\n {2}definition version 1 of Tue, 1 Dec 2026, 12:00\n/m,
  )
  assert.match(out, /^ {2}customer {3}Anna, decides \\u202e: anna@example\.org$/m)
  assert.match(out, /^Tue, 1 Dec 2026, 12:00 {2}The definition was brought in$/m)
  const signed = await typed(desk, 'sign-off', 'scope', '--name', 'Anna', '--note', 'by \u001b[2J mail')
  assert.match(signed.out, /^Signed off: Scope, exclusions, price and dates are agreed\n\d tasks still wait for a name\.\n$/)
  const tasks = (await typed(desk, 'tasks')).out
  assert.match(tasks, /^acme: 1 of 23 tasks signed off, \d overdue\.\n/)
  assert.match(
    tasks,
    /^\[x\] Scope, exclusions, price and dates are agreed\n {4}scope · the customer · signed off by Anna, Tue, 1 Dec 2026: by \\x1b\[2J mail$/m,
  )
  assert.match(tasks, /^\[\*\] The list of mailboxes, .*\n {4}user-list · the customer · due Thu, 5 Nov 2026, OVERDUE$/m)
  assert.doesNotMatch((await typed(desk, 'tasks', '--open')).out, /\[x\]/)
  assert.equal((await typed(desk, 'sign-off', 'scope')).code, 2)
})

test('the cutover is postponed by name and with a reason; export prints the file that holds', async () => {
  using desk = new Desk()
  await typed(desk, 'import', filed(desk))
  const who = ['--name', 'Anna', '--reason', 'year-end closing']
  for (const words of [[], ['--to', '2026-12-18T18:00', '--open']]) {
    const { code, err } = await typed(desk, 'postpone', ...words, ...who)
    assert.deepEqual([code, err.split('\n')[0]], [2, 'give either --to TIME or --open'])
  }
  const { out } = await typed(desk, 'postpone', '--to', '2026-12-18T18:00', ...who)
  assert.equal(out, 'acme: cutover postponed from Fri, 11 Dec 2026, 18:00 to Fri, 18 Dec 2026, 18:00.\n')
  assert.match((await typed(desk, 'export')).out, /^ {2}cutover: 2026-12-18T18:00 # a Friday$/m)
  const written = await typed(desk, 'export', '--to', desk.path('all.yaml'))
  assert.equal(written.out, '/here/all.yaml is written: version 2 of acme.\n')
  assert.equal((await typed(desk, 'export', '--to', desk.path('all.yaml'))).code, 2)
})

test('a project without a clear name is asked for, and two live side by side', async () => {
  using desk = new Desk()
  await typed(desk, 'import', filed(desk))
  await typed(desk, 'import', filed(desk, `${HEAD}${PROJECT.replace('acme', 'blue')}`))
  const { code, err } = await typed(desk, 'show')
  assert.equal(code, 2)
  assert.match(err, /Which project\? Say --project NAME: there are acme, blue\./)
  assert.match((await typed(desk, 'show', '--project', 'blue')).out, /^ {2}mailboxes {2}none yet$/m)
  assert.match((await typed(desk, 'show', '--project', 'green')).err, /There is no project "green"/)
})
