import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { definitions } from '../project/store-definitions.ts'
import { openStore } from '../project/store.ts'
import { Desk, HEAD, LIST, mistakes, NOW, PROJECT } from './project.fixture.ts'

const YAML = `${HEAD}${PROJECT}`

test('a definition and its list become a project whose files every command can take; the same again changes nothing', async () => {
  using desk = new Desk()
  const made = await desk.import(YAML, LIST, { who: 'Ada' })
  assert.deepEqual([made.made, made.version, made.changes, made.passwords], [true, 1, [], 1])
  assert.deepEqual(
    made.project.batches.map(({ name, mailboxes }) => [name, mailboxes]),
    [
      ['first', 1],
      ['second', 1],
    ],
  )
  assert.equal(made.project.cutoverAt, Date.parse('2026-12-11T17:00Z'))
  const again = await desk.import(YAML)
  assert.deepEqual([again.made, again.version, again.changes, again.onlyLayout], [false, 1, [], false])
  const { events, versions, price } = await desk.projects.show(desk.place)
  assert.deepEqual(
    events.map(({ kind, who, at }) => [kind, who, at]),
    [
      ['project-made', 'Ada', NOW],
      ['definition-imported', 'Ada', NOW],
    ],
  )
  assert.deepEqual([versions.length, price.total], [1, 110])
  // What the store has is a definition like any other, and its own too.
  const own = await desk.projects.import({ ...desk.place, file: made.project.definitionFile, who: null, check: false })
  assert.deepEqual([own.changes, own.onlyLayout], [[], false])
})

test('a password that stood in the list is in a file for its owner alone, and nowhere in the store', async () => {
  using desk = new Desk()
  const { project } = await desk.import(YAML)
  const secrets = join(project.folder, 'secrets')
  const [file = ''] = readdirSync(secrets)
  assert.equal(readFileSync(join(secrets, file), 'utf8'), 's3cret\n')
  assert.equal(statSync(join(secrets, file)).mode & 0o077, 0)
  const list = readFileSync(join(project.folder, 'mailboxes.csv'), 'utf8')
  assert.equal(
    list,
    `source_login,source_password,target,batch\nanna,env:ANNA,anna@example.org,first\nbert,file:${join(secrets, file)},bert@example.org,second\n`,
  )
  for (const name of readdirSync(desk.store).filter((each) => each.startsWith('projects.sqlite')))
    assert.ok(!readFileSync(join(desk.store, name)).includes('s3cret'), name)
  const changed = await desk.import(YAML, LIST.replace('s3cret', 'n3w'))
  assert.deepEqual(changed.changes, ['password of bert@example.org changed'])
  assert.equal(readFileSync(join(secrets, file), 'utf8'), 'n3w\n')
})

test('paths hold from the folder of the project as they did from where the definition stood', async () => {
  using desk = new Desk()
  const paths = `source: { url: imaps://old.example.org, ca_file: ca.pem, access: { method: template, login: root, secret: file:root.txt } }\n`
  const { project } = await desk.import(
    `${HEAD}${PROJECT.replace('acme\n', 'acme\n  logo: logo.png\n')}${paths}`,
    LIST.replace('env:ANNA', 'file:anna.txt'),
  )
  const kept = readFileSync(project.definitionFile, 'utf8')
  for (const name of ['ca.pem', 'logo.png', 'root.txt']) assert.ok(kept.includes(desk.path(name)), name)
  assert.ok(readFileSync(join(project.folder, 'mailboxes.csv'), 'utf8').includes(`file:${desk.path('anna.txt')}`))
  assert.ok(kept.includes('# a Friday'), 'comments stay')
})

test('what is different from what the store had is told, dates first, and earlier versions are kept', async () => {
  using desk = new Desk()
  await desk.import(YAML)
  const later = YAML.replace('2026-12-11T18:00', '2026-12-18T18:00')
  const three = ['carla', 'dora', 'emil'].map((name) => `${name},env:X,${name}@example.org,first\n`).join('')
  const { changes, version } = await desk.import(later, LIST + three, { who: 'Ada' })
  assert.deepEqual(changes, [
    'cutover postponed from Fri, 11 Dec 2026, 18:00 to Fri, 18 Dec 2026, 18:00',
    '3 mailboxes added: carla@example.org, dora@example.org, emil@example.org',
  ])
  assert.equal(version, 2)
  const layout = await desk.import(later.replace('# a Friday', '# the Friday after'), LIST + three)
  assert.deepEqual([layout.changes, layout.onlyLayout, layout.version], [[], true, 3])
  using store = openStore(desk.store, { readOnly: true, now: () => NOW })
  assert.deepEqual(
    definitions(store.project(null)).map(({ version: each, who }) => [each, who]),
    [
      [1, null],
      [2, 'Ada'],
      [3, null],
    ],
  )
  const { events } = await desk.projects.show(desk.place)
  assert.deepEqual(
    events.slice(2).map(({ kind, says }) => [kind, says]),
    [
      [
        'definition-imported',
        'The definition was changed: cutover postponed from Fri, 11 Dec 2026, 18:00 to Fri, 18 Dec 2026, 18:00; 3 mailboxes added: carla@example.org, dora@example.org, emil@example.org',
      ],
      ['cutover-postponed', 'Cutover postponed from Fri, 11 Dec 2026, 18:00 to Fri, 18 Dec 2026, 18:00'],
    ],
  )
})

test('a look tells mistakes and changes, and makes and keeps nothing', async () => {
  using desk = new Desk()
  assert.equal((await desk.import(YAML, LIST, { check: true })).made, true)
  assert.ok(!existsSync(desk.store))
  await desk.import(YAML)
  const look = await desk.import(YAML.replace('Acme GmbH', 'Acme AG'), LIST, { check: true })
  assert.deepEqual([look.changes, look.version], [['project.customer changed from "Acme GmbH" to "Acme AG"'], null])
  assert.equal((await desk.projects.show(desk.place)).project.customer, 'Acme GmbH')
})

test('every mistake of file and list comes at once with its place, and then nothing was kept', async () => {
  using desk = new Desk()
  const wrong = `${HEAD}${PROJECT.replace('2026-12-11', '2026-10-11')}batches: [{ name: first }, { name: other, cutover: 2026-11-30T10:00 }]
tasks: { entries: [{ id: scope, owner: Zoe }] }
nonsense: 1
`
  assert.deepEqual(await mistakes(desk.import(wrong)), [
    'cutover.yaml line 11, column 12: project.cutover is before the kickoff on 2026-11-02',
    'cutover.yaml line 11, column 12: project.cutover is in the past: Sun, 11 Oct 2026, 18:00; now it is Tue, 1 Dec 2026, 12:00 in Europe/Berlin',
    'cutover.yaml line 12, column 52: the cutover of the batch "other" is in the past: Mon, 30 Nov 2026, 10:00; now it is Tue, 1 Dec 2026, 12:00 in Europe/Berlin',
    'cutover.yaml line 13, column 40: the owner "Zoe" is none of people: no person stands there',
    'cutover.yaml line 14, column 1: nonsense is not known here: there are version, tenant, mailboxes, shared, rooms, groups, contacts, domains, dns, connectors, transport_rules, protection, organisation, migration, source, switch, project, people, tasks, batches, transfer, messages, acceptance',
    'people.csv line 3: the batch "second" is unknown: there are first, other',
  ])
  await mistakes(desk.import(`${YAML}shared: [{ address: anna@example.org, name: A }]\n`)).then((lines) =>
    assert.deepEqual(lines, [
      'cutover.yaml line 12, column 21: address anna@example.org is taken already, as an address in people.csv line 2',
    ]),
  )
  assert.deepEqual(await mistakes(desk.import(HEAD)), [
    'cutover.yaml line 1, column 1: project is missing: a project has at least name, customer and time_zone',
  ])
  assert.match(
    (await mistakes(desk.import(HEAD.replace('version: 1', 'version: 2')))).join(),
    /^A newer version of cutover wrote cutover.yaml \(version 2/,
  )
  assert.match((await mistakes(desk.import(YAML, LIST, { name: 'other' }))).join(), /is about the project "acme", not about "other"/)
  assert.ok(!existsSync(desk.store))
})

test('a date of the store that has come in the meantime is no mistake; another one in the past is', async () => {
  using desk = new Desk()
  await desk.import(YAML)
  await desk.clock.pass(30 * 86_400_000)
  assert.deepEqual((await desk.import(YAML.replace('Acme GmbH', 'Acme AG'))).changes.length, 1)
  assert.match((await mistakes(desk.import(YAML.replace('12-11', '12-12')))).join(), /is in the past/)
})

test('what a kill between the store and its files left behind is put right by whoever opens the project next', async () => {
  using desk = new Desk()
  const { project } = await desk.import(YAML)
  const earlier = readFileSync(project.definitionFile, 'utf8')
  await desk.import(YAML.replace('Acme GmbH', 'Acme AG'))
  writeFileSync(project.definitionFile, earlier)
  assert.equal((await desk.projects.show(desk.place)).project.customer, 'Acme AG')
  assert.match(readFileSync(project.definitionFile, 'utf8'), /customer: Acme AG/)
})

test('an edit of the files in the store is neither lost nor taken over unseen; a lost file comes back', async () => {
  using desk = new Desk()
  const { project } = await desk.import(YAML)
  const file = project.definitionFile
  rmSync(file)
  await desk.projects.tasks(desk.place)
  const kept = readFileSync(file, 'utf8')
  writeFileSync(file, kept.replace('Acme GmbH', 'Acme AG'))
  assert.match(
    (await mistakes(desk.projects.tasks(desk.place))).join(),
    /cutover\.yaml in .* was changed by hand\. `cutover project import/,
  )
  const { projects } = await desk.projects.list(desk.place)
  assert.deepEqual([projects[0]?.summary, projects[0]?.trouble?.includes('changed by hand')], [null, true])
  const taken = await desk.projects.import({ ...desk.place, file, who: null, check: false })
  assert.deepEqual(taken.changes, ['project.customer changed from "Acme GmbH" to "Acme AG"'])
  assert.equal((await desk.projects.show(desk.place)).project.customer, 'Acme AG')
})

test('a template with a field that no message has is refused before anybody gets it', async () => {
  using desk = new Desk()
  const messages = 'messages: { from: it@example.org, by: graph, templates: { live: { subject: "Hi {{nam}}" }, liv: {} } }\n'
  const [first = '', second = ''] = await mistakes(desk.import(YAML + messages))
  assert.match(first, /line 12, column 76: messages\.templates\.live\.subject: \{\{nam\}\} is not known: there are name, /)
  assert.match(second, /^cutover\.yaml line 12, column 92: messages\.templates\.liv is not known here: did you mean live\?$/)
})
