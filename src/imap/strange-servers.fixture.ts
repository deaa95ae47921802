import { once } from 'node:events'
import net from 'node:net'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'

export type StrangeServer = AsyncDisposable & { readonly port: number; readonly connections: () => number }

/** For tests: a server on loopback that does with each connection what the test says, and with none what it does not. */
export async function strangeServer(act: (socket: net.Socket) => void, encrypted: tls.TlsOptions | null = null): Promise<StrangeServer> {
  const sockets = new Set<net.Socket>()
  let connections = 0
  const met = (socket: net.Socket): void => {
    connections++
    sockets.add(socket)
    socket.on('error', () => {})
    act(socket)
  }
  const server = encrypted === null ? net.createServer(met) : tls.createServer(encrypted, met)
  if (encrypted !== null) {
    server.on('connection', (socket: net.Socket) => sockets.add(socket))
    server.on('tlsClientError', () => {})
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
