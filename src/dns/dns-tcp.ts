import { connect } from 'node:net'
import { Failure } from '../model/failure.ts'

export type DnsServer = { readonly address: string; readonly port: number }

/** Far more than any answer about mail; whatever is longer is no answer to us. */
const MOST_BYTES = 65_535

/**
 * One message over TCP and its answer (RFC 1035 §4.2.2, RFC 7766). `sent`, in the failure, tells what a caller must know of an
 * update: `notDone` is true only where nothing can have reached the server.
 */
export async function overTcp(server: DnsServer, message: Buffer, timeoutMs: number, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted()
  const where = `${server.address} port ${server.port}`
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  let connected = false
  const socket = connect({ host: server.address, port: server.port })
  const fail = (code: 'connection-refused' | 'connection-lost' | 'connection-timeout', says: string, cause?: unknown): void =>
    reject(new Failure(code, `${says} (${where}).`, { notDone: !connected, ...(cause === undefined ? {} : { cause }) }))
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  socket.setTimeout(timeoutMs, () => fail('connection-timeout', 'The name server did not answer in time'))
  socket.once('connect', () => {
    connected = true
    const length = Buffer.alloc(2)
    length.writeUInt16BE(message.length)
    socket.write(Buffer.concat([length, message]))
  })
  const chunks: Buffer[] = []
  let bytes = 0
  socket.on('data', (chunk) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes < 2) return
    const whole = Buffer.concat(chunks)
    const wanted = whole.readUInt16BE(0)
    if (bytes >= wanted + 2) resolve(whole.subarray(2, wanted + 2))
    else if (bytes > MOST_BYTES + 2) fail('connection-lost', 'The name server sent something that is no answer')
  })
  socket.once('error', (error) =>
    fail(connected ? 'connection-lost' : 'connection-refused', 'The name server cannot be reached over TCP', error),
  )
  socket.once('close', () => fail('connection-lost', 'The name server closed the connection without an answer'))
  try {
    const answer = await promise
    if (answer.length < 12 || answer.readUInt16BE(0) !== message.readUInt16BE(0))
      throw new Failure('answer-unreadable', `The name server sent something that is no answer (${where}).`)
    return answer
  } finally {
    signal.removeEventListener('abort', onAbort)
    socket.destroy()
  }
}
