/** What must become of every family of the nasty messages when a mailbox full of them moves. */
import assert from 'node:assert/strict'

import type { CopyResult } from '../../src/api/results.ts'
import { nastyMessage, nastyMessages } from '../../src/simulator/nasty-messages.ts'
import { compareMail, type Mail } from './mail.ts'
import type { Migration } from './migration.ts'

/** What must be left of a message that cannot arrive as it is, by name. */
export type Repaired = Readonly<Record<string, (copy: string, original: string) => void>>

const RECEIPT: Repaired = {
  'receipt-unread': (copy, original) =>
    assert.equal(copy, original.replace(/^(Disposition-Notification-To|Return-Receipt-To):/gm, 'X-$1:')),
}

/** Exchange refuses these, or its session ends with them. */
export const INTO_EXCHANGE: Repaired = {
  ...RECEIPT,
  'line-10240': sameBody,
  'line-100000': sameBody,
  'line-last-long': sameBody,
  'line-long-html': sameBody,
  'line-long-base64': sameBody,
  'line-long-utf8': sameBody,
  // A word of 12,000 letters cannot be folded without a blank coming in.
  'header-line-12000': (copy, original) => assert.equal(copy.replaceAll(/\s/g, ''), original.replaceAll(/\s/g, '')),
  'signed-long-line': (copy, original) => assert.ok(base64Parts(copy).includes(original), 'attached whole, byte for byte'),
  'word-unknown-charset': (copy) => assert.match(copy, /^Subject: =\?UTF-8\?B\?R3LDvMOfZQ==\?=\r$/m),
  'word-x-unknown': (copy) => assert.match(copy, /^Subject: =\?UTF-8\?B\?R3LDvMOffQ==\?=\r$/m),
  'forwarded-bad-word': (copy, original) => assert.equal(copy, original.replace('=?TELETEX?Q?Gr=FC=DFe?=', '=?UTF-8?B?R3LDvMOfZQ==?=')),
}

/** Dovecot takes no message of nothing, and makes one line end of CR CR LF. */
export const INTO_DOVECOT: Repaired = {
  ...RECEIPT,
  empty: (copy) => assert.match(copy, /^X-Migrated-Repair: empty\r$/m),
  'double-cr': (copy, original) => assert.equal(copy, original.replaceAll('\r\r\n', '\r\n')),
}

const crlf = (copy: string, original: string): void => assert.equal(copy, original.replaceAll(/\r?\n/g, '\r\n'))
const nulShown = (copy: string, original: string): void => assert.equal(copy, original.replaceAll('\0', '\x80'))

/** Dovecot stores bare LF as it comes and hands out CRLF. */
export const RAW_INTO_DOVECOT: Repaired = { ...INTO_DOVECOT, 'bare-lf': crlf, 'bare-lf-everywhere': crlf }

/** And NUL as it comes, which it hands out as 0x80. */
export const NUL_INTO_DOVECOT: Repaired = {
  ...RAW_INTO_DOVECOT,
  'header-nul': nulShown,
  'nul-in-body': nulShown,
  'nul-tail': nulShown,
}

/** Received at a time that no server can have meant: they get the date of their header instead. */
const REDATED = ['date-1899', 'date-1969', 'date-1970', 'date-2038', 'date-2099']

export const systemFlags = (flags: readonly string[]): readonly string[] =>
  flags.filter((flag) => flag.startsWith('\\') && flag !== '\\Deleted')

export type NastyMove = {
  readonly move: Migration
  readonly source: () => Promise<readonly Mail[]>
  readonly destination: () => Promise<readonly Mail[]>
  readonly repaired: Repaired
  readonly folder?: (name: string) => string
  readonly flags?: (flags: readonly string[]) => readonly string[]
}

/**
 * Copies, and holds every message against its source by independent eyes; verifies every content; copies again, which must write
 * nothing. The mailbox holds one message that is marked as deleted.
 */
export async function moveNasty({ move, source, destination, repaired, ...rules }: NastyMove): Promise<void> {
  const wanted = await source()
  const found = wanted.length
  const copied = await move.copy()
  assert.deepEqual(books(copied), { found, copied: found - 1, skipped: 1, failed: 0, unexplained: 0, failure: null })
  assert.deepEqual(
    (await move.errors()).errors.map(({ state, code }) => `${state} ${code}`),
    ['skipped deleted-flag'],
  )

  const copies = await destination()
  const arrived = compareMail(wanted, copies, rules)
  const names = Object.keys(repaired).sort()
  assert.deepEqual(
    { ...arrived, altered: [...arrived.altered.keys()].sort() },
    { unchanged: found - 1 - names.length, altered: names, lost: ['flags-deleted'], extra: [], otherFlags: [], otherDate: REDATED },
  )
  for (const [name, bytes] of arrived.altered) repaired[name]?.(bytes.toString('latin1'), nastyMessage(name).bytes().toString('latin1'))

  const { level, compared, missing, extra, different, unexplained, differences } = await move.verify()
  assert.deepEqual(
    { differences, level, compared, missing, extra, different, unexplained },
    { differences: [], level: 'content', compared: found - 1, missing: 0, extra: 0, different: 0, unexplained: 0 },
  )

  const again = await move.copy()
  assert.deepEqual(books(again), books(copied))
  assert.equal(again.appends, 0)
  assert.equal((await destination()).length, copies.length)
}

/** How many a seeded mailbox of the simulator holds: one is there twice, one in three folders. */
export const SEEDED = nastyMessages().length + 3

function books(result: CopyResult): object {
  const { found, copied, skipped, failed, unexplained, mailboxes } = result
  return { found, copied, skipped, failed, unexplained, failure: mailboxes.find((one) => one.failure !== null)?.failure ?? null }
}

/** The same once the transfer encoding is undone, and no line that a server would choke on. */
function sameBody(copy: string, original: string): void {
  assert.ok(decodedBody(copy) === decodedBody(original), 'the decoded body is as it was')
  assert.ok(copy.split('\r\n').every((line) => line.length <= 998))
}

function decodedBody(message: string): string {
  const end = message.indexOf('\r\n\r\n')
  const encoding = /^Content-Transfer-Encoding: (\S+)/im.exec(message.slice(0, end))?.[1]
  const body = message.slice(end + 4)
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('latin1')
  if (encoding !== 'quoted-printable') return body
  return body.replaceAll('=\r\n', '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function base64Parts(message: string): readonly string[] {
  return message
    .split(/^--.*\r\n/m)
    .filter((part) => /^Content-Transfer-Encoding: base64/im.test(part))
    .map(decodedBody)
}
