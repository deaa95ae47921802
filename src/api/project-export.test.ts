import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Desk, HEAD, LIST, mistakes, PROJECT } from './project.fixture.ts'

const EXAMPLE = readFileSync(new URL('../../examples/cutover.yaml', import.meta.url), 'utf8')
const PEOPLE = readFileSync(new URL('../../examples/mailboxes.csv', import.meta.url), 'utf8')

test('a whole project is one file that imports to the same, here and in another store', async () => {
  using desk = new Desk()
  desk.write('mailboxes.csv', PEOPLE)
  await desk.import(EXAMPLE, null)
  const file = desk.path('all.yaml')
  const { text } = await desk.projects.export({ ...desk.place, file, force: false })
  assert.equal(readFileSync(file, 'utf8'), text)
  assert.match(text, /^ {4}- \{ source_login: anna, source_password: env:ANNA_PASSWORD, target: anna@example\.org, /m)
  assert.ok(text.includes('# until the last mailbox has moved'), 'comments stay')
  const again = await desk.projects.import({ ...desk.place, file, who: null, check: false })
  assert.deepEqual([again.changes, again.onlyLayout, again.version], [[], false, 1])
  const other = { ...desk.place, store: desk.path('other') }
  await desk.projects.import({ ...other, file, who: null, check: false })
  const { text: second } = await desk.projects.export({ ...other, file: null, force: false })
  assert.equal(second, text)
})

test('names that look like other things in YAML, and cells that look like formulas, come back as they were', async () => {
  using desk = new Desk()
  const odd = `source_login,target,name,notes,kind
0123,anna@example.org,"=HYPERLINK(""x"")","yes: # no
two lines",user
true,bert@example.org,null,'@x,shared
- x,c@example.org,"Ünï, \u{1F600}",,user
group,,G,,group
`
  await desk.import(`${HEAD}${PROJECT}`, odd)
  const file = desk.path('all.yaml')
  await desk.projects.export({ ...desk.place, file, force: false })
  const again = await desk.projects.import({ ...desk.place, file, who: null, check: false })
  assert.deepEqual([again.changes, again.onlyLayout], [[], false])
})

test('a file that is there is written over only where that is said', async () => {
  using desk = new Desk()
  await desk.import(`${HEAD}${PROJECT}`, LIST)
  const file = desk.write('all.yaml', 'mine')
  assert.match((await mistakes(desk.projects.export({ ...desk.place, file, force: false }))).join(), /is there already/)
  assert.equal(readFileSync(file, 'utf8'), 'mine')
  await desk.projects.export({ ...desk.place, file, force: true })
  assert.match(readFileSync(file, 'utf8'), /customer: Acme GmbH/)
})

test('what `project init` writes can be filled in, brought in, and is never written over what is there', async () => {
  using desk = new Desk()
  const file = desk.path('new.yaml')
  await desk.projects.init({ file, name: 'blue', customer: 'Blue: Ltd', timeZone: 'Europe/London' })
  assert.match((await mistakes(desk.projects.init({ file, name: null, customer: null, timeZone: null }))).join(), /is there already/)
  desk.write('mailboxes.csv', LIST.replace(/,(?:batch|first|second)$/gm, ''))
  const { project } = await desk.projects.import({ ...desk.place, file, who: null, check: false })
  assert.deepEqual([project.name, project.customer, project.timeZone, project.mailboxes], ['blue', 'Blue: Ltd', 'Europe/London', 2])
  // With every note taken as said it is right as well.
  const whole = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => (/^ *# (?: {2}|(?:- )?[a-z_]+:)/.test(line) ? line.replace('# ', '') : line))
    .join('\n')
  const all = await desk.projects.import({ ...desk.place, file: desk.write('whole.yaml', whole), who: null, check: true })
  assert.ok(all.changes.includes('people added') && all.changes.includes('messages added'), all.changes.join())
})
