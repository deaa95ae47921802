/** Mail put under a private imap4d as mbox files. */
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

import { imapFlow, type Login } from '../scenario/mail.ts'
import type { Planted } from '../scenario/maildir.ts'

const execute = promisify(execFile)

/** Writes a folder below a user's home, and has the server set the flags. `name` as on the wire. */
export async function plantMbox(home: string, login: Login, name: string, path: string, mail: readonly Planted[]): Promise<void> {
  const file = join(home, name)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, Buffer.concat(mail.map(entry)), { mode: 0o600 })
  if (process.getuid?.() === 0) await execute('chown', ['-R', '8:8', home])
  const client = imapFlow(login)
  await client.connect()
  await client.mailboxOpen(path)
  for (const flag of ['\\Seen', '\\Answered', '\\Flagged', '\\Draft']) {
    const range = mail.flatMap(({ flags }, at) => (flags.includes(flag) ? [at + 1] : [])).join(',')
    if (range !== '') await client.messageFlagsAdd(range, [flag])
  }
  await client.logout()
}

/** One message between its "From " line and an empty one; a line that looks like the former is quoted. */
function entry({ bytes, internalDate }: Planted): Buffer {
  const text = bytes
    .toString('latin1')
    .replaceAll('\r\n', '\n')
    .replaceAll(/^(>*From )/gm, '>$1')
  const [day, month, date, year, time] = internalDate
    .toUTCString()
    .replace(',', '')
    .split(' ')
    .map((_, at, all) => all[[0, 2, 1, 3, 4][at] ?? 0])
  return Buffer.from(
    `From alice@example.org ${day} ${month} ${date?.replace(/^0/, ' ')} ${time} ${year}\n${text}${text.endsWith('\n') ? '' : '\n'}\n`,
    'latin1',
  )
}
