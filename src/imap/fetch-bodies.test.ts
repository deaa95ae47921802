import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../model/failure.ts'
import { fetchBodies, fetchOctets } from './fetch-bodies.ts'
import type { BodySink } from './fetch-bodies.ts'
import { scriptedServer } from './scripted-server.ts'
import type { Conversation } from './scripted-server.ts'

type Basket = BodySink & { readonly got: Map<number, string> }

/** Keeps what comes: "small x" or "large x". */
function basket(holdBytes = 10): Basket {
  const got = new Map<number, string>()
  return {
    got,
    holdBytes,
    small: (uid, chunks) => void got.set(uid, `small ${Buffer.concat(chunks).toString()}`),
    large: async (uid, stream) => {
      const chunks: Buffer[] = []
      for await (const chunk of stream) chunks.push(chunk)
      got.set(uid, `large ${Buffer.concat(chunks).toString()}`)
    },
  }
}

const body = (uid: number, text: string): string => `* 1 FETCH (UID ${uid} BODY[] {${text.length}}\r\n${text})`

async function reader(script: (client: Conversation) => Promise<void>): ReturnType<typeof scriptedServer> {
  return scriptedServer(async (client) => {
    await client.signIn()
    await script(client)
  })
}

test('bodies are fetched by PEEK, and the UIDs that the server left out are returned', async () => {
  await using server = await reader(async (client) => {
    const text = await client.answer(body(2, 'two'), '* 3 FETCH (UID 3 BODY[] NIL)', '* 4 FETCH (UID 4 BODY[] "four")', '% OK')
    assert.equal(text, 'UID FETCH 1:4,9 (UID BODY.PEEK[])')
  })
  const session = await server.connect()
  const sink = basket()
  assert.deepEqual(await fetchBodies(session, [9, 4, 3, 2, 1], sink), [9, 3, 1])
  assert.deepEqual(
    [...sink.got],
    [
      [2, 'small two'],
      [4, 'small four'],
    ],
  )
  session.destroy()
})

test('answers that arrive interleaved go to the call that asked for their UID', async () => {
  await using server = await reader(async (client) => {
    const first = await client.command()
    const second = await client.command()
    client.say(body(3, 'three is long enough'), body(1, 'one'), `${second.tag} OK`, body(2, 'two'), `${first.tag} OK`)
  })
  const session = await server.connect()
  const [a, b] = [basket(), basket()]
  const left = await Promise.all([fetchBodies(session, [1, 2], a), fetchBodies(session, [3, 4], b)])
  assert.deepEqual(left, [[], [4]])
  assert.deepEqual([...a.got.keys()], [1, 2])
  assert.deepEqual([...b.got], [[3, 'large three is long enough']])
  session.destroy()
})

test('a UID that is told only behind a large body finds its message', async () => {
  const late = (uid: number, text: string): string => `* 1 FETCH (BODY[] {${text.length}}\r\n${text} UID ${uid})`
  await using server = await reader(async (client) => {
    await client.answer(late(2, 'the second is large'), late(1, 'the first is large'), '% OK')
  })
  const session = await server.connect()
  const sink = basket()
  assert.deepEqual(await fetchBodies(session, [1, 2], sink), [])
  assert.deepEqual(
    [...sink.got].sort(([a], [b]) => a - b),
    [
      [1, 'large the first is large'],
      [2, 'large the second is large'],
    ],
  )
  session.destroy()
})

test('a body guessed to be the last one due and then told to be another ends the session', async () => {
  await using server = await reader(async (client) => {
    await client.answer('* 1 FETCH (BODY[] {12}\r\n123456789012 UID 7)')
  })
  const session = await server.connect()
  const sink = basket()
  await assert.rejects(fetchBodies(session, [5], sink), (error) => error instanceof Failure && error.code === 'protocol')
  assert.deepEqual([...sink.got], [])
})

test('two large bodies in one answer end the session, and no reader waits for ever', async () => {
  await using server = await reader(async (client) => {
    await client.answer(`* 1 FETCH (UID 5 BODY[] {12}\r\n123456789012 UID 6 BODY[] {12}\r\n123456789012)`)
  })
  const session = await server.connect()
  const sink = basket()
  await assert.rejects(fetchBodies(session, [5, 6, 7], sink), (error) => error instanceof Failure && error.code === 'protocol')
  assert.deepEqual([...sink.got], [])
})

test('when the connection breaks in a large body, its reader gets what came and then the failure', async () => {
  await using server = await reader(async (client) => {
    await client.command()
    client.socket.end(`* 1 FETCH (UID 5 BODY[] {100}\r\n${'x'.repeat(40)}`)
  })
  const session = await server.connect()
  let came = 0
  let seen: unknown = null
  const sink: BodySink = {
    ...basket(),
    large: async (_, stream) => {
      try {
        for await (const chunk of stream) came += chunk.length
      } catch (error) {
        seen = error
      }
    },
  }
  await assert.rejects(fetchBodies(session, [5], sink), (error) => error instanceof Failure && error.code === 'connection-lost')
  assert.equal(came, 40)
  assert.equal(seen, await session.closed)
})

test('a slow reader makes the server wait, and gets everything in the end', async () => {
  const bytes = 20 * 1024 * 1024
  let sent = 0
  await using server = await reader(async (client) => {
    const { tag } = await client.command()
    client.say(`* 1 FETCH (UID 5 BODY[] {${bytes}}`)
    const piece = Buffer.alloc(64 * 1024, 'x')
    for (; sent < bytes; sent += piece.length) if (!client.socket.write(piece)) await new Promise((go) => client.socket.once('drain', go))
    client.say(')', `${tag} OK`)
  })
  const session = await server.connect()
  let came = 0
  let aheadBytes = 0
  const sink: BodySink = {
    ...basket(),
    large: async (_, stream) => {
      for await (const chunk of stream) {
        came += chunk.length
        if (came > bytes / 2 && aheadBytes === 0) {
          // many turns of the loop without reading: a server that is not held back would be through by now
          for (let i = 0; i < 2000; i++) await new Promise((go) => setImmediate(go))
          aheadBytes = sent - came
        }
      }
    },
  }
  assert.deepEqual(await fetchBodies(session, [5], sink), [])
  assert.equal(came, bytes)
  assert.ok(aheadBytes < bytes / 2 - 64 * 1024, `${aheadBytes} bytes were sent ahead`)
  session.destroy()
})

test('a reader that gives up a large body does not hold up the next message', async () => {
  await using server = await reader(async (client) => {
    await client.answer(body(5, 'x'.repeat(5_000_000)), body(6, 'six'), '% OK')
  })
  const session = await server.connect()
  const sink = { ...basket(), large: () => Promise.resolve() }
  assert.deepEqual(await fetchBodies(session, [5, 6], sink), [])
  assert.equal(sink.got.get(6), 'small six')
  session.destroy()
})

test('what a sink throws comes back to the caller, and the session goes on', async () => {
  await using server = await reader(async (client) => {
    await client.answer(body(5, 'five'), '% OK')
    await client.answer(body(6, 'six, which is large'), '% OK')
    await client.answer('% OK')
  })
  const session = await server.connect()
  const fail = (): never => {
    throw new Error('no room')
  }
  await assert.rejects(fetchBodies(session, [5], { ...basket(), small: fail }), /no room/)
  await assert.rejects(fetchBodies(session, [6], { ...basket(), large: fail }), /no room/)
  assert.deepEqual(await fetchBodies(session, [7], basket()), [7])
  session.destroy()
})

test('messages that vanished meanwhile are left out, not a failure', async () => {
  await using server = await reader(async (client) => {
    await client.answer(body(1, 'one'), '% NO Some of the requested messages no longer exist.')
  })
  const session = await server.connect()
  assert.deepEqual(await fetchBodies(session, [1, 2], basket()), [2])
  session.destroy()
})

test('thousands of scattered UIDs go in commands below 8,000 characters', async () => {
  let longest = 0
  await using server = await reader(async (client) => {
    for (;;) longest = Math.max(longest, (await client.answer('% OK')).length)
  })
  const session = await server.connect()
  const uids = Array.from({ length: 2000 }, (_, at) => 100_000 + at * 2)
  assert.equal((await fetchBodies(session, uids, basket())).length, 2000)
  assert.ok(longest > 3000 && longest < 8000)
  session.destroy()
})

test('octets pass by in order, also of a message whose UID comes behind it, and one that breaks off has no end', async () => {
  const long = 'x'.repeat(300_000)
  await using server = await reader(async (client) => {
    await client.answer(body(1, long), '* 2 FETCH (BODY[] {3}\r\ntwo UID 2)', '% OK')
    await client.command()
    client.say('* 3 FETCH (UID 3 BODY[] {9}\r\nthr')
    client.socket.end()
  })
  const session = await server.connect()
  const seen: string[] = []
  const octets = (uid: number): { chunk(octets: Buffer): void; end(): void } => {
    let text = ''
    return { chunk: (some) => void (text += some.toString()), end: () => void seen.push(`${uid} ${text}`) }
  }
  assert.deepEqual(await fetchOctets(session, [1, 2, 4], octets), [4])
  assert.deepEqual(seen, [`1 ${long}`, '2 two'])
  await assert.rejects(fetchOctets(session, [3], octets), { code: 'connection-lost' })
  assert.equal(seen.length, 2)
})
