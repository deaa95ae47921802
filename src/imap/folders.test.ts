import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { createFolder } from './create-folder.ts'
import { folderStatus } from './folder-status.ts'
import { listFolders } from './list-folders.ts'
import { openFolder } from './open-folder.ts'
import { scriptedServer } from './scripted-server.ts'
import type { Conversation } from './scripted-server.ts'

const MODERN = 'LIST-EXTENDED LIST-STATUS SPECIAL-USE STATUS=SIZE CONDSTORE'

async function server(extra: string, script: (client: Conversation) => Promise<void>): ReturnType<typeof scriptedServer> {
  return scriptedServer(async (client) => {
    await client.signIn(extra)
    await script(client)
  })
}

test('one command tells everything where the server can do it, and only what it offers is asked for', async () => {
  await using imap = await server(MODERN, async (client) => {
    const text = await client.answer(
      '* LIST (\\HasNoChildren) "/" INBOX',
      '* STATUS INBOX (MESSAGES 3 UIDNEXT 8 UIDVALIDITY 1666390893380 HIGHESTMODSEQ 90060115194045000 SIZE 123)',
      '* LIST (\\Sent) "/" {4}\r\nSent',
      '% OK',
    )
    const status = 'STATUS (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ SIZE)'
    assert.equal(text, `LIST "" "*" RETURN (CHILDREN SUBSCRIBED SPECIAL-USE ${status})`)
    assert.equal(await client.answer('* STATUS Sent ()', '% OK'), 'STATUS "Sent" (MESSAGES UIDNEXT UIDVALIDITY HIGHESTMODSEQ SIZE)')
  })
  const session = await imap.connect()
  const [inbox, sent] = await listFolders(session)
  assert.deepEqual(inbox?.status, {
    messages: 3,
    uidValidity: '1666390893380',
    uidNext: 8,
    highestModseq: 90060115194045000n,
    sizeBytes: 123,
  })
  assert.deepEqual([sent?.specialUse, sent?.status], ['sent', null])
  await imap.script
  session.destroy()
})

test('a figure that is missing in the one answer is asked for singly', async () => {
  await using imap = await server(MODERN, async (client) => {
    await client.answer('* LIST () "/" INBOX', '* LIST (\\Noselect) "/" Work', '% OK')
    await client.answer('* STATUS "inbox" (MESSAGES 3 UIDNEXT 8 UIDVALIDITY 7)', '% OK')
  })
  const session = await imap.connect()
  const folders = await listFolders(session)
  assert.deepEqual(
    folders.map(({ name, selectable, status }) => [name, selectable, status?.messages ?? null]),
    [
      ['INBOX', true, 3],
      ['Work', false, null],
    ],
  )
  session.destroy()
})

test('on BAD the options are dropped one after the other; a throttled answer is no verdict', async () => {
  await using imap = await server(MODERN, async (client) => {
    assert.match(await client.answer('% BAD Command Argument Error. 12'), /STATUS/)
    assert.match(await client.answer('% BAD Command Argument Error. 12'), /RETURN \(CHILDREN SUBSCRIBED SPECIAL-USE\)$/)
    assert.equal(await client.answer('* LIST (\\Noselect) "/" INBOX', '% OK'), 'LIST "" "*"')
    assert.equal(await client.answer('* LIST (\\Noselect) "/" INBOX', '% OK'), 'LIST "" "*"', 'what was refused is not asked again')
    await client.answer('% BAD Request is throttled. Suggested Backoff Time: 10 milliseconds')
  })
  const session = await imap.connect()
  assert.equal((await listFolders(session)).length, 1)
  assert.equal((await listFolders(session)).length, 1)
  await assert.rejects(listFolders(session), (error) => error instanceof Failure && error.code === 'throttled')
  await imap.script
  session.destroy()
})

test('Exchange is never asked with options, and the figures come by a pipeline', async () => {
  await using imap = await scriptedServer(async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1 LIST-EXTENDED] The Microsoft Exchange IMAP4 service is ready.')
    await client.answer('% OK [CAPABILITY IMAP4rev1 LIST-EXTENDED] in')
    const list = ['* LIST (\\HasNoChildren) "/" Inbox', '* LIST (\\Trash) "/" "Deleted Items"', '* LIST () "/" a\tb c "d"']
    assert.equal(await client.answer(...list, '% OK'), 'LIST "" "*"')
    const asked = [await client.command(), await client.command(), await client.command()]
    assert.equal(asked[2]?.text, 'STATUS "a\tb c \\"d\\"" (MESSAGES UIDNEXT UIDVALIDITY)')
    client.say(`${asked[1]?.tag} NO no`, '* STATUS Inbox (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 14)', `${asked[0]?.tag} OK`)
    client.say('* STATUS a\tb c "d" (MESSAGES 5 UIDNEXT 9 UIDVALIDITY 3)', `${asked[2]?.tag} OK`)
  })
  const session = await imap.connect()
  const folders = await listFolders(session)
  assert.deepEqual(
    folders.map(({ name, path, specialUse, status }) => [name, path.join('|'), specialUse, status?.messages ?? null]),
    [
      ['Inbox', 'INBOX', 'inbox', 1],
      ['Deleted Items', 'Deleted Items', 'trash', null],
      ['a\tb c "d"', 'a\tb c "d"', null, 5],
    ],
  )
  session.destroy()
})

test("other people's, public and virtual folders are left out; INBOX is added when the server forgets it", async () => {
  await using imap = await scriptedServer(async (client) => {
    client.say('* OK [CAPABILITY IMAP4rev1 NAMESPACE] hi')
    await client.answer('% OK [CAPABILITY IMAP4rev1 NAMESPACE] in')
    await client.answer('* NAMESPACE (("INBOX." ".")("Virtual." ".")) (("user." ".")) (("#shared." "."))', '% OK')
    const names = ['INBOX.Sent', 'INBOX.Entw&APw-rfe.&U,BTFw-', 'user', 'user.bert', '#shared.x', 'Virtual.All']
    await client.answer(...names.map((name) => `* LIST () "." "${name}"`), '% OK')
  })
  const session = await imap.connect()
  const folders = await listFolders(session, { status: false })
  assert.deepEqual(
    folders.map((folder) => [folder.name, folder.path.join('/'), folder.separator]),
    [
      ['INBOX', 'INBOX', '.'],
      ['INBOX.Sent', 'INBOX/Sent', '.'],
      ['INBOX.Entw&APw-rfe.&U,BTFw-', 'INBOX/Entwürfe/台北', '.'],
    ],
  )
  session.destroy()
})

test('opening by EXAMINE tells the figures and sends nothing that writes', async () => {
  await using imap = await server('CONDSTORE', async (client) => {
    const text = await client.answer(
      '* FLAGS (\\Seen $x)',
      '* 12 EXISTS',
      '* OK [PERMANENTFLAGS ()] none',
      '* OK [UIDVALIDITY 5]',
      '* OK [UIDNEXT 99] n',
      '* OK [HIGHESTMODSEQ 715194045007] m',
      '% OK [READ-ONLY] done',
    )
    assert.equal(text, 'EXAMINE "a\\\\b" (CONDSTORE)')
    assert.equal(await client.answer('* FLAGS (\\Seen $x)', '* 0 EXISTS', '* OK [NOMODSEQ]', '% OK'), 'SELECT "b" (CONDSTORE)')
  })
  const session = await imap.connect()
  const { mustBeOpen, ...told } = await openFolder(session, 'a\\b', 'examine')
  assert.deepEqual(told, {
    messages: 12,
    uidValidity: '5',
    uidNext: 99,
    highestModseq: 715194045007n,
    sizeBytes: null,
    permanentFlags: [],
  })
  mustBeOpen()
  const next = openFolder(session, 'b', 'select')
  assert.throws(mustBeOpen, /used after another one was opened/, 'from now on UIDs mean messages of the other folder')
  assert.deepEqual((await next).permanentFlags, ['\\Seen', '$x'])
  session.destroy()
})

test('a folder that is there already counts as created; a reserved name does not', async () => {
  await using imap = await server('', async (client) => {
    await client.answer('% NO Mailbox already exists')
    await client.answer('% NO [ALREADYEXISTS] x')
    await client.answer('% NO Folder name is reserved')
  })
  const session = await imap.connect()
  await createFolder(session, 'a')
  await createFolder(session, 'a')
  await assert.rejects(createFolder(session, 'Files'), (error) => error instanceof Failure && error.code === 'folder-name-refused')
  session.destroy()
})

test('a folder called NIL, and one that the server spells in its own way, have a status', async () => {
  await using imap = await server('', async (client) => {
    assert.match(await client.answer('* STATUS NIL (MESSAGES 1)', '% OK'), /^STATUS "NIL"/)
    const { tag } = await client.command()
    client.say('+')
    await client.line()
    client.say('* STATUS "Entw&APw-rfe" (MESSAGES 2)', `${tag} OK`)
  })
  const session = await imap.connect()
  assert.equal((await folderStatus(session, 'NIL')).messages, 1)
  assert.equal((await folderStatus(session, 'Entw\xc3\xbcrfe')).messages, 2)
  session.destroy()
})
