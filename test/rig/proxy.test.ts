import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type Socket, connect, createServer } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { test } from 'node:test'

import { type Weather, startProxy } from './proxy.ts'

/** A server that answers every byte it gets with the same byte, and what it received. */
async function startEcho() {
  const received: Buffer[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('data', (chunk) => {
      received.push(chunk)
      socket.write(chunk)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    received: () => Buffer.concat(received).toString(),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await server[Symbol.asyncDispose]()
    },
  }
}

/** Sends text, and resolves with everything that came back until the connection ended, and how it ended. */
async function talk(port: number, text: string): Promise<{ readonly text: string; readonly error: string }> {
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  let error = ''
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', (problem) => (error = 'code' in problem ? String(problem.code) : problem.message))
  socket.write(text)
  await new Promise((resolve) => socket.once('close', resolve))
  return { text: Buffer.concat(chunks).toString(), error }
}

async function withWeather(weather: Weather) {
  const echo = await startEcho()
  const proxy = await startProxy(echo.port, weather)
  return {
    echo,
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]()
      await echo[Symbol.asyncDispose]()
    },
  }
}

test('a connection is reset after exactly the byte asked for, towards the server', async () => {
  await using net = await withWeather({ cutAfter: { direction: 'up', bytes: 4 } })
  const { echo, proxy } = net
  const answer = await talk(proxy.port, 'abcdefgh')
  assert.equal(answer.error, 'ECONNRESET')
  assert.equal(proxy.bytes.up, 4)
  while (echo.received() !== 'abcd') await new Promise(setImmediate)
})

test('a connection is reset after exactly the byte asked for, towards the client', async () => {
  await using net = await withWeather({ cutAfter: { direction: 'down', bytes: 3 } })
  const { echo, proxy } = net
  const answer = await talk(proxy.port, 'abcdefgh')
  assert.equal(answer.error, 'ECONNRESET')
  assert.equal(echo.received(), 'abcdefgh')
  assert.equal(proxy.bytes.down, 3)
  assert.equal(answer.text, 'abc')
})

test('lost replies: the server gets everything, the client nothing more', async () => {
  await using net = await withWeather({ loseRepliesAfterBytes: 2 })
  const { echo, proxy } = net
  const socket = connect(proxy.port, '127.0.0.1')
  socket.on('error', () => undefined)
  const everything = buffer(socket).catch(() => Buffer.alloc(0))
  socket.write('abcdefgh')
  const [first] = await once(socket, 'data')
  assert.equal(String(first), 'ab')
  while (echo.received() !== 'abcdefgh') await new Promise(setImmediate)
  assert.equal(proxy.bytes.down, 2)
  assert.equal(socket.destroyed, false)
  proxy.cutAll()
  await everything
})

test('a stalled connection stays open and passes nothing on, in either direction', async () => {
  await using net = await withWeather({ stallAfter: { direction: 'up', bytes: 3 } })
  const { echo, proxy } = net
  const socket = connect(proxy.port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write('abcdefgh')
  while (echo.received() !== 'abc') await new Promise(setImmediate)
  // A second connection that works proves that time enough went by for the first.
  proxy.set({})
  const second = connect(proxy.port, '127.0.0.1')
  second.write('x')
  await once(second, 'data')
  second.destroy()
  assert.equal(echo.received(), 'abcx')
  assert.equal(socket.bytesRead, 0)
  assert.equal(socket.destroyed, false)
  socket.destroy()
})

test('refused connections end at once and never reach the server; the next weather lets them in', async () => {
  await using net = await withWeather({ refuse: true })
  const { echo, proxy } = net
  const answer = await talk(proxy.port, 'abc')
  assert.equal(answer.text, '')
  assert.equal(echo.received(), '')
  assert.equal(proxy.accepted, 1)
  proxy.set({ cutAfter: { direction: 'down', bytes: 3 } })
  assert.match((await talk(proxy.port, 'abc')).error, /ECONNRESET/)
  assert.equal(echo.received(), 'abc')
})

test('only the connection that was named is cut', async () => {
  await using net = await withWeather({ cutAfter: { direction: 'up', bytes: 1 }, connections: [1] })
  const { proxy } = net
  assert.equal((await talk(proxy.port, 'abc')).error, 'ECONNRESET')
  const socket = connect(proxy.port, '127.0.0.1')
  socket.write('whole')
  const [answer] = await once(socket, 'data')
  assert.equal(String(answer), 'whole')
  assert.equal(proxy.open, 1)
  socket.destroy()
})

test('a round trip is added to each exchange but not to each chunk: many exchanges in flight take one', async () => {
  await using net = await withWeather({ roundTripMs: 40 })
  const { proxy } = net
  const socket = connect({ port: proxy.port, host: '127.0.0.1', noDelay: true })
  await once(socket, 'connect')
  const began = performance.now()
  let answered = 0
  const chunk = Buffer.alloc(64 * 1024)
  const total = 200 * chunk.length
  for (let sent = 0; sent < total; sent += chunk.length) socket.write(chunk)
  for await (const piece of socket.iterator({ destroyOnReturn: false })) {
    if (answered === 0) assert.ok(performance.now() - began >= 39, 'the first byte came too early')
    answered += Buffer.from(piece).length
    if (answered === total) break
  }
  // 200 chunks one after another would need eight seconds.
  assert.ok(performance.now() - began < 4000)
  socket.destroy()
})
