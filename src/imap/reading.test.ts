import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UidSet } from '../model/uid-set.ts'
import { fetchChanges } from './fetch-changes.ts'
import { fetchHeaders } from './fetch-headers.ts'
import { fetchFlags, fetchRows } from './fetch-rows.ts'
import { moveMessages } from './move-messages.ts'
import { openFolder } from './open-folder.ts'
import { parseSearch, parseUidSet } from './parse-uids.ts'
import { scriptedServer } from './scripted-server.ts'
import type { Conversation } from './scripted-server.ts'
import { searchUids } from './search-uids.ts'
import { storeFlags } from './store-flags.ts'

async function server(extra: string, script: (client: Conversation) => Promise<void>): ReturnType<typeof scriptedServer> {
  return scriptedServer(async (client) => {
    await client.signIn(extra)
    await script(client)
  })
}

test('rows outside the window are left out: "n:*" tells the last message even when it is below n', async () => {
  await using imap = await server('', async (client) => {
    const rows = ['* 9 FETCH (UID 9 FLAGS () INTERNALDATE " 1-Jan-2020 00:00:00 +0000" RFC822.SIZE 7)', '* 9 FETCH (UID 9 FLAGS (\\Seen))']
    assert.equal(await client.answer(...rows, '% OK'), 'UID FETCH 10:* (UID FLAGS INTERNALDATE RFC822.SIZE)')
    await client.answer(...rows, '* 3 FETCH (UID 0 RFC822.SIZE 1)', '% OK')
  })
  const session = await imap.connect()
  await fetchRows(session, 10, Infinity, () => assert.fail('no row is above 9'))
  const rows: unknown[] = []
  await fetchRows(session, 1, 20, (row) => rows.push(row))
  assert.deepEqual(rows, [{ uid: 9, sizeBytes: 7, internalDate: ' 1-Jan-2020 00:00:00 +0000', flags: [] }])
  session.destroy()
})

test('an answer that the server cut is followed to its end', async () => {
  await using imap = await server('', async (client) => {
    await client.answer('* 1 FETCH (UID 30 FLAGS ())', '* 1 FETCH (UID 20 FLAGS ())', '% OK [MESSAGELIMIT 2 20] partial')
    assert.equal(await client.answer('* 1 FETCH (UID 10 FLAGS (x))', '% OK'), 'UID FETCH 1:19 (UID FLAGS)')
  })
  const session = await imap.connect()
  const uids: number[] = []
  await fetchFlags(session, 1, 40, (uid) => uids.push(uid))
  assert.deepEqual(uids, [30, 20, 10])
  session.destroy()
})

test('changes tell flags and what vanished under QRESYNC, and null without it', async () => {
  const fetched = ['* VANISHED (EARLIER) 1:3,9', '* 1 FETCH (UID 4 MODSEQ (65) FLAGS (\\Seen))']
  for (const extra of ['ENABLE QRESYNC', 'CONDSTORE']) {
    await using imap = await server(extra, async (client) => {
      const text = await client.answer(...fetched, '% OK')
      assert.equal(text, `UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 9007199254740993${extra === 'CONDSTORE' ? '' : ' VANISHED'})`)
    })
    const session = await imap.connect()
    const flags: unknown[] = []
    const vanished = await fetchChanges(session, 9007199254740993n, (uid, set) => flags.push([uid, set]))
    assert.deepEqual(flags, [[4, ['\\Seen']]])
    assert.equal(vanished?.toString() ?? null, extra === 'CONDSTORE' ? null : '1:3,9')
    session.destroy()
  }
})

test('UIDs come as ranges by ESEARCH, and by plain SEARCH where that is refused', async () => {
  await using imap = await server('ESEARCH', async (client) => {
    assert.equal(await client.answer('* ESEARCH (TAG "x") UID ALL 1:4294967294', '% OK'), 'UID SEARCH RETURN (ALL) UID 1:*')
    await client.answer('% BAD Unknown')
    assert.equal(await client.answer('* SEARCH 5 3 4', '% OK'), 'UID SEARCH UID 1:*')
  })
  const session = await imap.connect()
  assert.equal((await searchUids(session)).size, 4294967294)
  assert.equal((await searchUids(session)).toString(), '3:5')
  session.destroy()
})

test('OK without a word is "no messages" only in a folder that was told to be empty', async () => {
  await using imap = await server('', async (client) => {
    await client.answer('% OK')
    await client.answer('* 0 EXISTS', '% OK')
    await client.answer('% OK')
  })
  const session = await imap.connect()
  await assert.rejects(searchUids(session), /without telling anything/)
  await openFolder(session, 'x', 'examine')
  assert.equal((await searchUids(session)).size, 0)
  session.destroy()
})

test('a search that finds fewer messages than the folder holds is not believed: FETCH tells the rest', async () => {
  await using imap = await server('', async (client) => {
    await client.answer('* 3 EXISTS', '% OK')
    assert.equal(await client.answer('* SEARCH', '% OK'), 'UID SEARCH UID 1:*')
    assert.equal(await client.answer('* 1 FETCH (UID 2)', '* 2 FETCH (UID 5)', '* 3 FETCH (UID 9)', '% OK'), 'UID FETCH 1:* (UID)')
  })
  const session = await imap.connect()
  await openFolder(session, 'x', 'examine')
  assert.deepEqual([...(await searchUids(session))], [2, 5, 9])
  session.destroy()
})

test('headers are asked for by PEEK and handed out as buffers of their own', async () => {
  await using imap = await server('', async (client) => {
    const text = await client.answer('* 1 FETCH (BODY[HEADER] {6}\r\nA: b\r\n UID 3)', '* 2 FETCH (UID 8 BODY[HEADER] "")', '% OK')
    assert.equal(text, 'UID FETCH 3:4 (UID BODY.PEEK[HEADER])')
  })
  const session = await imap.connect()
  const headers: unknown[] = []
  await fetchHeaders(session, UidSet.of([3, 4]), (uid, header) => headers.push([uid, header.toString()]))
  assert.deepEqual(headers, [[3, 'A: b\r\n']])
  session.destroy()
})

test('MOVE maps old to new UIDs, in the order the server told, however it writes the code', async () => {
  await using imap = await server('MOVE', async (client) => {
    assert.equal(await client.answer('[COPYUID 55 31:32,9 6:4]', '% OK done'), 'UID MOVE 9,31:32 "to"')
    await client.answer('* OK [COPYUID 55  ] nothing', '% OK')
  })
  const session = await imap.connect()
  const moved = await moveMessages(session, UidSet.of([9, 31, 32]), 'to')
  assert.deepEqual(
    [...moved],
    [
      [31, 6],
      [32, 5],
      [9, 4],
    ],
  )
  assert.equal((await moveMessages(session, UidSet.of([9]), 'to')).size, 0)
  session.destroy()
})

test('without MOVE messages are copied and flagged, and nothing is expunged', async () => {
  const heard: string[] = []
  await using imap = await server('', async (client) => {
    heard.push(await client.answer('% OK [COPYUID 1 5 8] x'))
    heard.push(await client.answer('% OK'))
    heard.push(await client.answer('% OK'))
  })
  const session = await imap.connect()
  assert.deepEqual([...(await moveMessages(session, UidSet.of([5]), 'to'))], [[5, 8]])
  await storeFlags(session, UidSet.of([5]), [], ['\\Seen'])
  assert.deepEqual(heard, ['UID COPY 5 "to"', 'UID STORE 5 +FLAGS.SILENT (\\Deleted)', 'UID STORE 5 -FLAGS.SILENT (\\Seen)'])
  session.destroy()
})

test('sets and lists of UIDs are read without stumbling over nonsense', () => {
  assert.equal(parseUidSet('5:3,x,,9,0,-1').toString(), '3:5,9')
  assert.equal(parseSearch(' 2 1 3 (MODSEQ 917162500)').toString(), '1:3')
  assert.equal(parseSearch('').size, 0)
})
