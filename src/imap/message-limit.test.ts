import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UidSet } from '../model/uid-set.ts'
import { fetchBodies } from './fetch-bodies.ts'
import { fetchChanges } from './fetch-changes.ts'
import { fetchHeaders } from './fetch-headers.ts'
import { fetchRows } from './fetch-rows.ts'
import { openFolder } from './open-folder.ts'
import { scriptedServer } from './scripted-server.ts'
import { searchUids } from './search-uids.ts'
import { storeFlags } from './store-flags.ts'

test('no command is about more messages than the server works on at once', async () => {
  await using imap = await scriptedServer(async (client) => {
    await client.signIn('MESSAGELIMIT=2')
    assert.match(await client.answer('* 1 FETCH (UID 3 BODY[HEADER] {2}\r\na\n)', '% OK'), /^UID FETCH 3,5 /)
    assert.match(await client.answer('* 2 FETCH (UID 7 BODY[HEADER] {2}\r\nb\n)', '% OK'), /^UID FETCH 7 /)
    assert.match(await client.answer('* 1 FETCH (UID 3 BODY[] {1}\r\na)', '* 2 FETCH (UID 5 BODY[] "b\xfc")', '% OK'), /^UID FETCH 3,5 /)
    assert.match(await client.answer('* 3 FETCH (UID 7 BODY[] {1}\r\nc)', '% OK'), /^UID FETCH 7 /)
    assert.match(await client.answer('% OK'), /^UID STORE 3,5 /)
    assert.match(await client.answer('% OK'), /^UID STORE 7 /)
  })
  const session = await imap.connect()
  const headers: number[] = []
  await fetchHeaders(session, UidSet.of([3, 5, 7]), (uid) => void headers.push(uid))
  assert.deepEqual(headers, [3, 7])
  const bodies: string[] = []
  const small = (uid: number, chunks: readonly Buffer[]): void => void bodies.push(`${uid} ${Buffer.concat(chunks).toString('latin1')}`)
  assert.deepEqual(await fetchBodies(session, [3, 5, 7], { holdBytes: 10, small, large: () => Promise.resolve() }), [])
  assert.deepEqual(bodies, ['3 a', '5 b\xfc', '7 c'])
  await storeFlags(session, UidSet.of([3, 5, 7]), ['\\Seen'], [])
  await imap.script
  session.destroy()
})

test('changes that the server cuts are followed downwards to their end', async () => {
  await using imap = await scriptedServer(async (client) => {
    await client.signIn('CONDSTORE')
    const first = await client.answer('* 9 FETCH (UID 9 FLAGS (\\Seen) MODSEQ (7))', '% OK [MESSAGELIMIT 1 9] cut')
    assert.equal(first, 'UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 5)')
    const second = await client.answer('* 4 FETCH (UID 4 FLAGS () MODSEQ (6))', '% OK [MESSAGELIMIT 1 1] done')
    assert.equal(second, 'UID FETCH 1:8 (UID FLAGS) (CHANGEDSINCE 5)')
  })
  const session = await imap.connect()
  const told: number[] = []
  assert.equal(await fetchChanges(session, 5n, (uid) => void told.push(uid)), null)
  assert.deepEqual(told, [9, 4])
  await imap.script
  session.destroy()
})

test('UIDONLY is switched on where it is offered: rows are known by the number before UIDFETCH, and VANISHED tells what went', async () => {
  await using imap = await scriptedServer(async (client) => {
    const offers = 'CAPABILITY IMAP4rev1 ENABLE QRESYNC CONDSTORE UIDONLY'
    client.say(`* OK [${offers}] ready`)
    await client.answer(`% OK [${offers}] in`)
    assert.equal(await client.answer('* ENABLED QRESYNC UIDONLY', '% OK'), 'ENABLE QRESYNC UIDONLY')
    await client.answer('* 1 EXISTS', '* OK [UIDVALIDITY 3]', '% OK')
    const rows = ['* 70 UIDFETCH (FLAGS () INTERNALDATE " 1-Jan-2020 00:00:00 +0000" RFC822.SIZE 7)', '* VANISHED 9', '* 1 EXISTS']
    await client.answer(...rows, '% OK')
    await client.answer('* 70 UIDFETCH (FLAGS (\\Seen) MODSEQ (8))', '* VANISHED (EARLIER) 3:5', '* VANISHED 71', '% OK')
    assert.match(await client.answer('* SEARCH 70', '% OK'), /SEARCH/)
    await client.answer('* 70 UIDFETCH (BODY[] {4}\r\ntext)', '% OK')
  })
  const session = await imap.connect()
  await openFolder(session, 'INBOX', 'examine')
  const rows: number[] = []
  await fetchRows(session, 1, 100, ({ uid }) => void rows.push(uid))
  assert.deepEqual(rows, [70])
  const changed: string[] = []
  const vanished = await fetchChanges(session, 5n, (uid, flags) => void changed.push(`${uid} ${flags.join(' ')}`))
  assert.deepEqual([changed, [...(vanished ?? [])]], [['70 \\Seen'], [3, 4, 5, 71]])
  assert.deepEqual([...(await searchUids(session))], [70])
  const bodies: number[] = []
  const sink = { holdBytes: 10, small: (uid: number) => void bodies.push(uid), large: () => Promise.resolve() }
  assert.deepEqual(await fetchBodies(session, [70], sink), [])
  assert.deepEqual(bodies, [70])
  await imap.script
  session.destroy()
})
