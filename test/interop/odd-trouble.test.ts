/** Servers that slow down, refuse and hang up: the same mail arrives, once, and nothing is asked of them that makes it worse. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PASSWORD } from '../../src/imap/scripted-server.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import { ctx } from '../conformance/bench.ts'
import { carried, subjects } from './carried.ts'
import { type Odd, oddMail, oddServer, type OddMessage, type OddOptions } from './odd-server.ts'

const LETTERS = ['a', 'b', 'c', 'd', 'e', 'f']
const MESSAGES: readonly OddMessage[] = LETTERS.map((id, at) => ({ uid: at + 1, text: oddMail(id) }))
const ALL = LETTERS.map((id) => `Work: ${id}`)
const inWork = (odd: Odd, more: Partial<OddOptions> = {}): OddOptions => ({
  folders: [{ name: 'INBOX' }, { name: 'Work', messages: MESSAGES }],
  odd,
  ...more,
})
const isFetch = (text: string): boolean => text.startsWith('UID FETCH')

test('L04: a server that says for how long it wants to be left alone is left alone, and asked the same again', async () => {
  let times = 0
  const odd: Odd = ({ text }) =>
    isFetch(text) && text.includes('BODY') && ++times <= 3
      ? ['% BAD Request is throttled. Suggested Backoff Time: 178755 milliseconds']
      : null
  await using server = await oddServer(inWork(odd))
  const { landed, copied } = await carried(server)
  assert.deepEqual([subjects(landed), copied.failed], [ALL, 0])
})

for (const words of [
  'NO [LIMIT] UID FETCH Rate limit hit.',
  'NO [UNAVAILABLE] Try again',
  'NO [SERVERBUG] Internal error',
  'NO [INUSE] Locked',
]) {
  test(`L07: "${words}" passes, and is no fault of the messages`, async () => {
    let times = 0
    const odd: Odd = ({ text }) => (isFetch(text) && text.includes('BODY') && ++times <= 2 ? [`% ${words}`] : null)
    await using server = await oddServer(inWork(odd))
    const { landed, copied } = await carried(server)
    assert.deepEqual([subjects(landed), copied.failed], [ALL, 0])
  })
}

test('L05: a server that closes after ten errors never sees ten, however many folders it has that cannot be looked at', async () => {
  const shut = Array.from({ length: 60 }, (_, at) => ({ name: `Shut ${at}` }))
  const errors = new Map<number, number>()
  let most = 0
  const odd: Odd = ({ text, connection }) => {
    if (!/^(?:STATUS|EXAMINE|SELECT) "Shut/.test(text)) return null
    const count = (errors.get(connection) ?? 0) + 1
    errors.set(connection, count)
    most = Math.max(most, count)
    return count > 10 ? 'hang-up' : ['% NO Mailbox cannot be opened']
  }
  await using server = await oddServer({
    greeting: '* OK The Microsoft Exchange IMAP4 service is ready.',
    folders: [{ name: 'INBOX' }, { name: 'Work', messages: MESSAGES }, ...shut],
    odd,
  })
  const { landed } = await carried(server)
  assert.deepEqual(subjects(landed), ALL)
  assert.ok(most <= 10, `${most} errors on one connection`)
})

test('L06: no command is sent twenty times over', async () => {
  const folders = Array.from({ length: 40 }, (_, at) => ({ name: `F${at}`, messages: [{ uid: 1, text: oddMail(`m${at}`) }] }))
  await using server = await oddServer({ folders: [{ name: 'INBOX' }, ...folders] })
  assert.equal((await carried(server)).copied.copied, 40)
  let run = 0
  let longest = 0
  for (const [at, text] of server.commands.entries()) {
    run = text === server.commands[at - 1] ? run + 1 : 1
    longest = Math.max(longest, run)
  }
  assert.ok(longest < 20, `${longest} times the same`)
})

test('L08: a stall in the middle of a message ends the connection, and the next one goes on at that message', async () => {
  let stalled = false
  const odd: Odd = ({ text, client, plain }) => {
    if (stalled || !text.includes('BODY.PEEK[]')) return null
    stalled = true
    const all = Buffer.from(plain().join('\r\n'), 'latin1')
    client.socket.write(all.subarray(0, all.indexOf('Message-ID: <c@') + 20))
    return 'silence'
  }
  await using server = await oddServer(inWork(odd))
  const source = imapSource(server.endpoint({ idleTimeoutMs: 150 }), PASSWORD)
  const got: number[] = []
  const sink = { holdBytes: 100_000, small: (uid: number) => void got.push(uid), large: () => Promise.resolve() }
  {
    await using session = await source.connect(ctx)
    const folder = await session.open('Work')
    await assert.rejects(folder.bodies([1, 2, 3, 4, 5, 6], sink), { name: 'Failure', side: 'source' })
    assert.deepEqual([got, session.alive], [[1, 2], false])
  }
  await using session = await source.connect(ctx)
  const folder = await session.open('Work')
  assert.deepEqual(await folder.bodies([3, 4, 5, 6], sink), [])
  assert.deepEqual(got, [1, 2, 3, 4, 5, 6])
})

test('L09: a connection that breaks in the middle of messages, again and again, costs time and nothing else', async () => {
  let breaks = 0
  const odd: Odd = ({ text, client, plain }) => {
    if (!text.includes('BODY.PEEK[]') || ++breaks > 4) return null
    const all = Buffer.from(plain().join('\r\n'), 'latin1')
    client.socket.write(all.subarray(0, Math.round((all.length * breaks) / 5)))
    return 'hang-up'
  }
  await using server = await oddServer(inWork(odd))
  const { landed, copied } = await carried(server)
  assert.deepEqual([subjects(landed), copied.failed], [ALL, 0])
})

test('a server that says BYE and goes on saying it is left at the first', async () => {
  let byes = 0
  const odd: Odd = ({ text }) => (text.includes('BODY.PEEK[]') && ++byes === 1 ? ['* BYE one', '* BYE two', '* BYE three'] : null)
  await using server = await oddServer(inWork(odd))
  assert.deepEqual(subjects((await carried(server)).landed), ALL)
})
