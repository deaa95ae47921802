/** One mailbox full of nasty mail on its way out of a real server: killed and resumed, verified, changed at the source, carried again. */
import assert from 'node:assert/strict'
import { setInterval } from 'node:timers/promises'

import type { CopyResult } from '../../src/api/results.ts'
import { nastyMessages } from '../../src/simulator/nasty-messages.ts'
import { startCutover } from '../rig/process.ts'
import { compareMail, imapFlow, type Login, type Mail, mailOnServer } from '../scenario/mail.ts'
import type { Migration } from '../scenario/migration.ts'
import { plantMbox } from './mbox.ts'
import { type Origin, type OriginServer, pictureOf } from './origins.ts'

export type Story = {
  readonly origin: Origin
  readonly from: OriginServer
  readonly source: Login
  readonly move: Migration
  /** How many messages the destination holds now. */
  arrived(this: void): Promise<number>
  destination(this: void): Promise<readonly Mail[]>
  /** The flags that the destination can hold. */
  flags(this: void, flags: readonly string[]): readonly string[]
  /** Names of messages that may arrive altered: repaired on the way, or by the destination's own habits. */
  readonly repaired: RegExp
}

const ODD = 'R&D Ünïté'
const ODD_ON_THE_WIRE = 'R&-D &ANw-n&AO8-t&AOk-'
/** Messages go to INBOX and to the other folder in turns. */
const inInbox = (at: number): boolean => at % 3 === 0

/** Appends the nasty messages to an odd folder and to INBOX; those that the server refuses are left out. Returns how many it took. */
export async function fill(login: Login, prefix: string): Promise<number> {
  const client = imapFlow(login)
  await client.connect()
  const odd = `${prefix}${ODD}`
  await client.mailboxCreate(odd)
  let taken = 0
  for (const [at, message] of nastyMessages().entries()) {
    const kept = message.flags.filter((flag) => flag.startsWith('\\') && flag !== '\\Deleted')
    try {
      if ((await client.append(inInbox(at) ? 'INBOX' : odd, message.bytes(), kept, message.internalDate)) !== false) taken++
    } catch {
      // What this server refuses cannot be there.
      if (!client.usable) throw new Error(`the server hung up at ${at}`)
    }
  }
  await client.logout()
  return taken
}

/** The same as mbox files of imap4d, which dies of some messages that come by APPEND. */
export async function fillMbox(login: Login, home: string): Promise<number> {
  const all = nastyMessages().map((message) => ({ ...message, bytes: message.bytes() }))
  const inboxes = all.filter((_, at) => inInbox(at))
  await plantMbox(home, login, 'INBOX', 'INBOX', inboxes)
  const others = all.filter((_, at) => !inInbox(at))
  await plantMbox(home, login, ODD_ON_THE_WIRE, ODD, others)
  return all.length
}

/** The whole story. The last step changes the source, everything before it must not. */
export async function tell(story: Story): Promise<void> {
  const { origin, from, move } = story
  const folders = ['INBOX', `${origin.prefix}${ODD_ON_THE_WIRE}`]
  const wanted = await cleanMail(story)
  const before = await pictureOf(origin, from, folders)
  await killed(story)
  const copied = await move.copy()
  const { found, failed, unexplained } = copied
  assert.deepEqual([found, copied.copied, failed, unexplained, trouble(copied)], [wanted.length, wanted.length, 0, 0, null])
  await holds(story, wanted)
  const { missing, extra, different, unexplained: unclear, compared, differences } = await move.verify()
  assert.deepEqual(
    { missing, extra, different, unclear, compared, differences },
    { missing: 0, extra: 0, different: 0, unclear: 0, compared: wanted.length, differences: [] },
  )
  assert.equal((await move.copy()).appends, 0)
  assert.equal(await pictureOf(origin, from, folders), before, 'the source is as it was')
  await nextDay(story, wanted.length)
}

/** How much has arrived when the process is killed, once after the other. */
const KILLED_AT = process.env['CUTOVER_INTEROP'] === 'all' ? [1, 20, 40, 60, 80, 100] : [1]

/** The real command line, killed in the middle. */
async function killed({ move, arrived }: Story): Promise<void> {
  for (const count of KILLED_AT) {
    await using running = startCutover(move.args('copy', '--json', '--quiet', '--rate', '2MB/s'))
    let ended = false
    void running.finished.finally(() => (ended = true)).catch(() => undefined)
    for await (const _ of setInterval(10)) if (ended || (await arrived()) >= count) break
    running.kill()
    await running.finished
  }
}

async function holds({ origin, destination, flags, repaired }: Story, wanted: readonly Mail[]): Promise<void> {
  const folder = (path: string): string => (path === 'INBOX' ? path : path.slice(origin.prefix.length))
  const found = compareMail(wanted, (await destination()).map(cleaner(origin)), { folder, flags })
  assert.deepEqual([found.lost, found.extra, found.otherFlags], [[], [], []])
  assert.deepEqual(
    [...found.altered.keys()].filter((one) => !repaired.test(one)),
    [],
  )
}

/** A day later: one came, one was read, one was thrown away. The pass carries that and nothing else; the one after it does nothing. */
async function nextDay(story: Story, count: number): Promise<void> {
  const { source, origin, move } = story
  const client = imapFlow(source)
  await client.connect()
  await client.append(
    `${origin.prefix}${ODD}`,
    Buffer.from('Message-ID: <late@example.org>\r\nSubject: late\r\n\r\nLate.\r\n'),
    [],
    new Date(),
  )
  await client.mailboxOpen(`${origin.prefix}${ODD}`)
  const third = await client.fetchOne('3', { flags: true })
  const answered = third !== false && third.flags?.has('\\Answered') === true
  await (answered ? client.messageFlagsRemove('3', ['\\Answered']) : client.messageFlagsAdd('3', ['\\Answered']))
  await client.messageFlagsAdd('5', ['\\Deleted'])
  await client.messageDelete('5')
  await client.logout()
  const delta = await move.copy()
  const [one] = delta.mailboxes
  assert.deepEqual([trouble(delta), delta.unexplained, delta.appends, one?.flagsChanged, one?.deleted], [null, 0, 1, 1, 1])
  assert.equal(delta.found, count)
  const found = compareMail(await cleanMail(story), (await story.destination()).map(cleaner(origin)), {
    folder: (path) => (path === 'INBOX' ? path : path.slice(origin.prefix.length)),
    flags: story.flags,
  })
  assert.deepEqual([found.lost, found.otherFlags, found.extra.length], [[], [], 1])
  assert.equal((await move.copy()).appends, 0)
}

function trouble(result: CopyResult): unknown {
  return result.mailboxes.find((one) => one.failure !== null)?.failure ?? null
}

/** Without what the server writes into messages for its own use. */
function cleaner({ own }: Origin): (one: Mail) => Mail {
  return (one) => (own === null ? one : { ...one, bytes: without(own, one.bytes) })
}

async function cleanMail({ origin, source }: Story): Promise<readonly Mail[]> {
  return (await mailOnServer(source)).map(cleaner(origin))
}

function without(own: RegExp, bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const blank = text.indexOf('\r\n\r\n')
  const end = blank < 0 ? text.length : blank + 2
  return Buffer.from(text.slice(0, end).replaceAll(own, '') + text.slice(end), 'latin1')
}
