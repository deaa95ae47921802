import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dovecot } from '../../src/simulator/dovecot.ts'
import { startImapServer } from '../../src/simulator/imap-server.ts'
import { MailStore, type Content } from '../../src/simulator/mail-store.ts'
import { runCutover } from '../rig/process.ts'

export type Took = {
  readonly found: number
  readonly copied: number
  readonly unexplained: number
  readonly seconds: number
  readonly peakBytes: number
}

const LARGEST_BYTES = 200_000_000

/** The mail of one mailbox: `count` messages of `bytes` bytes each, spread over folders. */
export type Mail = {
  readonly mailboxes: number
  readonly count: number
  readonly bytes: number
  /** Default: INBOX alone. */
  readonly folders?: number
  /** How deep the deepest of them lie. Default: at the top. */
  readonly levels?: number
}

/**
 * Copies made-up mail between two simulated servers with the product in a process of its own, then verifies it there;
 * tells the peak of that process's memory for each.
 */
export async function measure(mail: Mail, patienceMs: number): Promise<{ readonly copy: Took; readonly verify: Took }> {
  const folder = await mkdtemp(join(tmpdir(), 'cutover-memory-'))
  const logins = Array.from({ length: mail.mailboxes }, (_, at) => `user${at}@example.org`)
  const users = (fill: boolean): { login: string; password: string; store: MailStore }[] =>
    logins.map((login) => ({ login, password: 'secret', store: fill ? filled(mail) : empty() }))
  await using source = await startImapServer(dovecot, { users: users(true), maxMessageBytes: LARGEST_BYTES })
  await using destination = await startImapServer(dovecot, { users: users(false), maxMessageBytes: LARGEST_BYTES, keep: forget })
  try {
    const mailboxesFile = join(folder, 'people.csv')
    const rows = logins.map((login) => `${login},secret,${login},secret`)
    await writeFile(mailboxesFile, ['source_login,source_password,target,target_password', ...rows, ''].join('\n'))
    const task = { source: source.url, destination: destination.url, mailboxesFile, stateDir: join(folder, 'state') }
    const run = async (what: 'copy' | 'verify'): Promise<Took> => {
      const script = join(import.meta.dirname, 'child.ts')
      const done = await runCutover([JSON.stringify({ ...task, what })], { script, patienceMs })
      return done.json() as Took
    }
    return { copy: await run('copy'), verify: await run('verify') }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What the destination keeps of a message: its header and how long it is, and the rest made up again as `filled` did. */
function forget(bytes: Buffer): Content {
  const headerBytes = bytes.indexOf('\r\n\r\n') + 4
  const header = Buffer.from(bytes.subarray(0, headerBytes))
  const sizeBytes = bytes.length
  return { sizeBytes, bytes: () => Buffer.concat([header, bodyOf(sizeBytes - headerBytes)]) }
}

function bodyOf(bytes: number): Buffer {
  return Buffer.alloc(bytes, `${'The quick brown fox jumps over the lazy dog. '.repeat(2).slice(0, 76)}\r\n`)
}

function empty(): MailStore {
  const store = new MailStore({ separator: '/' })
  store.createFolder('INBOX', { subscribed: true })
  return store
}

/** INBOX, and one folder after the other, each chain of them as deep as asked for. */
function folderNames({ folders = 1, levels = 1 }: Mail): readonly string[] {
  const names = ['INBOX']
  for (let chain = 0; names.length < folders; chain++) {
    for (let level = 1; level <= levels && names.length < folders; level++) {
      names.push([`Folder ${chain}`, ...Array.from({ length: level - 1 }, (_, at) => `l${at + 1}`)].join('/'))
    }
  }
  return names
}

function filled(mail: Mail): MailStore {
  const { count, bytes } = mail
  const store = empty()
  const names = folderNames(mail)
  for (const name of names.slice(1)) store.createFolder(name)
  const body = bodyOf(bytes)
  const internalDate = new Date(Date.UTC(2025, 5, 1))
  for (let at = 0; at < count; at++)
    store.addMessage(names[at % names.length] ?? 'INBOX', generated(at, body, bytes), { internalDate, flags: ['\\Seen'] })
  return store
}

/** Made when it is read, so that the sender's own memory says nothing about ours. */
function generated(at: number, body: Buffer, bytes: number): Content {
  const header = Buffer.from(
    [
      `Message-ID: <${at}@memory.example.org>`,
      'Date: Sun, 01 Jun 2025 00:00:00 +0000',
      'From: sender@example.org',
      `Subject: message ${at}`,
      '',
      '',
    ].join('\r\n'),
  )
  return { sizeBytes: header.length + bytes, bytes: () => Buffer.concat([header, body]) }
}
