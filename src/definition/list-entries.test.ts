import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { complaints, Desk, TENANT } from './definition.fixture.ts'
import { readMailboxList } from './mailbox-list.ts'
import { wantedTenant } from './wanted.ts'

const desk = await Desk.make()
after(() => desk[Symbol.asyncDispose]())

const ENTRIES = `mailboxes:
  entries:
    - { source_login: anna, source_password: env:ANNA, target: anna@example.org, name: '=Anna', batch: first, archive: true }
    - target: bert@example.org
      source_login: bert
      source_password: file:bert.txt
      aliases: [b@example.org, bb@example.org]
      licence: [SPE_E3, EXCHANGEARCHIVE_ADDON]
      size: 1024
`

test('mailboxes that stand in cutover.yaml are read as those of a list, for what is copied and for what the tenant is to be', async () => {
  const definition = await desk.definition(TENANT + ENTRIES)
  await writeFile(join(desk.directory, 'bert.txt'), 'b2\n')
  assert.equal(definition.mailboxesFile, join(desk.directory, 'cutover.yaml'))
  const lines = await readMailboxList(definition.mailboxesFile, { ANNA: 'a1' })
  assert.deepEqual(
    lines.map(({ line, name, target, sourceLogin, batch, aliases, sourcePassword }) => [
      line,
      name,
      target,
      sourceLogin,
      batch,
      aliases,
      sourcePassword?.reveal(),
    ]),
    [
      [8, '=Anna', 'anna@example.org', 'anna', 'first', [], 'a1'],
      [9, 'bert@example.org', 'bert@example.org', 'bert', null, ['b@example.org', 'bb@example.org'], 'b2'],
    ],
  )
  const { mailboxes } = wantedTenant(definition, lines).wanted
  assert.deepEqual(
    mailboxes.map(({ where, licences, archive, sourceBytes }) => [where, licences, archive, sourceBytes]),
    [
      ['cutover.yaml line 8', [], true, null],
      ['cutover.yaml line 9', ['SPE_E3', 'EXCHANGEARCHIVE_ADDON'], null, 1024],
    ],
  )
})

test('what is wrong with them is told with its line, a password that stands there is refused and never repeated', async () => {
  const wrong = `mailboxes:
  list: mailboxes.csv
  entries:
    - { target: anna@example.org, source_login: anna, source_password: hunter2 }
    - { target: bert@example.org, sorce_login: bert }
`
  assert.deepEqual(await complaints(desk.definition(TENANT + wrong)), [
    '9, column 72: mailboxes.entries.source_password is not right: a secret does not stand in this file: put it into an environment variable (env:NAME) or a file of its own (file:PATH)',
    '10, column 35: mailboxes.entries.sorce_login is not known here: did you mean source_login?',
  ])
  const both = 'mailboxes: { list: a.csv, entries: [{ target: anna@example.org, source_login: anna }] }\n'
  assert.match((await complaints(desk.definition(TENANT + both))).join(), /list and entries contradict each other/)
  const twice = `mailboxes:
  entries:
    - { target: anna@example.org, source_login: anna }
    - { target: ANNA@example.org }
`
  const { mailboxesFile } = await desk.definition(TENANT + twice)
  await assert.rejects(readMailboxList(mailboxesFile ?? '', {}, { source: false, target: false }), (error: unknown) => {
    assert.ok(error instanceof Failure)
    assert.deepEqual(error.message.split('\n').slice(1), [
      'line 9: source_login is empty',
      'line 9: target "ANNA@example.org" stands on line 8 already',
    ])
    return true
  })
})
