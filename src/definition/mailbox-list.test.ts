import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { inspect } from 'node:util'
import { Failure } from '../model/failure.ts'
import { readMailboxList } from './mailbox-list.ts'
import type { PasswordNeeds } from './list-columns.ts'
import type { MailboxLine } from './mailbox-list.ts'

let directory = ''
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'mailbox-list-'))
})
after(() => rm(directory, { recursive: true }))

const HEADER = 'source_login,source_password,target,target_password'

async function read(content: string | Buffer, env: Record<string, string> = {}, needs?: PasswordNeeds): Promise<readonly MailboxLine[]> {
  const path = join(directory, 'people.csv')
  await writeFile(path, content)
  return readMailboxList(path, env, needs)
}

async function complaint(content: string | Buffer, env: Record<string, string> = {}, needs?: PasswordNeeds): Promise<string> {
  const error = await read(content, env, needs).then(
    () => assert.fail('it was accepted'),
    (error: unknown) => error,
  )
  assert.ok(error instanceof Failure && error.code === 'bad-input')
  return error.message
}

const plain = (lines: readonly MailboxLine[]): unknown =>
  lines.map((line) => [line.line, line.name, line.sourceLogin, line.sourcePassword?.reveal(), line.target, line.targetPassword?.reveal()])

test('a list names each mailbox with its passwords; a name is optional', async () => {
  const lines = await read(`${HEADER},name\nanna,one,anna@example.org,,Anna\nbert,two,bert@example.org,three,\n`)
  assert.deepEqual(plain(lines), [
    [2, 'Anna', 'anna', 'one', 'anna@example.org', undefined],
    [3, 'bert@example.org', 'bert', 'two', 'bert@example.org', 'three'],
  ])
})

test('the forms that office programs write are read alike', async () => {
  const semicolons = `${HEADER};name\nanna;"pa;ss";anna@example.org ;;" Änne"\n\n;;;;\n`.replace(HEADER, HEADER.replaceAll(',', ';'))
  const expected = [[2, 'Änne', 'anna', 'pa;ss', 'anna@example.org', undefined]]
  const crlf = semicolons.replaceAll('\n', '\r\n')
  const tabs = `${HEADER.replaceAll(',', '\t')}\tname\nanna\tpa;ss\tanna@example.org \t\tÄnne\n`
  const utf16be = Buffer.from(`\uFEFF${crlf}`, 'utf16le').swap16()
  const forms: Record<string, string | Buffer> = {
    plain: semicolons,
    'CRLF and a BOM': `\uFEFF${crlf}`,
    CR: semicolons.replaceAll('\n', '\r'),
    tabs,
    'UTF-16 LE with a BOM': Buffer.from(`\uFEFF${crlf}`, 'utf16le'),
    'UTF-16 LE without a BOM': Buffer.from(tabs, 'utf16le'),
    'UTF-16 BE': utf16be,
    'Windows-1252': Buffer.from(semicolons, 'latin1'),
    'empty columns at the end': semicolons.replace(';name\n', ';name;;\n').replace('Änne"\n', 'Änne";;\n'),
    'columns in capitals': semicolons.replace('source_login', 'Source Login').replace(';target;', ';TARGET;'),
  }
  for (const [form, content] of Object.entries(forms)) assert.deepEqual(plain(await read(content)), expected, form)
  assert.deepEqual(plain(await read(`sep=;\r\n${crlf}`)), [[3, ...(expected[0] ?? []).slice(1)]])
})

test('quotes keep blanks, separators and quotes of a password', async () => {
  const [line] = await read(`${HEADER}\nanna," a""b,c ",anna@example.org,\n`)
  assert.equal(line?.sourcePassword?.reveal(), ' a"b,c ')
})

test('passwords come from the environment or a file beside the list, less one newline at the end', async () => {
  await writeFile(join(directory, 'secret.txt'), 'with newline\n\r\n')
  const [line] = await read(`${HEADER}\nanna,env:ANNA,anna@example.org,file:secret.txt\n`, { ANNA: 'from env' })
  assert.deepEqual([line?.sourcePassword?.reveal(), line?.targetPassword?.reveal()], ['from env', 'with newline\n'])
})

test('all bad rows are reported at once with their lines, and no password is', async () => {
  const message = await complaint(
    [
      HEADER,
      'anna,hunter2,anna@example.org,',
      ',hunter2,bert@example.org,',
      'carl,hunter2,carl,',
      '"two\nlines",hunter2,ANNA@example.org,',
      'dora,hunter2',
      'Anna,hunter2,emil@example.org,hunter2',
      'fritz,env:NOWHERE,fritz@example.org,file:missing.txt',
      'gerd,,gerd@example.org,',
      'hans,hun"ter2,hans@example.org,',
    ].join('\n'),
  )
  assert.deepEqual(message.split('\n'), [
    'The list of mailboxes people.csv has 9 mistakes:',
    'line 3: source_login is empty',
    'line 4: target is not an address like anna@example.org',
    'line 5: target "ANNA@example.org" stands on line 2 already',
    'line 7: 2 fields instead of 4: a field that holds the separator stands in quotes',
    'line 8: source_login "Anna" stands on line 2 already',
    'line 9: source_password is to be in the environment variable "NOWHERE", which is not set',
    'line 9: target_password is to be in the file "missing.txt", which does not exist',
    'line 10: source_password is empty',
    'line 11: a quote stands inside a field: put the field in quotes and double the quote ("pass""word")',
  ])
  assert.equal(message.includes('ter2'), false)
})

test('a wrong column is told with the one that was meant', async () => {
  assert.match(
    await complaint('sorce_login,source_password,target\na,b,c@example.org\n'),
    /line 1: unknown column "sorce_login": did you mean "source_login"\?/,
  )
  assert.match(await complaint('source_login,source_password,target,phone\n'), /unknown column "phone": there are source_login/)
  assert.match(await complaint('source_login,source_password\na,b\n'), /column "target" is missing/)
  assert.match(await complaint('source_login,source_password,target,target\na,b,c,d\n'), /column "target" stands there twice/)
})

test('which passwords must be there depends on the two ends', async () => {
  const content = 'source_login,target\nanna,anna@example.org\n'
  assert.match(await complaint(content), /column "source_password" is missing/)
  assert.equal((await read(content, {}, { source: false, target: false }))[0]?.sourcePassword, null)
  const both = { source: true, target: true }
  assert.match(await complaint(`${HEADER}\nanna,one,anna@example.org,\n`, {}, both), /line 2: target_password is empty/)
})

test('an unreadable, an empty and a headless list are told apart', async () => {
  await assert.rejects(readMailboxList(join(directory, 'nowhere.csv'), {}), /"[^"]*nowhere\.csv" does not exist/)
  await assert.rejects(readMailboxList(directory, {}), /is a directory/)
  assert.match(await complaint(''), /the list is empty/)
  assert.match(await complaint(`${HEADER}\n`), /no mailbox follows/)
  const headless = await complaint('anna,hunter2,anna@example.org,\n')
  assert.match(headless, /line 1: the first line does not name the columns: source_login, /)
  assert.equal(headless.includes('hunter2'), false)
  assert.match(await complaint(`${HEADER}\nanna,"one,anna@example.org,\n`), /a quote that was opened .* is not closed/)
})

test('what else is known of a mailbox is kept, and rows that are no mailboxes stay behind', async () => {
  const header = 'source_login,source_password,target,kind,alias,aliases,batch,notes,name'
  const lines = await read(
    `${header}\nanna,one,anna@example.org,User,anna.e,"a@example.org b@example.org",first,"'=cmd|x","'@home"\nall,,,group,,,,not a mailbox,\n`,
  )
  assert.equal(lines.length, 1)
  const [{ kind, alias, aliases, batch, notes, name } = assert.fail()] = lines
  assert.deepEqual(
    { kind, alias, aliases, batch, notes, name },
    { kind: 'user', alias: 'anna.e', aliases: ['a@example.org', 'b@example.org'], batch: 'first', notes: '=cmd|x', name: '@home' },
  )
  assert.match(await complaint(`${header}\nall,,,group,,,,,\n`), /line 1: no mailbox to move: every row is of a kind that stays behind/)
})

test('an apostrophe that makes a cell harmless for spreadsheets is taken away again, but never from a password', async () => {
  const [line] = await read(`${HEADER}\n'-anna,'=secret,anna@example.org,\n`)
  assert.deepEqual([line?.sourceLogin, line?.sourcePassword?.reveal()], ['-anna', "'=secret"])
})

test('a short first field that looks like a column does not give the row below a missing header away', async () => {
  const message = await complaint('jane,hunter2,jane@example.org,\n')
  assert.match(message, /does not name the columns/)
  assert.equal(message.includes('hunter2'), false)
})

test('five thousand rows are read in a moment', async () => {
  const rows = Array.from({ length: 5000 }, (_, n) => `u${n},p${n},u${n}@example.org,`)
  assert.equal((await read([HEADER, ...rows].join('\r\n'))).length, 5000)
})

test('a mailbox prints without its passwords', async () => {
  const lines = await read(`${HEADER}\nanna,hunter2,anna@example.org,hunter2\n`)
  assert.equal(/hunter2/.test(inspect(lines) + JSON.stringify(lines)), false)
})

test('a list of the tenant alone needs neither logins nor passwords, and looks none up', async () => {
  const needs = { source: false, target: false, tenantOnly: true }
  const [bare] = await read('target\nanna@example.org\n', {}, needs)
  assert.deepEqual([bare?.sourceLogin, bare?.target, bare?.tenant], ['', 'anna@example.org', {}])
  const [line] = await read(`${HEADER}\n,env:NOWHERE,anna@example.org,file:missing.txt\n`, {}, needs)
  assert.deepEqual([line?.sourcePassword, line?.targetPassword], [null, null])
  assert.match(await complaint('source_login\nanna\n', {}, needs), /column "target" is missing/)
  assert.match(
    await complaint('target\nanna@example.org\nANNA@example.org\n', {}, needs),
    /line 3: target "ANNA@example.org" stands on line 2 already/,
  )
})

test('columns for the tenant are kept as they stand, and no mistake in them holds up the moving of mail', async () => {
  const [line] = await read(`${HEADER},Licence,time zone,archive\nanna,one,anna@example.org,,SPE_E3,'=nonsense,\n`)
  assert.deepEqual(line?.tenant, { licence: 'SPE_E3', time_zone: '=nonsense' })
})
