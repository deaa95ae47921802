import assert from 'node:assert/strict'
import { test } from 'node:test'
import { facts, reading, says } from '../reading.fixture.ts'
import { csv } from './csv.ts'
import { plain } from './plain.ts'

test('U05: a table in Windows-1252 with semicolons, and every kind of BOM, keeps its umlauts', async () => {
  const text =
    'E-Mail-Adresse;Vorname;Nachname;Status\r\njörg@example.test;Jörg;Müßig;aktiv\r\n"anna@example.test";Anna;"Example; Dr.";gesperrt\r\n'
  const expected = [
    { login: 'jörg@example.test', name: 'Jörg Müßig' },
    { login: 'anna@example.test', name: 'Anna Example; Dr.', disabled: true },
  ]
  const forms = {
    'Windows-1252': Buffer.from(text, 'latin1'),
    'UTF-8': Buffer.from(text),
    'UTF-8 with a BOM': Buffer.from(`\uFEFF${text}`),
    'UTF-16 LE': Buffer.from(`\uFEFF${text}`, 'utf16le'),
    'UTF-16 BE': Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
    tabs: Buffer.from(text.replace('"Example; Dr."', 'Example, Dr.').replaceAll(';', '\t').replace('Example,', 'Example;')),
  }
  for (const [form, bytes] of Object.entries(forms)) assert.deepEqual(facts(await reading(csv, bytes)), expected, form)
})

test('the columns of the Google Admin console and of other exports are known by their names', async () => {
  const fromConsole = await reading(
    csv,
    'First Name [Required],Last Name [Required],Email Address [Required],Status [READ ONLY]\nAnna,Example,anna@example.test,Active\nBert,Gone,bert@example.test,Suspended\n',
  )
  assert.deepEqual(facts(fromConsole), [
    { login: 'anna@example.test', name: 'Anna Example' },
    { login: 'bert@example.test', name: 'Bert Gone', disabled: true },
  ])
  const panel = await reading(
    csv,
    'login,email,type,aliases,enabled\nanna,anna@example.test,Shared mailbox,"a@example.test; b@example.test",no\n',
  )
  assert.deepEqual(facts(panel), [
    { login: 'anna', address: 'anna@example.test', kind: 'shared', aliases: ['a@example.test', 'b@example.test'], disabled: true },
  ])
})

test('rows with too many fields or without an address are told with their lines', async () => {
  const result = await reading(csv, 'email,name\nanna@example.test,Example, Anna\n,Nobody\nbert@example.test,Bert\n')
  assert.deepEqual(facts(result), [{ login: 'bert@example.test', name: 'Bert' }])
  assert.match(says(result).join('\n'), /2: 3 fields instead of 2[^\n]*\n3: there is neither an address nor a login/)
})

test('control characters of a hostile name do not get through', async () => {
  const result = await reading(csv, 'email,name\nanna@example.test,"An\u001b[31mna\nX\u2028Y"\n')
  assert.deepEqual(facts(result), [{ login: 'anna@example.test', name: 'An [31mna X Y' }])
})

test('without names of columns the addresses are read and nothing beside them, which may be a password', async () => {
  const result = await reading(csv, 'anna@example.test,hunter2\nhunter3,bert@example.test\nhunter4,hunter5\n')
  assert.deepEqual(facts(result), [{ login: 'anna@example.test' }, { login: 'bert@example.test' }])
  assert.deepEqual(says(result), ['3: there is no address'])
  assert.doesNotMatch(JSON.stringify(result), /hunter/)
})

test('one column is a table where its name is certain, and a list of logins where it may be one of them', async () => {
  assert.deepEqual(facts(await reading(csv, 'Email\nanna@example.test\n')), [{ login: 'anna@example.test' }])
  assert.deepEqual(facts(await reading(csv, 'mail\nanna@example.test\n')), [{ login: 'anna@example.test' }])
  assert.deepEqual(facts(await reading(plain, 'mail\nuser\nanna\n')), [{ login: 'mail' }, { login: 'user' }, { login: 'anna' }])
})
