import { MailStore, type Folder } from '../simulator/mail-store.ts'
import { received, type Road } from './road.ts'
import { Rejection, startSmtpHost, type Peer, type SmtpHost } from './smtp-host.ts'

/**
 * Whether the old host takes mail for the domain: `local` always; `auto` as long as MX names it (a panel's setting that flips by itself);
 * `remote` never; `closed` speaks to nobody.
 */
export type Routing = 'local' | 'auto' | 'remote' | 'closed'

export type OldHost = AsyncDisposable & {
  readonly smtp: SmtpHost
  routing: Routing
  /** Sent on to another address, and not kept. */
  readonly forwards: Map<string, string>
  store(address: string): MailStore | null
  /** Makes the mailbox, where there is none. */
  mailbox(address: string): MailStore
}

export type OldHostOptions = {
  readonly name: string
  readonly domain: string
  readonly road: Road
  readonly now: () => number
  readonly password: string
  /** Further addresses of a mailbox. */
  readonly aliases: ReadonlyMap<string, string>
  /** Takes mailboxes from elsewhere, such as the old server of the IMAP simulator. */
  readonly storeOf?: (address: string) => MailStore | null
}

/** The mail host that a domain leaves: delivers into its mailboxes, forwards what it is told to, and takes its users' mail by password. */
export async function startOldHost(options: OldHostOptions): Promise<OldHost> {
  const { name, domain, road, now, aliases } = options
  const stores = new Map<string, MailStore>()
  const forwards = new Map<string, string>()
  const state: { routing: Routing } = { routing: 'local' }
  const ownerOf = (address: string): string => aliases.get(address) ?? address
  const store = (address: string): MailStore | null => options.storeOf?.(ownerOf(address)) ?? stores.get(ownerOf(address)) ?? null
  const isLocal = (): boolean => state.routing === 'local' || (state.routing === 'auto' && road.mailHost(domain) === name)
  const put = (address: string, bytes: Buffer): void => {
    const mails = store(address)
    if (mails === null) return
    // A filter of the user, as servers have them: stragglers are not only in the inbox.
    const folder = address.startsWith('filtered') ? mails.createFolder('Lists', {}) : inboxOf(mails)
    mails.addMessage(folder.name, bytes, { internalDate: new Date(now()) })
  }
  const report = (sender: string, recipient: string, why: string): void => {
    if (sender !== '') put(sender, Buffer.from(reportText(name, sender, recipient, why)))
  }
  const smtp = await startSmtpHost({
    name,
    addressOf: (helo) => road.addressOf(helo),
    greets: () => (state.routing === 'closed' ? '554 5.3.2 This host takes no mail any more' : null),
    password: (user, password) => store(user) !== null && password === options.password,
    recipient: (address, _, peer: Peer) => {
      if (!address.endsWith(`@${domain}`)) {
        if (peer.user === null) throw new Rejection('550 5.7.1 Relaying denied')
        return
      }
      if (!isLocal()) throw new Rejection('550 5.7.1 Relaying denied')
      if (address.startsWith('full')) throw new Rejection('452 4.2.2 The mailbox is over its quota')
      if (store(address) === null && !forwards.has(address)) throw new Rejection(`550 5.1.1 <${address}>: User unknown`)
    },
    message: ({ peer, sender, recipients, bytes }) => {
      const stamped = Buffer.concat([Buffer.from(`Return-Path: <${sender}>\r\n${received(peer, name, new Date(now()))}`), bytes])
      for (const recipient of recipients) {
        const onward = forwards.get(ownerOf(recipient)) ?? (recipient.endsWith(`@${domain}`) ? null : recipient)
        // What is local to it never asks for MX: the trap of mail within the old host.
        if (onward === null) put(recipient, stamped)
        else road.carry({ sender, recipient: onward, bytes: stamped }, name, null, (why) => report(sender, onward, why))
      }
      return '2.0.0 Ok: queued'
    },
  })
  road.open(name, smtp.port)
  return {
    smtp,
    get routing() {
      return state.routing
    },
    set routing(value) {
      state.routing = value
    },
    forwards,
    store,
    mailbox: (address) => {
      const mails = store(address) ?? new MailStore({ separator: '/' })
      inboxOf(mails)
      if (options.storeOf?.(address) === undefined) stores.set(address, mails)
      return mails
    },
    [Symbol.asyncDispose]: () => smtp[Symbol.asyncDispose](),
  }
}

function inboxOf(mails: MailStore): Folder {
  return mails.createFolder('INBOX')
}

export function reportText(by: string, to: string, recipient: string, why: string): string {
  return [
    `From: MAILER-DAEMON@${by}`,
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    `<${recipient}>: ${why}`,
    '',
  ].join('\r\n')
}
