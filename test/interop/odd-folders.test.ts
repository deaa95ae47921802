/** Folder listings as some servers tell them: each folder is found, mapped, and its mail arrives. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { carried, subjects } from './carried.ts'
import { oddMail, oddServer, type OddFolder, quoted } from './odd-server.ts'

const INBOX: OddFolder = { name: 'INBOX' }
const with1 = (name: string, id: string, row?: string): OddFolder => ({
  name,
  messages: [{ uid: 1, text: oddMail(id) }],
  ...(row === undefined ? {} : { row }),
})
const latin1 = (utf8: string): string => Buffer.from(utf8).toString('latin1')

test('F14: names in broken modified UTF-7, in UTF-8 and in Latin-1 go back to the server as they came, and arrive readable', async () => {
  const names = ['broken&name', 'half&AOk', latin1('Entwürfe März'), 'R\xfcckl\xe4ufe']
  await using server = await oddServer({ folders: [INBOX, ...names.map((name, at) => with1(name, String(at)))] })
  const { copied, landed } = await carried(server)
  assert.equal(copied.copied, names.length)
  assert.deepEqual(subjects(landed), ['Entwürfe März: 2', 'Rückläufe: 3', 'broken&name: 0', 'half&AOk: 1'])
})

test('F15: names told as a literal, as an atom with "[", as NIL and unquoted with a tab are all opened', async () => {
  const folders = [
    INBOX,
    with1('as a "literal"', 'literal', '() "/" {14}\r\nas a "literal"'),
    with1('atom[1]', 'atom', '() "/" atom[1]'),
    with1('NIL', 'nil', '() "/" NIL'),
    with1('with\ttab', 'tab', '() "/" with\ttab'),
  ]
  await using server = await oddServer({ folders })
  const { landed } = await carried(server)
  assert.deepEqual(subjects(landed), ['NIL: nil', 'as a "literal": literal', 'atom[1]: atom', 'with tab: tab'])
})

test('F16: RETURN options that are answered with BAD are dropped one after the other, and not asked again on the connection', async () => {
  await using server = await oddServer({
    capabilities: 'LIST-EXTENDED LIST-STATUS SPECIAL-USE',
    folders: [INBOX, with1('Work', 'a')],
    odd: ({ text, plain }) => (text.startsWith('LIST') && text.includes('RETURN') ? ['% BAD Command Argument Error. 12'] : plain()),
  })
  const { landed } = await carried(server)
  assert.deepEqual(subjects(landed), ['Work: a'])
  const refused = server.commands.filter((one) => one.includes('RETURN')).length
  const logins = server.commands.filter((one) => one.startsWith('LOGIN')).length
  assert.equal(refused, 2 * logins)
})

test('F17: a server that lists nothing when options are given is asked without them', async () => {
  await using server = await oddServer({
    greeting: '* OK [CAPABILITY IMAP4rev1 LIST-EXTENDED] RZimapd ready',
    capabilities: 'LIST-EXTENDED',
    folders: [INBOX, with1('Gesendet', 'a')],
    odd: ({ text, plain }) => (text.startsWith('LIST') && text.includes('RETURN') ? ['% OK'] : plain()),
  })
  assert.deepEqual(subjects((await carried(server)).landed), ['Sent Items: a'])
})

test('F20: without attributes special folders are known by their names in many languages, and what only resembles one is a person’s own', async () => {
  const names = { Gesendet: 'de', Corbeille: 'fr', '&BCEEPwQwBDw-': 'ru', '&g0l6P3ux-': 'zh', 'Sent to clients': 'own' }
  await using server = await oddServer({ folders: [INBOX, ...Object.entries(names).map(([name, id]) => with1(name, id))] })
  const { landed } = await carried(server)
  assert.deepEqual(subjects(landed), ['Deleted Items: fr', 'Drafts: zh', 'Junk Email: ru', 'Sent Items: de', 'Sent to clients: own'])
})

test('F21: an INBOX that the listing forgets is read all the same', async () => {
  await using server = await oddServer({
    folders: [with1('INBOX', 'in'), with1('Work', 'work')],
    odd: ({ text, plain }) => (text.startsWith('LIST') ? plain().filter((line) => !line.includes('INBOX')) : plain()),
  })
  assert.deepEqual(subjects((await carried(server)).landed), ['INBOX: in', 'Work: work'])
})

test('F22: a folder "Inbox" of its own beside INBOX loses nothing, and neither hides the other', async () => {
  await using server = await oddServer({ folders: [with1('INBOX', 'real'), with1('Inbox', 'extra'), with1('Inbox/Sub', 'sub')] })
  const { copied, landed } = await carried(server)
  assert.equal(copied.copied, 3)
  assert.deepEqual(
    subjects(landed)
      .map((one) => one.replace(/^.*: /, ''))
      .sort(),
    ['extra', 'real', 'sub'],
  )
})

test('F24: a folder that is listed and cannot be opened fails alone, by name', async () => {
  await using server = await oddServer({
    folders: [with1('INBOX', 'in'), with1('Shut', 'x'), with1('Work', 'work')],
    odd: ({ text, plain }) => (/^(?:EXAMINE|SELECT|STATUS) "Shut"/.test(text) ? ['% NO [NOPERM] Permission denied'] : plain()),
  })
  const { copied, landed } = await carried(server)
  assert.deepEqual(subjects(landed), ['INBOX: in', 'Work: work'])
  assert.match(JSON.stringify(copied.mailboxes), /Shut/)
})

test('F26: garbage in the answer to LIST-STATUS, as Cyrus 3.6 sends for a MAILBOXID that we never ask for, costs nothing', async () => {
  await using server = await oddServer({
    capabilities: 'LIST-EXTENDED LIST-STATUS OBJECTID',
    folders: [INBOX, with1('Work', 'work')],
    odd: ({ text, plain }) =>
      text.startsWith('LIST')
        ? plain().flatMap((line) => (line.includes('Work') ? [line, '* STATUS Work (MAILBOXID (\x01\xff\x80) UIDVALIDITY 1)'] : [line]))
        : plain(),
  })
  assert.deepEqual(subjects((await carried(server)).landed), ['Work: work'])
  assert.ok(server.commands.every((one) => !one.includes('MAILBOXID')))
})

test('F27: a backslash as separator splits names, is escaped on the wire, and a slash in a name is a character', async () => {
  const row = (name: string): string => `() "\\\\" ${quoted(name)}`
  await using server = await oddServer({
    folders: [
      { name: 'INBOX', row: row('INBOX') },
      with1('Projects\\2019', 'deep', row('Projects\\2019')),
      with1('A/B', 'slash', row('A/B')),
    ],
    odd: ({ text, plain }) => (text === 'NAMESPACE' ? ['* NAMESPACE (("" "\\\\")) NIL NIL', '% OK'] : plain()),
  })
  assert.deepEqual(subjects((await carried(server)).landed), ['A_B: slash', 'Projects/2019: deep'])
  assert.ok(server.commands.includes('EXAMINE "Projects\\\\2019"'))
})

test('F28: names longer than the destination takes are cut with a hash, and two that begin alike stay two', async () => {
  const long = 'Long name '.repeat(40)
  await using server = await oddServer({ folders: [INBOX, with1(`${long}one`, '1'), with1(`${long}two`, '2')] })
  const { landed } = await carried(server)
  const folders = landed.map((mail) => mail.folder)
  assert.equal(new Set(folders).size, 2)
  assert.ok(folders.every((name) => name.length <= 255 && name.startsWith('Long name')))
})
