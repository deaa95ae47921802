import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import type { FailureCode } from '../model/failure-codes.ts'
import { append, multiAppend } from './append.ts'
import type { OutgoingMessage } from './append.ts'
import { noop } from './noop.ts'
import { scriptedServer } from './scripted-server.ts'
import type { Session } from './session.ts'

function message(text: string): OutgoingMessage {
  return { flags: ['\\Seen'], internalDate: '7-Jul-1996 02:44:25 -0700', bytes: Buffer.byteLength(text), body: [Buffer.from(text)] }
}

function failed(code: FailureCode, notDone?: boolean): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Failure, String(error))
    assert.equal(error.code, code, error.message)
    if (notDone !== undefined) assert.equal(error.notDone, notDone)
    return true
  }
}

const appends = (session: Session, count: number): Promise<PromiseSettledResult<unknown>[]> =>
  Promise.allSettled(Array.from({ length: count }, (_, at) => append(session, 'Box', message(`m${at}`))))

test('several appends are on the way before the first answer, and answers are matched by tag', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn('LITERAL+ UIDPLUS')
    const first = await client.command()
    assert.equal(first.text, 'APPEND "Box" (\\Seen) " 7-Jul-1996 02:44:25 -0700" {2+}')
    assert.equal(await client.line(), 'm0')
    const second = await client.command()
    await client.line()
    client.say(`${second.tag} OK [APPENDUID 5 12] done`, `${first.tag} OK [APPENDUID 5 11] done`)
  })
  const session = await server.connect()
  const receipts = await Promise.all([append(session, 'Box', message('m0')), append(session, 'Box', message('m1'))])
  assert.deepEqual(receipts, [
    { uidValidity: '5', uid: 11 },
    { uidValidity: '5', uid: 12 },
  ])
  await server.script
  session.destroy()
})

test('without LITERAL+ a literal waits for its +, and the commands behind it wait too', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn()
    const { tag, text } = await client.command()
    assert.match(text, /\{2\}$/)
    client.say('* 3 EXISTS')
    assert.equal(client.unread, '')
    client.say('+ go on')
    assert.equal((await client.octets(4)).toString(), 'm0\r\n')
    client.say(`${tag} OK`)
    assert.equal(await client.answer('% OK'), 'NOOP')
  })
  const session = await server.connect()
  const [receipt] = await Promise.all([append(session, 'Box', message('m0')), noop(session)])
  assert.deepEqual(receipt, { uidValidity: null, uid: null })
  await server.script
  session.destroy()
})

test('a literal that is refused before the + is never sent, and the next command follows', async () => {
  let sent = 0
  await using server = await scriptedServer(async (client) => {
    await client.signIn('LITERAL+')
    assert.match(await client.answer('% NO Maximum size of appendable message has been exceeded'), /\{300000\}$/)
    assert.equal(await client.answer('% OK'), 'NOOP')
  })
  const session = await server.connect()
  async function* body(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(100_000)
    sent++
    yield Buffer.alloc(200_000)
  }
  await assert.rejects(append(session, 'Box', { ...message(''), bytes: 300_000, body: body() }), failed('message-too-large', true))
  await noop(session)
  assert.equal(sent, 0)
  assert.equal(session.alive, true)
  await server.script
  session.destroy()
})

test('a size that the server took once goes without asking the next time', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn('LITERAL+')
    for (const mark of ['{300000}', '{300000+}']) {
      const { tag, text } = await client.command()
      assert.ok(text.endsWith(mark), text)
      if (mark === '{300000}') client.say('+')
      await client.octets(300_002)
      client.say(`${tag} OK`)
    }
  })
  const session = await server.connect()
  const big = { ...message(''), bytes: 300_000, body: [Buffer.alloc(300_000, 'x')] }
  await append(session, 'Box', big)
  assert.equal(session.provenLiteralBytes, 300_000)
  await append(session, 'Box', big)
  await server.script
  session.destroy()
})

test('several messages go in one command where the server has MULTIAPPEND, and get their UIDs in order', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn('LITERAL+ MULTIAPPEND')
    const { tag } = await client.command()
    assert.equal(await client.line(), 'm0 (\\Seen) " 7-Jul-1996 02:44:25 -0700" {2+}')
    assert.equal(await client.line(), 'm1')
    client.say(`${tag} OK [APPENDUID 9 7:8] done`)
  })
  const session = await server.connect()
  const receipts = await multiAppend(session, 'Box', [message('m0'), message('m1')])
  assert.deepEqual(
    receipts.map((receipt) => receipt.uid),
    [7, 8],
  )
  session.destroy()
})

for (const words of ['<body BAD Command Error. 10', '* BAD Command Error. 10', 'what is this']) {
  test(`"${words}" while messages are being written is the end of the session, and all of them are in doubt`, async () => {
    await using server = await scriptedServer(async (client) => {
      await client.signIn('LITERAL+')
      for (let i = 0; i < 4; i++) await client.line()
      client.say(words)
      await client.closed()
    })
    const session = await server.connect()
    const ends = await appends(session, 2)
    for (const end of ends) assert.ok(end.status === 'rejected' && failed('protocol', false)(end.reason))
    assert.match((await session.closed).message, new RegExp(words.replace('*', '\\*')))
    assert.equal(session.alive, false)
    await assert.rejects(noop(session), failed('protocol', true))
  })
}

test('an untagged BAD instead of the + tells of this message that it is too large', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn()
    await client.command()
    client.say('* BAD command line limit exceeded')
  })
  const session = await server.connect()
  await assert.rejects(append(session, 'Box', message('m0')), failed('message-too-large'))
  assert.equal((await session.closed).code, 'protocol')
})

test('a garbage line before anything was written is passed over', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn()
    assert.equal(await client.answer('* BAD Invalid tag', 'xyz OK what', '* OK still here', '% OK'), 'NOOP')
  })
  const session = await server.connect()
  await noop(session)
  assert.equal(session.alive, true)
  session.destroy()
})

test('"Server Unavailable. 15" without tag or star ends the session as such', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn()
    await client.answer('Server Unavailable. 15')
  })
  const session = await server.connect()
  await assert.rejects(noop(session), failed('server-unavailable'))
})

test('an expired token ends the session whoever hears of it first', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn()
    await client.answer('* BYE Session invalidated - AccessTokenExpired')
  })
  const session = await server.connect()
  await assert.rejects(noop(session), failed('token-expired'))
  assert.equal(session.alive, false)
})

test('throttling is told with its time and leaves the session alive when it is the answer to a command', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn()
    await client.answer('% BAD Request is throttled. Suggested Backoff Time: 92415 milliseconds')
  })
  const session = await server.connect()
  await assert.rejects(noop(session), (error) => failed('throttled')(error) && error instanceof Failure && error.retryAfterMs === 92_415)
  assert.equal(session.alive, true)
  session.destroy()
})

test('when the connection breaks, what had left is in doubt and what still waited was certainly not done', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn('LITERAL+')
    await client.line()
    await client.line()
    await client.command()
    client.socket.destroy()
  })
  const session = await server.connect()
  const big = { ...message(''), bytes: 300_000, body: [Buffer.alloc(300_000)] }
  const ends = await Promise.allSettled([append(session, 'Box', message('m0')), append(session, 'Box', big), append(session, 'Box', big)])
  const doubts = ends.map((end) => end.status === 'rejected' && failed('connection-lost')(end.reason) && (end.reason as Failure).notDone)
  assert.deepEqual(doubts, [false, true, true])
})

test('a body that ends too early destroys the session, as its literal cannot be completed', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn('LITERAL+')
    await client.closed()
  })
  const session = await server.connect()
  async function* short(): AsyncGenerator<Buffer> {
    yield Buffer.from('abc')
  }
  await assert.rejects(append(session, 'Box', { ...message(''), bytes: 5, body: short() }), /announced with 5 bytes and ended after 3/)
  assert.equal((await session.closed).code, 'connection-lost')
})

test('a body that fails before a byte has left costs only its own message', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn('LITERAL+')
    assert.equal(await client.answer('% OK'), 'NOOP')
  })
  const session = await server.connect()
  const broken: AsyncIterable<Buffer> = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(new Failure('connection-lost', 'source gone')) }),
  }
  await assert.rejects(append(session, 'Box', { ...message(''), bytes: 5, body: broken }), failed('connection-lost'))
  await noop(session)
  await assert.rejects(append(session, 'Box', { ...message('abc'), bytes: 5 }), failed('protocol', true))
  session.destroy()
})

test('a server that falls silent while an answer is due is given up', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn()
    await client.closed()
  })
  const session = await server.connect({ idleTimeoutMs: 30 })
  await assert.rejects(noop(session), failed('connection-timeout'))
})

test('a message larger than the server says it takes is not sent at all', async () => {
  await using server = await scriptedServer((client) => client.signIn('APPENDLIMIT=10 LITERAL+'))
  const session = await server.connect()
  await assert.rejects(append(session, 'Box', message('12345678901')), failed('message-too-large', true))
  session.destroy()
})

test('logging out waits for the server and closes', async () => {
  await using server = await scriptedServer(async (client) => {
    await client.signIn()
    assert.equal(await client.answer('* BYE see you', '% OK'), 'LOGOUT')
  })
  const session = await server.connect()
  await session[Symbol.asyncDispose]()
  assert.equal(session.alive, false)
  await server.script
})
