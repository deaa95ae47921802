/** Mail stores that are damaged: what the server cannot hand out is listed with its words, and everything else arrives. */
import assert from 'node:assert/strict'
import { chmodSync, chownSync, globSync, readdirSync, renameSync, rmSync, truncateSync, utimesSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { test } from 'node:test'

import type { ErrorsResult } from '../../src/api/results.ts'
import { letter } from '../conformance/letters.ts'
import { needs } from '../servers/available.ts'
import { startCourier } from '../servers/courier.ts'
import { startCyrus } from '../servers/cyrus.ts'
import { type DovecotServer, startDovecot } from '../servers/dovecot.ts'
import { startMailutils } from '../servers/mailutils.ts'
import { imapFlow, type Login, mailInStore } from '../scenario/mail.ts'
import { plant } from '../scenario/maildir.ts'
import { first, simulatedMigration } from '../scenario/migration.ts'
import { plantMbox } from './mbox.ts'
import type { OriginServer } from './origins.ts'

const COUNT = 50
const MAIL = Array.from({ length: COUNT }, (_, at) => ({
  bytes: letter(`m${at}`, 'Line after line.\r\n'.repeat(150)),
  flags: ['\\Seen'],
  internalDate: new Date(Date.UTC(2021, 1, 1, at)),
}))
/** Which of them is damaged. */
const BAD = 20
const asRoot = process.getuid?.() === 0 ? false : 'only root can make a file that the server may not read'

type Outcome = { readonly errors: ErrorsResult['errors']; readonly arrived: number }

/** Copies a folder of which one message is damaged: the books are whole, a second pass writes nothing, a verification finds nothing more. */
async function carriedOut(from: OriginServer, expected: { readonly found: number; readonly failed: number }): Promise<Outcome> {
  const { login, password } = first(from.users)
  const ends = { source: `imap://127.0.0.1:${from.port}?tls=none`, logins: [{ sourceLogin: login, sourcePassword: password }] }
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0 }, ends)
  const { sim, move } = world
  const { found, copied, failed, unexplained, mailboxes } = await move.copy()
  assert.deepEqual(
    { found, copied, failed, unexplained, failure: mailboxes[0]?.failure },
    { ...expected, copied: expected.found - expected.failed, unexplained: 0, failure: null },
  )
  const { errors } = await move.errors()
  assert.equal((await move.copy()).appends, 0)
  const verified = await move.verify()
  assert.deepEqual(
    [verified.found, verified.copied, verified.failed, verified.missing, verified.extra, verified.different, verified.unexplained],
    [expected.found, expected.found - expected.failed, expected.failed, 0, 0, 0, 0],
  )
  return { errors, arrived: mailInStore(sim.exchangeStore(sim.accounts[0]?.target ?? '')).length }
}

async function dovecotWith(harm: (folder: string, file: string, server: DovecotServer) => Promise<void> | void): Promise<DovecotServer> {
  const server = await startDovecot({ tls: false, mailFormat: 'maildir' })
  const { login } = first(server.users)
  await plant(server, login, 'Odd', MAIL)
  const folder = join(server.folder, 'mail', login, 'maildir/.Odd')
  const file = readdirSync(join(folder, 'cur')).find((name) => name.includes(`.M${BAD}.`)) ?? ''
  await harm(folder, join(folder, 'cur', file), server)
  return server
}

/** Dovecot believes the sizes in a file's name; its own notes are taken away, so that it reads the name anew. */
function named(size: string): (folder: string, file: string) => void {
  return (folder, file) => {
    for (const name of readdirSync(folder)) if (name.startsWith('dovecot')) rmSync(join(folder, name))
    renameSync(file, file.replace(/,S=\d+/, size))
  }
}

/** What Dovecot has kept of headers, so that it must read the files again. */
async function indexFilesOf(server: DovecotServer, login: string): Promise<readonly string[]> {
  return globSync(join(server.folder, 'mail', login, 'maildir/.Odd/dovecot.index.cache*'))
}

async function indexed(login: Login, folder: string): Promise<void> {
  const client = imapFlow(login)
  await client.connect()
  await client.mailboxOpen(folder)
  for await (const one of client.fetch('1:*', { size: true, internalDate: true })) assert.ok(one.uid > 0)
  await client.logout()
}

for (const [id, says, size] of [
  ['T02', 'too large, so that the literal ends in the middle', ',S=50000,W=51000'],
  ['T03', 'too small', ',S=5,W=5'],
] as const) {
  test(
    `${id}: a size in a file's name that is ${says}: that message is listed, the others arrive`,
    { skip: needs('dovecot') },
    async () => {
      await using from = await dovecotWith(named(size))
      const { errors, arrived } = await carriedOut(from, { found: COUNT, failed: 1 })
      assert.deepEqual(
        errors.map(({ uid, code, folder }) => [uid, code, folder]),
        [[BAD + 1, 'message-unreadable', 'Odd']],
      )
      assert.equal(arrived, COUNT - 1)
    },
  )
}

test(
  'T04: a file that the server may not read ends the connection; only that message is listed, with its words',
  {
    skip: needs('dovecot') === false ? asRoot : needs('dovecot'),
  },
  async () => {
    await using from = await dovecotWith(async (_, file, server) => {
      const { login: user, password: pass } = first(server.users)
      await indexed({ port: server.port, user, pass }, 'Odd')
      chownSync(file, 0, 0)
      chmodSync(file, 0)
    })
    const { errors } = await carriedOut(from, { found: COUNT, failed: 1 })
    assert.deepEqual(
      errors.map(({ uid, code }) => [uid, code]),
      [[BAD + 1, 'message-unreadable']],
    )
    assert.match(errors[0]?.serverText ?? '', /FETCH failed: Internal error occurred/)
    const lost = (await from.log()).match(/Logged out|disconnected|Internal error/gi)?.length ?? 0
    assert.ok(lost < 60, `the connection was lost and made again ${lost} times`)
  },
)

test(
  'T04: a file that becomes unreadable after its copy was made costs the verification of no other message',
  {
    skip: needs('dovecot') === false ? asRoot : needs('dovecot'),
  },
  async () => {
    let bad = ''
    await using from = await dovecotWith((_, file) => void (bad = file))
    const { login, password } = first(from.users)
    const ends = { source: `imap://127.0.0.1:${from.port}?tls=none`, logins: [{ sourceLogin: login, sourcePassword: password }] }
    await using world = await simulatedMigration({ mailboxes: 1, messages: 0 }, ends)
    assert.equal((await world.move.copy()).copied, COUNT)
    const name = readdirSync(dirname(bad)).find((one) => one.includes(`.M${BAD}.`)) ?? ''
    chownSync(join(dirname(bad), name), 0, 0)
    chmodSync(join(dirname(bad), name), 0)
    for (const mailbox of await indexFilesOf(from, login)) rmSync(mailbox)
    const { found, copied, different, missing, mailboxes } = await world.move.verify()
    assert.deepEqual([mailboxes[0]?.failure, found, copied, different, missing], [null, COUNT, COUNT - 1, 0, 0])
    assert.equal((await world.move.copy()).appends, 0)
  },
)

test('T05: a message whose file vanished is not found, and no error', { skip: needs('dovecot') }, async () => {
  await using from = await dovecotWith(async (_, file, server) => {
    const { login: user, password: pass } = first(server.users)
    await indexed({ port: server.port, user, pass }, 'Odd')
    rmSync(file)
  })
  assert.deepEqual((await carriedOut(from, { found: COUNT - 1, failed: 0 })).errors, [])
})

for (const [id, says, harm, code, words] of [
  ['T06', 'a spool file that is missing', rmSync, 'message-unreadable', /says OK and does not hand it out/],
  [
    'T07',
    'a spool file that was cut, which Cyrus pads with blanks',
    (file: string) => truncateSync(file, 200),
    'message-placeholder',
    /blanks/,
  ],
] as const) {
  test(`${id}: ${says}, is listed and not delivered`, { skip: needs('cyrus') }, async () => {
    await using from = await startCyrus()
    const { login: user, password: pass } = first(from.users)
    await appended({ port: from.port, user, pass }, 'Odd')
    harm(globSync(join(from.folder, `spool/**/${BAD + 1}.`))[0] ?? '')
    const { errors } = await carriedOut(from, { found: COUNT, failed: 1 })
    assert.deepEqual(
      errors.map((one) => [one.uid, one.code]),
      [[BAD + 1, code]],
    )
    assert.match(errors[0]?.reason ?? '', words)
  })
}

test('T08: the message that Courier makes up for one it cannot read is not delivered as mail', { skip: needs('courier') }, async () => {
  await using from = await startCourier()
  const { login: user, password: pass } = first(from.users)
  await appended({ port: from.port, user, pass }, 'INBOX.Odd')
  const file = globSync(join(from.folder, 'home', user, 'Maildir/.Odd/{cur,new}/*')).sort()[BAD] ?? ''
  chownSync(file, 0, 0)
  chmodSync(file, 0)
  const { errors } = await carriedOut(from, { found: COUNT, failed: 1 })
  assert.deepEqual(
    errors.map((one) => one.code),
    ['message-placeholder'],
  )
})

test('T19: a message of 1970, as a restored Maildir has it, gets the date of its header', { skip: needs('dovecot') }, async () => {
  await using from = await dovecotWith((_, file) => utimesSync(file, 0, 0))
  const { login, password } = first(from.users)
  const ends = { source: `imap://127.0.0.1:${from.port}?tls=none`, logins: [{ sourceLogin: login, sourcePassword: password }] }
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0 }, ends)
  await world.move.copy()
  const dates = mailInStore(world.sim.exchangeStore(world.sim.accounts[0]?.target ?? '')).map((mail) => mail.at)
  assert.equal(dates.filter((at) => at === Date.parse('2026-03-02T10:00:00Z')).length, 1)
  assert.equal(Math.min(...dates), Date.UTC(2021, 1, 1))
})

test('T23: the message in which an mbox keeps its own data is left out', { skip: needs('mailutils') }, async () => {
  await using from = await startMailutils()
  const { login, password } = first(from.users)
  const internal = Buffer.from(
    "Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\r\nFrom: Mail System Internal Data <MAILER-DAEMON@mail.example.org>\r\n" +
      'Message-ID: <1@mail.example.org>\r\nX-IMAP: 1000000000 0000000050\r\n\r\nThis text is part of the internal format of your mail folder.\r\n',
  )
  const mail = [{ bytes: internal, flags: [], internalDate: new Date() }, ...MAIL.slice(0, 3)]
  await plantMbox(from.home(login), { port: from.port, user: login, pass: password }, 'Odd', 'Odd', mail)
  const ends = { source: `imap://127.0.0.1:${from.port}?tls=none`, logins: [{ sourceLogin: login, sourcePassword: password }] }
  await using world = await simulatedMigration({ mailboxes: 1, messages: 0 }, ends)
  const { found, copied, skipped, unexplained } = await world.move.copy()
  assert.deepEqual({ found, copied, skipped, unexplained }, { found: 4, copied: 3, skipped: 1, unexplained: 0 })
  assert.equal((await world.move.copy()).appends, 0)
  const verified = await world.move.verify()
  assert.deepEqual([verified.found, verified.copied, verified.skipped, verified.unexplained], [4, 3, 1, 0])
})

async function appended(login: Login, folder: string): Promise<void> {
  const client = imapFlow(login)
  await client.connect()
  await client.mailboxCreate(folder)
  for (const { bytes, flags, internalDate } of MAIL) await client.append(folder, bytes, [...flags], internalDate)
  await client.mailboxOpen(folder)
  await client.logout()
}
