import { dovecot } from '../simulator/dovecot.ts'
import { startImapServer, type ImapServer } from '../simulator/imap-server.ts'
import { MailStore } from '../simulator/mail-store.ts'
import { reportText } from './old-host.ts'
import { received, type Road } from './road.ts'
import { Rejection, startSmtpHost, type SmtpHost } from './smtp-host.ts'
import { judgeMail } from './verdicts.ts'

/** A mailbox somewhere else on the Internet, with a mail host that tells what it found of each message, and IMAP to read it by. */
export type OutsideHost = AsyncDisposable & {
  readonly smtp: SmtpHost
  readonly imap: ImapServer
  readonly address: string
  readonly password: string
  readonly store: MailStore
}

export async function startOutsideHost(name: string, address: string, road: Road, now: () => number): Promise<OutsideHost> {
  const password = 'Reflector-Passw0rd'
  const store = new MailStore({ separator: '.' })
  store.createFolder('INBOX')
  store.createFolder('Junk', { specialUse: '\\Junk' })
  const put = (bytes: Buffer): void => void store.addMessage('INBOX', bytes, { internalDate: new Date(now()) })
  const smtp = await startSmtpHost({
    name,
    addressOf: (helo) => road.addressOf(helo),
    password: (user, given) => user === address && given === password,
    recipient: (recipient, _, peer) => {
      if (recipient !== address && peer.user === null)
        throw new Rejection(`550 5.1.1 <${recipient}>: Recipient address rejected: User unknown`)
    },
    message: ({ peer, sender, recipients, bytes }) => {
      const head = received(peer, name, new Date(now()))
      for (const recipient of recipients) {
        if (recipient === address) {
          const { header } = judgeMail(road.zone, name, peer.ip, sender, bytes)
          put(Buffer.concat([Buffer.from(`Return-Path: <${sender}>\r\nAuthentication-Results: ${header}\r\n${head}`), bytes]))
        } else
          road.carry({ sender, recipient, bytes: Buffer.concat([Buffer.from(head), bytes]) }, name, null, (why) =>
            put(Buffer.from(reportText(name, sender, recipient, why))),
          )
      }
      return '2.0.0 Ok: queued'
    },
  })
  road.open(name, smtp.port)
  const imap = await startImapServer(dovecot, { users: [{ login: address, password, store }], now })
  return {
    smtp,
    imap,
    address,
    password,
    store,
    [Symbol.asyncDispose]: async () => void (await Promise.all([smtp[Symbol.asyncDispose](), imap[Symbol.asyncDispose]()])),
  }
}
