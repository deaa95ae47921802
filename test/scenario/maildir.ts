/** Mail put under a private Dovecot as files, so that any bytes can lie there: also what no APPEND would take. */
import { execFile } from 'node:child_process'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import type { DovecotServer } from '../servers/dovecot.ts'
import { imapFlow } from './mail.ts'

export type Planted = { readonly bytes: Buffer; readonly flags: readonly string[]; readonly internalDate: Date }

const execute = promisify(execFile)
const LETTERS: Readonly<Record<string, string>> = { '\\Draft': 'D', '\\Flagged': 'F', '\\Answered': 'R', '\\Seen': 'S', '\\Deleted': 'T' }

/** Puts messages into INBOX (`folder` '') or a top folder of a Dovecot with `mailFormat: 'maildir'`. Names in ASCII. */
export async function plant(server: DovecotServer, login: string, folder: string, mail: readonly Planted[]): Promise<void> {
  const home = join(server.folder, 'mail', login)
  const maildir = join(home, 'maildir')
  const target = folder === '' ? maildir : join(maildir, `.${folder}`)
  for (const name of ['cur', 'new', 'tmp']) await mkdir(join(target, name), { recursive: true })
  for (const [at, { bytes, flags, internalDate }] of mail.entries()) {
    const letters = flags.map((flag) => LETTERS[flag] ?? '').sort()
    const file = join(target, 'cur', `${1_000_000_000 + at}.M${at}.planted,S=${bytes.length}:2,${letters.join('')}`)
    await writeFile(file, bytes)
    await utimes(file, internalDate, internalDate)
  }
  // As root, Dovecot's mail belongs to this system user.
  if (process.getuid?.() === 0) await execute('chown', ['-R', 'mail:mail', home])
  await setKeywords(server, login, folder, mail)
}

/** Keywords are Dovecot's own matter: it is asked to set them. */
async function setKeywords(server: DovecotServer, login: string, folder: string, mail: readonly Planted[]): Promise<void> {
  const pass = server.users.find((user) => user.login === login)?.password ?? ''
  const client = imapFlow({ port: server.port, user: login, pass })
  await client.connect()
  await client.mailboxOpen(folder === '' ? 'INBOX' : folder)
  for (const [at, { flags }] of mail.entries()) {
    const keywords = flags.filter((flag) => !flag.startsWith('\\'))
    if (keywords.length > 0) await client.messageFlagsAdd(String(at + 1), keywords)
  }
  await client.logout()
}
