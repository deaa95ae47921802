/** The real servers that people leave, as sources of a migration, and what lies under them on the disk. */
import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'

import { needs } from '../servers/available.ts'
import { startCourier } from '../servers/courier.ts'
import { startCyrus } from '../servers/cyrus.ts'
import { openDialogue } from '../servers/dialogue.ts'
import { startDovecot } from '../servers/dovecot.ts'
import { startMailutils } from '../servers/mailutils.ts'

export type OriginServer = AsyncDisposable & {
  readonly port: number
  readonly folder: string
  readonly users: readonly { readonly login: string; readonly password: string }[]
}

export type Origin = {
  readonly name: string
  readonly skip: string | false
  /** What stands before the name of every folder but INBOX. */
  readonly prefix: string
  /** The files that hold messages, below the server's folder. */
  readonly messageFile: RegExp
  /** A file's own name says the message; where its folder or its flags are part of it they are left out by this. */
  readonly spelled: (path: string) => string
  /** What it writes into each message for its own use. */
  readonly own: RegExp | null
  start(): Promise<OriginServer>
}

/** Maildir keeps flags behind ":2," and moves what was seen for the first time from `new` to `cur`. */
const maildirName = (path: string): string => path.replace(/\/(?:new|cur)\//, '/').replace(/:2,.*$/, '')
const asItIs = (path: string): string => path

export const DOVECOT: Origin = {
  name: 'Dovecot',
  skip: needs('dovecot'),
  prefix: '',
  messageFile: /\/(?:new|cur)\/./,
  spelled: asItIs,
  own: null,
  start: () => startDovecot({ tls: false, mailFormat: 'maildir' }),
}
export const CYRUS: Origin = {
  name: 'Cyrus',
  skip: needs('cyrus'),
  prefix: '',
  messageFile: /\/spool\/.*\/\d+\.$/,
  spelled: asItIs,
  own: null,
  start: () => startCyrus(),
}
export const COURIER: Origin = {
  name: 'Courier',
  skip: needs('courier'),
  prefix: 'INBOX.',
  messageFile: /\/(?:new|cur)\/./,
  // SELECT, which it needs, is the first look at a message.
  spelled: maildirName,
  own: null,
  start: () => startCourier(),
}
export const MAILUTILS: Origin = {
  name: 'Mailutils',
  skip: needs('mailutils'),
  prefix: '',
  messageFile: /\/home\/[^/]+\/./,
  spelled: asItIs,
  own: /^(?:X-IMAPbase|X-UID|Status|X-Status): .*\r\n/gm,
  start: () => startMailutils(),
}
export const DOVECOT_INBOX_DOT: Origin = {
  ...DOVECOT,
  name: 'Dovecot with everything below INBOX.',
  prefix: 'INBOX.',
  start: () => startDovecot({ tls: false, layout: 'inbox-dot', mailFormat: 'maildir' }),
}
export const CYRUS_INBOX_DOT: Origin = {
  ...CYRUS,
  name: 'Cyrus with everything below INBOX.',
  prefix: 'INBOX.',
  start: () => startCyrus({ layout: 'inbox-dot' }),
}

/** What must be the same before and after: what another client sees of some folders, and the files that hold messages. */
export async function pictureOf(origin: Origin, server: OriginServer, folders: readonly string[]): Promise<string> {
  const [user] = server.users
  await using dialogue = await openDialogue(server.port)
  await dialogue.must(`LOGIN ${user?.login ?? ''} "${user?.password ?? ''}"`)
  const seen: string[] = []
  for (const name of folders) {
    const opened = await dialogue.must(`EXAMINE "${name}"`)
    seen.push(/\[UIDNEXT \d+\]/.exec(opened)?.[0] ?? '')
    const rows = (await dialogue.must('UID FETCH 1:* (UID FLAGS RFC822.SIZE)')).split('\r\n').filter((line) => line.startsWith('* '))
    seen.push(...rows.map((row) => row.replace(/ ?\\Recent/, '')))
  }
  return [...seen, ...files(server.folder, origin)].join('\n')
}

function files(folder: string, { messageFile, spelled }: Origin): readonly string[] {
  const rows = readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((one) => {
    const path = join(one.parentPath, one.name)
    return one.isFile() && messageFile.test(path) ? [`${spelled(relative(folder, path))} ${statSync(path).size}`] : []
  })
  return rows.sort()
}
