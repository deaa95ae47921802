/** A TCP proxy on loopback that delays, cuts, loses and stalls on request: the network's bad days for tests. */
import { type Server, type Socket, connect, createServer } from 'node:net'

import { type DelayLine, delayLine } from './delay-line.ts'

export type Direction = 'up' | 'down'

/** How the network behaves. Bytes are counted over one connection, from its start; `up` is towards the server. */
export type Weather = {
  /** Round trip added, half of it each way, without limiting bandwidth. */
  readonly roundTripMs?: number
  /** Resets both ends once exactly this many bytes were passed on in that direction. */
  readonly cutAfter?: { readonly direction: Direction; readonly bytes: number }
  /** The server still gets everything, but of its replies only this many bytes arrive: the action happens, its answer is lost. */
  readonly loseRepliesAfterBytes?: number
  /** After this many bytes in that direction nothing passes in either, yet both connections stay open: half-open, as behind a dead NAT. */
  readonly stallAfter?: { readonly direction: Direction; readonly bytes: number }
  /** New connections are accepted and reset at once. */
  readonly refuse?: boolean
  /** Only connections with these numbers (first = 1) feel `cutAfter`, `loseRepliesAfterBytes` and `stallAfter`; default all. */
  readonly connections?: readonly number[]
}

export type Proxy = AsyncDisposable & {
  readonly host: '127.0.0.1'
  readonly port: number
  /** Changes the weather, for open connections as well; a byte limit that was passed already takes effect at the next byte. */
  set(weather: Weather): void
  /** Resets every open connection now. */
  cutAll(): void
  /** Bytes passed on so far, over all connections. */
  readonly bytes: Readonly<Record<Direction, number>>
  /** Connections accepted so far, refused ones included. */
  readonly accepted: number
  /** Connections open now. */
  readonly open: number
}

/** Listens on a free port and passes everything on to `port` of 127.0.0.1. */
export async function startProxy(port: number, initial: Weather = {}): Promise<Proxy> {
  const bytes = { up: 0, down: 0 }
  const pairs = new Set<Pair>()
  let weather = initial
  let accepted = 0
  const server = createServer({ noDelay: true }, (client) => {
    accepted++
    if (weather.refuse === true) {
      client.on('error', ignore)
      client.resetAndDestroy()
      return
    }
    const number = accepted
    const pair = join(client, connect({ port, host: '127.0.0.1', noDelay: true }), () => weatherFor(weather, number), bytes)
    pairs.add(pair)
    pair.closed.then(() => pairs.delete(pair), ignore)
  })
  const listening = Promise.withResolvers<void>()
  server.once('error', listening.reject).listen(0, '127.0.0.1', listening.resolve)
  await listening.promise

  return {
    host: '127.0.0.1',
    port: portOf(server),
    set(next) {
      weather = next
    },
    cutAll() {
      for (const pair of pairs) pair.cut()
    },
    bytes,
    get accepted() {
      return accepted
    },
    get open() {
      return pairs.size
    },
    async [Symbol.asyncDispose]() {
      for (const pair of pairs) pair.cut()
      await server[Symbol.asyncDispose]()
    },
  }
}

type Pair = { cut(): void; readonly closed: Promise<void> }

function join(client: Socket, upstream: Socket, weather: () => Weather, totals: Record<Direction, number>): Pair {
  const closed = Promise.withResolvers<void>()
  const passed = { up: 0, down: 0 }
  let stalled = false
  let lines: readonly DelayLine[] = []
  const cut = () => {
    for (const line of lines) line.stop()
    client.resetAndDestroy()
    upstream.resetAndDestroy()
    closed.resolve()
  }

  /** Passes on what the weather lets through of one chunk; what it swallows is gone. */
  function pass(direction: Direction, chunk: Buffer, to: Socket): boolean {
    const { cutAfter, stallAfter, loseRepliesAfterBytes } = weather()
    if (stalled) return true
    const limitOf = (rule: Weather['cutAfter']) => (rule?.direction === direction ? Math.max(0, rule.bytes - passed[direction]) : Infinity)
    const untilCut = limitOf(cutAfter)
    const untilStall = limitOf(stallAfter)
    const untilLoss =
      direction === 'down' && loseRepliesAfterBytes !== undefined ? Math.max(0, loseRepliesAfterBytes - passed.down) : Infinity
    const piece = chunk.subarray(0, Math.min(untilCut, untilStall, untilLoss, chunk.length))
    passed[direction] += piece.length
    totals[direction] += piece.length
    const cutting = untilCut <= piece.length
    const room = piece.length === 0 || to.write(piece, cutting ? cut : undefined)
    if (cutting && piece.length === 0) cut()
    if (untilStall <= piece.length) stalled = true
    return room
  }

  const line = (direction: Direction, from: Socket, to: Socket) =>
    delayLine(from, {
      delayMs: () => (weather().roundTripMs ?? 0) / 2,
      deliver: (chunk) => pass(direction, chunk, to),
      end: () => (stalled ? undefined : to.end()),
      drained: (resume) => to.once('drain', resume),
    })
  lines = [line('up', client, upstream), line('down', upstream, client)]
  for (const socket of [client, upstream]) {
    socket.on('error', () => (stalled ? undefined : cut()))
    socket.on('close', () => {
      if (client.destroyed && upstream.destroyed) closed.resolve()
    })
  }
  return { cut, closed: closed.promise }
}

function weatherFor(weather: Weather, connection: number): Weather {
  if (weather.connections === undefined || weather.connections.includes(connection)) return weather
  return weather.roundTripMs === undefined ? {} : { roundTripMs: weather.roundTripMs }
}

function portOf(server: Server): number {
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('The proxy does not listen')
  return address.port
}

function ignore(): void {}
