import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { fetchFlags } from './fetch-rows.ts'
import { FolderTurns } from './folder-turns.ts'
import { scriptedServer } from './scripted-server.ts'
import type { Conversation } from './scripted-server.ts'
import type { Session } from './session.ts'

async function server(script: (client: Conversation) => Promise<void>, extra = 'LIST-STATUS'): ReturnType<typeof scriptedServer> {
  return scriptedServer(async (client) => {
    await client.signIn(extra)
    await script(client)
  })
}

async function uidsOf(session: Session): Promise<readonly number[]> {
  const uids: number[] = []
  await fetchFlags(session, 1, 9, (uid) => uids.push(uid))
  return uids
}

test('what is asked of two folders goes out in one flight, and each hears only of its own messages', async () => {
  await using imap = await server(async (client) => {
    const commands = [await client.command(), await client.command(), await client.command(), await client.command()]
    assert.deepEqual(
      commands.map(({ text }) => text),
      ['EXAMINE "a"', 'UID FETCH 1:9 (UID FLAGS)', 'EXAMINE "b"', 'UID FETCH 1:9 (UID FLAGS)'],
    )
    const [examineA, fetchA, examineB, fetchB] = commands.map(({ tag }) => tag)
    client.say('* OK [UIDVALIDITY 5] v', `${examineA} OK`, '* 1 FETCH (UID 1 FLAGS ())', `${fetchA} OK`)
    client.say('* OK [UIDVALIDITY 6] v', `${examineB} OK`, '* 1 FETCH (UID 2 FLAGS ())', `${fetchB} OK`)
  })
  const session = await imap.connect()
  const turns = new FolderTurns(session, 'examine')
  const asked = [turns.in(turns.turn('a', '5'), () => uidsOf(session)), turns.in(turns.turn('b', '6'), () => uidsOf(session))]
  assert.deepEqual(await Promise.all(asked), [[1], [2]])
  session.destroy()
})

test('a folder that cannot be opened gets nothing of the one before, whatever the server goes on telling', async () => {
  await using imap = await server(async (client) => {
    await client.answer('* OK [UIDVALIDITY 5] v', '% OK')
    await client.answer('* 1 FETCH (UID 1 FLAGS ())', '% OK')
    await client.answer('% NO [NONEXISTENT] gone')
    await client.answer('* 1 FETCH (UID 1 FLAGS ())', '% OK')
  })
  const session = await imap.connect()
  const turns = new FolderTurns(session, 'examine')
  const first = turns.in(turns.turn('a', '5'), () => uidsOf(session))
  const heard: number[] = []
  const second = turns.in(turns.turn('b', '5'), () => fetchFlags(session, 1, 9, (uid) => heard.push(uid)))
  await assert.rejects(second, (error) => error instanceof Failure && error.code === 'folder-vanished')
  assert.deepEqual(await first, [1])
  assert.deepEqual(heard, [])
  session.destroy()
})

test('a folder with another UIDVALIDITY than it is known by is not listened to', async () => {
  await using imap = await server(async (client) => {
    await client.answer('* OK [UIDVALIDITY 7] v', '% OK')
    await client.answer('* 1 FETCH (UID 1 FLAGS ())', '% OK')
  })
  const session = await imap.connect()
  const turns = new FolderTurns(session, 'examine')
  const heard: number[] = []
  const asked = turns.in(turns.turn('a', '5'), () => fetchFlags(session, 1, 9, (uid) => heard.push(uid)))
  await assert.rejects(asked, (error) => error instanceof Failure && error.code === 'folder-vanished')
  assert.deepEqual(heard, [])
  session.destroy()
})

test('work in steps keeps its folder open until it is done; the same folder is not opened twice', async () => {
  await using imap = await server(async (client) => {
    const texts: string[] = []
    for (let at = 0; at < 5; at++) texts.push(await client.answer('* OK [UIDVALIDITY 5] v', '% OK'))
    assert.deepEqual(texts, [
      'EXAMINE "a"',
      'UID FETCH 1:9 (UID FLAGS)',
      'UID FETCH 1:9 (UID FLAGS)',
      'EXAMINE "b"',
      'UID FETCH 1:9 (UID FLAGS)',
    ])
  })
  const session = await imap.connect()
  const turns = new FolderTurns(session, 'examine')
  const steps = turns.allIn(turns.turn('a', '5'), async () => {
    await uidsOf(session)
    await uidsOf(session)
  })
  await Promise.all([steps, turns.in(turns.turn('b', '5'), () => uidsOf(session))])
  await imap.script
  session.destroy()
})

test('a server that cuts its answers, or tells no status with its listing, is asked one folder after the other', async () => {
  await using cutting = await server(async () => {}, 'LIST-STATUS MESSAGELIMIT=1000')
  await using old = await server(async () => {}, '')
  for (const imap of [cutting, old]) {
    const session = await imap.connect()
    assert.equal(new FolderTurns(session, 'examine').possible, false)
    session.destroy()
  }
})
