/** What lies in a mailbox, read by ways that share nothing with the product, and a strict comparison of two of them. */
import { createHash } from 'node:crypto'

import { ImapFlow } from 'imapflow'

import type { MailStore, Message } from '../../src/simulator/mail-store.ts'
import { nastyMessages } from '../../src/simulator/nasty-messages.ts'

export type Mail = {
  readonly folder: string
  readonly bytes: Buffer
  /** Without `\Recent`, sorted. */
  readonly flags: readonly string[]
  /** INTERNALDATE in milliseconds since 1970. */
  readonly at: number
}

export type Comparison = {
  /** How many arrived byte for byte. */
  readonly unchanged: number
  /** Arrived once, with other bytes: what became of the message, by its name. */
  readonly altered: ReadonlyMap<string, Buffer>
  readonly lost: readonly string[]
  readonly extra: readonly string[]
  readonly otherFlags: readonly string[]
  readonly otherDate: readonly string[]
}

/** Everything in a mailbox of the simulator, as FETCH would hand it out if `render` is the server's. */
export function mailInStore(store: MailStore, render = (message: Message): Buffer => message.content.bytes()): readonly Mail[] {
  const folders = store.folders().filter((folder) => folder.selectable && folder.kind === 'mail')
  return folders.flatMap((folder) =>
    folder.messages.map((message) => ({
      folder: folder.name,
      bytes: render(message),
      flags: sorted(message.flags),
      at: message.internalDate.getTime(),
    })),
  )
}

export type Login = { readonly port: number; readonly user: string; readonly pass: string }

export function imapFlow({ port, user, pass }: Login): ImapFlow {
  return new ImapFlow({ host: '127.0.0.1', port, secure: false, doSTARTTLS: false, auth: { user, pass }, logger: false })
}

/** Everything in a mailbox of a real server, read by ImapFlow. */
export async function mailOnServer(login: Login): Promise<readonly Mail[]> {
  const client = imapFlow(login)
  await client.connect()
  try {
    const mail: Mail[] = []
    for (const { path, flags } of await client.list()) {
      if (flags.has('\\Noselect') || flags.has('\\NonExistent')) continue
      const opened = await client.mailboxOpen(path, { readOnly: true })
      if (opened.exists === 0) continue
      for await (const one of client.fetch('1:*', { source: true, flags: true, internalDate: true, uid: true })) {
        const at = one.internalDate instanceof Date ? one.internalDate.getTime() : Date.parse(one.internalDate ?? '')
        mail.push({ folder: path, bytes: one.source ?? Buffer.alloc(0), flags: sorted(one.flags ?? []), at })
      }
    }
    return mail
  } finally {
    await client.logout()
  }
}

export type Rules = {
  /** Where the messages of a source folder belong. Default: in the folder of the same name. */
  readonly folder?: (name: string) => string
  /** The flags that the destination can hold. Default: all but `\Deleted`. */
  readonly flags?: (flags: readonly string[]) => readonly string[]
}

/** Finds for each message its one copy: the same bytes in the right folder, else the same date of arrival. */
export function compareMail(source: readonly Mail[], copies: readonly Mail[], rules: Rules = {}): Comparison {
  const folderOf = rules.folder ?? ((name: string) => name)
  const flagsOf = rules.flags ?? ((flags: readonly string[]) => flags.filter((flag) => flag !== '\\Deleted'))
  const free = new Set(copies)
  const pairs: { readonly one: Mail; readonly copy: Mail }[] = []
  const claim = (left: readonly Mail[], same: (one: Mail, copy: Mail) => boolean): readonly Mail[] =>
    left.filter((one) => {
      const copy = [...free].find((each) => each.folder === folderOf(one.folder) && same(one, each))
      if (copy === undefined) return true
      free.delete(copy)
      pairs.push({ one, copy })
      return false
    })
  const flagged = (one: Mail): string => String(sorted(flagsOf(one.flags)))
  // Twins may differ in their flags.
  let left = claim(source, (one, copy) => one.bytes.equals(copy.bytes) && one.at === copy.at && flagged(one) === String(copy.flags))
  left = claim(left, (one, copy) => one.bytes.equals(copy.bytes) && one.at === copy.at)
  left = claim(left, (one, copy) => one.bytes.equals(copy.bytes))
  left = claim(left, (one, copy) => one.at === copy.at)
  const altered = pairs.filter(({ one, copy }) => !one.bytes.equals(copy.bytes))
  return {
    unchanged: pairs.length - altered.length,
    altered: new Map(altered.map(({ one, copy }) => [nameOf(one), copy.bytes])),
    lost: left.map(nameOf),
    extra: [...free].map((copy) => `${copy.folder}: ${nameOf(copy)}`),
    otherFlags: pairs.filter(({ one, copy }) => String(sorted(flagsOf(one.flags))) !== String(copy.flags)).map(({ one }) => nameOf(one)),
    otherDate: pairs.filter(({ one, copy }) => one.at !== copy.at).map(({ one }) => nameOf(one)),
  }
}

/** The nasty case that these bytes are, else the subject. */
export function nameOf(mail: Mail): string {
  const known = NAMES.get(digest(mail.bytes))
  if (known !== undefined) return known
  const text = mail.bytes.toString('latin1')
  return /^Subject:[ \t]*(.*?)\r?$/im.exec(text)?.[1] ?? text.slice(0, 40)
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
const NAMES: ReadonlyMap<string, string> = new Map(nastyMessages().map((one) => [digest(one.bytes()), one.name]))

function sorted(flags: Iterable<string>): readonly string[] {
  return [...flags].filter((flag) => flag !== '\\Recent').sort()
}
