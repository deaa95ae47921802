/** A few IMAP commands in plain words, to prove that a server of the rig works; not a client. */
import { type Socket, connect } from 'node:net'
import { type TLSSocket, connect as connectTls } from 'node:tls'

export type Dialogue = AsyncDisposable & {
  readonly greeting: string
  /** Sends one command and returns everything up to its tagged answer, which is the last line. */
  send(command: string): Promise<string>
  /** The same, and throws unless the answer is OK. */
  must(command: string): Promise<string>
}

/** Connects and waits for the greeting; with `caPem` over TLS, checking the certificate. */
export async function openDialogue(port: number, caPem?: string): Promise<Dialogue> {
  const plain = () => connect(port, '127.0.0.1')
  const socket: Socket | TLSSocket = caPem === undefined ? plain() : connectTls({ port, host: '127.0.0.1', ca: caPem })
  socket.setEncoding('latin1')
  const chunks = socket.iterator({ destroyOnReturn: false })
  let tag = 0

  async function readUntil(done: (text: string) => boolean): Promise<string> {
    let text = ''
    while (!done(text)) {
      const next = await chunks.next()
      if (next.done === true) throw new Error(`The server closed the connection after ${JSON.stringify(text)}`)
      text += String(next.value)
    }
    return text
  }

  async function send(command: string): Promise<string> {
    const name = `a${++tag}`
    socket.write(`${name} ${command}\r\n`, 'latin1')
    return readUntil((text) => text.endsWith('\r\n') && text.slice(0, -2).split('\r\n').at(-1)?.startsWith(`${name} `) === true)
  }

  return {
    greeting: await readUntil((text) => text.endsWith('\r\n')),
    send,
    async must(command) {
      const answer = await send(command)
      if (!answer.includes(`a${tag} OK`)) throw new Error(`${command.split(' ')[0]} was answered by ${JSON.stringify(answer)}`)
      return answer
    },
    async [Symbol.asyncDispose]() {
      socket.destroy()
    },
  }
}
