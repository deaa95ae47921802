/** Messages as some servers hand them out: the bytes arrive as they are, or the message is listed with its reason. */
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { PASSWORD } from '../../src/imap/scripted-server.ts'
import { imapSource } from '../../src/source/adapters/imap.ts'
import type { BodySink } from '../../src/source/port.ts'
import { collected } from '../conformance/letters.ts'
import { ctx } from '../conformance/bench.ts'
import { carried, subjects } from './carried.ts'
import { type Odd, oddMail, oddServer, type OddMessage, type OddOptions } from './odd-server.ts'

const THREE: readonly OddMessage[] = ['a', 'b', 'c'].map((id, at) => ({ uid: at + 1, text: oddMail(id) }))
const inWork = (messages: readonly OddMessage[], odd?: Odd): OddOptions => ({
  folders: [{ name: 'INBOX' }, { name: 'Work', messages }],
  ...(odd === undefined ? {} : { odd }),
})
const ALL = ['Work: a', 'Work: b', 'Work: c']
const asksForBodies = (text: string): boolean => text.includes('BODY.PEEK[]')
/** Changes what is said of message 2 when whole messages are asked for. */
const second = (change: (line: string) => string | null): Odd => {
  return ({ text, plain }) => {
    if (!asksForBodies(text)) return null
    return plain().flatMap((line) => (/^\* \d+ FETCH \(UID 2 /.test(line) ? (change(line) ?? []) : [line]))
  }
}

for (const [id, says, change] of [
  ['T09', 'is left out of the answer although that says OK, as Exchange does for an item it cannot convert', () => null],
  ['T13', 'comes as NIL', () => '* 2 FETCH (UID 2 BODY[] NIL)'],
  ['T13', 'comes without any value', () => '* 2 FETCH (UID 2 BODY[])'],
] as const) {
  test(`${id}: a message that ${says}: it is listed, and never asked for in a way that marks it as read`, async () => {
    await using server = await oddServer(inWork(THREE, second(change)))
    const { landed, errors, copied } = await carried(server)
    assert.deepEqual(subjects(landed), ['Work: a', 'Work: c'])
    assert.deepEqual([copied.failed, errors[0]?.code, errors[0]?.uid], [1, 'message-unreadable', 2])
    assert.ok(server.commands.every((one) => !/BODY\[|RFC822\b(?!\.SIZE)/.test(one)))
  })
}

test('T11: a literal that is announced a line end too short does not throw the reader off', async () => {
  const short = (line: string): string => line.replace(/\{(\d+)\}/, (_, size: string) => `{${Number(size) - 2}}`)
  await using server = await oddServer(inWork(THREE, second(short)))
  const { landed, copied } = await carried(server)
  assert.deepEqual([subjects(landed), copied.failed], [ALL, 0])
})

test('T12: a small body in quotes with bytes above 127 arrives as those bytes', async () => {
  const body = 'Gr\xfc\xdfe \xff\x80 "in quotes" and a \\.'
  const text = `Message-ID: <b@example.test> Subject: b ${body}`
  const odd = second(() => `* 2 FETCH (UID 2 BODY[] "${text.replaceAll(/["\\]/g, '\\$&')}")`)
  await using server = await oddServer(inWork(THREE, odd))
  await using session = await imapSource(server.endpoint(), PASSWORD).connect(ctx)
  const got = new Map<number, string>()
  const folder = await session.open('Work')
  const sink: BodySink = {
    holdBytes: 10_000,
    small: (uid, chunks) => void got.set(uid, Buffer.concat(chunks).toString('latin1')),
    large: () => Promise.resolve(),
  }
  assert.deepEqual(await folder.bodies([1, 2, 3], sink), [])
  assert.equal(got.get(2), text)
})

test('T14: bodies are asked for by PEEK and never by RFC822, which iCloud answers with nothing', async () => {
  await using server = await oddServer(inWork(THREE, ({ text }) => (/ \(.*RFC822\)|RFC822\.(?:PEEK|TEXT)/.test(text) ? ['% OK'] : null)))
  assert.deepEqual(subjects((await carried(server)).landed), ALL)
  const fetches = server.commands.filter((one) => one.startsWith('UID FETCH'))
  assert.ok(fetches.every((one) => /\((?:UID )?(?:FLAGS|BODY\.PEEK|UID)/.test(one)))
  const allowed = /^(?:LOGIN|LIST|STATUS|EXAMINE|UID FETCH|UID SEARCH|LOGOUT|NOOP|CAPABILITY|ID|NAMESPACE|UNSELECT)\b/
  assert.deepEqual(
    server.commands.filter((one) => !allowed.test(one)),
    [],
  )
})

test('T15: an answer that comes late, under the next command, goes to the message that it names, and nothing is doubled', async () => {
  let kept: readonly string[] = []
  const odd: Odd = ({ text, plain }) => {
    if (!asksForBodies(text)) return null
    const [, ...others] = plain().filter((line) => line.startsWith('*'))
    const late = kept
    kept = plain().slice(0, 1)
    return [...late, ...others, '% OK']
  }
  await using server = await oddServer(inWork(THREE, odd))
  const { landed, copied } = await carried(server)
  assert.deepEqual([subjects(landed), copied.failed], [ALL, 0])
})

test('T17: a message of a gigabyte that is announced and then stalls holds up nothing but its own connection, which is given up', async () => {
  const huge: Odd = ({ text, client }) => {
    if (!asksForBodies(text)) return null
    client.socket.write('* 1 FETCH (UID 1 BODY[] {1073741824}\r\nSubject: huge\r\n')
    return 'silence'
  }
  await using server = await oddServer(inWork(THREE, huge))
  const endpoint = server.endpoint({ idleTimeoutMs: 150 })
  const before = process.memoryUsage().rss
  await using session = await imapSource(endpoint, PASSWORD).connect(ctx)
  const folder = await session.open('Work')
  let got = 0
  const sink: BodySink = {
    holdBytes: 1000,
    small: () => assert.fail('none is small'),
    async large(_uid, stream, bytes) {
      assert.equal(bytes, 1_073_741_824)
      await assert.rejects(async () => {
        for await (const chunk of stream) got += chunk.length
      })
    },
  }
  await assert.rejects(folder.bodies([1], sink), { name: 'Failure', side: 'source' })
  assert.equal(got, 'Subject: huge\r\n'.length)
  assert.equal(session.alive, false)
  assert.ok(process.memoryUsage().rss - before < 64 * 1024 * 1024)
})

test('T18: a size three times the truth is only a hint', async () => {
  const [one] = THREE
  assert.ok(one !== undefined)
  await using server = await oddServer(inWork([{ ...one, size: 3 * one.text.length }]))
  const { landed, copied, verified } = await carried(server)
  assert.equal(landed[0]?.bytes.toString('latin1'), one.text)
  assert.deepEqual([copied.bytes, verified.different], [one.text.length, 0])
})

test('T19: dates of arrival that nobody can have meant give way to the date of the header, others are read in any form', async () => {
  const dates = {
    zero: '00-Jan-0000 00:00:00 +0000',
    ole: '30-Dec-1899 00:00:00 +0000',
    epoch: '01-Jan-1970 00:00:00 +0000',
    blank: ' 1-Jan-2001 10:00:00 +0000',
    bare: '1-Jan-2001 10:00:00 +0000',
    future: '01-Jan-2099 00:00:00 +0000',
  }
  await using server = await oddServer(inWork(Object.entries(dates).map(([id, date], at) => ({ uid: at + 1, text: oddMail(id), date }))))
  const { landed } = await carried(server)
  const at = (id: string): string => {
    const mail = landed.find((one) => one.bytes.includes(`<${id}@`))
    return new Date(mail?.at ?? 0).toISOString().slice(0, 16)
  }
  for (const id of ['zero', 'ole', 'epoch', 'future']) assert.equal(at(id), '2026-03-02T10:00', id)
  for (const id of ['blank', 'bare']) assert.equal(at(id), '2001-01-01T10:00', id)
})

test('T16: a message larger than what is held flows through with its bytes unchanged', async () => {
  const body = `${'0123456789abcdef'.repeat(4)}\r\n`.repeat(60_000)
  const text = oddMail('large', body)
  await using server = await oddServer(inWork([{ uid: 1, text }]))
  await using session = await imapSource(server.endpoint(), PASSWORD).connect(ctx)
  const folder = await session.open('Work')
  const got: Buffer[] = []
  await folder.bodies([1], {
    holdBytes: 1000,
    small: () => assert.fail('it is not small'),
    large: async (_uid, stream) => void got.push(await collected(stream)),
  })
  assert.ok(Buffer.concat(got).equals(Buffer.from(text, 'latin1')))
})
test('T25: the field that Proton Mail Bridge adds to each message is taken away, and nothing else', async () => {
  const text = oddMail('b')
  const messages = THREE.map((one) => ({ ...one, text: `X-Pm-Gluon-Id: 4f0c-${one.uid}\r\n${one.text}` }))
  await using server = await oddServer(inWork(messages))
  const { landed, copied, verified } = await carried(server)
  assert.deepEqual([subjects(landed), copied.failed, verified.different], [ALL, 0, 0])
  assert.ok(landed.some((mail) => mail.bytes.toString('latin1') === text))
})
