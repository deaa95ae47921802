/** Stands before a name server, over UDP and TCP on one port: counts the changes it is asked for, and tells of each once it is made. */
import { createSocket } from 'node:dgram'
import { connect, createServer, type Socket } from 'node:net'

export type DnsFront = AsyncDisposable & {
  readonly port: number
  /** Where what comes is passed on to, on 127.0.0.1. */
  target: number
  /** Updates (RFC 2136) that the server has answered without an error. */
  readonly changes: number
  /** Called with that number before the answer is passed on. */
  onChange: (changes: number) => void
}

const UPDATE = 5

/** Passes nothing on until `target` is set. */
export async function startDnsFront(): Promise<DnsFront> {
  const state: Pick<DnsFront, 'target' | 'onChange'> & { changes: number } = { target: 0, changes: 0, onChange: () => {} }
  const sockets = new Set<Socket>()
  const tcp = createServer((client) => {
    const server = connect(state.target, '127.0.0.1')
    for (const one of [client, server]) {
      sockets.add(one)
      one.on('error', () => one.destroy())
      one.on('close', () => {
        sockets.delete(one)
        client.destroy()
        server.destroy()
      })
    }
    client.on('data', (chunk: Buffer) => server.write(chunk))
    server.on('data', (chunk: Buffer) => {
      if (chunk.length >= 6 && ((chunk[4] ?? 0) >> 3) % 16 === UPDATE && ((chunk[5] ?? 0) & 15) === 0) state.onChange(++state.changes)
      client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve))
  const address = tcp.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const udp = createSocket('udp4')
  udp.on('message', (question, from) => {
    const way = createSocket('udp4')
    way.on('error', () => {})
    way.on('message', (answer) => {
      udp.send(answer, from.port, from.address)
      way.close()
    })
    way.send(question, state.target, '127.0.0.1')
  })
  await new Promise<void>((resolve, reject) => udp.once('error', reject).bind(port, '127.0.0.1', resolve))
  return Object.assign(state, {
    port,
    async [Symbol.asyncDispose]() {
      for (const one of sockets) one.destroy()
      await new Promise<void>((resolve) => udp.close(resolve))
      await tcp[Symbol.asyncDispose]()
    },
  })
}
